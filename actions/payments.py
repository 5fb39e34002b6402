"""Stopping payments: the steps for each payment, the clock, and what else must be locked."""

from __future__ import annotations

from actions import recognise, words
from actions.case.clock import deadline, time_left
from actions.case.model import Payment
from actions.case.payments_told import RECIPIENT_KINDS
from actions.case.planner import Tell
from actions.registry import Situation
from actions.turn import Handler, Turn

FIRST_STEPS = 2


def ask_stop_payment(turn: Turn) -> None:
    """Give the steps again, even if they were given before."""
    turn.case.told = [key for key in turn.case.told if not key.startswith("stop:")]
    if not turn.case.sent_payments:
        turn.say("utter_first_step")


def mistyped(turn: Turn) -> None:
    """Say once of each address, hash or IBAN that fails its checksum that it looks mistyped."""
    for fact in turn.message.facts:
        key = f"mistyped:{fact.text}"
        if fact.kind in RECIPIENT_KINDS and fact.valid is False and key not in turn.case.told:
            turn.case.tell(key)
            turn.say("utter_mistyped", typed=fact.text)


def account_frozen(turn: Turn) -> None:
    """What never to pay; what to do depends on who froze it. Who locked an account of their own needs none of it."""
    if not turn.case.frozen:
        return
    turn.say("utter_account_frozen")
    if turn.case.frozen_by:
        after_frozen_by(turn)


def after_frozen_by(turn: Turn) -> None:
    """What to ask of whom; a platform that freezes is the scam itself."""
    turn.say(f"utter_frozen_{turn.case.frozen_by or 'unknown'}")


def about_to_pay(turn: Turn) -> None:
    """The family of someone held is asked for a ransom; all others hear the pattern."""
    if turn.case.role == "relative_trapped":
        turn.say("utter_ransom")
    else:
        recognise.name_pattern(turn)


def nothing_more(turn: Turn) -> None:
    """The planner says what is due."""


def tell_hold(turn: Turn, tell: Tell) -> None:
    """A payment is being demanded: wait."""
    turn.say("utter_hold")


def tell_first_step(turn: Turn, tell: Tell) -> None:
    """Money left by a way not known yet; for several such payments once."""
    if not any(said.response == "utter_first_step" for said in turn.said):
        turn.say("utter_first_step")


def tell_stop(turn: Turn, tell: Tell) -> None:
    """The first steps for one payment, with the time left."""
    payment, situation = _subject(turn, tell)
    steps = situation.steps_in(turn.case.country, turn.language)[:FIRST_STEPS]
    turn.say(
        "utter_stop_payment",
        payment=turn.payment(payment),
        time=_time(turn, payment, situation),
        steps=words.numbered(steps),
        say=situation.words_in(turn.case.country, turn.language)[0],
        **_until(turn, payment, situation),
    )


def tell_further_steps(turn: Turn, tell: Tell) -> None:
    """The remaining steps for one payment, and the chances."""
    payment, situation = _subject(turn, tell)
    steps = situation.steps_in(turn.case.country, turn.language)[FIRST_STEPS:]
    if steps:
        turn.say(
            "utter_further_steps",
            payment=turn.payment(payment),
            steps=words.numbered(steps, start=FIRST_STEPS + 1),
            chances=situation.recoverability.text.in_(turn.language),
        )


def tell_secure(turn: Turn, tell: Tell) -> None:
    """Details were given away: lock them down."""
    turn.say("utter_secure", steps=_all_steps(turn, tell))


def tell_mule(turn: Turn, tell: Tell) -> None:
    """An account was lent: stop, and do not send anything on."""
    turn.say("utter_mule", steps=_all_steps(turn, tell))


def after_reached_bank(turn: Turn) -> None:
    """The bank was reached, or refused."""
    position = int((turn.answered or "").partition(":")[2])
    state = turn.case.payments[position].state
    if state == "recalled":
        turn.say("utter_bank_reached")
    elif state == "refused":
        turn.say("utter_bank_refused")
    else:
        turn.say("utter_bank_not_yet")


def hear_done(turn: Turn) -> None:
    """What the person says they did is seen, and ticked off."""
    steps = {fact.value for fact in turn.message.all("done")}
    answered = (turn.answered or "").startswith("reached_bank")
    if "bank" in steps and not answered and turn.message.need not in {"police_refused", "ask_stop_payment"}:
        turn.say("utter_bank_reached")
    if "police" in steps and turn.message.need != "police_refused":
        turn.say("utter_police_reached")
    if steps & {"secured", "evidence", "blocked"}:
        turn.say("utter_step_done")


def _subject(turn: Turn, tell: Tell) -> tuple[Payment, Situation]:
    if tell.payment is None or tell.situation is None:
        raise ValueError(f"advice {tell.what} is about a payment")
    return turn.case.payments[tell.payment], turn.guide.registry.situations[tell.situation]


def _all_steps(turn: Turn, tell: Tell) -> str:
    situation = turn.guide.registry.situations[tell.situation or ""]
    return words.numbered(situation.steps_in(turn.case.country, turn.language))


def _until(turn: Turn, payment: Payment, situation: Situation) -> dict[str, str]:
    """The end of a short window that still runs, for channels that count it down."""
    end = deadline(payment, situation.window.hours)
    left = time_left(payment, situation.window.hours, turn.now)
    if end is None or left is None or left.over or left.window > words.LONG_WINDOW:
        return {}
    return {"until": min(end, turn.now + left.window).isoformat()}


def _time(turn: Turn, payment: Payment, situation: Situation) -> str:
    left = time_left(payment, situation.window.hours, turn.now)
    if left is None or left.window > words.LONG_WINDOW:
        return situation.window.text.in_(turn.language)
    if left.over:
        return words.phrase(
            "the first and best time has passed, but calling is still worth it. Some payments are stopped later.",
            turn.language,
        )
    return words.phrase(
        "{left}. After that a recall is far less likely, but call all the same.",
        turn.language,
        left=words.hours_left(left.left, left.window, turn.language),
    )


HANDLERS: dict[str | None, Handler] = {
    "about_to_pay": about_to_pay,
    "already_paid": recognise.name_pattern,
    "ask_stop_payment": ask_stop_payment,
    "shared_details": nothing_more,
    "lent_account": nothing_more,
    "account_frozen": account_frozen,
}
TELLS = {
    "hold": tell_hold,
    "first_step": tell_first_step,
    "stop": tell_stop,
    "further_steps": tell_further_steps,
    "secure": tell_secure,
    "mule": tell_mule,
}
