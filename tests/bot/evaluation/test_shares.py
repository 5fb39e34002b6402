"""Proportions and their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import Share, share


# Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert Share(hits, of).interval == pytest.approx((low, high), abs=5e-5)
    assert Share(of - hits, of).interval == pytest.approx((1 - high, 1 - low), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_value(counts: tuple[int, int]) -> None:
    figure = Share(*counts)
    low, high = figure.interval
    assert 0 <= low <= figure.value + 1e-12
    assert figure.value - 1e-12 <= high <= 1


def test_nothing_measured_says_nothing() -> None:
    assert Share(0, 0).value == 0
    assert Share(0, 0).interval == (0, 1)
    assert share([]) == Share(0, 0)
    assert share([True, False, True]) == Share(2, 3)


def test_a_share_is_shown_and_written_with_its_interval() -> None:
    assert str(Share(2, 3)) == " 66.7%  [20.8%, 93.9%]  2/3"
    assert Share(2, 3).as_dict() == {"value": 0.6667, "interval": [0.2077, 0.9385], "hits": 2, "of": 3}
