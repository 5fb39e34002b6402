"""Whether a reading's probability is the share of such readings that are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from bot.evaluation.examples import FALLBACK, Example
from bot.evaluation.shares import Share, share

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The readings whose probability lies from `low` up to `high`: their mean, and the share that is right."""

    low: float
    high: float
    confidence: float
    right: Share

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "right": self.right.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability diagram: the bins that have a reading, lowest first."""

    bins: tuple[Bin, ...]

    @property
    def readings(self) -> int:
        """How many readings there are in all bins."""
        return sum(bin_.right.of for bin_ in self.bins)

    @property
    def expected_error(self) -> float:
        """Expected calibration error: mean distance of probability and accuracy (Naeini et al. 2015)."""
        distances = (bin_.right.of * abs(bin_.right.value - bin_.confidence) for bin_ in self.bins)
        return sum(distances) / self.readings if self.readings else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "readings": self.readings,
            "expected_error": self.expected_error,
            "bins": [bin_.as_dict() for bin_ in self.bins],
        }


def calibrate(examples: Sequence[Example]) -> Calibration:
    """Put the strict readings of ordinary messages into bins of equal width.

    Left out is what claims no probability: a message that was not understood, and a crisis, which the guard sets to 1.
    """
    claimed = [e for e in examples if e.ordinary and e.read != FALLBACK and not e.crisis]
    bins = []
    for index in range(BINS):
        chosen = [e for e in claimed if min(int(e.confidence * BINS), BINS - 1) == index]
        if chosen:
            mean = fmean(e.confidence for e in chosen)
            bins.append(Bin(index / BINS, (index + 1) / BINS, mean, share(e.strict for e in chosen)))
    return Calibration(tuple(bins))
