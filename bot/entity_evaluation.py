"""How well the facts of a message are found: precision and recall by kind and by script.

The phrases of ``data/evaluation/entities.jsonl`` were written and labelled by someone who had not seen the
extractors. A fact counts as right when its kind and value agree with a label whose stretch of the message it
overlaps; each label is met once. A secret must be covered from end to end, since what is left of it would be kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bot.evaluation import Share
from bot.nlu.entities import Entity, extract
from bot.nlu.entities.moments import HOUR, MINUTE

NOW = datetime(2026, 3, 18, 15, 0, tzinfo=timezone(timedelta(hours=8)))
"""The Wednesday afternoon at which the phrases are taken to be typed."""

KINDS = (
    "money", "date", "country", "method", "bank", "platform", "url", "email", "phone", "handle", "wallet",
    "tx_hash", "iban", "secret",
)  # fmt: skip
"""What is labelled; how a payment stands (``payment_state``) and what was ``done`` are measured with the dialogue."""

ALL = "all"
_SECRET, _DATE, _MONEY = "secret", "date", "money"
_PART_OF_VALUE = {"url": "url", "wallet": "address", "tx_hash": "hash"}
_WITH_CHECKSUM = frozenset({"wallet", "iban"})


@dataclass(frozen=True, slots=True)
class Label:
    """A fact a message states, as labelled by a person.

    Attributes:
        kind: One of `KINDS`.
        start: Index of its first character in the message.
        end: Index past its last character.
        value: Amount and currency of ``money``; "2026-03-11" or "2026-03-11T15:00" of a ``date``; else a string,
            or ``None`` where it can't be told or must not be kept.
        valid: Whether the checksum of an address holds; ``None`` where there is none.
    """

    kind: str
    start: int
    end: int
    value: Any
    valid: bool | None = None

    def is_met_by(self, found: Entity) -> bool:
        """Whether an entity states this fact."""
        if found.kind != self.kind or found.end <= self.start or self.end <= found.start:
            return False
        if self.kind == _SECRET:
            return found.start <= self.start and self.end <= found.end
        if self.kind in _WITH_CHECKSUM and found.valid is not self.valid:
            return False
        return _comparable(found) == self.value


def _comparable(found: Entity) -> Any:
    """The value of an entity as labels write it."""
    if found.kind == _MONEY:
        return {name: found.value[name] for name in ("amount", "currency")}
    if found.kind == _DATE:
        at: str = found.value["at"]
        return at[:16] if found.value["precision"] in {HOUR, MINUTE} else at[:10]
    part = _PART_OF_VALUE.get(found.kind)
    return found.value[part] if part else found.value


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message, the script it is written in, and the facts it states."""

    text: str
    script: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many facts were found rightly, found though nobody stated them, and missed."""

    right: int = 0
    spurious: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.spurious + other.spurious, self.missed + other.missed)

    @property
    def precision(self) -> Share:
        """The share of what was found that is right."""
        return Share(self.right, self.right + self.spurious)

    @property
    def recall(self) -> Share:
        """The share of what was stated that was found."""
        return Share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 of nothing is 0."""
        of = 2 * self.right + self.spurious + self.missed
        return 2 * self.right / of if of else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {"precision": self.precision.as_dict(), "recall": self.recall.as_dict(), "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A label nothing met, or an entity that meets none, in the phrase it belongs to."""

    phrase: Phrase
    label: Label | None
    found: Entity | None


@dataclass(frozen=True, slots=True)
class EntityReport:
    """The counts by kind and by script, each with the sum under `ALL`, and every mistake."""

    phrases: int
    kinds: Mapping[str, Counts]
    scripts: Mapping[str, Counts]
    mistakes: tuple[Mistake, ...]

    def table(self) -> str:
        """The figures for the screen, with 95 % Wilson intervals."""
        lines = [f"{'entities':<12} {'precision':<32} {'recall':<32} F1"]
        for counts in (self.kinds, self.scripts):
            lines += [
                f"{name:<12} {count.precision!s:<32} {count.recall!s:<32} {count.f1:.3f}"
                for name, count in counts.items()
                if count != Counts()
            ]
            lines.append("")
        return "\n".join(lines).rstrip()

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file; of the mistakes their number alone."""
        return {
            "phrases": self.phrases,
            "mistakes": len(self.mistakes),
            "kinds": {name: count.as_dict() for name, count in self.kinds.items()},
            "scripts": {name: count.as_dict() for name, count in self.scripts.items()},
        }


def read_phrases(path: Path) -> list[Phrase]:
    """The labelled phrases of a file.

    Raises:
        OSError: The file cannot be read.
        KeyError: A line lacks a field.
        json.JSONDecodeError: A line is no JSON.
    """
    return [_phrase(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _phrase(row: Mapping[str, Any]) -> Phrase:
    labels = (
        Label(item["kind"], item["start"], item["end"], item["value"], item.get("valid"))
        for item in row["entities"]
    )
    return Phrase(row["text"], row["script"], tuple(labels))


def evaluate_entities(path: Path) -> EntityReport:
    """Extract from every phrase of a file and compare with its labels; see `read_phrases` for errors."""
    return score(read_phrases(path))


def score(phrases: Iterable[Phrase]) -> EntityReport:
    """Compare what is found in phrases with their labels."""
    kinds = dict.fromkeys((*KINDS, ALL), Counts())
    scripts: dict[str, Counts] = {}
    mistakes: list[Mistake] = []
    number = 0
    for phrase in phrases:
        number += 1
        for kind, count, mistake in _outcomes(phrase):
            for name in (kind, ALL):
                kinds[name] += count
            scripts[phrase.script] = scripts.get(phrase.script, Counts()) + count
            if mistake:
                mistakes.append(mistake)
    return EntityReport(number, kinds, scripts, tuple(mistakes))


def _outcomes(phrase: Phrase) -> Iterator[tuple[str, Counts, Mistake | None]]:
    """Each fact of a phrase, stated or found, with what it counts for."""
    open_labels = list(phrase.labels)
    for found in extract(phrase.text, NOW):
        if found.kind not in KINDS:
            continue
        met = next((label for label in open_labels if label.is_met_by(found)), None)
        if met:
            open_labels.remove(met)
            yield found.kind, Counts(right=1), None
        else:
            yield found.kind, Counts(spurious=1), Mistake(phrase, None, found)
    for label in open_labels:
        yield label.kind, Counts(missed=1), Mistake(phrase, label, None)
