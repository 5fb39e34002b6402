"""The confusion picture and the reliability diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.evaluation.calibration import BINS, Calibration
from bot.evaluation.examples import Example

_DOTS_AN_INCH = 110
_DARK = 0.5


def _pyplot() -> Any:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    return plt


def draw_confusion(path: Path, examples: Sequence[Example]) -> None:
    """Draw what the messages of each label were read as: colour is the share of the label, the number is messages."""
    plt = _pyplot()
    counts = Counter((e.intent, e.read) for e in examples)
    labels = sorted({e.intent for e in examples})
    needs = sorted({*labels, *(e.read for e in examples)})
    messages = Counter(e.intent for e in examples)
    table = [[counts[label, need] / messages[label] for need in needs] for label in labels]
    figure, axes = plt.subplots(figsize=(16, 15))
    axes.imshow(table, cmap="Blues", vmin=0, vmax=1)
    for (label, need), count in counts.items():
        row, column = labels.index(label), needs.index(need)
        colour = "white" if table[row][column] > _DARK else "black"
        axes.text(column, row, count, ha="center", va="center", fontsize=6, color=colour)
    axes.set_xticks(range(len(needs)), needs, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("read as")
    axes.set_ylabel("label")
    _save(plt, figure, path)


def draw_calibration(path: Path, calibration: Calibration) -> None:
    """Draw the share of right readings over their probability with 95 % intervals, and below how many there are."""
    plt = _pyplot()
    figure, (curve, counts) = plt.subplots(
        2, 1, sharex=True, figsize=(6, 7), gridspec_kw={"height_ratios": [3, 1]}
    )
    bins = calibration.bins
    confidence = [b.confidence for b in bins]
    right = [b.right.value for b in bins]
    below = [max(0.0, b.right.value - b.right.interval[0]) for b in bins]
    above = [max(0.0, b.right.interval[1] - b.right.value) for b in bins]
    curve.plot([0, 1], [0, 1], color="grey", linestyle=":", label="as sure as right")
    label = f"expected calibration error {calibration.expected_error:.3f}"
    curve.errorbar(confidence, right, yerr=[below, above], marker="o", capsize=3, label=label)
    curve.set_ylabel("share of right readings")
    curve.set_ylim(0, 1)
    curve.legend(loc="lower right")
    bars = counts.bar([(b.low + b.high) / 2 for b in bins], [b.right.of for b in bins], width=0.9 / BINS)
    counts.bar_label(bars)
    counts.margins(y=0.2)
    counts.set_xlim(0, 1)
    counts.set_xlabel("probability of the reading")
    counts.set_ylabel("readings")
    _save(plt, figure, path)


def _save(plt: Any, figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=_DOTS_AN_INCH)
    plt.close(figure)
