"""A `Mailbox` in Redis or Valkey: several workers, and every tab wherever it is connected, agree.

What was said is encrypted, and sessions stand under a keyed hash. Everything goes by itself after its lifetime. Each
change is one script, so that it happens whole or not at all. A process hears of changes by one subscription, whatever
number of pages it serves; while the subscription is broken, its pages notice at the latest with their next heartbeat.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

from cryptography.fernet import Fernet
from redis.asyncio import Redis  # type: ignore[import-untyped]
from redis.asyncio.client import PubSub  # type: ignore[import-untyped]
from redis.exceptions import RedisError  # type: ignore[import-untyped]

from bot.channels.mailbox import LIFETIME_SECONDS, MAX_CLAIMS, MAX_EVENTS, MAX_FOLLOWERS, Event
from bot.quiet import place

logger = logging.getLogger(__name__)

PREFIX = "firstaid:web:"
# A follower whose process died is forgotten after this long.
LEASE_SECONDS = 60
RETRY_SECONDS = 1.0

# A session has a key each for its end, its events, its last id, what was said once, its claims and its followers.
# Events are "<id>\n<name>\n<encrypted data>", ordered by id.
_POST = """
local ended, box, last, once = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, data, latest_only, once_id, now, life = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if redis.call('EXISTS', ended) == 1 then return 0 end
if once_id ~= '' then
  if redis.call('ZADD', once, 'NX', now, once_id) == 0 then return 0 end
  redis.call('ZREMRANGEBYRANK', once, 0, -tonumber(ARGV[8]) - 1)
  redis.call('PEXPIRE', once, life)
end
if latest_only == '1' then
  for _, member in ipairs(redis.call('ZRANGE', box, 0, -1)) do
    if string.match(member, '^%d+\\n([^\\n]*)\\n') == name then redis.call('ZREM', box, member) end
  end
end
local before = tonumber(redis.call('GET', last) or '0')
local wanted = tonumber(once_id ~= '' and once_id or now)
local id = string.format('%.0f', math.max(before + 1, wanted))
redis.call('ZADD', box, id, id .. '\\n' .. name .. '\\n' .. data)
redis.call('ZREMRANGEBYRANK', box, 0, -tonumber(ARGV[7]) - 1)
redis.call('SET', last, id, 'PX', life)
redis.call('PEXPIRE', box, life)
redis.call('PUBLISH', ARGV[9], ARGV[10])
return 1
"""
# Followers are "<when they came>:<who>", with the end of their lease as score.
_JOIN = """
local followers, now = KEYS[2], ARGV[2]
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZREMRANGEBYSCORE', followers, '-inf', now)
redis.call('ZADD', followers, ARGV[3], ARGV[1])
redis.call('PEXPIRE', followers, ARGV[4])
local all = redis.call('ZRANGE', followers, 0, -1)
if #all > tonumber(ARGV[5]) then
  table.sort(all)
  redis.call('ZREM', followers, all[1])
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return 1
"""
_CLAIM = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1]) == 0 then return 0 end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -tonumber(ARGV[4]) - 1)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
"""
_END = """
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
"""


class RedisMailbox:
    """A `Mailbox` that all workers of a deployment share.

    Args:
        redis: the server, with answers as bytes; closed with the mailbox.
        key: of `cryptography.fernet`, for what was said and for the names of sessions.
        lifetime: seconds an untouched buffer, and the memory of an ended session, are kept.
    """

    def __init__(self, redis: Redis, key: bytes, lifetime: float = LIFETIME_SECONDS) -> None:
        self._redis = redis
        self._key = key
        self._fernet = Fernet(key)
        self._lifetime = int(lifetime * 1000)
        self._post = redis.register_script(_POST)
        self._join = redis.register_script(_JOIN)
        self._claim = redis.register_script(_CLAIM)
        self._end = redis.register_script(_END)
        self._wakes = _Wakes(redis, PREFIX + "wake")

    async def post(
        self,
        session: str,
        name: str,
        data: Mapping[str, Any],
        *,
        latest_only: bool = False,
        once: int | None = None,
    ) -> None:
        """See `Mailbox.post`."""
        box = self._name(session)
        await self._post(
            keys=_keys(box, "ended", "events", "last", "once"),
            args=[
                name,
                self._fernet.encrypt(json.dumps(dict(data)).encode()),
                int(latest_only),
                "" if once is None else once,
                _microseconds(),
                self._lifetime,
                MAX_EVENTS,
                MAX_CLAIMS,
                self._wakes.channel,
                box,
            ],
        )

    async def follow(self, session: str, after: int | None, idle: float) -> AsyncIterator[Event | None]:
        """See `Mailbox.follow`."""
        box, me = self._name(session), f"{_microseconds():020d}:{uuid4()}"
        async with self._wakes.of(box) as wakes:
            if not await self._stay(box, me, MAX_FOLLOWERS):
                return
            last = int(await self._redis.get(_keys(box, "last")[0]) or 0)
            seen = after if after is not None and after <= last else 0
            try:
                while not self._wakes.closed and await self._follows(box, me):
                    changed = wakes.changed
                    fresh = [event for event in await self._events(box, seen) if event.id != after]
                    for event in fresh:
                        seen = event.id
                        yield event
                    silent = not fresh and not await wakes.happens(changed, idle)
                    await self._touch(box, me)
                    if silent:
                        yield None
            finally:
                with contextlib.suppress(RedisError):
                    await self._redis.zrem(_keys(box, "followers")[0], me)

    async def event(self, session: str, id: int) -> Event | None:
        """See `Mailbox.event`."""
        found = await self._redis.zrangebyscore(_keys(self._name(session), "events")[0], id, id)
        return self._read(found[0]) if found else None

    async def followed(self, session: str) -> bool:
        """See `Mailbox.followed`."""
        followers = _keys(self._name(session), "followers")[0]
        return bool(await self._redis.zcount(followers, f"({_milliseconds()}", "+inf"))

    async def claim(self, session: str, client_id: str) -> bool:
        """See `Mailbox.claim`."""
        keys = _keys(self._name(session), "ended", "claims")
        return bool(
            await self._claim(keys=keys, args=[client_id, _microseconds(), self._lifetime, MAX_CLAIMS])
        )

    async def end(self, session: str) -> None:
        """See `Mailbox.end`."""
        box = self._name(session)
        keys = _keys(box, "ended", "events", "last", "once", "claims", "followers")
        await self._end(keys=keys, args=[self._lifetime, self._wakes.channel, box])

    async def ended(self, session: str) -> bool:
        """See `Mailbox.ended`."""
        return bool(await self._redis.exists(_keys(self._name(session), "ended")[0]))

    async def close(self) -> None:
        """See `Mailbox.close`."""
        await self._wakes.close()
        await self._redis.close()

    async def _stay(self, box: str, me: str, most: int) -> bool:
        keys = _keys(box, "ended", "followers")
        lease = _milliseconds() + LEASE_SECONDS * 1000
        args = [me, _milliseconds(), lease, self._lifetime, most, self._wakes.channel, box]
        return bool(await self._join(keys=keys, args=args))

    async def _follows(self, box: str, me: str) -> bool:
        return await self._redis.zscore(_keys(box, "followers")[0], me) is not None

    async def _touch(self, box: str, me: str) -> None:
        """Keep what an open page follows, and its place among the followers if it still has one."""
        followers, *kept = _keys(box, "followers", "events", "last", "once", "claims")
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(followers, {me: _milliseconds() + LEASE_SECONDS * 1000}, xx=True)
            for key in (followers, *kept):
                pipeline.pexpire(key, self._lifetime)
            await pipeline.execute()

    async def _events(self, box: str, after: int) -> list[Event]:
        found = await self._redis.zrangebyscore(_keys(box, "events")[0], f"({after}", "+inf")
        return [self._read(member) for member in found]

    def _read(self, member: bytes) -> Event:
        id, name, data = member.split(b"\n", 2)
        return Event(int(id), name.decode(), json.loads(self._fernet.decrypt(data)))

    def _name(self, session: str) -> str:
        return hmac.new(self._key, session.encode(), hashlib.sha256).hexdigest()


class _Wakes:
    """What tells this process that something happened in the boxes it has followers of."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self.channel = channel
        self.closed = False
        self._redis = redis
        self._changed: dict[str, asyncio.Event] = {}
        self._followers: Counter[str] = Counter()
        self._listening: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def of(self, box: str) -> AsyncIterator[_Wake]:
        """The wakes of one box, heard from now on."""
        self._changed.setdefault(box, asyncio.Event())
        self._followers[box] += 1
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            await self._subscribed.wait()
            yield _Wake(self._changed, box)
        finally:
            self._followers[box] -= 1
            if not self._followers[box]:
                del self._followers[box], self._changed[box]

    async def close(self) -> None:
        """Wake everybody for the last time."""
        self.closed = True
        self._subscribed.set()
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        self._wake_all()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=False) as subscription:
                    await self._hear(subscription)
            except RedisError as error:
                logger.error("the shared mailbox is not reached: %s", place(error))
            self._subscribed.clear()
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self, subscription: PubSub) -> None:
        await subscription.subscribe(self.channel)
        async for message in subscription.listen():
            if message["type"] == "subscribe":
                # Whatever happened before goes unheard: everybody looks.
                self._subscribed.set()
                self._wake_all()
            elif message["type"] == "message":
                self._wake(message["data"].decode())

    def _wake_all(self) -> None:
        for box in list(self._changed):
            self._wake(box)

    def _wake(self, box: str) -> None:
        if box in self._changed:
            self._changed[box].set()
            self._changed[box] = asyncio.Event()


class _Wake:
    """The wakes of one box."""

    def __init__(self, changed: Mapping[str, asyncio.Event], box: str) -> None:
        self._changed = changed
        self._box = box

    @property
    def changed(self) -> asyncio.Event:
        """Take it before looking, wait for it after: nothing that happens between is missed."""
        return self._changed[self._box]

    async def happens(self, event: asyncio.Event, within: float) -> bool:
        """Whether `event` happens in time."""
        try:
            async with asyncio.timeout(within):
                await event.wait()
        except TimeoutError:
            return False
        return True


def _keys(box: str, *names: str) -> list[str]:
    # The braces keep the keys of a session together on one node of a cluster.
    return [f"{PREFIX}{{{box}}}:{name}" for name in names]


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _microseconds() -> int:
    return time.time_ns() // 1000
