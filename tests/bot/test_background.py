"""Work that goes on beside the talks."""

from __future__ import annotations

import asyncio

import pytest

from bot.background import repeat


async def test_it_goes_on_at_once_while_there_is_more_to_do_and_after_a_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, rounds = asyncio.Event(), iter([True, ValueError("a person's words"), True, False])

    async def work() -> bool:
        found = next(rounds)
        if isinstance(found, Exception):
            raise found
        if not found:
            stop.set()
        return found

    await repeat(work, stop, pause=0.001, failed="the work failed")
    assert next(rounds, None) is None
    assert "the work failed" in caplog.text
    assert "a person's words" not in caplog.text


async def test_a_pause_ends_when_it_is_told_to_stop() -> None:
    stop, begun = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()

    task = asyncio.create_task(repeat(work, stop, pause=3600, failed=""))
    await begun.wait()
    stop.set()
    async with asyncio.timeout(10):
        await task
