"""The dialogue without Rasa's queue: the real action on the case of the slots, answers from the catalogs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.case.message import Message
from actions.case.model import Case
from actions.rasa_actions import ConversationAction
from actions.reading import read
from actions.responses import responses
from bot.nlg import speak
from bot.nlu.facts import READ_IN
from tests.conversations.random_talker.readings import Readings


@dataclass(frozen=True)
class Part:
    """One message of the bot."""

    response: str
    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Exchange:
    """One message of the person, what was answered, and the case before and after.

    Attributes:
        message: what the actions read in it.
        erased: whether the conversation was erased with it.
        errors: what was logged as an error.
    """

    said: str
    message: Message
    parts: tuple[Part, ...]
    before: Case
    after: Case
    language: str
    erased: bool
    errors: tuple[str, ...]

    @property
    def responses(self) -> list[str]:
        """What was said, by name."""
        return [part.response for part in self.parts]

    @property
    def buttons(self) -> list[str]:
        """Everything that can be pressed."""
        return [title for part in self.parts for title in part.buttons]

    @property
    def answer(self) -> str:
        """What the person reads."""
        return "\n".join(line for part in self.parts for line in (part.text, *part.buttons))


@dataclass
class Stage:
    """One conversation."""

    readings: Readings
    sender_id: str
    language: str
    time_zone: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The case as it is kept."""
        kept = self.slots.get("case")
        return Case.model_validate(kept) if kept else Case(language=self.language)

    async def say(self, text: str, *, begin: bool = False) -> Exchange:
        """Answer one message; `begin` for the opening of the page."""
        before = self.case
        latest = {**self.readings.of(text), "metadata": self._metadata(begin=begin)}
        message = read(latest, before)
        dispatcher = CollectingDispatcher()
        with _logged_errors() as errors:
            events = await ConversationAction().run(dispatcher, self._tracker(latest), {})
        self.slots |= json.loads(json.dumps({event["name"]: event["value"] for event in events}))
        parts = tuple(_part(said) for said in dispatcher.messages)
        erased = bool(self.slots.get("erased"))
        if erased:
            self.slots = {}
        language = dispatcher.messages[0]["language"] if dispatcher.messages else before.language
        exchange = Exchange(text, message, parts, before, self.case, language, erased, tuple(errors))
        self.exchanges.append(exchange)
        return exchange

    def _metadata(self, *, begin: bool) -> dict[str, Any]:
        known = {"language": self.language.replace("_", "-"), "time_zone": self.time_zone, READ_IN: "UTC"}
        return {**known, "begin": True} if begin else known

    def _tracker(self, latest: dict[str, Any]) -> Tracker:
        channel = self.sender_id.partition(":")[0]
        events = [{"event": "user", "input_channel": channel}]
        return Tracker(self.sender_id, dict(self.slots), latest, events, False, None, {}, "action_listen")


def _part(said: dict[str, Any]) -> Part:
    values = {name: value for name, value in said.items() if name not in {"response", "language", "buttons"}}
    spoken = speak(responses()[said["response"]], said["language"], values)
    buttons = (*spoken.get("buttons", ()), *(said.get("buttons") or ()))
    return Part(said["response"], spoken["text"], tuple(button["title"] for button in buttons))


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    errors: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage())

    handler = Handler(logging.ERROR)
    logger = logging.getLogger("actions")
    logger.addHandler(handler)
    try:
        yield errors
    finally:
        logger.removeHandler(handler)
