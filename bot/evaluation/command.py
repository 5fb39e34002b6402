"""``firstaid evaluate``: measure, compare with the last release, and keep figures and pictures.

The figures of a release lie in the repository as ``docs/evaluation.json``. A release is an evaluation like any other
that is written there (``--output docs``) and committed, so there is no second way to make them; every evaluation is
compared with them unless another file is named.
"""

from __future__ import annotations

import json
from pathlib import Path

from bot.entity_evaluation import evaluate_entities
from bot.evaluation.comparison import Written, compare
from bot.evaluation.examples import LANGUAGE_SET, read_examples, read_languages, sets
from bot.evaluation.pictures import draw_calibration, draw_confusion
from bot.evaluation.report import Report
from bot.paths import EVALUATION, ROOT
from bot.settings import Settings, SettingsError
from bot.training import trained_model

RELEASED = ROOT / "docs" / "evaluation.json"
ENTITY_SET = "entities.jsonl"


def evaluate(settings: Settings, output: Path, against: Path | None = None) -> int:
    """Print the figures and what changed, write ``evaluation.json`` and two pictures to `output`.

    Args:
        settings: where the model lies.
        output: directory that is made if need be.
        against: figures of an earlier evaluation; those of the last release by default.

    Raises:
        SettingsError: `against` can't be read.
    """
    before = _read_figures(against)
    report = measure(trained_model(settings.model_dir))
    print(report.table())
    written = report.as_dict()
    if before is not None:
        print(f"\n{compare(before, written)}")
    output.mkdir(parents=True, exist_ok=True)
    (output / "evaluation.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    draw_confusion(output / "confusion.png", report.examples)
    draw_calibration(output / "calibration.png", report.calibration)
    print(f"\nwritten to {output}")
    return 0


def _read_figures(path: Path | None) -> Written | None:
    if path is None and not RELEASED.exists():
        return None
    chosen = path or RELEASED
    try:
        figures = json.loads(chosen.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"--against: {chosen} can't be read: {error}") from error
    if not isinstance(figures, dict):
        raise SettingsError(f"--against: {chosen} holds no figures")
    return figures


def measure(model: Path, directory: Path = EVALUATION) -> Report:
    """Read every evaluation message with a trained model."""
    from bot.parsing import Parser

    return Report(
        model=model.name,
        sets=sets(directory),
        examples=read_examples(Parser(model).read, directory),
        languages=read_languages(directory / LANGUAGE_SET),
        entities=evaluate_entities(directory / ENTITY_SET),
    )
