"""How often something may happen."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MAX_KEYS = 50_000


class RateLimit:
    """At most `limit` events a key within any `window` seconds.

    Args:
        limit: events allowed.
        window: seconds they count for.
        clock: monotonic seconds.
    """

    def __init__(self, limit: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def pause(self, key: str) -> int:
        """The whole seconds until `key` may have another event; 0 for at once."""
        now, times = self._clock(), self._times.get(key, deque())
        while times and times[0] <= now - self._window:
            times.popleft()
        return max(1, math.ceil(times[0] + self._window - now)) if len(times) >= self._limit else 0

    def count(self, key: str) -> None:
        """Count an event of `key`."""
        self._times.setdefault(key, deque()).append(self._clock())
        self._times.move_to_end(key)
        while len(self._times) > MAX_KEYS:
            self._times.popitem(last=False)

    def wait(self, key: str) -> int:
        """Count an event of `key` and return 0, or do not count it and return the whole seconds to wait."""
        pause = self.pause(key)
        if not pause:
            self.count(key)
        return pause
