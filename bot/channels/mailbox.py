"""What the bot has said to each web session and the page may still have to hear.

A page reads its mailbox as a stream and, after a broken connection or a reload, asks for what came after the
last event it saw. Buffers are bounded, forgotten after a time, and gone at once when the person leaves.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

MAX_EVENTS = 200
MAX_CLAIMS = 500
MAX_SESSIONS = 20_000
MAX_FOLLOWERS = 8
LIFETIME_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Event:
    """One server-sent event: `id` grows within a session, `name` is its type, `data` its JSON body."""

    id: int
    name: str
    data: Mapping[str, Any]


class Mailbox(Protocol):
    """State of web sessions that every worker and every tab must agree on."""

    async def post(
        self,
        session: str,
        name: str,
        data: Mapping[str, Any],
        *,
        latest_only: bool = False,
        once: int | None = None,
    ) -> None:
        """Add an event; `latest_only` drops earlier events of that name. Does nothing once ended."""

    def follow(self, session: str, after: int | None, idle: float) -> AsyncIterator[Event | None]:
        """Yield events with an id above `after` (all when None), and None after `idle` seconds of silence.

        Ends when the session ends, the mailbox closes, or newer followers crowd this one out.
        """

    async def event(self, session: str, id: int) -> Event | None:
        """The event of that id, while it is kept."""

    async def followed(self, session: str) -> bool:
        """Whether somebody follows the session now."""

    async def claim(self, session: str, client_id: str) -> bool:
        """Return True the first time a message id is seen in a session, False when it is repeated."""

    async def end(self, session: str) -> None:
        """Forget the session's events and refuse it from now on."""

    async def ended(self, session: str) -> bool:
        """Whether `end` was called for the session within its lifetime."""

    async def close(self) -> None:
        """End every follower: the server stops."""


@dataclass
class _Box:
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))
    claims: OrderedDict[str, None] = field(default_factory=OrderedDict)
    said_once: OrderedDict[int, None] = field(default_factory=OrderedDict)
    followers: list[object] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    last_id: int = 0
    touched: float = 0.0

    def wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class MemoryMailbox:
    """A `Mailbox` in the memory of one process.

    Args:
        lifetime: seconds an untouched buffer, and the memory of an ended session, are kept.
        max_sessions: buffers kept; the longest untouched goes first.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        lifetime: float = LIFETIME_SECONDS,
        max_sessions: int = MAX_SESSIONS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifetime = lifetime
        self._max_sessions = max_sessions
        self._clock = clock
        self._boxes: OrderedDict[str, _Box] = OrderedDict()
        self._ended: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        self._sweep()
        return len(self._boxes)

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
        box = self._box(session)
        if box is None:
            return
        if latest_only:
            kept = [event for event in box.events if event.name != name]
            box.events = deque(kept, maxlen=MAX_EVENTS)
        if once is not None and not _first(box.said_once, once):
            return
        # Wall-clock ids keep growing across a restart, so a page's last id stays meaningful.
        box.last_id = max(box.last_id + 1, time.time_ns() // 1000 if once is None else once)
        box.events.append(Event(box.last_id, name, dict(data)))
        box.wake()

    async def follow(self, session: str, after: int | None, idle: float) -> AsyncIterator[Event | None]:
        """See `Mailbox.follow`."""
        box = self._box(session)
        if box is None:
            return
        me = object()
        box.followers.append(me)
        if len(box.followers) > MAX_FOLLOWERS:
            box.followers.pop(0)
            box.wake()
        # An id this buffer never gave out comes from before it was lost: everything in it is news.
        seen = after if after is not None and after <= box.last_id else 0
        try:
            while me in box.followers:
                changed = box.changed
                # What is said once over a restart has the id it had before: the page may know it.
                fresh = [event for event in box.events if event.id > seen and event.id != after]
                for event in fresh:
                    seen = event.id
                    yield event
                if not fresh and not await _happens(changed, idle):
                    self._touch(session, box)
                    yield None
        finally:
            if me in box.followers:
                box.followers.remove(me)

    async def event(self, session: str, id: int) -> Event | None:
        """See `Mailbox.event`."""
        self._sweep()
        box = self._boxes.get(session)
        return next((event for event in box.events if event.id == id), None) if box else None

    async def followed(self, session: str) -> bool:
        """See `Mailbox.followed`."""
        box = self._boxes.get(session)
        return box is not None and bool(box.followers)

    async def claim(self, session: str, client_id: str) -> bool:
        """See `Mailbox.claim`."""
        box = self._box(session)
        return box is not None and _first(box.claims, client_id)

    async def end(self, session: str) -> None:
        """See `Mailbox.end`."""
        self._drop(session)
        self._ended[session] = self._clock()
        self._ended.move_to_end(session)
        self._sweep()

    async def ended(self, session: str) -> bool:
        """See `Mailbox.ended`."""
        self._sweep()
        return session in self._ended

    async def close(self) -> None:
        """See `Mailbox.close`."""
        for box in self._boxes.values():
            box.followers.clear()
            box.wake()

    def _box(self, session: str) -> _Box | None:
        self._sweep()
        if session in self._ended:
            return None
        box = self._boxes.setdefault(session, _Box())
        self._touch(session, box)
        while len(self._boxes) > self._max_sessions:
            self._drop(next(iter(self._boxes)))
        return box

    def _touch(self, session: str, box: _Box) -> None:
        if self._boxes.get(session) is box:
            box.touched = self._clock()
            self._boxes.move_to_end(session)

    def _drop(self, session: str) -> None:
        box = self._boxes.pop(session, None)
        if box is not None:
            box.followers.clear()
            box.wake()

    def _sweep(self) -> None:
        oldest = self._clock() - self._lifetime
        while self._boxes and next(iter(self._boxes.values())).touched < oldest:
            self._drop(next(iter(self._boxes)))
        while self._ended and next(iter(self._ended.values())) < oldest:
            self._ended.popitem(last=False)


def _first[Key](seen: OrderedDict[Key, None], key: Key) -> bool:
    """Whether `key` is new among the latest that were `seen`; from now on it is not."""
    if key in seen:
        return False
    seen[key] = None
    if len(seen) > MAX_CLAIMS:
        seen.popitem(last=False)
    return True


async def _happens(event: asyncio.Event, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
