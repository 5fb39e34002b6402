"""The code a person keeps: offered once, given when asked for."""

from __future__ import annotations

from actions.resume_code import new_code, shown
from actions.turn import Turn

OFFERED = "code_offered"


def offer_code(turn: Turn) -> None:
    """Say once that there is a code, to somebody who told something and whom it cannot harm."""
    case = turn.case
    in_danger = case.role == "trapped" or case.marked("watched")
    in_crisis = case.marked("crisis") and case.safe_now != "yes"
    if OFFERED in case.told or case.resume_code or not case.has_facts or in_danger or in_crisis:
        return
    case.tell(OFFERED)
    turn.say("utter_code_offer")


def show_code(turn: Turn) -> None:
    """The code of this conversation, the same whenever it is asked for."""
    case = turn.case
    if not case.has_facts:
        turn.say("utter_code_none")
        return
    code = case.resume_code or new_code()
    turn.services.resume_codes.keep(code, turn.sender_id)
    case.resume_code = code
    turn.say("utter_code_held" if case.role == "trapped" else "utter_code", code=shown(code))


def ask_for_code(turn: Turn) -> None:
    """The person has a code: they can send it."""
    turn.say("utter_code_send")
