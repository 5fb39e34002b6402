"""Turns of one conversation, strictly one after another.

Rasa's own lock keeps turns of a conversation apart but polls once a second; ordering them before it costs
nothing and keeps the order in which they were written.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

MAX_WAITING = 60
TURN_SECONDS = 120.0

Turn = Callable[[], Awaitable[None]]


class Turns:
    """Queues of turns, one per session; a queue and its task exist only while it has something to do.

    Args:
        max_waiting: turns of one session that may wait.
        turn_seconds: after this long a turn is given up, so that it cannot silence its session.
    """

    def __init__(self, max_waiting: int = MAX_WAITING, turn_seconds: float = TURN_SECONDS) -> None:
        self._max_waiting = max_waiting
        self._turn_seconds = turn_seconds
        self._waiting: dict[str, deque[tuple[Turn, Turn]]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}

    def submit(self, session: str, turn: Turn, on_failure: Turn) -> None:
        """Run `turn` after all earlier turns of `session`; `on_failure` when it raises or takes too long."""
        self._waiting.setdefault(session, deque()).append((turn, on_failure))
        if session not in self._workers:
            self._workers[session] = asyncio.create_task(self._work(session))

    def full(self, session: str) -> bool:
        """Whether `session` has as many turns waiting as it may have: ask before `submit`."""
        return len(self._waiting.get(session, ())) >= self._max_waiting

    def drop(self, session: str) -> None:
        """Forget the turns of `session` that have not begun."""
        if session in self._waiting:
            self._waiting[session].clear()

    async def drain(self, seconds: float) -> None:
        """Wait for everything submitted, at most `seconds`, then cancel what is left."""
        workers = list(self._workers.values())
        if workers:
            _, late = await asyncio.wait(workers, timeout=seconds)
            for worker in late:
                worker.cancel()

    async def _work(self, session: str) -> None:
        waiting = self._waiting[session]
        try:
            while waiting:
                turn, on_failure = waiting.popleft()
                if not await self._succeeds(turn, self._turn_seconds):
                    await self._succeeds(on_failure, self._turn_seconds)
        finally:
            del self._workers[session], self._waiting[session]

    async def _succeeds(self, turn: Turn, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await turn()
        except Exception as error:
            # The stack without the error's own words: those may quote what a person wrote.
            stack = "".join(traceback.format_tb(error.__traceback__))
            logger.error("A turn failed with %s\n%s", type(error).__name__, stack)
            return False
        return True
