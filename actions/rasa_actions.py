"""Rasa's seam: one custom action a phase, all of them one turn of the dialogue."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.case.model import Case
from actions.dialogue import respond
from actions.failure import answer_after_failure
from actions.guide import RegistryGuide
from actions.reading import language_of, read
from actions.referral import group_code
from actions.registry import registry
from actions.responses import responses
from actions.services import services
from actions.turn import Said, Turn
from actions.zone import zone_of
from bot.catalogs import translate
from bot.languages import negotiate
from bot.quiet import place
from bot.time_zones import zone

logger = logging.getLogger(__name__)


class NeedAction(Action):
    """Runs one turn. Never raises: an error here would silence the bot and log the whole talk."""

    phase = ""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{self.phase}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer the latest message."""
        try:
            turn = await take_turn(tracker)
            utterances = [_utterance(said, turn.language) for said in turn.said]
        except Exception as error:
            logger.error("a turn failed: %s", place(error))
            dispatcher.utter_message(**_after_failure(tracker))
            return []
        for utterance in utterances:
            dispatcher.utter_message(**utterance)
        return [
            SlotSet("case", turn.case.model_dump(mode="json")),
            SlotSet("language", turn.language),
            SlotSet("brief", turn.case.kept_briefly),
            SlotSet("filed", [str(filed.id) for filed in turn.case.filed]),
            SlotSet("erased", True if turn.erase else None),
            SlotSet("resumed", turn.resumed),
        ]


async def take_turn(tracker: Tracker) -> Turn:
    """Run the dialogue for the latest message of `tracker`."""
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    case = _case(tracker)
    if zone(metadata.get("time_zone")):
        case.time_zone = metadata["time_zone"]
    case.referred_by = case.referred_by or group_code(metadata.get("referred_by"))
    now = datetime.now(UTC).astimezone(zone_of(case))
    channel = tracker.get_latest_input_channel() or ""
    message, guide = read(latest, case), RegistryGuide(registry())
    turn = Turn(case, message, guide, now, services(), tracker.sender_id, channel)
    if metadata.get("begin"):
        turn.say("utter_welcome")
        case.tell("welcome")
        turn.say("utter_ask_story")
        turn.end("story")
        return turn
    await respond(turn, language_of(turn.message, case))
    return turn


def _case(tracker: Tracker) -> Case:
    kept = tracker.get_slot("case")
    return Case.model_validate(kept) if kept is not None else Case(language=_channel_language(tracker))


def _channel_language(tracker: Tracker) -> str:
    return negotiate((tracker.latest_message.get("metadata") or {}).get("language"))


def _after_failure(tracker: Tracker) -> dict[str, Any]:
    language = tracker.get_slot("language") or _channel_language(tracker)
    response, values = answer_after_failure(tracker.latest_message.get("text") or "", language)
    return {"response": response, "language": language, **values}


def _utterance(said: Said, language: str) -> dict[str, Any]:
    titles = [translate(responses()[button]["text"], language) for button in said.buttons]
    utterance: dict[str, Any] = {"response": said.response, "language": language, **said.values}
    if titles:
        utterance["buttons"] = [{"title": title, "payload": title} for title in titles]
    return utterance


class SafetyAction(NeedAction):
    """Crisis, watched, trapped, threatened, recovery offers."""

    phase = "safety"


class RecogniseAction(NeedAction):
    """Is it a scam, and which."""

    phase = "recognise"


class PaymentsAction(NeedAction):
    """Stopping payments."""

    phase = "payments"


class ReportingAction(NeedAction):
    """Where and how to report."""

    phase = "reporting"


class HandoverAction(NeedAction):
    """A person takes over."""

    phase = "handover"


class PrivacyAction(NeedAction):
    """What is kept, and erasing it."""

    phase = "privacy"


class ConversationAction(NeedAction):
    """The talk itself."""

    phase = "conversation"


ACTIONS: tuple[type[NeedAction], ...] = (
    SafetyAction,
    RecogniseAction,
    PaymentsAction,
    ReportingAction,
    HandoverAction,
    PrivacyAction,
    ConversationAction,
)
