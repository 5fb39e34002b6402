"""Proportions with the interval that their number of messages allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

_Z = 1.96
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion with its 95 % Wilson interval (Wilson 1927)."""

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
        """For the JSON file; the counts are exact, the rest is rounded."""
        value, *interval = (round(number, _DIGITS) for number in (self.value, *self.interval))
        return {"value": value, "interval": interval, "hits": self.hits, "of": self.of}


def share(values: Iterable[bool]) -> Share:
    """The share of true values."""
    listed = list(values)
    return Share(sum(listed), len(listed))
