"""The reliability diagram and its error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import Share
from bot.evaluation.calibration import calibrate
from tests.bot.evaluation.examples import example


def test_readings_are_set_beside_their_probability() -> None:
    right, wrong = [
        [example(confidence=confidence, read=read, also=("deny",)) for confidence in (0.62, 0.68)]
        for read in ("greet", "deny")
    ]
    calibration = calibrate([*right, *wrong[:1], example(confidence=0.9), example(confidence=1.0)])
    low, high = calibration.bins
    assert (low.low, low.high, low.right) == (0.6, 0.7, Share(2, 3))
    assert low.confidence == pytest.approx((0.62 + 0.68 + 0.62) / 3)
    assert (high.low, high.high, high.right) == (0.9, 1.0, Share(2, 2))
    assert calibration.readings == 5
    assert calibration.expected_error == pytest.approx((abs(2 - 1.92) + abs(2 - 1.9)) / 5)
    assert calibration.as_dict()["bins"][0]["right"]["of"] == 3


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_every_probability_has_a_bin(readings: list[tuple[float, bool]]) -> None:
    examples = [example(confidence=sure, read="greet" if right else "deny") for sure, right in readings]
    calibration = calibrate(examples)
    assert calibration.readings == len(readings)
    assert 0 <= calibration.expected_error <= 1
    assert all(b.low - 1e-12 <= b.confidence <= b.high + 1e-12 for b in calibration.bins)


def test_what_claims_no_probability_is_left_out() -> None:
    examples = [
        example(read="nlu_fallback"),
        example(read="crisis", crisis=True, confidence=1.0),
        example(source="crisis_hard_negatives"),
    ]
    assert calibrate(examples).bins == ()
    assert calibrate(examples).expected_error == 0
