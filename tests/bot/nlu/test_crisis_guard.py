"""A crisis comes before everything else the classifier read."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.crisis import assess
from bot.nlu.crisis_detector import CRISIS_CLAUSES, CRISIS_EVIDENCE
from bot.nlu.crisis_guard import CRISIS, CrisisGuard

THRESHOLD, HINT = (CrisisGuard.get_default_config()[name] for name in ("threshold", "hint"))
CALM = -5.0
GREET = {"name": "greet", "confidence": 0.9}
HINTED = "I gave my cat away so somebody has her after"


@pytest.fixture
def guard() -> CrisisGuard:
    """The guard as it is set by default."""
    return CrisisGuard(dict(CrisisGuard.get_default_config()))


def guarded(guard: CrisisGuard, text: str, evidence: float | None = CALM) -> Message:
    """A message that was read as a greeting, after the guard."""
    message = Message({"text": text, INTENT: GREET, CRISIS_EVIDENCE: evidence})
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


@pytest.mark.parametrize(("evidence", "heard"), [(THRESHOLD - 0.01, False), (THRESHOLD, True), (9.0, True)])
def test_the_detector_is_heard_from_the_threshold_on(
    guard: CrisisGuard, evidence: float, heard: bool
) -> None:
    message = guarded(guard, "everything went dark", evidence)
    assert (message.get(CRISIS) == {"who": "self"}) is heard
    assert message.get(INTENT)["name"] == (CRISIS if heard else "greet")


def test_a_hint_of_the_lexicon_needs_the_detector_but_less_of_it(guard: CrisisGuard) -> None:
    found = assess(HINTED)
    assert found is not None
    assert found.hint
    assert guarded(guard, HINTED, CALM).get(CRISIS) is None
    assert guarded(guard, HINTED, THRESHOLD - HINT + 0.01).get(CRISIS) is not None


def test_a_hint_is_weighed_in_its_clause_too(guard: CrisisGuard) -> None:
    """A long story about money must not drown it."""
    story = f"They froze my account and want a tax, {HINTED}"
    heard = Message({"text": story, INTENT: GREET, CRISIS_EVIDENCE: CALM, CRISIS_CLAUSES: [(HINTED, 1.0)]})
    elsewhere = Message(
        {"text": story, INTENT: GREET, CRISIS_EVIDENCE: CALM, CRISIS_CLAUSES: [("a tax", 1.0)]}
    )
    guard.process([heard, elsewhere])
    assert heard.get(CRISIS) is not None
    assert elsewhere.get(CRISIS) is None


def test_without_a_detector_a_hint_is_enough(guard: CrisisGuard) -> None:
    assert guarded(guard, HINTED, None).get(CRISIS) is not None


def test_the_threshold_is_a_setting() -> None:
    strict = CrisisGuard({"threshold": 2.0, "hint": 0.5})
    assert guarded(strict, "everything went dark", 1.0).get(CRISIS) is None


@pytest.mark.parametrize("text", ["hello", "this phone is killing me", "笑死我了", "累死了", ""])
def test_an_ordinary_message_is_left_alone(guard: CrisisGuard, text: str) -> None:
    message = guarded(guard, text)
    assert message.get(INTENT) == GREET
    assert message.get(CRISIS) is None


@pytest.mark.parametrize("data", [{}, {"text": ""}, {"text": "hi"}, {"text": "hi", CRISIS_EVIDENCE: None}])
def test_a_message_without_text_or_ranking_is_no_fault(guard: CrisisGuard, data: dict[str, Any]) -> None:
    message = Message(dict(data))
    guard.process([message])
    assert message.get(CRISIS) is None
