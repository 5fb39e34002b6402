"""Words between the person and the caseworker who has their case: what is heard, and what is passed on.

What the caseworker writes is said as it is. Passed on is only what the person was told would be: the message after a
caseworker's, while that question is open, and what follows "tell my caseworker".
"""

from __future__ import annotations

import logging
from uuid import UUID, uuid4

from actions import commands
from actions.case.absorb import PAYMENT_NEEDS
from actions.case.model import Case, CaseStatus, Standing
from actions.case.planner import REPLY
from actions.handover import is_urgent
from actions.intake.contract import CaseEvent, Message
from actions.intake.database import OutboxError
from actions.intake.outbox import CaseErased
from actions.turn import Said, Turn
from bot.policies.needs import SAFETY_NEEDS
from bot.quiet import place

logger = logging.getLogger(__name__)

# Answered here and not passed on: these are about the talk, or the person did not mean another to read them.
_NOT_FOR_OTHERS = frozenset({"crisis", "being_watched", "delete_data", "stop", "restart", "ask_case_status"})
# Passed on, and answered here as well.
_ANSWERED_TOO = PAYMENT_NEEDS | SAFETY_NEEDS.keys()
# Questions whose answer must not be taken for another's.
_NOT_TO_BE_INTERRUPTED = frozenset(
    {
        "safe_now", "alone", "confirm_delete", "confirm_restart", "replace_case",
        "consent", "contact", "contact_value", "summary_ok",
    }
)  # fmt: skip
_NEWS: dict[CaseStatus, str] = {
    "in_progress": "utter_caseworker_works",
    "waiting_for_person": "utter_caseworker_waits",
    "closed": "utter_caseworker_closed",
}


def must_wait(case: Case) -> bool:
    """Whether nothing may be said unasked: others may read along."""
    return case.marked("watched") or case.role == "trapped"


def hear(case: Case, event: CaseEvent) -> Said | None:
    """Take an event into the case; what the person is told of it, if anything."""
    before = case.standing if case.standing and case.standing.id == event.case_id else None
    is_late = before is not None and event.occurred_at < before.at
    if not is_late:
        case.standing = Standing(id=event.case_id, status=event.status, at=event.occurred_at)
    if event.text is not None:
        asks = _ask_reply(case, event.case_id)
        response = "utter_caseworker_writes" if asks else "utter_caseworker_wrote"
        return Said(response, {"words": event.text})
    was: CaseStatus = before.status if before else "received"
    came_back = event.status == "in_progress" and was != "received"
    if is_late or event.status == was or came_back or event.status not in _NEWS:
        return None
    if event.status == "waiting_for_person" and not _ask_reply(case, event.case_id):
        return None
    return Said(_NEWS[event.status])


def _ask_reply(case: Case, case_id: UUID) -> bool:
    """Let the next message be the answer; False where another question comes first, and this one after it."""
    case.reply_to = case_id
    case.reopen(REPLY)
    if case.in_crisis or (case.open or "").partition(":")[0] in _NOT_TO_BE_INTERRUPTED:
        return False
    case.open = REPLY
    return True


def hear_reply(turn: Turn) -> bool:
    """Pass on what is for the caseworker; whether that was the whole turn."""
    case, message = turn.case, turn.message
    words = commands.words_for_caseworker(message.text)
    if (words is None and case.open != REPLY) or case.marked("watched") or message.wants_language:
        return False
    if message.need in _NOT_FOR_OTHERS or not message.text or commands.command(message.text):
        return False
    case.misread, case.paused = 0, False
    if not case.filed:
        turn.say("utter_status_none")
    elif words is None and message.chosen == "no":
        _let_go(case)
        turn.say("utter_reply_later")
    elif words == "":
        case.reply_to = case.reply_to or case.filed[-1].id
        case.reopen(REPLY)
    elif message.first("secret"):
        turn.say("utter_secret_seen")
    else:
        _pass_on(turn, words or message.text)
        return turn.ends_here or message.need not in _ANSWERED_TOO
    return True


def _let_go(case: Case) -> None:
    case.reply_to = case.open = None


def _pass_on(turn: Turn, words: str) -> None:
    """Store what was said, then promise that it goes out; or the truth when that fails."""
    case = turn.case
    case_id = case.reply_to or case.filed[-1].id
    if case.standing and case.standing.id == case_id and case.standing.status == "closed":
        _let_go(case)
        turn.say("utter_reply_closed")
        return
    message = Message(message_id=uuid4(), text=words, sent_at=turn.now)
    try:
        turn.services.outbox.put_message(case_id, message, is_urgent(case, turn), turn.now)
    except (OutboxError, CaseErased) as error:
        logger.error("a message could not be stored in the outbox: %s", place(error))
        turn.say("utter_reply_failed")
        turn.end(REPLY)
        return
    _let_go(case)
    turn.say("utter_reply_passed_on")
