"""The clock: how much of a window is left, and which payment comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.clock import deadline, ranked, time_left
from actions.case.model import Payment
from tests.actions.case.cases import TIMES, hours_ago
from tests.actions.talk import NOW

HOURS = st.none() | st.floats(0.1, 10_000)


@pytest.mark.parametrize(
    ("paid", "window", "left"),
    [(31, 72, 41), (0, 72, 72), (71.5, 72, 0.5), (72, 72, 0), (500, 72, 0), (0.25, 0.5, 0.25)],
)
def test_the_time_left_is_counted_from_the_payment(paid: float, window: float, left: float) -> None:
    counted = time_left(Payment(paid_at=hours_ago(paid)), window, NOW)
    assert counted is not None
    assert counted.left == timedelta(hours=left)
    assert counted.window == timedelta(hours=window)
    assert counted.over == (left == 0)


def test_the_deadline_is_the_end_of_the_window() -> None:
    assert deadline(Payment(paid_at=hours_ago(10)), 72) == NOW + timedelta(hours=62)


@pytest.mark.parametrize(("paid_at", "window"), [(None, 72.0), (NOW, None), (None, None)])
def test_nothing_is_computed_from_what_is_not_known(paid_at: datetime | None, window: float | None) -> None:
    assert deadline(Payment(paid_at=paid_at), window) is None
    assert time_left(Payment(paid_at=paid_at), window, NOW) is None


def test_a_payment_in_the_future_has_its_whole_window() -> None:
    left = time_left(Payment(paid_at=hours_ago(-48)), 24, NOW)
    assert left is not None
    assert left.left == left.window == timedelta(hours=24)


@given(TIMES, HOURS)
def test_what_is_left_is_never_negative_and_never_more_than_the_window(
    paid_at: datetime | None, hours: float | None
) -> None:
    left = time_left(Payment(paid_at=paid_at), hours, NOW)
    assert (left is None) == (paid_at is None or hours is None)
    if left is not None:
        assert timedelta(0) <= left.left <= left.window
        assert left.over == (left.left == timedelta(0))


@given(st.floats(0, 500), st.floats(0, 500), st.floats(1, 500))
def test_later_is_never_more(paid: float, passed: float, hours: float) -> None:
    payment = Payment(paid_at=hours_ago(paid))
    now, later = time_left(payment, hours, NOW), time_left(payment, hours, NOW + timedelta(hours=passed))
    assert now is not None
    assert later is not None
    assert later.left <= now.left


def test_what_can_still_be_saved_comes_first() -> None:
    over, plenty, urgent = (Payment(paid_at=hours_ago(hours)) for hours in (100, 1, 70))
    unknown, no_window = Payment(), Payment(paid_at=hours_ago(1))
    payments = [
        (0, over, 72.0),
        (1, unknown, 72.0),
        (2, plenty, 72.0),
        (3, no_window, None),
        (4, urgent, 72.0),
    ]
    for order in permutations(payments):
        positions = ranked(order, NOW)
        assert positions[:2] == [4, 2]
        assert set(positions[2:4]) == {1, 3}
        assert positions[4] == 0


@given(st.lists(st.tuples(TIMES, HOURS), max_size=8))
def test_ranking_keeps_every_payment_and_the_order_of_equals(
    told: list[tuple[datetime | None, float | None]],
) -> None:
    payments = [(i, Payment(paid_at=paid_at), hours) for i, (paid_at, hours) in enumerate(told)]
    positions = ranked(payments, NOW)
    assert sorted(positions) == list(range(len(told)))
    unknown = [i for i in positions if time_left(payments[i][1], payments[i][2], NOW) is None]
    assert unknown == sorted(unknown)


def test_of_payments_whose_time_is_over_the_latest_comes_first() -> None:
    june = Payment(method="bank_transfer", paid_at=datetime(2026, 6, 3, tzinfo=UTC))
    last_week = Payment(method="bank_wire", paid_at=datetime(2026, 11, 9, tzinfo=UTC))
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert ranked([(0, june, 72.0), (1, last_week, 72.0)], now) == [1, 0]
