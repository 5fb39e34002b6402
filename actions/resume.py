"""Coming back with a code: the case goes on where the code is typed."""

from __future__ import annotations

import math

from actions import conversation, privacy
from actions.case.model import Case
from actions.case.yes_or_no import clear_yes_or_no
from actions.resume_code import typed_code
from actions.turn import Turn
from bot.languages import LANGUAGES
from bot.nlu.script import identify
from bot.storage.resume_codes import TooManyWrongCodes

REPLACE_CASE = "replace_case"
COMES_FIRST = frozenset({"crisis", "being_watched"})


def hear_code(turn: Turn) -> bool:
    """Answer the resume code in the message; whether there was one to answer.

    Nothing is opened for somebody who is watched, and a cry for help comes first.
    """
    case, message = turn.case, turn.message
    code = typed_code(message.text)
    if code is None or case.marked("watched") or message.need in COMES_FIRST:
        return False
    case.misread = 0
    if code == case.resume_code:
        conversation.tell_plan(turn)
    elif kept := _kept_case(turn, code):
        if case.has_facts:
            turn.say("utter_ask_replace_case")
            turn.end(f"{REPLACE_CASE}:{code}")
        else:
            read = identify(message.text, kept.language)
            _take_up(turn, code, kept, read.code if read.clear else kept.language)
    return True


def after_replace_case(turn: Turn) -> bool:
    """Open the earlier case, or stay with this one; whether the message answered the question."""
    said = clear_yes_or_no(turn.message)
    if said is None:
        return False
    code = (turn.case.open or "").partition(":")[2]
    turn.case.open = None
    if said == "no":
        turn.say("utter_go_on")
    elif kept := _kept_case(turn, code):
        _take_up(turn, code, kept, turn.language)
    return True


def _kept_case(turn: Turn, code: str) -> Case | None:
    """The case that `code` opens; where it opens none, the person is told so and not why."""
    try:
        slots = turn.services.resume_codes.slots(code, turn.sender_id)
    except TooManyWrongCodes as too_many:
        turn.say("utter_code_wait", minutes=math.ceil(too_many.seconds / 60))
        return None
    if slots is None or not slots.get("case"):
        turn.say("utter_code_unknown")
        return None
    return Case.model_validate(slots["case"])


def _take_up(turn: Turn, code: str, kept: Case, language: str) -> None:
    """Go on with `kept`; what protects the person here, and what was filed here, goes along."""
    here, turn.case = turn.case, kept
    turn.resumed = turn.services.resume_codes.digest(code)
    if language in LANGUAGES:
        kept.language = language
    for mark in here.marks:
        kept.mark(mark)
    if here.marked("crisis"):
        kept.safe_now = here.safe_now
    kept.earlier = [*kept.earlier, *here.filed]
    kept.resume_code, kept.open, kept.paused = code, None, False
    kept.misread = kept.unanswered = 0
    if kept.marked("watched"):
        turn.say("utter_watched")
        return
    turn.say("utter_welcome_back")
    conversation.tell_plan(turn)
    if turn.message.need == "delete_data":
        privacy.delete_data(turn)
