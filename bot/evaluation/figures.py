"""Accuracy, crisis, out of scope, language; precision and recall of each need; confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from bot.evaluation.examples import CRISIS, FALLBACK, OUT_OF_SCOPE, SCRIPTS, Example
from bot.evaluation.shares import Share, share
from bot.languages import negotiate

ALL = "all"
MIXED = "mixed"
DISTANCES = ("far", "near")


@dataclass(frozen=True, slots=True)
class Need:
    """How one need is read, strictly, in the messages of one script or of all."""

    right: int
    labelled: int
    read: int

    @property
    def precision(self) -> Share:
        """Of what was read as this need, the share that has its label."""
        return Share(self.right, self.read)

    @property
    def recall(self) -> Share:
        """Of what has its label, the share that was read as this need."""
        return Share(self.right, self.labelled)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 of nothing is 0."""
        of = self.labelled + self.read
        return 2 * self.right / of if of else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "messages": self.labelled,
            "precision": self.precision.as_dict(),
            "recall": self.recall.as_dict(),
            "f1": self.f1,
        }


def measure(examples: Sequence[Example]) -> dict[str, Share]:
    """All shares by name."""
    ordinary = [e for e in examples if e.ordinary]
    figures: dict[str, Share] = {}
    for name in _groups(ordinary):
        chosen = [e for e in ordinary if name in {ALL, e.script, e.source}]
        figures[f"intent, strict, {name}"] = share(e.strict for e in chosen)
        figures[f"intent, fair, {name}"] = share(e.fair for e in chosen)
    return {**figures, **_crisis(examples), **_out_of_scope(examples), **_languages(ordinary)}


def _groups(ordinary: Sequence[Example]) -> list[str]:
    """The scripts, the sets that are not all of their script, and all."""
    scripts = [script for script in SCRIPTS if any(e.script == script for e in ordinary)]
    further = sorted({e.source for e in ordinary} - set(SCRIPTS))
    return [*scripts, *further, ALL]


def _crisis(examples: Sequence[Example]) -> dict[str, Share]:
    calm = [e for e in examples if e.intent != CRISIS and CRISIS not in e.also]
    crises = [e for e in examples if e.intent == CRISIS]
    recall = {
        f"crisis, recall, {script}": share(e.crisis for e in crises if e.script == script)
        for script in SCRIPTS
        if any(e.script == script for e in crises)
    }
    return {
        "crisis, recall": share(e.crisis for e in crises),
        **recall,
        "crisis, false alarms, hard negatives": share(e.crisis for e in calm if e.about_crisis),
        "crisis, false alarms, ordinary": share(e.crisis for e in calm if not e.about_crisis),
    }


def _out_of_scope(examples: Sequence[Example]) -> dict[str, Share]:
    asked = [e for e in examples if e.intent == OUT_OF_SCOPE]
    name = "out of scope, falsely accepted"
    by_distance = {
        f"{name}, {distance}": share(_is_accepted(e) for e in asked if e.distance == distance)
        for distance in DISTANCES
        if any(e.distance == distance for e in asked)
    }
    return {name: share(_is_accepted(e) for e in asked), **by_distance}


def _is_accepted(example: Example) -> bool:
    return example.read not in {OUT_OF_SCOPE, FALLBACK}


def _languages(ordinary: Sequence[Example]) -> dict[str, Share]:
    """Of messages in one language; what a mixed one is answered in is told by a set of its own."""
    return {
        "language and script": share(e.language == negotiate(e.script) for e in ordinary if e.script != MIXED)
    }


def by_need(examples: Sequence[Example]) -> dict[str, dict[str, Need]]:
    """For `ALL` and each script that occurs, every need of the ordinary messages, or that was read in them."""
    ordinary = [e for e in examples if e.ordinary]
    tables = {}
    for name in (ALL, *SCRIPTS):
        chosen = [e for e in ordinary if name in {ALL, e.script}]
        if chosen:
            tables[name] = _needs(chosen)
    return tables


def _needs(examples: Sequence[Example]) -> dict[str, Need]:
    labelled = Counter(e.intent for e in examples)
    read = Counter(e.read for e in examples)
    right = Counter(e.intent for e in examples if e.strict)
    return {need: Need(right[need], labelled[need], read[need]) for need in sorted(labelled | read)}


def macro_f1(needs: dict[str, Need]) -> float:
    """The mean F1 of the needs that messages are labelled with: a rare need counts as much as a frequent one."""
    values = [need.f1 for need in needs.values() if need.labelled]
    return fmean(values) if values else 0.0


def confusions(examples: Sequence[Example]) -> Counter[tuple[str, str]]:
    """How often (label, reading) were confused in ordinary messages, fair readings apart."""
    return Counter((e.intent, e.read) for e in examples if e.ordinary and not e.fair)
