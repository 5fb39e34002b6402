"""A talk with the actions: real facts, signs, registry and outbox; only what a model would read is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from actions.case.message import Message
from actions.case.model import Case
from actions.dialogue import respond
from actions.guide import RegistryGuide
from actions.reading import language_of, read
from actions.registry import registry
from actions.responses import responses
from actions.services import Services
from actions.turn import Said, Turn
from bot.catalogs import translate
from bot.nlg import speak
from bot.nlu.entities import extract
from bot.nlu.signs import find_signs

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
GUIDE = RegistryGuide(registry())
NEEDS_READ = ("nlu_fallback", "already_paid", "ask_if_scam")


def latest(
    text: str, need: str | None, crisis: str | None = None, probability: float = 0.9
) -> dict[str, Any]:
    """What Rasa hands over for a message that the model reads as `need`."""
    ranking = [need, *(other for other in NEEDS_READ if other != need)] if need else []
    return {
        "text": text,
        "intent": {"name": need},
        "intent_ranking": [
            {"name": name, "confidence": probability if name == need else (1 - probability) / 2}
            for name in ranking
        ],
        "entities": [
            {
                "entity": e.kind,
                "value": e.value,
                "start": e.start,
                "end": e.end,
                "text": e.text,
                "valid": e.valid,
            }
            for e in extract(text, NOW)
        ],
        "signs": [asdict(sign) for sign in find_signs(text)],
        "crisis": {"who": crisis} if crisis else None,
    }


def said(
    text: str, need: str | None = "inform", case: Case | None = None, crisis: str | None = None
) -> Message:
    """A message as the case sees it."""
    return read(latest(text, need, crisis), case or Case())


def spoken(said: Said, language: str) -> str:
    """What a person reads: text and titles of buttons. A missing value or response raises."""
    answer = speak(responses()[said.response], language, said.values)
    titles = [button["title"] for button in answer.get("buttons", ())]
    titles += [translate(responses()[button]["text"], language) for button in said.buttons]
    return "\n".join([answer["text"], *titles])


class Talk:
    """One person's talk, turn by turn."""

    def __init__(self, services: Services, case: Case | None = None, sender_id: str = "rest:one") -> None:
        self.services = services
        self.sender_id = sender_id
        self.case = case or Case()
        self.turn: Turn | None = None

    async def say(
        self,
        text: str,
        need: str | None = "inform",
        crisis: str | None = None,
        now: datetime = NOW,
        **given: Any,
    ) -> list[str]:
        """Say `text`; returns the responses of the answer, each of which could be spoken."""
        message = read({**latest(text, need, crisis), **given}, self.case)
        channel = self.sender_id.partition(":")[0]
        turn = Turn(self.case, message, GUIDE, now, self.services, self.sender_id, channel)
        await respond(turn, language_of(message, self.case))
        self.case = Case.model_validate(turn.case.model_dump(mode="json"))
        self.turn = turn
        return [part.response for part in turn.said]

    @property
    def answer(self) -> str:
        """The last answer as read."""
        assert self.turn is not None
        return "\n".join(spoken(part, self.turn.language) for part in self.turn.said)

    def values(self, response: str) -> Mapping[str, Any]:
        """The values with which `response` was said last."""
        assert self.turn is not None
        return next(part.values for part in self.turn.said if part.response == response)
