"""Random cases, and a small guide for the planner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import strategies as st

from actions.case.model import Answer, Case, FrozenBy, Mark, Payment, PaymentState, Role
from tests.actions.talk import NOW

WINDOWS: dict[str, float | None] = {"wire": 72.0, "card": 1440.0, "bank": 0.5, "cash": None}
FLAGS = ("telling", "second", "third", "fourth", "fifth", "sixth")
QUESTIONS = (
    "story", "paid", "method:0", "method:1", "when:0", "when:1", "amount:0", "reached_bank:0", "country", "place",
    "consent", "safe_now", "check_in", "sign:telling", "sign:third", "summary_ok", "contact",
)  # fmt: skip
TOLD = (
    "hold",
    "first_step:0",
    "stop:0:wire:timed",
    "aftercare",
    "recovery_guard",
    "wants_verdict",
    "welcome",
)


class SmallGuide:
    """Four ways of paying, six red flags of which the first is strong."""

    def situation(self, case: Case, payment: Payment) -> str | None:
        return payment.method

    def window_hours(self, situation: str | None) -> float | None:
        return WINDOWS[situation] if situation else None

    def checklist(self, case: Case) -> Sequence[str]:
        return FLAGS

    def is_strong(self, flag: str) -> bool:
        return flag == FLAGS[0]


def hours_ago(hours: float) -> datetime:
    """A time before `NOW`."""
    return NOW - timedelta(hours=hours)


TIMES = st.none() | st.floats(-24, 2000).map(hours_ago)
PAYMENTS = st.builds(
    Payment,
    method=st.sampled_from([None, *WINDOWS]),
    amount=st.none() | st.integers(1, 10**7).map(Decimal),
    currency=st.sampled_from([None, "USD", "CNY", "USDT"]),
    paid_at=TIMES,
    to_country=st.sampled_from([None, "HK", "CN"]),
    state=st.sampled_from(get_args(PaymentState)),
)
CASES = st.builds(
    Case,
    role=st.sampled_from(get_args(Role)),
    scam_type=st.sampled_from([None, "romance"]),
    paid=st.sampled_from([None, True, False]),
    payments=st.lists(PAYMENTS, max_size=4),
    country=st.sampled_from([None, "US", "TW"]),
    place=st.sampled_from([None, "KH"]),
    citizenship=st.sampled_from([None, "CN"]),
    frozen=st.booleans(),
    frozen_by=st.none() | st.sampled_from(get_args(FrozenBy)),
    signs=st.dictionaries(st.sampled_from(FLAGS), st.none() | st.text(max_size=5), max_size=3),
    answers=st.dictionaries(st.sampled_from(FLAGS), st.sampled_from(get_args(Answer)), max_size=6),
    shared_details=st.booleans(),
    marks=st.lists(st.sampled_from(get_args(Mark)), unique=True, max_size=2),
    safe_now=st.sampled_from([None, *get_args(Answer)]),
    filed_at=st.sampled_from([None, NOW]),
    skipped=st.lists(st.sampled_from(QUESTIONS), unique=True, max_size=6),
    told=st.lists(st.sampled_from(TOLD), unique=True),
    paused=st.booleans(),
    reachable=st.booleans(),
    check_ins=st.sampled_from([None, *get_args(Answer)]),
)
