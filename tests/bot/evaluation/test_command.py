"""``firstaid evaluate`` from the messages to the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot import parsing
from bot.entity_evaluation import EntityReport, score
from bot.evaluation import Share, command
from bot.evaluation.command import RELEASED, evaluate, measure
from bot.evaluation.examples import Example
from bot.evaluation.report import Report, processor_time
from bot.paths import ROOT
from bot.settings import Settings, SettingsError
from tests.bot.evaluation.examples import example


def report(examples: list[Example], model: str = "model") -> Report:
    """A report of messages, without facts."""
    entities: EntityReport = score(())
    return Report(model, {"en": {"messages": len(examples)}}, examples, {"pinyin": Share(1, 4)}, entities)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    """The messages that `evaluate` finds read; no release lies there."""
    examples = [example(milliseconds=3.0), example(read="deny"), example(intent="deny", read="deny")]
    monkeypatch.setattr(command, "trained_model", lambda directory: directory)
    monkeypatch.setattr(command, "measure", lambda model: report(examples))
    monkeypatch.setattr(command, "RELEASED", Path("no such file"))
    return examples


def test_the_figures_are_shown_and_written(
    tmp_path: Path, measured: list[Example], capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "deep" / "figures"
    assert evaluate(Settings(data_dir=tmp_path), output) == 0
    shown = capsys.readouterr().out
    assert "66.7%  [20.8%, 93.9%]  2/3" in shown
    assert "   1  greet                        deny" in shown
    assert "change since" not in shown
    written = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))
    assert written["figures"]["intent, strict, all"]["hits"] == 2
    assert written["figures"]["language and script, in a talk"]["of"] == 4
    assert written["needs"]["en"]["greet"]["recall"]["of"] == 2
    assert written["numbers"]["CPU ms a message, median"] == 5.0
    assert written["calibration"]["readings"] == 3
    assert written["confusions"] == [{"label": "greet", "read": "deny", "count": 1}]
    assert written["entities"]["phrases"] == 0
    for picture in ("confusion.png", "calibration.png"):
        assert (output / picture).read_bytes().startswith(b"\x89PNG")


def test_an_evaluation_can_be_compared_with_any_other(
    tmp_path: Path, measured: list[Example], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path)
    evaluate(settings, tmp_path / "first")
    measured[1] = example()
    evaluate(settings, tmp_path / "second", tmp_path / "first" / "evaluation.json")
    shown = capsys.readouterr().out
    assert "change since model" in shown
    assert "66.7% -> 100.0%  +33.3  overlap" in shown


def test_it_is_compared_with_the_last_release_and_then_is_the_release_itself(
    tmp_path: Path,
    measured: list[Example],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert RELEASED == ROOT / "docs" / "evaluation.json"
    monkeypatch.setattr(command, "RELEASED", tmp_path / "docs" / "evaluation.json")
    settings = Settings(data_dir=tmp_path)
    evaluate(settings, tmp_path / "docs")
    assert "change since" not in capsys.readouterr().out
    measured.pop()
    evaluate(settings, tmp_path / "docs")
    assert "66.7% ->  50.0%  -16.7  overlap" in capsys.readouterr().out
    released = json.loads((tmp_path / "docs" / "evaluation.json").read_text(encoding="utf-8"))
    assert released["figures"]["intent, strict, all"]["of"] == 2


@pytest.mark.parametrize("content", [None, "", "{", "[]", "\udc80"])
def test_what_cannot_be_compared_with_is_told_before_anything_is_measured(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "before.json"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    monkeypatch.setattr(command, "trained_model", lambda directory: pytest.fail("measured"))
    with pytest.raises(SettingsError, match="--against: ") as raised:
        evaluate(Settings(data_dir=tmp_path), tmp_path / "out", path)
    assert len(str(raised.value).splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_everything_in_the_directory_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        def __init__(self, model: Path) -> None:
            assert model == Path("deep/model.tar.gz")

        def read(self, text: str) -> dict[str, Any]:
            return {"intent": text, "confidence": 1.0, "crisis": False, "language": "en"}

    monkeypatch.setattr(parsing, "Parser", Reader)
    rows = {
        "en": {"text": "greet", "intent": "greet"},
        "language": {"text": "我被骗了五万块钱", "talk": "en", "language": "zh_Hans", "kind": "simplified"},
        "entities": {"text": "hello", "script": "en", "entities": []},
    }
    for name, row in rows.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    found = measure(Path("deep/model.tar.gz"), tmp_path)
    assert found.model == "model.tar.gz"
    assert found.shares["intent, strict, en"] == Share(1, 1)
    assert found.shares["language and script, in a talk"] == Share(1, 1)
    assert found.entities.phrases == 1
    assert set(found.sets) == set(rows)


def test_processor_time_is_told_by_its_middle_and_its_tail() -> None:
    found = processor_time([float(value) for value in range(101)])
    assert found == {"CPU ms a message, median": 50.0, "CPU ms a message, p99": 99.0}
    assert processor_time([1.0]) == {}
