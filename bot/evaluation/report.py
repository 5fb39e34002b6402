"""One evaluation: its figures together, for the screen and for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median, quantiles
from typing import Any

from bot.entity_evaluation import EntityReport
from bot.evaluation.calibration import Calibration, calibrate
from bot.evaluation.examples import SCRIPTS, Example
from bot.evaluation.figures import ALL, Need, by_need, confusions, macro_f1, measure
from bot.evaluation.shares import Share

WORST_CONFUSIONS = 15
_NAME = 44


@dataclass(frozen=True)
class Report:
    """What is measured of one model.

    Attributes:
        model: the model's name.
        sets: see `bot.evaluation.examples.sets`.
        examples: every message that has a need, read.
        languages: see `bot.evaluation.examples.read_languages`.
        entities: how well the facts of messages are found.
    """

    model: str
    sets: Mapping[str, Mapping[str, Any]]
    examples: Sequence[Example]
    languages: Mapping[str, Share]
    entities: EntityReport

    @cached_property
    def shares(self) -> dict[str, Share]:
        """Every share by name."""
        languages = self.languages.values()
        in_a_talk = Share(sum(kind.hits for kind in languages), sum(kind.of for kind in languages))
        return {**measure(self.examples), "language and script, in a talk": in_a_talk}

    @cached_property
    def needs(self) -> dict[str, dict[str, Need]]:
        """Each need by script, and of all messages."""
        return by_need(self.examples)

    @cached_property
    def calibration(self) -> Calibration:
        """How far a reading's probability can be believed."""
        return calibrate(self.examples)

    @cached_property
    def numbers(self) -> dict[str, float]:
        """What is no share, by name."""
        return {
            **{f"macro F1, {name}": macro_f1(needs) for name, needs in self.needs.items()},
            "expected calibration error": self.calibration.expected_error,
            **processor_time([example.milliseconds for example in self.examples]),
        }

    @cached_property
    def worst(self) -> list[tuple[str, str, int]]:
        """The most frequent confusions: label, what was read, how often."""
        frequent = confusions(self.examples).most_common(WORST_CONFUSIONS)
        return [(label, read, count) for (label, read), count in frequent]

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "model": self.model,
            "sets": self.sets,
            "figures": {name: figure.as_dict() for name, figure in self.shares.items()},
            "numbers": self.numbers,
            "needs": {
                script: {name: need.as_dict() for name, need in needs.items()}
                for script, needs in self.needs.items()
            },
            "calibration": self.calibration.as_dict(),
            "confusions": [
                {"label": label, "read": read, "count": count} for label, read, count in self.worst
            ],
            "languages": {kind: figure.as_dict() for kind, figure in self.languages.items()},
            "entities": self.entities.as_dict(),
        }

    def table(self) -> str:
        """The figures for the screen."""
        parts = (
            [f"{name:<{_NAME}} {figure}" for name, figure in self.shares.items()],
            [f"{name:<{_NAME}} {number:6.3f}" for name, number in self.numbers.items()],
            self._need_lines(),
            ["most frequent confusions (label, read as)"]
            + [f"{count:4}  {label:<28} {read}" for label, read, count in self.worst],
            ["probability of a reading, and how many of them are right"]
            + [f"{b.low:.1f}-{b.high:.1f}  {b.confidence:.3f}  {b.right}" for b in self.calibration.bins],
            ["language and script in a talk, by kind of message"]
            + [f"{kind:<{_NAME}} {figure}" for kind, figure in self.languages.items()],
            [self.entities.table()],
        )
        return "\n\n".join("\n".join(lines) for lines in parts)

    def _need_lines(self) -> list[str]:
        """A line a need, F1 in each script beside it; a script that has no message of it is left blank."""
        header = f"{'need':<29} {'precision':<31} {'recall':<31} {'F1':>5}"
        lines = [header + "".join(f" {script:>8}" for script in SCRIPTS)]
        for name, need in self.needs.get(ALL, {}).items():
            others = (self.needs.get(script, {}).get(name) for script in SCRIPTS)
            cells = "".join(f" {other.f1:8.3f}" if other else " " * 9 for other in others)
            lines.append(f"{name:<29} {need.precision!s:<31} {need.recall!s:<31} {need.f1:.3f}{cells}")
        return lines


def processor_time(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile of the processor time of a message, by name."""
    if len(milliseconds) < 2:
        return {}
    return {
        "CPU ms a message, median": median(milliseconds),
        "CPU ms a message, p99": quantiles(milliseconds, n=100, method="inclusive")[98],
    }
