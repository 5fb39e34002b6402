"""Check-ins: offering to write later, stopping it by one word, and welcoming a person who comes back."""

from __future__ import annotations

import logging
from datetime import timedelta

from actions.case.check_ins import planned
from actions.case.planner import CHECK_IN
from actions.case.yes_or_no import yes_or_no
from actions.intake.database import OutboxError
from actions.responses import folded
from actions.summary import open_steps
from actions.turn import Turn
from actions.words import phrase
from actions.zone import zone_of
from bot.languages import LANGUAGES
from bot.policies.needs import SAFETY_NEEDS
from bot.quiet import place
from bot.storage.check_ins import Recipient

logger = logging.getLogger(__name__)

WEB_CHAT = "webchat"
# Where the bot can speak first; see `bot.check_ins`.
CHANNELS = frozenset({WEB_CHAT, "telegram"})
AWAY = timedelta(days=2)


def offer(turn: Turn) -> None:
    """Asked for: say what would be sent, and ask; or why not."""
    case = turn.case
    if case.in_crisis:
        return
    if case.role == "trapped":
        turn.say("utter_check_ins_unsafe")
    elif not case.reachable:
        turn.say("utter_check_ins_not_here")
    elif case.check_ins == "yes":
        turn.say("utter_check_ins_already")
    else:
        case.reopen(CHECK_IN)
        turn.say("utter_ask_check_in")
        turn.end(CHECK_IN)


def after_check_in(turn: Turn) -> None:
    """Promise only what is stored."""
    case = turn.case
    if case.check_ins != "yes":
        turn.say("utter_check_ins_declined")
        return
    if _store(turn):
        turn.say("utter_check_ins_on")
        if turn.channel == WEB_CHAT:
            turn.say("utter_check_ins_on_page")
    else:
        case.check_ins = None
        case.skip(CHECK_IN)
        turn.say("utter_check_ins_failed")


def stopped(turn: Turn) -> bool:
    """Cancel everything on one word; whether that was the whole turn."""
    case, message = turn.case, turn.message
    if case.check_ins != "yes" or not (message.need == "stop" or _is_cancel(message.text)):
        return False
    case.check_ins, case.paused = "no", True
    stored = _store(turn)
    if case.marked("watched"):
        return False
    if not stored:
        case.check_ins = "yes"
    turn.say("utter_check_ins_off" if stored else "utter_error")
    turn.end()
    return True


def welcome_back(turn: Turn) -> bool:
    """After days of silence, or a check-in: one line, and what is open.

    Returns:
        Whether the message only answered the check-in, which is then no answer to the question that was open.
    """
    case, message = turn.case, turn.message
    if not _returns(turn) or case.marked("watched") or case.role == "trapped" or message.need in SAFETY_NEEDS:
        return False
    if not case.in_crisis:
        turn.say("utter_welcome_back")
        if steps := open_steps(case, turn.language):
            turn.say("utter_still_open", steps=steps)
        for position, _ in case.sent_payments:
            case.reopen(f"reached_bank:{position}")
    return yes_or_no(message) is not None and not message.facts


def keep_up(turn: Turn) -> None:
    """Bring what waits for the person up to date with the case as it stands after this turn."""
    _store(turn)


def _returns(turn: Turn) -> bool:
    heard = turn.case.last_heard_at
    if heard is None:
        return False
    came_due = any(
        item.due_at <= turn.now for item in planned(turn.case, turn.guide, heard, zone_of(turn.case))
    )
    return came_due or turn.now - heard >= AWAY


def _store(turn: Turn) -> bool:
    recipient = Recipient(turn.sender_id, turn.channel, turn.language)
    try:
        turn.services.check_ins.replace(
            recipient, planned(turn.case, turn.guide, turn.now, zone_of(turn.case))
        )
    except OutboxError as error:
        logger.error("check-ins could not be stored: %s", place(error))
        return False
    return True


def _is_cancel(text: str) -> bool:
    said = {phrase("stop", language) for language in LANGUAGES}
    said |= {phrase("cancel", language) for language in LANGUAGES}
    return folded(text) in {folded(word) for word in said}
