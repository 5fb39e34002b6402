"""Turns of one session: order, failures, leaving, stopping."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.turns import Turns

pytestmark = pytest.mark.asyncio


async def nothing() -> None:
    """A turn without effect."""


async def test_a_turn_that_hangs_is_given_up_and_the_next_runs() -> None:
    turns, done = Turns(turn_seconds=0.01), list[str]()

    async def hangs() -> None:
        await asyncio.Event().wait()

    async def failed() -> None:
        done.append("failed")

    async def follows() -> None:
        done.append("next")

    turns.submit("s", hangs, failed)
    turns.submit("s", follows, failed)
    await turns.drain(10)
    assert done == ["failed", "next"]


async def test_the_queue_of_a_session_has_an_end() -> None:
    turns = Turns(max_waiting=2)
    assert not turns.full("s")
    turns.submit("s", nothing, nothing)
    turns.submit("s", nothing, nothing)
    assert turns.full("s")
    assert not turns.full("other")
    await turns.drain(10)
    assert not turns.full("s")


async def test_stopping_waits_for_what_runs_and_cancels_what_takes_too_long() -> None:
    turns, done, gate = Turns(), list[str](), asyncio.Event()

    async def slow() -> None:
        await gate.wait()
        done.append("slow")

    async def failed() -> None:
        done.append("failed")

    turns.submit("s", slow, failed)
    asyncio.get_running_loop().call_later(0.01, gate.set)
    await turns.drain(10)
    assert done == ["slow"]
    gate.clear()
    turns.submit("s", slow, failed)
    await turns.drain(0.01)
    await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0)
    assert done == ["slow"]
