"""The evaluation messages and what the trained model reads in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any

from bot.evaluation.sets import labelled_rows
from bot.evaluation.shares import Share, share
from bot.nlu.script import identify

SCRIPTS = ("en", "zh-Hans", "zh-Hant", "mixed")
CRISIS, OUT_OF_SCOPE, FALLBACK = "crisis", "out_of_scope", "nlu_fallback"
LANGUAGE_SET = "language.jsonl"
MILLISECONDS = 1000.0

Reader = Callable[[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """One evaluation message and what was read.

    Attributes:
        intent: its label.
        also: readings that are fair as well.
        source: its set. A set of ordinary messages is named for its script (``zh-Hans``, ``zh-Hans_2``); any other is
            about one thing and counts for that alone: ``crisis…``, ``out_of_scope…``.
        script: one of `SCRIPTS`, or "" where the set does not tell.
        distance: "far" or "near" for what is out of scope, "" where the set does not tell.
        read: the intent that was read.
        confidence: the model's probability of `read`, 0 to 1.
        crisis: whether the crisis guard spoke up.
        language: the language that was read, "" for none.
        milliseconds: processor time of the reading.
    """

    intent: str
    also: tuple[str, ...]
    source: str
    script: str
    distance: str
    read: str
    confidence: float
    crisis: bool
    language: str
    milliseconds: float

    @property
    def strict(self) -> bool:
        """Whether the reading is the label."""
        return self.read == self.intent

    @property
    def fair(self) -> bool:
        """Whether the reading is the label or a fair second one."""
        return self.strict or self.read in self.also

    @property
    def ordinary(self) -> bool:
        """Whether it stands in a set for all needs, not in one that is about one thing."""
        return _script_of_set(self.source) != ""

    @property
    def about_crisis(self) -> bool:
        """Whether it stands in a set of crises or of messages that look like one."""
        return self.source.startswith(CRISIS)


def _script_of_set(source: str) -> str:
    name = source.split("_")[0]
    return name if name in SCRIPTS else ""


def read_examples(read: Reader, directory: Path) -> list[Example]:
    """Let `read` (see `bot.parsing.Parser.read`) read every message of the sets that has a need.

    The first message is read twice: what a reader loads with its first message is no cost of a message.
    """
    rows = [(path.stem, row) for path, _, row in labelled_rows(directory)]
    if rows:
        read(rows[0][1]["text"])
    return [_example(source, row, read) for source, row in rows]


def _example(source: str, row: dict[str, Any], read: Reader) -> Example:
    started = process_time()
    found = read(row["text"])
    taken = process_time() - started
    return Example(
        intent=row["intent"],
        also=tuple(row.get("also", ())),
        source=source,
        script=row.get("language") or _script_of_set(source),
        distance=row.get("distance", ""),
        read=found["intent"],
        confidence=found["confidence"],
        crisis=found["crisis"],
        language=found["language"] or "",
        milliseconds=taken * MILLISECONDS,
    )


def read_languages(path: Path) -> dict[str, Share]:
    """How often the language that a talk goes on in is told rightly, by kind of message.

    A line of the file has the ``text``, the language of the ``talk``, the ``language`` it should go on in, and its
    ``kind``. A message whose language is not clear leaves the talk's.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    right = [(row["kind"], _goes_on_in(row["text"], row["talk"]) == row["language"]) for row in rows]
    kinds = sorted({kind for kind, _ in right})
    return {kind: share(hit for other, hit in right if other == kind) for kind in kinds}


def _goes_on_in(text: str, talk: str) -> str:
    read = identify(text, talk)
    return read.code if read.clear else talk


def sets(directory: Path) -> dict[str, dict[str, Any]]:
    """How many lines each set has, and its hash: figures on sets that differ can't be compared."""
    contents = {path.stem: path.read_bytes() for path in sorted(directory.glob("*.jsonl"))}
    return {
        name: {"messages": len(content.splitlines()), "sha256": sha256(content).hexdigest()}
        for name, content in contents.items()
    }
