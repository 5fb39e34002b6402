"""The order of a run: starts in turn, then rounds in turn, so that a slow minute of the machine hits both alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from bench.load import Talks, all_at_once, one_by_one, one_long
from bench.report import LONG_TALK_TURNS, Round
from bench.servers import Bot, Server

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is done: counted starts, rounds, and in each round passes of all talks, a crowd, one long talk."""

    starts: int = 3
    rounds: int = 3
    passes: int = 2
    people: int = 10
    turns_each: int = 30
    long_talk_turns: int = LONG_TALK_TURNS


@dataclass(frozen=True)
class Measured:
    """What was seen of one bot: seconds of each start, rounds, and its memory after them in MB (10^6 bytes)."""

    starts: list[float]
    rounds: list[Round]
    memory: float


def measure(bots: Mapping[str, Bot], talks: Talks, plan: Plan, progress: Progress) -> dict[str, Measured]:
    """Measure the bots side by side: all are up during the rounds, one at a time is spoken to.

    A first start and a first pass of every talk are not counted: they fill the caches of disk and process.
    """
    starts = _starts(bots, plan, progress)
    seen: dict[str, list[Round]] = {name: [] for name in bots}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Server(bot)) for name, bot in bots.items()}
        for name, server in servers.items():
            progress(f"warming up {name}")
            asyncio.run(one_by_one(server.url, talks.whole))
        for number in range(plan.rounds):
            order = list(servers) if number % 2 == 0 else list(reversed(servers))
            for name in order:
                progress(f"round {number + 1} of {plan.rounds}: {name}")
                seen[name].append(asyncio.run(_round(servers[name].url, talks, plan)))
        return {
            name: Measured(starts[name], seen[name], server.resident_megabytes())
            for name, server in servers.items()
        }


def _starts(bots: Mapping[str, Bot], plan: Plan, progress: Progress) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in bots}
    for number in range(plan.starts + 1):
        for name, bot in bots.items():
            progress(f"start {number} of {plan.starts}: {name}")
            with Server(bot) as server:
                seconds[name].append(server.seconds_to_ready)
    return {name: each[1:] for name, each in seconds.items()}


async def _round(url: str, talks: Talks, plan: Plan) -> Round:
    return Round(
        turns=await one_by_one(url, talks.whole * plan.passes),
        crowd=await all_at_once(url, talks.whole, plan.people, plan.turns_each),
        long_talk=await one_long(url, talks.long, plan.long_talk_turns),
    )
