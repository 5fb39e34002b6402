"""Training, only when something it depends on changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from bot.paths import CONFIG, DOMAIN, NLU, ROOT, RULES, TUNED_WEIGHTS

_FILES = (
    TUNED_WEIGHTS,
    *(
        ROOT / "bot" / "nlu" / name
        for name in (
            "component.py",
            "tokenizer.py",
            "encoder.py",
            "han.py",
            "evidence.py",
            "ngrams.py",
            "classifier.py",
            "crisis_detector.py",
        )
    ),
    *sorted((ROOT / "bot" / "policies").glob("*.py")),
)
_DATA = (NLU, RULES, DOMAIN)
_LOCK = ROOT / "uv.lock"


class TrainingFailed(Exception):
    """Rasa made no model."""


def fingerprint() -> str:
    """Hash of everything a model is made of: data, domain, configuration, code that learns, versions.

    Lexicons, entities and texts of catalogs are read when the bot starts and are no part of a model.
    """
    digest = hashlib.sha256()
    for path in _ingredients():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _ingredients() -> Iterator[Path]:
    yield from (CONFIG, _LOCK, *_FILES)
    for directory in _DATA:
        yield from sorted(directory.rglob("*.yml"))


def model_path(directory: Path) -> Path:
    """Where the model of the present data and code lies, trained or not."""
    return directory / f"scam-first-aid-{fingerprint()}.tar.gz"


def train(directory: Path) -> Path:
    """Train into `directory` and return the model's path.

    Raises:
        TrainingFailed: Rasa's training ended without a model.
    """
    os.environ["RASA_CACHE_DIRECTORY"] = str(directory / "cache")
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # without it Rasa draws progress bars
    from rasa.model_training import train as rasa_train

    from bot.quiet import be_quiet

    be_quiet()
    target = model_path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    # Rasa prints as it trains; standard output belongs to the command that asked, such as `firstaid parse`.
    with contextlib.redirect_stdout(sys.stderr):
        result = rasa_train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=[str(NLU), str(RULES)],
            output=str(directory),
            fixed_model_name=target.name.removesuffix(".tar.gz"),
        )
    if result.code != 0 or result.model is None:
        raise TrainingFailed(f"training ended with code {result.code}")
    return target


def trained_model(directory: Path) -> Path:
    """The current model, trained now if there is none; of several processes one trains, and the others wait."""
    path = model_path(directory)
    if path.exists():
        return path
    directory.mkdir(parents=True, exist_ok=True)
    with FileLock(directory / "training.lock"):
        return path if path.exists() else train(directory)
