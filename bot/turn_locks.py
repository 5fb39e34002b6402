"""One turn at a time for each person: within a process, or over all processes that share a Redis or Valkey."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from weakref import WeakValueDictionary

from redis.asyncio import Redis  # type: ignore[import-untyped]
from redis.asyncio.lock import Lock  # type: ignore[import-untyped]
from redis.exceptions import LockError  # type: ignore[import-untyped]

PREFIX = "firstaid:turn:"
# The turn of a process that died gives way after this long.
LEASE_SECONDS = 15.0
POLL_SECONDS = 0.02


class TurnLocks(Protocol):
    """Locks by sender."""

    def hold(self, sender_id: str) -> AbstractAsyncContextManager[Any]:
        """Hold this to be between the turns of a conversation."""


class LocalTurnLocks:
    """`TurnLocks` of one process; first come, first served."""

    def __init__(self) -> None:
        # A lock lives as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def hold(self, sender_id: str) -> asyncio.Lock:
        """See `TurnLocks.hold`."""
        return self._locks.setdefault(sender_id, asyncio.Lock())


class SharedTurnLocks:
    """`TurnLocks` of all processes: first come, first served in each, in no order between them.

    Args:
        redis: the server.
        key: of the hash under which senders stand there.
        lease: seconds after which the turn of a process that died gives way.
    """

    def __init__(self, redis: Redis, key: bytes, lease: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._key = key
        self._lease = lease
        self._local = LocalTurnLocks()

    @contextlib.asynccontextmanager
    async def hold(self, sender_id: str) -> AsyncIterator[None]:
        """See `TurnLocks.hold`; raises `redis.exceptions.RedisError` when the server is not reached."""
        name = PREFIX + hmac.new(self._key, sender_id.encode(), hashlib.sha256).hexdigest()
        async with self._local.hold(sender_id):
            lock = Lock(self._redis, name, timeout=self._lease, sleep=POLL_SECONDS, thread_local=False)
            await lock.acquire()
            renewing = asyncio.create_task(self._renew(lock))
            try:
                yield
            finally:
                renewing.cancel()
                with contextlib.suppress(asyncio.CancelledError, LockError):
                    await renewing
                # Lost when this process hung for longer than the lease: then it is another's.
                with contextlib.suppress(LockError):
                    await lock.release()

    async def _renew(self, lock: Lock) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            await lock.reacquire()
