"""Puts the open question into words."""

from __future__ import annotations

from actions import handover
from actions.case.model import Case
from actions.case.planner import SIGN
from actions.conversation import MENU
from actions.turn import Turn

_CONSENT_TEXT = "consent_text"
_ASKED_BY = {
    MENU: "utter_not_understood_menu",
    "which_language": "utter_which_language",
    "confirm_delete": "utter_ask_delete",
    "confirm_restart": "utter_ask_restart",
}
# Nobody who is held is sent for a walk, or asked about "the person who is held".
_ASKED_OF_THE_HELD = {"alone": "utter_ask_alone_held", "citizenship": "utter_ask_citizenship_held"}


def asked_by(case: Case) -> str:
    """The response that asks the open question."""
    kind = (case.open or "").partition(":")[0]
    if kind == "safe_now" and "crisis_of_other" in case.told:
        return "utter_ask_safe_now_other"
    if kind in _ASKED_OF_THE_HELD and case.role == "trapped":
        return _ASKED_OF_THE_HELD[kind]
    if kind == "contact_value" and case.contact:
        return f"utter_ask_contact_value_{case.contact.kind}"
    return _ASKED_BY.get(kind, f"utter_ask_{kind}")


def ask(turn: Turn, question: str) -> None:
    """Ask `question` and leave it open."""
    case = turn.case
    case.open = question
    kind, _, subject = question.partition(":")
    if kind == SIGN.rstrip(":"):
        flag = turn.guide.registry.red_flags[subject]
        turn.say(asked_by(case), question=flag.question.in_(turn.language))
    elif kind == "reached_bank":
        turn.say(asked_by(case), payment=turn.payment(case.payments[int(subject)]))
    elif kind == "summary_ok":
        response = "utter_ask_summary_ok_again" if case.reference else asked_by(case)
        turn.say(response, summary=handover.summary_text(turn), reference=case.reference or "")
    elif kind == "consent":
        turn.say("utter_ask_consent_again" if _CONSENT_TEXT in case.told else asked_by(case))
        case.tell(_CONSENT_TEXT)
    else:
        turn.say(asked_by(case))
