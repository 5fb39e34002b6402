"""Who a web visitor is (a signed token, nothing else) and how fast they may write."""

from __future__ import annotations

import math
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.languages import LANGUAGES

MAX_AGE_SECONDS = 24 * 3600
SESSION_BYTES = 24
MAX_KEYS = 50_000


class BadToken(Exception):
    """The token is forged, expired or not one of ours."""


@dataclass(frozen=True)
class Session:
    """A web visitor's session: an unguessable `id` and the `language` chosen on the page."""

    id: str
    language: str


def new_session(language: str) -> Session:
    """Open a session with a fresh id."""
    return Session(secrets.token_urlsafe(SESSION_BYTES), language)


class Tokens:
    """Signs sessions into tokens and reads them back.

    Args:
        key: the secret that signs.
        max_age: seconds a token is good for.
    """

    def __init__(self, key: str, max_age: int = MAX_AGE_SECONDS) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="webchat-session")
        self.max_age = max_age

    def issue(self, session: Session) -> str:
        """Sign `session`, from now."""
        token = self._serializer.dumps([session.id, session.language])
        return token if isinstance(token, str) else token.decode("ascii")

    def read(self, token: str) -> Session:
        """Return the session of `token`.

        Raises:
            BadToken: it is not a token signed with this key within its age.
        """
        try:
            session, language = self._serializer.loads(token, max_age=self.max_age)
        except (BadData, ValueError, TypeError):
            raise BadToken from None
        if language not in LANGUAGES:
            raise BadToken
        return Session(session, language)


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

    def wait(self, key: str) -> int:
        """Count an event of `key` and return 0, or do not count it and return the whole seconds to wait."""
        now = self._clock()
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while len(self._times) > MAX_KEYS:
            self._times.popitem(last=False)
        while times and times[0] <= now - self._window:
            times.popleft()
        if len(times) >= self._limit:
            return max(1, math.ceil(times[0] + self._window - now))
        times.append(now)
        return 0
