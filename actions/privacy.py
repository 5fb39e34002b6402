"""Privacy: what is kept, erasing it, and taking a consent back."""

from __future__ import annotations

from actions import words
from actions.case.model import Case
from actions.case.yes_or_no import clear_yes_or_no
from actions.handover import erase_filed_cases
from actions.turn import Handler, Turn
from actions.zone import zone_of

CONFIRM_DELETE = "confirm_delete"


def ask_privacy(turn: Turn) -> None:
    """What is kept and who reads it."""
    turn.say("utter_privacy")


def delete_data(turn: Turn) -> None:
    """Ask once, then delete."""
    turn.say("utter_ask_delete")
    turn.end(CONFIRM_DELETE)


def after_confirm_delete(turn: Turn) -> bool:
    """Erase, or keep; whether the message answered the question."""
    said = clear_yes_or_no(turn.message)
    if said is None and turn.message.need != "delete_data":
        return False
    if said == "no":
        turn.case.open = None
        turn.say("utter_kept")
        return True
    if not erase_filed_cases(turn):
        turn.say("utter_error")
        turn.end(CONFIRM_DELETE)
        return True
    turn.say("utter_deleted")
    _say_receipt(turn, "utter_deleted_receipt")
    turn.erase = True
    turn.case = Case(language=turn.language)
    turn.end()
    return True


def withdraw_consent(turn: Turn) -> None:
    """Take back at once what the person agreed to hand over, wherever it is by now; the talk goes on."""
    case = turn.case
    if case.consent is None and not case.filed:
        case.skip("consent")
        turn.say("utter_consent_none")
    elif not erase_filed_cases(turn):
        turn.say("utter_error")
        turn.end(case.open)
    else:
        turn.say("utter_consent_withdrawn" if case.filed else "utter_consent_withdrawn_unsent")
        _say_receipt(turn, "utter_consent_withdrawn_receipt")
        case.withdraw()


def _say_receipt(turn: Turn, response: str) -> None:
    """Which cases the intake service is asked to erase, and when; nothing where none was filed."""
    if turn.case.filed:
        references = words.joined([filed.reference for filed in turn.case.filed], turn.language)
        when = words.moment(turn.now, zone_of(turn.case), turn.language)
        turn.say(response, reference=references, when=when)


HANDLERS: dict[str | None, Handler] = {"ask_privacy": ask_privacy, "delete_data": delete_data}
