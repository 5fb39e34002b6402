"""People talking to a bot over REST: one after another, several at once, or one who goes on and on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import yaml

TALKS = Path(__file__).with_name("talks.yml")
TURN_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True)
class Talks:
    """The talks of the bench: whole ones, and the messages of the one that is repeated without an end."""

    whole: tuple[tuple[str, ...], ...]
    long: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """One message answered: the seconds it took and the characters that came back."""

    seconds: float
    characters: int


@dataclass(frozen=True)
class Crowd:
    """What several people at once saw."""

    turns: tuple[Turn, ...]
    seconds: float

    @property
    def turns_per_second(self) -> float:
        """Turns answered each second, all people together."""
        return len(self.turns) / self.seconds


def read_talks(path: Path = TALKS) -> Talks:
    """Read the talks."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Talks(tuple(tuple(talk["messages"]) for talk in content["talks"]), tuple(content["long_talk"]))


async def one_by_one(url: str, talks: Iterable[Sequence[str]]) -> list[Turn]:
    """Hold talks one after another, each by a new person."""
    async with httpx.AsyncClient(timeout=TURN_TIMEOUT_SECONDS, trust_env=False) as client:
        return [turn for talk in talks for turn in await _hold(client, url, talk)]


async def one_long(url: str, messages: Sequence[str], turns: int) -> list[Turn]:
    """Hold one talk of `turns` turns out of `messages`, again and again."""
    return await one_by_one(url, [list(islice(cycle(messages), turns))])


async def all_at_once(url: str, talks: Sequence[Sequence[str]], people: int, turns_each: int) -> Crowd:
    """Let `people` talk at once, each beginning with another talk, until each had `turns_each` turns."""
    began = time.perf_counter()
    held = await asyncio.gather(
        *(one_by_one(url, whole_turns(_rotated(talks, place), turns_each)) for place in range(people))
    )
    return Crowd(tuple(chain.from_iterable(held)), time.perf_counter() - began)


def whole_turns(talks: Sequence[Sequence[str]], turns: int) -> list[list[str]]:
    """Talks in their order, again from the first if need be, the last cut so that there are `turns` messages."""
    chosen: list[list[str]] = []
    left = turns
    for talk in cycle(talks):
        if left <= 0:
            return chosen
        chosen.append(list(talk[:left]))
        left -= len(talk)
    return chosen


def _rotated(talks: Sequence[Sequence[str]], place: int) -> list[Sequence[str]]:
    start = place % len(talks)
    return [*talks[start:], *talks[:start]]


async def _hold(client: httpx.AsyncClient, url: str, messages: Iterable[str]) -> list[Turn]:
    sender = uuid4().hex
    return [await _say(client, url, sender, message) for message in messages]


async def _say(client: httpx.AsyncClient, url: str, sender: str, message: str) -> Turn:
    began = time.perf_counter()
    answer = await client.post(url, json={"sender": sender, "message": message})
    seconds = time.perf_counter() - began
    answer.raise_for_status()
    said: list[dict[str, Any]] = answer.json()
    return Turn(seconds, sum(len(part.get("text", "")) for part in said))
