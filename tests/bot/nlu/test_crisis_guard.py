"""A crisis comes before everything else the classifier read."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.crisis_detector import CRISIS_LIKELIHOOD
from bot.nlu.crisis_guard import CRISIS, RANKING, CrisisGuard

THRESHOLD, READING = (CrisisGuard.get_default_config()[name] for name in ("threshold", "reading"))
GREET = {"name": "greet", "confidence": 0.9}


@pytest.fixture
def guard() -> CrisisGuard:
    """The guard as it is set by default."""
    return CrisisGuard(dict(CrisisGuard.get_default_config()))


def guarded(guard: CrisisGuard, text: str, likelihood: float = 0.0, first: dict[str, Any] = GREET) -> Message:
    """A message that was read as `first`, after the guard."""
    message = Message({"text": text, INTENT: first, RANKING: [first], CRISIS_LIKELIHOOD: likelihood})
    guard.process([message])
    return message


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("I want to kill myself", "self"),
        ("hello. I want to end my life", "self"),
        ("我不想活了", "self"),
        ("我想自殺", "self"),
        ("my mother says she wants to kill herself", "other"),
    ],
)
def test_the_lexicon_decides_without_the_classifier(guard: CrisisGuard, text: str, who: str) -> None:
    message = guarded(guard, text)
    assert message.get(INTENT) == {"name": CRISIS, "confidence": 1.0}
    assert message.get(CRISIS) == {"who": who}
    assert message.as_dict(only_output_properties=True).keys() >= {INTENT, CRISIS}


@pytest.mark.parametrize(("likelihood", "heard"), [(THRESHOLD - 0.01, False), (THRESHOLD, True), (1.0, True)])
def test_the_detector_is_heard_from_the_threshold_on(
    guard: CrisisGuard, likelihood: float, heard: bool
) -> None:
    message = guarded(guard, "everything went dark", likelihood)
    assert (message.get(CRISIS) == {"who": "self"}) is heard
    assert message.get(INTENT)["name"] == (CRISIS if heard else "greet")


@pytest.mark.parametrize(("confidence", "heard"), [(READING - 0.01, False), (READING, True)])
def test_the_classifiers_own_reading_is_heard_when_it_is_sure(
    guard: CrisisGuard, confidence: float, heard: bool
) -> None:
    read = {"name": CRISIS, "confidence": confidence}
    assert (guarded(guard, "everything went dark", first=read).get(CRISIS) is not None) is heard


def test_the_threshold_is_a_setting() -> None:
    strict = CrisisGuard({"threshold": 0.8, "reading": 0.5})
    assert guarded(strict, "everything went dark", 0.75).get(CRISIS) is None


@pytest.mark.parametrize("text", ["hello", "this phone is killing me", "笑死我了", "累死了", ""])
def test_an_ordinary_message_is_left_alone(guard: CrisisGuard, text: str) -> None:
    message = guarded(guard, text)
    assert message.get(INTENT) == GREET
    assert message.get(CRISIS) is None


@pytest.mark.parametrize(
    "data", [{}, {"text": ""}, {"text": "hi"}, {"text": "hi", RANKING: []}, {RANKING: None}]
)
def test_a_message_without_text_or_ranking_is_no_fault(guard: CrisisGuard, data: dict[str, Any]) -> None:
    message = Message(dict(data))
    guard.process([message])
    assert message.get(CRISIS) is None
