"""What the trained model reads in each message of a talk, read once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore

from bot.custom_actions import SteadyProcessor
from bot.gate import admit
from bot.paths import EVALUATION
from bot.quiet import be_quiet

MOST_OF_A_SET = 100
_AT_ONCE = 128
_MESSAGE, _TRACKER = "__message__", "__tracker__"

Reading = Mapping[str, Any]


@cache
def evaluation_messages() -> Mapping[str, tuple[str, ...]]:
    """Messages of ``data/evaluation``, by the set they stand in: the same at each run, as many as are read in time."""
    sets = {path.stem: list(_texts(path)) for path in sorted(EVALUATION.glob("*.jsonl"))}
    chance = Random(0)
    return {name: tuple(chance.sample(texts, min(len(texts), MOST_OF_A_SET))) for name, texts in sets.items()}


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]


class Readings:
    """The pipeline of a trained model, many messages at once, each kept."""

    def __init__(self, model: Path) -> None:
        be_quiet()
        self._processor = SteadyProcessor(model, InMemoryTrackerStore(None), InMemoryLockStore(), None)
        self._kept: dict[str, Reading] = {}

    def of(self, text: str) -> Reading:
        """What a person's message becomes: what the gate admits of it, as Rasa's latest message."""
        admitted = admit(text)
        if admitted not in self._kept:
            self._read([admitted])
        return self._kept[admitted]

    def read_ahead(self, texts: Iterable[str]) -> None:
        """Read many messages."""
        new = [text for text in dict.fromkeys(map(admit, texts)) if text not in self._kept]
        for start in range(0, len(new), _AT_ONCE):
            self._read(new[start : start + _AT_ONCE])

    def _read(self, texts: list[str]) -> None:
        target = self._processor.model_metadata.nlu_target
        found = self._processor.graph_runner.run(
            inputs={_MESSAGE: [UserMessage(text) for text in texts], _TRACKER: None}, targets=[target]
        )
        for text, message in zip(texts, found[target], strict=True):
            self._kept[text] = {
                "text": "",
                "intent": {"name": None, "confidence": 0.0},
                "entities": [],
                **message.as_dict(only_output_properties=True),
            }
