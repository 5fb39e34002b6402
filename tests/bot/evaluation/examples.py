"""Evaluation messages of all kinds for these tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.evaluation.examples import Example

GREETING = Example(
    intent="greet",
    also=(),
    source="en",
    script="en",
    distance="",
    read="greet",
    confidence=0.95,
    crisis=False,
    language="en",
    milliseconds=5.0,
)


def example(**changes: Any) -> Example:
    """An English greeting, read rightly unless changed; its script follows its set unless told."""
    if "source" in changes:
        changes.setdefault("script", changes["source"])
    return replace(GREETING, **changes)
