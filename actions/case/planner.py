"""What comes next: pure and explainable.

The order is the order of harm: what can still be stopped, what is needed to stop it, where to report, a person
to take over, and what to do afterwards. Safety is decided before this, on every message, and only narrows what
is planned here. The planner never asks what the case knows or what was declined, and it always ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actions.case.branch import branch
from actions.case.clock import ranked
from actions.case.ends import ends
from actions.case.model import Case, Payment

MOST_SCREENING_QUESTIONS = 5
SIGN = "sign:"
WANTS_VERDICT = "wants_verdict"
THREATENED_LINES = "threatened_lines"
CHECK_IN = "check_in"
REPLY = "reply"
HELD = frozenset({"trapped", "relative_trapped"})
_LAST_WORDS = frozenset({"aftercare", "recovery_guard"})


class Guide(Protocol):
    """What the planner needs to know of the registry."""

    def situation(self, case: Case, payment: Payment) -> str | None:
        """The situation a payment is in; None while its method is unknown."""

    def window_hours(self, situation: str | None) -> float | None:
        """The window of a situation in hours; None where sources give no number."""

    def checklist(self, case: Case) -> Sequence[str]:
        """The red flags worth asking about, the most telling first."""

    def is_strong(self, flag: str) -> bool:
        """Whether one yes to `flag` is enough to stop paying."""


@dataclass(frozen=True)
class Tell:
    """One piece of advice that is due.

    Attributes:
        what: the kind of advice.
        key: under which the case remembers that it was given.
        payment: position of the payment it is about.
        situation: the registry's situation it is about.
    """

    what: str
    key: str
    payment: int | None = None
    situation: str | None = None


@dataclass(frozen=True)
class Plan:
    """What is due now: advice to give, in order, and at most one question."""

    tells: tuple[Tell, ...]
    ask: str | None


def plan(case: Case, guide: Guide, now: datetime) -> Plan:
    """Plan the next turn of `case`."""
    if case.marked("crisis") and case.safe_now is None and not case.settled("safe_now"):
        return Plan((), "safe_now")
    if case.marked("watched"):
        return Plan((), "alone")
    tells = tuple(tell for tell in _tells(case, guide, now) if tell.key not in case.told)
    if case.paused:
        return Plan(tells, None)
    ask = next_question(case, guide, now)
    return Plan(tells, CHECK_IN if ask is None and _offers_check_ins(case, tells) else ask)


def next_question(case: Case, guide: Guide, now: datetime) -> str | None:
    """The one question to ask now, or None when nothing is left to ask."""
    return next((q for q in _questions(case, guide, now) if not case.settled(q)), None)


def verdict(case: Case, guide: Guide) -> str:
    """How clear it is: ``strong``, ``some`` or ``unclear``; never "safe", never "certain"."""
    seen = set(case.signs)
    if any(guide.is_strong(flag) for flag in seen):
        return "strong"
    return "some" if seen else "unclear"


def _offers_check_ins(case: Case, tells: Sequence[Tell]) -> bool:
    """Whether to offer writing again: once, at the very end, where nobody is in danger through it."""
    if not case.reachable or case.check_ins is not None or case.settled(CHECK_IN):
        return False
    ended = case.filed_at is not None or case.settled("consent")
    in_danger = case.role == "trapped" or case.in_crisis
    return ended and not in_danger and all(tell.what in _LAST_WORDS for tell in tells)


def _ranked_payments(case: Case, guide: Guide, now: datetime) -> list[int]:
    """Payments by what can still be saved; none for someone who is held, whose calls could provoke the captors."""
    if case.role == "trapped":
        return []
    return ranked([(i, p, guide.window_hours(guide.situation(case, p))) for i, p in case.sent_payments], now)


def _tells(case: Case, guide: Guide, now: datetime) -> Iterator[Tell]:
    if any(not payment.left for payment in case.payments) and case.role not in HELD:
        yield Tell("hold", "hold")
    if case.role == "mule":
        yield Tell("mule", "mule", situation="bank_card_or_account_lent")
    for position in _ranked_payments(case, guide, now):
        payment = case.payments[position]
        situation = guide.situation(case, payment)
        if situation is None:
            yield Tell("first_step", f"first_step:{position}", position)
            continue
        timed = "timed" if payment.paid_at and guide.window_hours(situation) else "untimed"
        yield Tell("stop", f"stop:{position}:{situation}:{timed}", position, situation)
    if case.scam_type and case.role not in HELD and verdict(case, guide) != "unclear":
        yield Tell("pattern", "pattern")
    if case.remote_access:
        yield Tell("secure", "secure_device", situation="remote_access_app_installed")
    if case.shared_details:
        yield Tell("secure", "secure", situation="identity_documents_shared")
    yield from _reporting(case, guide, now)
    if case.filed_at or case.settled("consent"):
        yield Tell("aftercare", f"aftercare:{branch(case)}")
        if case.role not in HELD:
            yield Tell("recovery_guard", "recovery_guard")


def _reporting(case: Case, guide: Guide, now: datetime) -> Iterator[Tell]:
    if case.role == "trapped" or not (case.country is not None or _country_is_open_ended(case)):
        return
    if case.marked("threatened") and case.country is not None:
        yield Tell("threatened_lines", THREATENED_LINES)
    to_report = case.scam_type or case.marked("threatened") or case.role in {"mule", "relative_trapped"}
    if case.sent_payments or to_report:
        further = list(_further_steps(case, guide, now))
        yield from further[:1]
        yield Tell("channels", channels_key(case))
        yield from further[1:]


def _further_steps(case: Case, guide: Guide, now: datetime) -> Iterator[Tell]:
    for position in _ranked_payments(case, guide, now):
        situation = guide.situation(case, case.payments[position])
        if situation:
            yield Tell("further_steps", f"further:{position}:{situation}", position, situation)


def _country_is_open_ended(case: Case) -> bool:
    """Whether reporting is planned without a country: not for the family of someone held, who has the lines already."""
    return case.settled("country") and case.role != "relative_trapped"


def channels_key(case: Case) -> str:
    """Under which the case remembers that it was told where to report, at these ends."""
    return f"channels:{','.join(end.country or '' for end in ends(case))}"


def _questions(case: Case, guide: Guide, now: datetime) -> Iterator[str]:
    if case.reply_to is not None:
        yield REPLY
    if case.consent is not None:
        yield from _handing_over(case)
    if case.role in HELD:
        if case.place is None:
            yield "place"
    else:
        if case.frozen and case.frozen_by is None:
            yield "frozen_by"
        yield from _recognising(case, guide)
        yield from _stopping(case, guide, now)
    if case.country is None and case.role != "trapped":
        yield "country"
    if case.role in HELD and case.citizenship is None:
        yield "citizenship"
    for position in _ranked_payments(case, guide, now):
        payment = case.payments[position]
        if payment.amount is None:
            yield f"amount:{position}"
        if payment.state in {"sent", "pending"}:
            yield f"reached_bank:{position}"
    yield from _handing_over(case)


def _recognising(case: Case, guide: Guide) -> Iterator[str]:
    checks = list(_checks(case, guide))
    if WANTS_VERDICT in case.told:
        yield from checks
    if case.paid is None and not case.payments:
        if case.scam_type is None and case.role == "unknown" and not case.signs and not case.frozen:
            yield "story"
        yield "paid"
    if case.role != "mule" and not _needs_no_check(case):
        yield from checks


def _needs_no_check(case: Case) -> bool:
    """A bank's or an office's freeze is no pattern to look for; paid recovery is one whatever the answers."""
    return case.frozen_by in {"bank", "police", "exchange"} or case.scam_type == "recovery_scam"


def _checks(case: Case, guide: Guide) -> Iterator[str]:
    """Red-flag questions still worth asking: none once money left or it is clear."""
    if case.sent_payments or verdict(case, guide) == "strong":
        return
    checklist = list(guide.checklist(case))[:MOST_SCREENING_QUESTIONS]
    if len(case.answers) < MOST_SCREENING_QUESTIONS:
        yield from (f"{SIGN}{flag}" for flag in checklist if flag not in case.answers)


def _stopping(case: Case, guide: Guide, now: datetime) -> Iterator[str]:
    for position in _ranked_payments(case, guide, now):
        payment = case.payments[position]
        if payment.method is None:
            yield f"method:{position}"
        if payment.paid_at is None:
            yield f"when:{position}"


def _handing_over(case: Case) -> Iterator[str]:
    if case.filed_at:
        return
    if case.consent is None:
        yield "consent"
        return
    if case.settled("consent"):
        return
    if case.contact is None:
        yield "contact"
    elif case.contact.kind in {"phone", "email"} and case.contact.value is None:
        yield "contact_value"
    if not case.filing_agreed:
        yield "summary_ok"
