"""Training, only when something it depends on changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.paths import CONFIG, DOMAIN, LEXICON, NLU, ROOT, RULES

_CODE = (ROOT / "bot" / "nlu", ROOT / "bot" / "policies")
_DATA = (NLU, RULES, LEXICON, DOMAIN)
_LOCK = ROOT / "uv.lock"


class TrainingFailed(Exception):
    """Rasa made no model."""


def fingerprint() -> str:
    """Hash of everything a model is made of: data, domain, configuration, code of components, versions."""
    digest = hashlib.sha256()
    for path in _ingredients():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _ingredients() -> Iterator[Path]:
    yield CONFIG
    yield _LOCK
    for directory in (*_DATA, *_CODE):
        yield from sorted(path for path in directory.rglob("*") if path.suffix in {".yml", ".py"})


def model_path(directory: Path) -> Path:
    """Where the model of the present data and code lies, trained or not."""
    return directory / f"scam-first-aid-{fingerprint()}.tar.gz"


def train(directory: Path) -> Path:
    """Train into `directory` and return the model's path.

    Raises:
        TrainingFailed: Rasa's training ended without a model.
    """
    from rasa.model_training import train as rasa_train

    target = model_path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    result = rasa_train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(NLU), str(RULES)],
        output=str(directory),
        fixed_model_name=target.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0 or result.model is None:
        raise TrainingFailed(f"training ended with code {result.code}")
    return target


def trained_model(directory: Path) -> Path:
    """The current model, trained now if there is none."""
    path = model_path(directory)
    return path if path.exists() else train(directory)
