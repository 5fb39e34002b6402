"""The mailbox, in memory and in a real Valkey: order, replay, bounds, forgetting; and two processes that agree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.channels.mailbox import MAX_CLAIMS, MAX_EVENTS, MAX_FOLLOWERS, Event, Mailbox, MemoryMailbox
from bot.channels.redis_mailbox import RedisMailbox
from tests.valkey import valkey

pytestmark = pytest.mark.asyncio
SHORT = 0.05
LONG = 10.0


KEY = Fernet.generate_key()


class Clock:
    """A clock that moves when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Memory:
    """Mailboxes in memory."""

    def __init__(self) -> None:
        self._clock = Clock()

    def open(self, **options: Any) -> Mailbox:
        """A new mailbox."""
        return MemoryMailbox(clock=self._clock, **options)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for what is kept."""
        self._clock.now += seconds

    async def forget(self) -> None:
        """What happens between two tests."""


class Shared:
    """Mailboxes in Valkey: each has a connection of its own, as those of several processes have."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = Redis.from_url(url)
        self._open: list[RedisMailbox] = []

    def open(self, **options: Any) -> Mailbox:
        """The mailbox of another process."""
        self._open.append(RedisMailbox(Redis.from_url(self._url), KEY, **options))
        return self._open[-1]

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for what is kept."""
        async for name in self._redis.scan_iter():
            left = await self._redis.pttl(name)
            assert left > 0, "everything goes by itself"
            await self._redis.pexpire(name, int(left - seconds * 1000))

    async def forget(self) -> None:
        """Close and empty."""
        for mailbox in self._open:
            await mailbox.close()
        self._open = []
        await self._redis.flushall()

    async def dump(self) -> bytes:
        """All that lies in the server."""
        names = [name async for name in self._redis.scan_iter()]
        return b"".join([name + (await self._redis.dump(name) or b"") for name in names])


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """A running Valkey."""
    with valkey() as url:
        yield url


@pytest_asyncio.fixture(params=["memory", "valkey"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Memory | Shared]:
    """Where mailboxes are kept."""
    kept = Memory() if request.param == "memory" else Shared(request.getfixturevalue("valkey_url"))
    yield kept
    await kept.forget()


@pytest_asyncio.fixture
async def shared(valkey_url: str) -> AsyncIterator[Shared]:
    """Mailboxes of several processes."""
    kept = Shared(valkey_url)
    yield kept
    await kept.forget()


async def waiting(mailbox: Mailbox, session: str, after: int | None = None) -> list[Event]:
    """What a follower gets before the first silence."""
    found: list[Event] = []
    async for event in mailbox.follow(session, after, SHORT):
        if event is None:
            break
        found.append(event)
    return found


async def test_a_follower_gets_what_was_posted_before_and_after_it_came(store: Memory | Shared) -> None:
    mailbox = store.open()
    await mailbox.post("s", "message", {"text": "one"})
    stream = mailbox.follow("s", None, LONG)
    assert (await anext(stream)).data == {"text": "one"}  # type: ignore[union-attr]
    late = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    await mailbox.post("s", "message", {"text": "two"})
    assert (await late).data == {"text": "two"}  # type: ignore[union-attr]


@given(count=st.integers(0, MAX_EVENTS), seen=st.integers(0, MAX_EVENTS))
async def test_replay_is_exactly_what_came_after_the_last_id(count: int, seen: int) -> None:
    await _replays(MemoryMailbox(), count, seen)


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, 1), (7, 0), (7, 3), (MAX_EVENTS, MAX_EVENTS)])
async def test_another_process_replays_exactly_what_came_after_the_last_id(
    shared: Shared, count: int, seen: int
) -> None:
    await _replays(shared.open(), count, seen, shared.open())


async def _replays(mailbox: Mailbox, count: int, seen: int, reader: Mailbox | None = None) -> None:
    reader = reader or mailbox
    for number in range(count):
        await mailbox.post("s", "message", {"number": number})
    events = await waiting(reader, "s")
    assert [event.data["number"] for event in events] == list(range(count))
    ids = [event.id for event in events]
    assert ids == sorted(set(ids))
    last = ids[min(seen, count) - 1] if ids and seen else None
    assert await waiting(reader, "s", last) == events[min(seen, count) if last else 0 :]


async def test_an_id_from_before_a_loss_replays_everything(store: Memory | Shared) -> None:
    before = store.open()
    await before.post("s", "message", {})
    (old,) = await waiting(before, "s")
    await store.forget()
    after = store.open()
    assert await waiting(after, "s", old.id) == []
    await after.post("s", "message", {"text": "new"})
    assert [event.data for event in await waiting(after, "s", old.id)] == [{"text": "new"}]
    assert [event.data for event in await waiting(after, "s", 2**60)] == [{"text": "new"}]


async def test_what_is_said_once_is_said_once_and_keeps_its_id(store: Memory | Shared) -> None:
    mailbox = store.open()
    await mailbox.post("s", "message", {"text": "news"}, once=2**52)
    await mailbox.post("s", "message", {"text": "news"}, once=2**52)
    await mailbox.post("s", "message", {"text": "more"})
    said = await waiting(mailbox, "s")
    assert [event.data["text"] for event in said] == ["news", "more"]
    assert [event.id for event in said] == [2**52, 2**52 + 1]


async def test_an_event_is_found_by_its_id(store: Memory | Shared) -> None:
    mailbox = store.open()
    await mailbox.post("s", "message", {"text": "one"})
    (event,) = await waiting(mailbox, "s")
    assert await mailbox.event("s", event.id) == event
    assert await mailbox.event("s", event.id + 1) is None
    assert await mailbox.event("other", event.id) is None
    await mailbox.end("s")
    assert await mailbox.event("s", event.id) is None


async def test_only_the_latest_state_is_kept_where_asked(store: Memory | Shared) -> None:
    mailbox = store.open()
    for on in (True, False, True):
        await mailbox.post("s", "typing", {"on": on}, latest_only=True)
        await mailbox.post("s", "message", {"on": on})
    events = await waiting(mailbox, "s")
    assert [event.name for event in events] == ["message", "message", "typing", "message"]
    assert events[2].data == {"on": True}


async def test_sessions_do_not_see_each_other(store: Memory | Shared) -> None:
    mailbox = store.open()
    await mailbox.post("a", "message", {"for": "a"})
    await mailbox.post("b", "message", {"for": "b"})
    assert [event.data["for"] for event in await waiting(mailbox, "a")] == ["a"]


async def test_a_buffer_is_bounded(store: Memory | Shared) -> None:
    mailbox = store.open()
    for number in range(MAX_EVENTS + 5):
        await mailbox.post("s", "message", {"number": number})
    assert [event.data["number"] for event in await waiting(mailbox, "s")] == list(range(5, MAX_EVENTS + 5))


async def test_memory_keeps_so_many_buffers_and_no_more() -> None:
    mailbox = MemoryMailbox(max_sessions=3)
    for number in range(4):
        await mailbox.post(f"s{number}", "message", {})
    assert len(mailbox) == 3
    assert await waiting(mailbox, "s0") == []


async def test_an_untouched_buffer_is_forgotten_and_a_followed_one_is_not(store: Memory | Shared) -> None:
    mailbox = store.open(lifetime=60)
    await mailbox.post("left", "message", {})
    await mailbox.post("open", "message", {})
    stream = mailbox.follow("open", None, SHORT)
    assert await anext(stream) is not None
    await store.pass_time(50)
    assert await anext(stream) is None
    await store.pass_time(50)
    assert await waiting(mailbox, "left") == []
    assert len(await waiting(mailbox, "open")) == 1


async def test_ending_forgets_refuses_and_lets_followers_go(store: Memory | Shared) -> None:
    mailbox = store.open(lifetime=60)
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
    await store.pass_time(61)
    assert not await mailbox.ended("s")


async def test_the_newest_followers_stay(store: Memory | Shared) -> None:
    mailbox = store.open()
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


async def test_closing_lets_every_follower_go(store: Memory | Shared) -> None:
    mailbox = store.open()
    rests = [asyncio.ensure_future(_rest(mailbox.follow(name, None, LONG))) for name in "ab"]
    await asyncio.sleep(0)
    await mailbox.close()
    assert await asyncio.gather(*rests) == [[], []]


async def test_a_message_id_is_claimed_once(store: Memory | Shared) -> None:
    mailbox = store.open()
    assert await mailbox.claim("s", "first")
    assert not await mailbox.claim("s", "first")
    assert await mailbox.claim("other", "first")
    for number in range(MAX_CLAIMS):
        assert await mailbox.claim("s", str(number))
    assert await mailbox.claim("s", "first"), "claims are bounded: the oldest is forgotten"


async def _rest(stream: AsyncIterator[Event | None]) -> list[Event | None]:
    return [event async for event in stream]


async def test_a_session_is_followed_while_somebody_reads_it(store: Memory | Shared) -> None:
    mailbox = store.open()
    assert not await mailbox.followed("s")
    reading = mailbox.follow("s", None, SHORT)
    await anext(reading)
    assert await mailbox.followed("s")
    assert not await mailbox.followed("t")
    await reading.aclose()  # type: ignore[attr-defined]
    assert not await mailbox.followed("s")
    await anext(mailbox.follow("s", None, SHORT))
    await mailbox.end("s")
    assert not await mailbox.followed("s")


async def test_two_processes_agree(shared: Shared) -> None:
    here, there = shared.open(), shared.open()
    stream = there.follow("s", None, LONG)
    heard = asyncio.ensure_future(anext(stream))
    while not await here.followed("s"):  # noqa: ASYNC110 - another process is watched
        await asyncio.sleep(SHORT)
    await here.post("s", "message", {"text": "from the other process"})
    event = await heard
    assert event is not None
    assert event.data == {"text": "from the other process"}
    assert sorted(await asyncio.gather(*(box.claim("s", "1") for box in (here, there) * 5)))[-2:] == [
        False,
        True,
    ]
    rest = asyncio.ensure_future(_rest(stream))
    await here.end("s")
    assert await rest == []
    assert await there.ended("s")


async def test_posts_of_many_processes_come_to_all_in_one_order(shared: Shared) -> None:
    boxes = [shared.open() for _ in range(4)]
    await asyncio.gather(*(box.post("s", "message", {"n": n}) for n in range(10) for box in boxes))
    seen = [await waiting(box, "s") for box in boxes]
    assert len(seen[0]) == 40
    assert all(events == seen[0] for events in seen)
    assert len({event.id for event in seen[0]}) == 40


async def test_a_lost_connection_to_the_server_is_taken_up_again(shared: Shared, valkey_url: str) -> None:
    mailbox, other = shared.open(), shared.open()
    await mailbox.post("s", "message", {"n": 1})
    stream = mailbox.follow("s", None, LONG)
    await anext(stream)
    heard = asyncio.ensure_future(anext(stream))
    await Redis.from_url(valkey_url).client_kill_filter(_type="pubsub")
    await other.post("s", "message", {"n": 2})
    event = await heard
    assert event is not None
    assert event.data == {"n": 2}


async def test_nothing_readable_lies_in_the_server(shared: Shared) -> None:
    mailbox = shared.open()
    await mailbox.post("a-session", "message", {"text": "a private word"})
    await anext(mailbox.follow("a-session", None, SHORT))
    lying = await shared.dump()
    assert b"message" in lying
    assert b"private" not in lying
    assert b"a-session" not in lying
