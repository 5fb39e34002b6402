"""The talk itself: greeting, help, language, corrections, ways out, feelings, and not understanding."""

from __future__ import annotations

from actions import safety
from actions.case.correct import role_put_right
from actions.case.model import Case, Role
from actions.case.planner import HELD
from actions.case.progress import tick
from actions.case.yes_or_no import clear_yes_or_no
from actions.checklist import checklist
from actions.keep_code import offer_code
from actions.responses import responses, says
from actions.summary import plan_lines
from actions.turn import Handler, Turn
from bot.languages import LANGUAGES

CONFIRM_RESTART = "confirm_restart"
READING = "reading"
MENU = "menu"
WHICH_LANGUAGE = "which_language"
WHAT_IS_WRONG = "what_is_wrong"
_LIKELY = 2
_SHAME_OF: dict[Role, str] = {"trapped": "utter_shame_trapped", "mule": "utter_shame_mule"}
_OFFERS_MENU = 2
_READINGS = {
    "ask_if_scam": "utter_reading_ask_if_scam",
    "already_paid": "utter_reading_stop_payment",
    "ask_stop_payment": "utter_reading_stop_payment",
    "ask_where_report": "utter_reading_report",
    "ask_human": "utter_reading_human",
    "ask_evidence": "utter_reading_evidence",
    "ask_recover_money": "utter_reading_recover",
    "ask_privacy": "utter_reading_privacy",
    "express_distress": "utter_reading_feelings",
}
_HEARD_TICK = {"bank": "utter_bank_reached", "police": "utter_police_reached"}
_OTHERS = ("ask_if_scam", "already_paid", "ask_human")


def greet(turn: Turn) -> None:
    """Who this is and what it is not; to someone who is held, a screen full of it would give them away."""
    if "welcome" not in turn.case.told and turn.case.role not in HELD:
        turn.case.tell("welcome")
        turn.say("utter_welcome")


def goodbye(turn: Turn) -> None:
    """Leave the door open, with the one warning that closes every talk.

    From someone in a crisis who is not known to be safe, a farewell may mean more: the lines again instead.
    """
    if turn.case.marked("crisis") and turn.case.safe_now != "yes":
        safety.stay_with(turn)
        turn.end(turn.case.open)
        return
    if "recovery_guard" not in turn.case.told:
        turn.case.tell("recovery_guard")
        turn.say("utter_recovery_guard")
    turn.say("utter_goodbye")
    offer_code(turn)
    turn.end(turn.case.open)


def thank(turn: Turn) -> None:
    """You're welcome."""
    turn.say("utter_thank")


def bot_challenge(turn: Turn) -> None:
    """What this is."""
    turn.say("utter_bot_challenge")


def ask_help(turn: Turn) -> None:
    """What it can do; and the plan when there is one."""
    if turn.case.role in HELD:
        safety.held_again(turn)
    elif turn.case.payments or turn.case.scam_type:
        tell_plan(turn)
    else:
        turn.say("utter_help")


def tell_plan(turn: Turn) -> None:
    """What is done and what is open."""
    case = turn.case
    if not (case.payments or case.scam_type or case.signs or case.reference or case.frozen):
        turn.say("utter_plan_empty")
        return
    plan = plan_lines(case, turn.guide, turn.language, turn.now)
    turn.say("utter_plan", plan=plan, checklist=checklist(case, turn.language))


def ticked(turn: Turn) -> bool:
    """Take a tick in the plan into the case; whether the message was one.

    A step that the plan no longer has shows the plan as it is now. Nothing is said of it to someone who is watched.
    """
    if turn.message.tick is None or turn.case.marked("watched"):
        return False
    name, done = turn.message.tick
    step = tick(turn.case, name, done=done)
    turn.case.misread = 0
    if step is None:
        tell_plan(turn)
    else:
        turn.say(_HEARD_TICK.get(step.item, "utter_step_done") if done else "utter_step_open")
    return True


def change_language(turn: Turn) -> None:
    """Switch when the language is named; otherwise offer the three."""
    if turn.message.wants_language in LANGUAGES:
        turn.say("utter_language_changed")
        return
    turn.say("utter_which_language")
    turn.end(WHICH_LANGUAGE)


def repeat(turn: Turn) -> None:
    """Say what is due again."""
    turn.case.told = [key for key in turn.case.told if not key.startswith(("stop:", "further:", "channels:"))]


def correct_answer(turn: Turn) -> None:
    """What was wrong is changed when it was named; otherwise ask what it is."""
    if turn.message.facts or role_put_right(turn.message.text):
        turn.say("utter_correct")
        turn.case.file_again()
    else:
        turn.say("utter_what_is_wrong")
        turn.end(WHAT_IS_WRONG)


def stop(turn: Turn) -> None:
    """No more questions."""
    turn.case.paused = True
    turn.say("utter_stopped")
    offer_code(turn)
    turn.end()


def restart(turn: Turn) -> None:
    """Ask once, then begin again."""
    turn.say("utter_ask_restart")
    turn.end(CONFIRM_RESTART)


def after_confirm_restart(turn: Turn) -> bool:
    """Begin again, or go on; whether the message answered the question."""
    said = clear_yes_or_no(turn.message)
    if said is None and turn.message.need != "restart":
        return False
    if said == "no":
        turn.case.open = None
        turn.say("utter_go_on")
        return True
    old = turn.case
    turn.services.resume_codes.erase(turn.sender_id)
    turn.case = Case(language=old.language, told=["welcome"], earlier=old.filed)
    turn.say("utter_restarted")
    return True


def express_frustration(turn: Turn) -> None:
    """Sorry, and a way to a person."""
    turn.say("utter_frustration")


def out_of_scope(turn: Turn) -> None:
    """Back to what it can do."""
    turn.say("utter_out_of_scope")


def express_shame(turn: Turn) -> None:
    """Shame is answered before facts; who was forced, or let an account be used, has another kind of it."""
    turn.say(_SHAME_OF.get(turn.case.role, "utter_shame"))


def express_distress(turn: Turn) -> None:
    """Distress is heard, with a line for a human voice."""
    turn.say("utter_distress")
    if "distress_lines" not in turn.case.told:
        turn.case.tell("distress_lines")
        turn.say("utter_distress_lines", lines=turn.lines(turn.guide.crisis_channels(turn.case)))


def why(turn: Turn) -> None:
    """Why the open question is asked."""
    kind = (turn.case.open or "").partition(":")[0]
    turn.say(f"utter_why_{kind}" if f"utter_why_{kind}" in responses() else "utter_why_nothing")


def inform(turn: Turn) -> None:
    """Facts were taken into the case already."""
    if turn.answered:
        return
    if turn.said:
        return
    if turn.message.facts or turn.message.signs:
        turn.say("utter_noted")
    else:
        not_understood(turn)


def bare(turn: Turn) -> None:
    """A yes, no or not-sure to nothing in particular."""
    if turn.answered is None and turn.case.open is None:
        turn.say("utter_go_on")


def not_understood(turn: Turn) -> None:
    """First the two likeliest readings, then the menu and a person; a third time only that it is sorry."""
    case, message = turn.case, turn.message
    if turn.answered or message.facts or message.signs:
        return
    if not message.text:
        turn.say("utter_empty")
        return
    case.misread += 1
    if case.misread == 1:
        turn.say("utter_not_understood", buttons=likely_readings(turn))
        turn.end(READING)
        return
    turn.say("utter_not_understood_menu" if case.misread == _OFFERS_MENU else "utter_frustration")
    turn.end(MENU)


def likely_readings(turn: Turn) -> list[str]:
    """The two likeliest readings a button can name, and something else, as responses."""
    ranked = [need for need, _ in turn.message.ranking if need in _READINGS]
    distinct = dict.fromkeys(_READINGS[need] for need in (*ranked, *_OTHERS))
    return [*list(distinct)[:_LIKELY], "utter_reading_something_else"]


def chosen_reading(text: str) -> str | None:
    """The need of the reading whose title, in any language, is `text`."""
    return next((need for need, response in _READINGS.items() if says(response, text)), None)


HANDLERS: dict[str | None, Handler] = {
    "greet": greet,
    "goodbye": goodbye,
    "thank": thank,
    "affirm": bare,
    "deny": bare,
    "unsure": bare,
    "bot_challenge": bot_challenge,
    "ask_help": ask_help,
    "change_language": change_language,
    "repeat": repeat,
    "correct_answer": correct_answer,
    "stop": stop,
    "restart": restart,
    "express_frustration": express_frustration,
    "out_of_scope": out_of_scope,
    "express_shame": express_shame,
    "express_distress": express_distress,
    "inform": inform,
    "nlu_fallback": not_understood,
    None: not_understood,
}
