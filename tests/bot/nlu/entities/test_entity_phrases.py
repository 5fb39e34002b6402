"""Precision and recall of the extractors on the labelled phrases, by kind."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.nlu.entities import extract

PHRASES = Path(__file__).with_name("phrases.jsonl")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("America/New_York"))
"""A Friday afternoon, the time at which the phrases are taken to be typed."""

KINDS = (
    "bank", "country", "date", "email", "iban", "method", "money", "payment_state", "phone", "platform",
    "secret", "url",
)  # fmt: skip
FLOOR = 0.95

Key = tuple[str, str, str]


def phrases() -> Iterator[dict[str, Any]]:
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def key(kind: str, text: str, value: Any) -> Key:
    """What has to agree: all of it, but for a payment's state its value alone, not which words carry it."""
    return kind, "" if kind == "payment_state" else text, json.dumps(value, sort_keys=True)


def outcomes(phrase: dict[str, Any]) -> tuple[Counter[Key], Counter[Key]]:
    """What is labelled, and what is found."""
    text = phrase["text"]
    labelled = Counter(key(item["kind"], item["text"], item["value"]) for item in phrase["entities"])
    found = Counter(key(item.kind, text[item.start : item.end], item.value) for item in extract(text, NOW))
    return labelled, found


@pytest.fixture(scope="module")
def counts() -> dict[str, Counter[str]]:
    """Per kind, how many entities are right, spurious and missed over all phrases."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for phrase in phrases():
        labelled, found = outcomes(phrase)
        for outcome, keys in (
            ("right", labelled & found),
            ("spurious", found - labelled),
            ("missed", labelled - found),
        ):
            for (kind, _, _), count in keys.items():
                counts.setdefault(kind, Counter())[outcome] += count
    return counts


@pytest.mark.parametrize("kind", KINDS)
def test_precision_and_recall(
    kind: str, counts: dict[str, Counter[str]], record_property: Callable[[str, object], None]
) -> None:
    right, spurious, missed = (counts[kind][outcome] for outcome in ("right", "spurious", "missed"))
    precision, recall = right / (right + spurious), right / (right + missed)
    record_property("precision", precision)
    record_property("recall", recall)
    assert precision >= FLOOR
    assert recall >= FLOOR


def test_every_label_stands_in_its_phrase() -> None:
    for phrase in phrases():
        assert all(item["text"] in phrase["text"] for item in phrase["entities"]), phrase["text"]
        assert {item["kind"] for item in phrase["entities"]} <= set(KINDS)
