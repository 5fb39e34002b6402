"""The sets are read as they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import Share
from bot.evaluation.examples import Example, read_examples, read_languages, sets


def write(path: Path, *rows: dict[str, Any]) -> None:
    """Write a set."""
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")


class Reader:
    """Reads a message's own text as its need, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, text: str) -> dict[str, Any]:
        self.given.append(text)
        return {"intent": text, "confidence": 0.5, "crisis": text == "crisis", "language": None}


def test_the_sets_are_read_by_the_model(tmp_path: Path) -> None:
    write(tmp_path / "en_2.jsonl", {"text": "greet", "intent": "thank", "also": ["greet"]})
    write(tmp_path / "out_of_scope.jsonl", {"text": "crisis", "intent": "out_of_scope", "distance": "near"})
    one, other = read_examples(Reader(), tmp_path)
    assert one == Example(
        "thank", ("greet",), "en_2", "en", "", "greet", 0.5, False, "", milliseconds=one.milliseconds
    )
    assert one.milliseconds >= 0
    assert one.fair
    assert not one.strict
    assert one.ordinary
    assert (other.script, other.distance, other.crisis, other.ordinary) == ("", "near", True, False)


def test_a_message_may_tell_its_script_itself(tmp_path: Path) -> None:
    write(tmp_path / "crisis.jsonl", {"text": "crisis", "intent": "crisis", "language": "zh-Hant"})
    (read,) = read_examples(Reader(), tmp_path)
    assert read.script == "zh-Hant"
    assert read.about_crisis
    assert not read.ordinary


def test_what_has_no_need_is_not_for_the_model(tmp_path: Path) -> None:
    write(tmp_path / "entities.jsonl", {"text": "5 dollars", "entities": []})
    reader = Reader()
    assert read_examples(reader, tmp_path) == []
    assert reader.given == []


def test_loading_is_no_cost_of_the_first_message(tmp_path: Path) -> None:
    write(tmp_path / "en.jsonl", {"text": "greet", "intent": "greet"}, {"text": "thank", "intent": "thank"})
    reader = Reader()
    assert len(read_examples(reader, tmp_path)) == 2
    assert reader.given == ["greet", "greet", "thank"]


def test_the_language_of_a_talk_is_measured_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "language.jsonl"
    chinese = {"text": "我被骗了五万块钱", "talk": "en"}
    write(
        path,
        {**chinese, "language": "zh_Hans", "kind": "simplified"},
        {**chinese, "language": "zh_Hant", "kind": "simplified"},
        {"text": "10,000", "talk": "zh_Hant", "language": "zh_Hant", "kind": "keeps"},
        {"text": "Binance", "talk": "zh_Hant", "language": "zh_Hant", "kind": "keeps"},
    )
    assert read_languages(path) == {"keeps": Share(2, 2), "simplified": Share(1, 2)}


@pytest.mark.parametrize("changed", [False, True])
def test_a_set_that_was_changed_has_another_hash(tmp_path: Path, changed: bool) -> None:
    write(tmp_path / "en.jsonl", {"text": "a"}, {"text": "b"})
    before = sets(tmp_path)
    assert before["en"]["messages"] == 2
    write(tmp_path / "en.jsonl", {"text": "a"}, {"text": "c" if changed else "b"})
    assert (sets(tmp_path) != before) is changed
