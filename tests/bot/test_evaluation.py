"""The figures of ``firstaid evaluate``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import evaluation, parsing
from bot.evaluation import Example, Share, confusions, evaluate, measure, read_examples, share
from bot.settings import Settings

BASE = Example("text", "greet", (), "en", "greet", False, "en")


def example(**changes: Any) -> Example:
    """An English greeting, read rightly unless changed."""
    return replace(BASE, **changes)


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


def test_a_fair_second_reading_counts_apart() -> None:
    examples = [example(), example(read="thank", also=("thank",)), example(read="deny", also=("thank",))]
    figures = measure(examples)
    assert figures["intent, strict, all"] == Share(1, 3)
    assert figures["intent, fair, all"] == Share(2, 3)
    assert confusions(examples) == {("greet", "deny"): 1}


def test_each_set_has_its_own_figures() -> None:
    figures = measure([example(), example(source="zh-Hant", language="zh_Hant", read="deny")])
    assert figures["intent, strict, en"] == Share(1, 1)
    assert figures["intent, strict, zh-Hant"] == Share(0, 1)


def test_crisis_recall_counts_what_was_seen() -> None:
    crisis = example(intent="crisis", read="crisis")
    figures = measure([replace(crisis, crisis=True), crisis])
    assert figures["crisis, recall"] == Share(1, 2)
    assert figures["crisis, false alarms, ordinary"] == Share(0, 0)


def test_false_alarms_are_counted_on_messages_that_are_no_crisis() -> None:
    examples = [
        example(crisis=True),
        example(),
        example(crisis=True, also=("crisis",)),
        example(source="crisis_hard_negatives", crisis=True),
        example(source="crisis_hard_negatives"),
        example(source="crisis_hard_negatives", intent="crisis", crisis=True),
    ]
    figures = measure(examples)
    assert figures["crisis, false alarms, ordinary"] == Share(1, 2)
    assert figures["crisis, false alarms, hard negatives"] == Share(1, 2)
    assert figures["intent, strict, all"] == Share(3, 3)


def test_out_of_scope_may_be_read_as_not_understood() -> None:
    asked = example(intent="out_of_scope")
    figures = measure([replace(asked, read=read) for read in ("out_of_scope", "nlu_fallback", "greet")])
    assert figures["out of scope, falsely accepted"] == Share(1, 3)


def test_a_mixed_message_is_chinese_in_either_script() -> None:
    mixed = example(source="mixed")
    figures = measure([replace(mixed, language=code) for code in ("zh_Hans", "zh_Hant", "en")])
    assert figures["language"] == Share(2, 3)


def test_the_sets_are_read_by_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        def __init__(self, model: Path) -> None:
            assert model == Path("model")

        def read(self, text: str) -> dict[str, Any]:
            return {"intent": text, "crisis": text == "crisis", "language": None}

    monkeypatch.setattr(parsing, "Parser", Reader)
    rows = [{"text": "greet", "intent": "greet", "also": ["thank"]}, {"text": "crisis", "intent": "greet"}]
    (tmp_path / "en.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_examples(Path("model"), tmp_path) == [
        Example("greet", "greet", ("thank",), "en", "greet", False, ""),
        Example("crisis", "greet", (), "en", "crisis", True, ""),
    ]


def test_the_figures_are_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = [example(), example(read="deny"), example(intent="deny", read="deny")]
    monkeypatch.setattr(evaluation, "trained_model", lambda directory: directory)
    monkeypatch.setattr(evaluation, "read_examples", lambda model: examples)
    output = tmp_path / "deep" / "figures"
    assert evaluate(Settings(data_dir=tmp_path), output) == 0
    shown = capsys.readouterr().out
    assert "66.7%  [20.8%, 93.9%]  2/3" in shown
    assert "   1  greet                        deny" in shown
    written = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
    assert written["figures"]["intent, strict, all"]["hits"] == 2
    assert written["needs"]["greet"]["of"] == 2
    assert (output / "confusion.png").read_bytes().startswith(b"\x89PNG")
