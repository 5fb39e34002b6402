"""One turn at a time: in a process, over processes, and after one died."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.turn_locks import PREFIX, LocalTurnLocks, SharedTurnLocks, TurnLocks
from tests.valkey import valkey

KEY = b"a key of a test"


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[Redis]:
    """A running Valkey."""
    with valkey() as url:
        client = Redis.from_url(url)
        yield client
        await client.close()


async def overlaps(locks: list[TurnLocks], sender: str = "web:one") -> bool:
    """Whether two of many turns ever ran at the same time."""
    running, most = 0, 0

    async def turn(own: TurnLocks) -> None:
        nonlocal running, most
        async with own.hold(sender):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.005)
            running -= 1

    await asyncio.gather(*(turn(own) for _ in range(5) for own in locks))
    return most > 1


async def test_turns_of_a_process_come_in_order() -> None:
    locks, order = LocalTurnLocks(), []

    async def turn(number: int) -> None:
        async with locks.hold("one"):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(turn(number) for number in range(9)))
    assert order == list(range(9))
    assert await overlaps([LocalTurnLocks(), LocalTurnLocks()]), "the test can tell"


async def test_turns_of_two_processes_never_overlap(redis: Redis) -> None:
    assert not await overlaps([SharedTurnLocks(redis, KEY), SharedTurnLocks(redis, KEY)])
    assert await redis.keys() == []


async def test_people_do_not_wait_for_each_other(redis: Redis) -> None:
    locks = SharedTurnLocks(redis, KEY)
    async with asyncio.timeout(5), locks.hold("web:one"), locks.hold("web:two"):
        assert not any(b"web:" in name for name in await redis.keys(PREFIX + "*"))


async def test_a_long_turn_keeps_its_lock_and_a_dead_one_gives_way(redis: Redis) -> None:
    here, there = (SharedTurnLocks(redis, KEY, lease=0.3) for _ in range(2))
    async with here.hold("web:one"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.9), there.hold("web:one"):
                pass
        [name] = await redis.keys(PREFIX + "*")
    await redis.set(name, "of a process that died", px=300)
    async with asyncio.timeout(5), there.hold("web:one"):
        pass
