"""The mailbox: order, replay, bounds, forgetting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mailbox import MAX_CLAIMS, MAX_EVENTS, MAX_FOLLOWERS, Event, MemoryMailbox

pytestmark = pytest.mark.asyncio
SHORT = 0.01
LONG = 10.0


class Clock:
    """A clock that moves when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def waiting(mailbox: MemoryMailbox, session: str, after: int | None = None) -> list[Event]:
    """What a follower gets before the first silence."""
    found: list[Event] = []
    async for event in mailbox.follow(session, after, SHORT):
        if event is None:
            break
        found.append(event)
    return found


async def test_a_follower_gets_what_was_posted_before_and_after_it_came() -> None:
    mailbox = MemoryMailbox()
    await mailbox.post("s", "message", {"text": "one"})
    stream = mailbox.follow("s", None, LONG)
    assert (await anext(stream)).data == {"text": "one"}  # type: ignore[union-attr]
    late = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    await mailbox.post("s", "message", {"text": "two"})
    assert (await late).data == {"text": "two"}  # type: ignore[union-attr]


@given(count=st.integers(0, MAX_EVENTS), seen=st.integers(0, MAX_EVENTS))
async def test_replay_is_exactly_what_came_after_the_last_id(count: int, seen: int) -> None:
    mailbox = MemoryMailbox()
    for number in range(count):
        await mailbox.post("s", "message", {"number": number})
    events = await waiting(mailbox, "s")
    assert [event.data["number"] for event in events] == list(range(count))
    ids = [event.id for event in events]
    assert ids == sorted(set(ids))
    last = ids[min(seen, count) - 1] if ids and seen else None
    assert await waiting(mailbox, "s", last) == events[min(seen, count) if last else 0 :]


async def test_an_id_from_before_a_restart_replays_everything() -> None:
    before = MemoryMailbox()
    await before.post("s", "message", {})
    (old,) = await waiting(before, "s")
    after = MemoryMailbox()
    assert await waiting(after, "s", old.id) == []
    await after.post("s", "message", {"text": "new"})
    assert [event.data for event in await waiting(after, "s", old.id)] == [{"text": "new"}]
    assert [event.data for event in await waiting(after, "s", 2**60)] == [{"text": "new"}]


async def test_only_the_latest_state_is_kept_where_asked() -> None:
    mailbox = MemoryMailbox()
    for on in (True, False, True):
        await mailbox.post("s", "typing", {"on": on}, latest_only=True)
        await mailbox.post("s", "message", {"on": on})
    events = await waiting(mailbox, "s")
    assert [event.name for event in events] == ["message", "message", "typing", "message"]
    assert events[2].data == {"on": True}


async def test_sessions_do_not_see_each_other() -> None:
    mailbox = MemoryMailbox()
    await mailbox.post("a", "message", {"for": "a"})
    await mailbox.post("b", "message", {"for": "b"})
    assert [event.data["for"] for event in await waiting(mailbox, "a")] == ["a"]


async def test_buffers_are_bounded() -> None:
    mailbox = MemoryMailbox(max_sessions=3)
    for number in range(MAX_EVENTS + 5):
        await mailbox.post("s0", "message", {"number": number})
    assert [event.data["number"] for event in await waiting(mailbox, "s0")] == list(range(5, MAX_EVENTS + 5))
    for number in range(1, 4):
        await mailbox.post(f"s{number}", "message", {})
    assert len(mailbox) == 3
    assert await waiting(mailbox, "s0") == []


async def test_an_untouched_buffer_is_forgotten_and_a_followed_one_is_not() -> None:
    clock = Clock()
    mailbox = MemoryMailbox(lifetime=60, clock=clock)
    await mailbox.post("left", "message", {})
    await mailbox.post("open", "message", {})
    stream = mailbox.follow("open", None, SHORT)
    assert await anext(stream) is not None
    clock.now += 50
    assert await anext(stream) is None
    clock.now += 50
    assert len(mailbox) == 1
    assert len(await waiting(mailbox, "open")) == 1


async def test_ending_forgets_refuses_and_lets_followers_go() -> None:
    clock = Clock()
    mailbox = MemoryMailbox(lifetime=60, clock=clock)
    await mailbox.post("s", "message", {})
    stream = mailbox.follow("s", None, LONG)
    await anext(stream)
    rest = asyncio.ensure_future(_rest(stream))
    await asyncio.sleep(0)
    await mailbox.end("s")
    assert await rest == []
    await mailbox.post("s", "message", {"text": "from a turn still running"})
    assert await mailbox.ended("s")
    assert await waiting(mailbox, "s") == []
    assert not await mailbox.claim("s", "1")
    clock.now += 61
    assert not await mailbox.ended("s")


async def test_the_newest_followers_stay() -> None:
    mailbox = MemoryMailbox()
    await mailbox.post("s", "message", {})
    streams = [mailbox.follow("s", None, LONG) for _ in range(MAX_FOLLOWERS + 1)]
    for stream in streams[:-1]:
        await anext(stream)
    first = asyncio.ensure_future(_rest(streams[0]))
    await asyncio.sleep(0)
    await anext(streams[-1])
    assert await first == []
    waiting_on = [asyncio.ensure_future(anext(stream)) for stream in streams[1:]]
    await asyncio.sleep(0)
    await mailbox.post("s", "message", {"text": "to all"})
    assert all(event is not None for event in await asyncio.gather(*waiting_on))


async def test_closing_lets_every_follower_go() -> None:
    mailbox = MemoryMailbox()
    rests = [asyncio.ensure_future(_rest(mailbox.follow(name, None, LONG))) for name in "ab"]
    await asyncio.sleep(0)
    mailbox.close()
    assert await asyncio.gather(*rests) == [[], []]


async def test_a_message_id_is_claimed_once() -> None:
    mailbox = MemoryMailbox()
    assert await mailbox.claim("s", "first")
    assert not await mailbox.claim("s", "first")
    assert await mailbox.claim("other", "first")
    for number in range(MAX_CLAIMS):
        assert await mailbox.claim("s", str(number))
    assert await mailbox.claim("s", "first"), "claims are bounded: the oldest is forgotten"


async def _rest(stream: AsyncIterator[Event | None]) -> list[Event | None]:
    return [event async for event in stream]


async def test_a_session_is_followed_while_somebody_reads_it() -> None:
    mailbox = MemoryMailbox()
    assert not await mailbox.followed("s")
    assert len(mailbox) == 0
    reading = mailbox.follow("s", None, SHORT)
    await anext(reading)
    assert await mailbox.followed("s")
    assert not await mailbox.followed("t")
    await reading.aclose()  # type: ignore[attr-defined]
    assert not await mailbox.followed("s")
    await anext(mailbox.follow("s", None, SHORT))
    await mailbox.end("s")
    assert not await mailbox.followed("s")
