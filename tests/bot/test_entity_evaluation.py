"""How the finding of facts is scored."""

import json
from collections import Counter

import pytest

from bot.entity_evaluation import (
    ALL,
    KINDS,
    Counts,
    EntityReport,
    Label,
    Phrase,
    evaluate_entities,
    read_phrases,
    score,
)
from bot.paths import EVALUATION

PATH = EVALUATION / "entities.jsonl"
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90
LEAST_PHRASES = 300
SCRIPTS = {"en", "zh-Hans", "zh-Hant", "mixed"}


def one(text: str, *labels: Label) -> Counts:
    return score([Phrase(text, "en", labels)]).kinds[ALL]


@pytest.fixture(scope="module")
def report() -> EntityReport:
    return evaluate_entities(PATH)


def test_the_bars_hold(report: EntityReport) -> None:
    assert report.phrases >= LEAST_PHRASES
    assert set(report.scripts) == SCRIPTS
    for counts in (report.kinds[ALL], *report.scripts.values()):
        assert counts.precision.value >= LEAST_PRECISION
        assert counts.recall.value >= LEAST_RECALL


def test_labels_stand_where_they_say() -> None:
    for row in map(json.loads, PATH.read_text(encoding="utf-8").splitlines()):
        for item in row["entities"]:
            assert row["text"][item["start"] : item["end"]] == item["text"]
            assert item["kind"] in KINDS


def test_every_kind_but_handles_is_labelled() -> None:
    counts = Counter(label.kind for phrase in read_phrases(PATH) for label in phrase.labels)
    assert set(counts) == set(KINDS) - {"handle"}


def test_right_spurious_and_missed() -> None:
    money = Label("money", 5, 9, {"amount": "500", "currency": "USD"})
    assert one("paid $500", money) == Counts(right=1)
    assert one("paid $500") == Counts(spurious=1)
    assert one("paid $600", money) == Counts(spurious=1, missed=1)
    assert one("no sum told here", money) == Counts(missed=1)


def test_a_label_is_met_once_and_only_where_it_stands() -> None:
    first = Label("country", 0, 6, "FR")
    assert one("France or France", first) == Counts(right=1, spurious=1)
    assert one("it was never in France", first) == Counts(spurious=1, missed=1)


def test_an_hour_counts_only_where_it_is_told() -> None:
    assert one("yesterday", Label("date", 0, 9, "2026-03-17")) == Counts(right=1)
    assert one("yesterday", Label("date", 0, 9, "2026-03-17T15:00")) == Counts(spurious=1, missed=1)
    assert one("3pm yesterday", Label("date", 0, 13, "2026-03-17")) == Counts(spurious=1, missed=1)


def test_a_checksum_counts() -> None:
    number = "GB29NWBK60161331926819"
    assert one(number, Label("iban", 0, 22, number, valid=True)) == Counts(right=1)
    assert one(number, Label("iban", 0, 22, number, valid=False)) == Counts(spurious=1, missed=1)


def test_a_secret_must_be_covered() -> None:
    text = "my password is hunter2"
    assert one(text, Label("secret", 15, 22, None)) == Counts(right=1)
    assert one(text, Label("secret", 3, 22, None)) == Counts(spurious=1, missed=1)


def test_figures() -> None:
    counts = Counts(right=8, spurious=2, missed=0)
    assert counts.precision.value == pytest.approx(0.8)
    assert counts.recall.value == pytest.approx(1.0)
    assert counts.f1 == pytest.approx(2 * 0.8 / 1.8)
    assert Counts().f1 == 0


def test_the_table_and_the_file_name_every_kind_found(report: EntityReport) -> None:
    table, content = report.table(), json.loads(json.dumps(report.as_dict()))
    for name in ("money", "secret", ALL, *SCRIPTS):
        assert name in table
    assert content["kinds"]["money"]["recall"]["of"] > 0
    assert content["phrases"] == report.phrases
