"""``firstaid parse``: JSON lines in, the same objects out with what the bot understood."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore

from bot.custom_actions import SteadyProcessor
from bot.gate import admit
from bot.quiet import be_quiet


class Parser:
    """The trained understanding without the dialogue, for evaluation and scripts."""

    def __init__(self, model: Path) -> None:
        be_quiet()
        self._processor = SteadyProcessor(model, InMemoryTrackerStore(None), InMemoryLockStore(), None)
        self._loop = asyncio.new_event_loop()

    def read(self, text: str) -> dict[str, Any]:
        """Intent, confidence, crisis, language and entities of one message; never fails on any text."""
        parsed = self._loop.run_until_complete(self._processor.parse_message(UserMessage(admit(text))))
        intent = parsed.get("intent") or {}
        return {
            "intent": intent.get("name"),
            "confidence": intent.get("confidence", 0.0),
            "crisis": bool(parsed.get("crisis")),
            "language": (parsed.get("language") or {}).get("code"),
            "entities": [
                {name: entity[name] for name in ("entity", "value", "start", "end", "text", "valid")}
                for entity in parsed.get("entities") or ()
            ],
        }


def parse_lines(model: Path, lines: Iterable[str], output: IO[str]) -> int:
    """Read each line's ``text`` and write the line's object with the reading added.

    A line that is no object with a ``text`` is answered by one with an ``error``; the exit code is then 1.
    """
    parser = Parser(model)
    faults = 0
    for line in lines:
        try:
            given = json.loads(line)
            text = given["text"]
            if not isinstance(text, str):
                raise TypeError("text")
        except (ValueError, KeyError, TypeError):
            faults += 1
            result: dict[str, Any] = {"error": 'each line must be a JSON object with a string "text"'}
        else:
            result = {**given, **parser.read(text)}
        print(json.dumps(result, ensure_ascii=False), file=output, flush=True)
    return 1 if faults else 0
