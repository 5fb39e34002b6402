"""``firstaid evaluate``: how well messages are understood that nobody trained on.

The messages of ``data/evaluation`` were written apart from the training data, by other hands, and are never trained
on. A message may have a second reading that is fair (``also``); accuracy is given strictly and with it. Intervals
are Wilson's at 95 % (Wilson 1927).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from bot.languages import negotiate
from bot.paths import EVALUATION
from bot.settings import Settings
from bot.training import trained_model

CRISIS, OUT_OF_SCOPE, FALLBACK = "crisis", "out_of_scope", "nlu_fallback"
HARD_NEGATIVES = "crisis_hard_negatives"
MIXED = "mixed"
_Z = 1.96
_WORST_CONFUSIONS = 15


@dataclass(frozen=True)
class Example:
    """One evaluation message with its label, fair second readings, set, and what was read."""

    text: str
    intent: str
    also: tuple[str, ...]
    source: str
    read: str
    crisis: bool
    language: str

    @property
    def strict(self) -> bool:
        """Whether the reading is the label."""
        return self.read == self.intent

    @property
    def fair(self) -> bool:
        """Whether the reading is the label or a fair second one."""
        return self.strict or self.read in self.also


@dataclass(frozen=True)
class Share:
    """A proportion with its 95 % Wilson interval."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The proportion; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound."""
        if not self.of:
            return (0.0, 1.0)
        p, n = self.value, self.of
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%}  [{low:.1%}, {high:.1%}]  {self.hits}/{self.of}"

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {"value": self.value, "interval": self.interval, "hits": self.hits, "of": self.of}


def share(examples: Iterable[bool]) -> Share:
    """The share of true values."""
    values = list(examples)
    return Share(sum(values), len(values))


def measure(examples: Sequence[Example]) -> dict[str, Share]:
    """All figures by name."""
    ordinary = [e for e in examples if e.source != HARD_NEGATIVES]
    hard = [e for e in examples if e.source == HARD_NEGATIVES]
    figures: dict[str, Share] = {}
    for source in dict.fromkeys(e.source for e in ordinary):
        chosen = [e for e in ordinary if e.source == source]
        figures[f"intent, strict, {source}"] = share(e.strict for e in chosen)
        figures[f"intent, fair, {source}"] = share(e.fair for e in chosen)
    figures["intent, strict, all"] = share(e.strict for e in ordinary)
    figures["intent, fair, all"] = share(e.fair for e in ordinary)
    figures["crisis, recall"] = share(e.crisis for e in ordinary if e.intent == CRISIS)
    figures["crisis, false alarms, hard negatives"] = share(e.crisis for e in hard if e.intent != CRISIS)
    figures["crisis, false alarms, ordinary"] = share(
        e.crisis for e in ordinary if e.intent != CRISIS and CRISIS not in e.also
    )
    figures["out of scope, falsely accepted"] = share(
        e.read not in {OUT_OF_SCOPE, FALLBACK} for e in ordinary if e.intent == OUT_OF_SCOPE
    )
    figures["language"] = share(_language_is_right(e) for e in ordinary)
    return figures


def _language_is_right(example: Example) -> bool:
    if example.source == MIXED:
        return example.language.startswith("zh")
    return example.language == negotiate(example.source)


def confusions(examples: Sequence[Example]) -> Counter[tuple[str, str]]:
    """How often (label, reading) were confused, fair readings apart."""
    return Counter((e.intent, e.read) for e in examples if not e.fair)


def read_examples(model: Path, directory: Path = EVALUATION) -> list[Example]:
    """Read every message of the evaluation sets with the trained model."""
    from bot.parsing import Parser

    parser = Parser(model)
    examples = []
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            read = parser.read(row["text"])
            examples.append(
                Example(
                    row["text"],
                    row["intent"],
                    tuple(row.get("also", ())),
                    path.stem,
                    read["intent"],
                    read["crisis"],
                    read["language"] or "",
                )
            )
    return examples


def evaluate(settings: Settings, output: Path) -> int:
    """Measure, print a table, and write ``evaluation.json`` and ``confusion.png`` to `output`."""
    examples = read_examples(trained_model(settings.model_dir))
    figures = measure(examples)
    for name, figure in figures.items():
        print(f"{name:<42} {figure}")
    worst = confusions(examples).most_common(_WORST_CONFUSIONS)
    print("\nmost frequent confusions (label, read as)")
    for (label, read), count in worst:
        print(f"{count:4}  {label:<28} {read}")
    output.mkdir(parents=True, exist_ok=True)
    _write_json(output / "evaluation.json", examples, figures)
    _draw(output / "confusion.png", examples)
    print(f"\nwritten to {output}")
    return 0


def _write_json(path: Path, examples: Sequence[Example], figures: dict[str, Share]) -> None:
    by_need = {
        need: share(e.fair for e in examples if e.intent == need).as_dict()
        for need in sorted({e.intent for e in examples})
    }
    content = {"figures": {name: figure.as_dict() for name, figure in figures.items()}, "needs": by_need}
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _draw(path: Path, examples: Sequence[Example]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    needs = sorted({e.intent for e in examples} | {e.read for e in examples})
    place = {need: index for index, need in enumerate(needs)}
    table = [[0] * len(needs) for _ in needs]
    for example in examples:
        table[place[example.intent]][place[example.read]] += 1
    figure, axes = plt.subplots(figsize=(16, 15))
    axes.imshow(table, cmap="Blues")
    axes.set_xticks(range(len(needs)), needs, rotation=90, fontsize=7)
    axes.set_yticks(range(len(needs)), needs, fontsize=7)
    axes.set_xlabel("read as")
    axes.set_ylabel("label")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
