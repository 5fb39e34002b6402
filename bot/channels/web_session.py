"""Who a web visitor is: a signed token, nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.languages import LANGUAGES

MAX_AGE_SECONDS = 24 * 3600
SESSION_BYTES = 24


class BadToken(Exception):
    """The token is forged, expired or not one of ours."""


@dataclass(frozen=True)
class Session:
    """A web visitor's session.

    Attributes:
        id: unguessable.
        language: chosen on the page.
        origin: the site the session was opened on; empty for the chat's own page.
    """

    id: str
    language: str
    origin: str = ""


def new_session(language: str, origin: str = "") -> Session:
    """Open a session with a fresh id."""
    return Session(secrets.token_urlsafe(SESSION_BYTES), language, origin)


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
        token = self._serializer.dumps([session.id, session.language, session.origin])
        return token if isinstance(token, str) else token.decode("ascii")

    def read(self, token: str) -> Session:
        """Return the session of `token`.

        Raises:
            BadToken: it is not a token signed with this key within its age.
        """
        try:
            session, language, origin = self._serializer.loads(token, max_age=self.max_age)
        except (BadData, ValueError, TypeError):
            raise BadToken from None
        if language not in LANGUAGES:
            raise BadToken
        return Session(session, language, origin)
