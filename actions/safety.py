"""Safety: crisis, watched, trapped, threatened, and the guard against the next scam."""

from __future__ import annotations

from actions.case.model import Case, Role
from actions.case.planner import HELD, THREATENED_LINES, Tell
from actions.turn import Handler, Turn


def crisis(turn: Turn) -> None:
    """Warmth, the line for the country and language, and one question, before anything else; no text twice."""
    case = turn.case
    case.mark("crisis")
    case.safe_now = None
    case.reopen("safe_now")
    of_other = turn.message.crisis_of == "other"
    if of_other:
        case.tell("crisis_of_other")
    response = "utter_crisis_other" if of_other else "utter_crisis"
    told = f"{response}:{case.country}"
    if told in case.told:
        stay_near(turn)
        return
    case.tell(told)
    turn.say(response, lines=turn.lines(turn.guide.crisis_channels(case)))


def being_watched(turn: Turn) -> None:
    """From now on only short neutral lines."""
    turn.case.mark("watched")
    turn.say("utter_watched")


def trapped(turn: Turn) -> None:
    """The person is held: no blame, nothing that could provoke, who can help."""
    _held(turn, "trapped")


def relative_trapped(turn: Turn) -> None:
    """Someone else is held: report at home and to the embassy on the same day."""
    _held(turn, "relative_trapped")


def _held(turn: Turn, role: Role) -> None:
    """Who helps, once for each place; whoever is known to be held stays the one who is held."""
    case = turn.case
    case.mark("trapped")
    if case.role not in HELD:
        case.role = role
    of_their_own = {case.country, case.citizenship}
    named = [fact.value for fact in turn.message.all("country") if fact.value not in of_their_own]
    held_in = [country for country in named if country in turn.guide.registry.reporting.held]
    if held_in:
        case.place = held_in[-1]
    elif named and case.place is None:
        case.place = named[0]
    itself = case.role == "trapped"
    if _lines_key(case) not in case.told:
        held_again(turn)
        turn.say("utter_trapped_prepare" if itself else "utter_relative_trapped_prepare")
    elif not itself and turn.message.says("payment_state", "pressed"):
        turn.say("utter_ransom")
    elif not turn.answered:
        turn.say("utter_trapped_more" if itself else "utter_relative_trapped_more")


def _lines_key(case: Case) -> str:
    return f"held:{case.place}"


def after_place(turn: Turn) -> None:
    """Where it is changes who can help; nobody being held changes everything."""
    if not turn.case.marked("trapped"):
        turn.say("utter_not_held")
    elif turn.case.place:
        held_again(turn)


def after_citizenship(turn: Turn) -> None:
    """One's own country's consular line may be the first to call."""
    consulate = turn.guide.consular_channels(turn.case)
    if turn.case.citizenship and consulate:
        turn.say("utter_consulate", channels=turn.channels(consulate))


def held_again(turn: Turn) -> None:
    """Who helps, once more."""
    turn.case.tell(_lines_key(turn.case))
    response = "utter_trapped" if turn.case.role == "trapped" else "utter_relative_trapped"
    turn.say(response, channels=turn.channels(turn.guide.held_channels(turn.case)))


def threatened(turn: Turn) -> None:
    """Do not pay, keep the evidence, and the emergency number."""
    turn.case.mark("threatened")
    turn.say("utter_threatened")
    if turn.case.country is not None:
        turn.case.tell(THREATENED_LINES)
        tell_threatened_lines(turn)


def tell_threatened_lines(turn: Turn, tell: Tell | None = None) -> None:
    """Whom to call at once, where the country is known."""
    lines = turn.guide.emergency_channels(turn.case, None)
    if lines:
        turn.say("utter_threatened_lines", lines=turn.lines(lines))


def recovery_offer(turn: Turn) -> None:
    """Name the next scam."""
    turn.case.tell("recovery_guard")
    turn.say("utter_recovery_offer")


def after_safe_now(turn: Turn) -> None:
    """What follows the answer to "are you safe right now?"."""
    case = turn.case
    if case.safe_now == "yes":
        turn.say("utter_safe_now_yes")
        return
    stay_with(turn)
    turn.end("alone" if case.marked("watched") else "safe_now")


def stay_with(turn: Turn) -> None:
    """For someone who is not known to be safe: the emergency number and the crisis lines again."""
    turn.say("utter_safe_now_no", lines=_lines_now(turn))


def stay_near(turn: Turn) -> None:
    """For someone who goes on talking and has not said that they are safe: presence, and the lines at hand."""
    of_other = "crisis_of_other" in turn.case.told
    turn.say("utter_stay_near_other" if of_other else "utter_stay_near", lines=_lines_now(turn))


def _lines_now(turn: Turn) -> str:
    case = turn.case
    return turn.lines((*turn.guide.emergency_channels(case, None), *turn.guide.crisis_channels(case)))


def after_alone(turn: Turn) -> None:
    """The person can talk again; to one who is held, what real police never do is of no use."""
    turn.say("utter_go_on" if turn.case.role == "trapped" else "utter_alone_again")


TELLS = {"threatened_lines": tell_threatened_lines}
HANDLERS: dict[str | None, Handler] = {
    "crisis": crisis,
    "being_watched": being_watched,
    "trapped": trapped,
    "relative_trapped": relative_trapped,
    "threatened": threatened,
    "tell_recovery_offer": recovery_offer,
}
