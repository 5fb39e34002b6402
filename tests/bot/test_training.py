"""Training only when something changed that a model is made of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rasa.model_training
from rasa.model_training import TrainingResult

from bot import training
from bot.paths import CONFIG, DOMAIN, LEXICON, NLU, ROOT, RULES, TUNED_WEIGHTS
from bot.training import TrainingFailed, fingerprint, model_path, train, trained_model

NO_RASA = """
import sys
import bot.check
bot.check.problems = lambda: iter(())
from bot.cli import main
code = main(["train", "--data-dir", sys.argv[1]])
print(code, "rasa" in sys.modules)
"""


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything a model is made of, which `fingerprint` reads instead of the real one."""
    for directory in (
        NLU,
        RULES,
        LEXICON,
        DOMAIN,
        TUNED_WEIGHTS.parent,
        ROOT / "bot" / "nlu",
        ROOT / "bot" / "policies",
    ):
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(directory, tmp_path / directory.relative_to(ROOT), ignore=without)
    for file in (CONFIG, ROOT / "uv.lock"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setattr(training, "CONFIG", tmp_path / CONFIG.name)
    monkeypatch.setattr(training, "_LOCK", tmp_path / "uv.lock")
    for name in ("_DATA", "_FILES"):
        copied = [tmp_path / path.relative_to(ROOT) for path in getattr(training, name)]
        monkeypatch.setattr(training, name, copied)
    return tmp_path


def test_the_same_ingredients_have_the_same_fingerprint_anywhere(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = fingerprint()
    monkeypatch.undo()
    assert copied == fingerprint()


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "uv.lock",
        "data/nlu/en/safety.yml",
        "data/nlu/zh-Hant/payments.yml",
        "data/rules/payments.yml",
        "data/encoder/tuned.npz",
        "bot/domain/base.yml",
        "bot/nlu/component.py",
        "bot/nlu/tokenizer.py",
        "bot/nlu/encoder.py",
        "bot/nlu/ngrams.py",
        "bot/nlu/classifier.py",
        "bot/policies/needs.py",
    ],
)
def test_any_change_of_an_ingredient_changes_it(copy: Path, changed: str) -> None:
    before = fingerprint()
    with (copy / changed).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert fingerprint() != before


def test_a_new_a_lost_and_a_renamed_file_change_it(copy: Path) -> None:
    seen = [fingerprint()]
    new = copy / "data" / "nlu" / "en" / "new.yml"
    new.write_text("nlu: []")
    seen.append(fingerprint())
    new.rename(new.with_name("renamed.yml"))
    seen.append(fingerprint())
    (copy / "data" / "rules" / "privacy.yml").unlink()
    seen.append(fingerprint())
    assert len(set(seen)) == len(seen)


def test_what_is_read_when_the_bot_starts_does_not_change_it(copy: Path) -> None:
    before = fingerprint()
    for path in ("data/lexicon/crisis.yml", "bot/nlu/crisis.py", "bot/nlu/entities/lexicon.py"):
        (copy / path).write_text("# changed\n")
    (copy / "data" / "nlu" / "notes.md").write_text("a note")
    (copy / "bot" / "nlu" / "__pycache__").mkdir()
    (copy / "bot" / "nlu" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert fingerprint() == before


def test_a_model_that_is_there_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def train_now(directory: Path) -> Path:
        raise AssertionError("trained again")

    monkeypatch.setattr(training, "train", train_now)
    path = model_path(tmp_path)
    path.write_bytes(b"a model")
    assert trained_model(tmp_path) == path


def test_training_that_ends_without_a_model_is_a_failure_and_standard_output_stays_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ends(**options: Any) -> TrainingResult:
        print("Rasa prints this")
        return TrainingResult(None, 1)

    monkeypatch.setenv("RASA_CACHE_DIRECTORY", "")
    monkeypatch.setattr(rasa.model_training, "train", ends)
    with pytest.raises(TrainingFailed, match="code 1"):
        train(tmp_path)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Rasa prints this" in printed.err
    assert Path(os.environ["RASA_CACHE_DIRECTORY"]) == tmp_path / "cache"


def test_train_says_that_nothing_changed_without_importing_rasa(tmp_path: Path) -> None:
    path = model_path(tmp_path / "models")
    path.parent.mkdir()
    path.write_bytes(b"a model")
    result = subprocess.run(
        [sys.executable, "-c", NO_RASA, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "FIRSTAID_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.stdout.splitlines() == [f"nothing has changed: {path.name} is up to date", "0 False"], (
        result.stderr
    )


def test_the_trained_model_is_named_by_its_fingerprint(model: Path) -> None:
    assert model == model_path(model.parent)
    assert fingerprint() in model.name
    assert trained_model(model.parent) == model
