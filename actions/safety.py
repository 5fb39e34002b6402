"""Safety: crisis, watched, trapped, threatened, and the guard against the next scam."""

from __future__ import annotations

from actions.case.model import Role
from actions.turn import Handler, Turn


def crisis(turn: Turn) -> None:
    """Warmth, the line for the country and language, and one question, before anything else."""
    case = turn.case
    case.mark("crisis")
    case.safe_now = None
    case.reopen("safe_now")
    response = "utter_crisis_other" if turn.message.crisis_of == "other" else "utter_crisis"
    turn.say(response, lines=turn.lines(turn.guide.crisis_channels(case)))


def being_watched(turn: Turn) -> None:
    """From now on only short neutral lines."""
    turn.case.mark("watched")
    turn.say("utter_watched")


def trapped(turn: Turn) -> None:
    """The person is held: no blame, nothing that could provoke, who can help."""
    _held(turn, "trapped", "utter_trapped")
    turn.say("utter_trapped_prepare")


def relative_trapped(turn: Turn) -> None:
    """Someone else is held: report at home and to the embassy on the same day."""
    _held(turn, "relative_trapped", "utter_relative_trapped")
    turn.say("utter_relative_trapped_prepare")


def _held(turn: Turn, role: Role, response: str) -> None:
    case = turn.case
    case.mark("trapped")
    case.role = role
    if fact := turn.message.first("country"):
        case.place = fact.value
    turn.say(response, channels=turn.channels(turn.guide.held_channels(case)))


def threatened(turn: Turn) -> None:
    """Do not pay, keep the evidence, and the emergency number."""
    turn.case.mark("threatened")
    turn.say("utter_threatened")
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
    lines = (*turn.guide.emergency_channels(case, None), *turn.guide.crisis_channels(case))
    turn.say("utter_safe_now_no", lines=turn.lines(lines))
    turn.end()


def after_alone(turn: Turn) -> None:
    """The person can talk again."""
    turn.say("utter_alone_again")


HANDLERS: dict[str | None, Handler] = {
    "crisis": crisis,
    "being_watched": being_watched,
    "trapped": trapped,
    "relative_trapped": relative_trapped,
    "threatened": threatened,
    "tell_recovery_offer": recovery_offer,
}
