"""What was measured, as figures, ratios, a table and JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import psutil

from bench.load import Crowd, Turn

OURS = "this bot"
STOCK = "stock Rasa"
LONG_TALK_TURNS = 200
WINDOW = 10  # "turn 5" is the middle of the first ten turns of the long talk, "turn 200" of the last ten
MILLISECONDS = 1000.0


@dataclass(frozen=True)
class Round:
    """What one bot did in one round."""

    turns: Sequence[Turn]
    crowd: Crowd
    long_talk: Sequence[Turn]


@dataclass(frozen=True)
class Figures:
    """The figures of one bot; times of a turn in milliseconds, sizes in MB (10^6 bytes)."""

    start_seconds: float
    memory_megabytes: float
    turn_p50_milliseconds: float
    turn_p99_milliseconds: float
    turns_per_second: float
    long_talk_growth: float
    installed_megabytes: float
    characters_a_turn: float
    turns_without_an_answer: float
    reading_milliseconds: float


_LABELS = {
    "start_seconds": "start to ready, s",
    "memory_megabytes": "memory after the talks, MB",
    "turn_p50_milliseconds": "a turn, p50, ms",
    "turn_p99_milliseconds": "a turn, p99, ms",
    "turns_per_second": "turns a second, 10 people at once",
    "long_talk_growth": f"cost of turn {LONG_TALK_TURNS} / turn 5 of one talk",
    "installed_megabytes": "installed size, MB",
    "characters_a_turn": "characters answered in a turn",
    "turns_without_an_answer": "share of turns without an answer",
    "reading_milliseconds": "to read a message, processor time, p50, ms",
}


def figures(
    starts: Sequence[float], memory: float, installed: float, reading: float, rounds: Sequence[Round]
) -> Figures:
    """Sum up one bot: each figure is the median over the starts, or over the rounds."""
    turns = [turn for each in rounds for turn in each.turns]
    return Figures(
        start_seconds=median(starts),
        memory_megabytes=memory,
        turn_p50_milliseconds=median(percentile(each.turns, 50) for each in rounds),
        turn_p99_milliseconds=median(percentile(each.turns, 99) for each in rounds),
        turns_per_second=median(each.crowd.turns_per_second for each in rounds),
        long_talk_growth=median(growth(each.long_talk) for each in rounds),
        installed_megabytes=installed,
        characters_a_turn=sum(turn.characters for turn in turns) / len(turns),
        turns_without_an_answer=sum(turn.characters == 0 for turn in turns) / len(turns),
        reading_milliseconds=reading,
    )


def percentile(turns: Sequence[Turn], rank: int) -> float:
    """The percentile `rank` (1 to 99) of the turns' times, in milliseconds."""
    return MILLISECONDS * quantiles((turn.seconds for turn in turns), n=100, method="inclusive")[rank - 1]


def growth(long_talk: Sequence[Turn]) -> float:
    """How much more the last turns of a long talk cost than its first: the medians of `WINDOW` turns, divided."""
    first, last = long_talk[:WINDOW], long_talk[-WINDOW:]
    return median(turn.seconds for turn in last) / median(turn.seconds for turn in first)


def ratios(ours: Figures, stock: Figures) -> dict[str, float | None]:
    """Ours divided by stock, figure by figure; None where stock's is zero."""
    theirs = asdict(stock)
    return {name: value / theirs[name] if theirs[name] else None for name, value in asdict(ours).items()}


def machine() -> str:
    """The class of machine this runs on, and how busy it is: other work on it makes the figures noisy."""
    memory = psutil.virtual_memory().total / 1e9
    busy = psutil.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, {memory:.0f} GB memory, "
        f"load average {busy:.1f} before"
    )


def table(measured: Mapping[str, Figures], conditions: str) -> str:
    """The table as Markdown: a row a figure, a column a bot, and the ratio when both were measured."""
    columns = [*measured, *(["ratio"] if len(measured) > 1 else [])]
    lines = [f"| what | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    divided = ratios(measured[OURS], measured[STOCK]) if len(measured) > 1 else None
    for field in fields(Figures):
        cells = [_number(getattr(each, field.name)) for each in measured.values()]
        if divided is not None:
            cells.append(_number(divided[field.name]))
        lines.append(f"| {_LABELS[field.name]} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", conditions])


def write_json(path: Path, measured: Mapping[str, Figures], conditions: Mapping[str, object]) -> None:
    """Write the figures, their ratios and the conditions they were taken under."""
    content: dict[str, object] = {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        **conditions,
        "figures": {name: asdict(each) for name, each in measured.items()},
    }
    if len(measured) > 1:
        content["ratios"] = ratios(measured[OURS], measured[STOCK])
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
