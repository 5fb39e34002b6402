"""How this bot and Telegram reach one another: the token outwards, a path and a secret inwards."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from telegram.ext import AIORateLimiter, BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.settings import Settings

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name only
PREFIX: Final = "/webhooks/telegram/"
CONNECTIONS: Final = 64
PATIENCE_SECONDS: Final = 15.0
# The queue of the sender waits and tries again by itself.
_NO_RETRIES: Final = 0


@dataclass(frozen=True)
class Door:
    """Where Telegram delivers: neither can be guessed, both follow from the installation's key and the bot's token."""

    path: str = field(repr=False)
    secret: str = field(repr=False)

    def opens(self, given: str | None) -> bool:
        """Whether a request carries the secret."""
        return hmac.compare_digest((given or "").encode("utf-8", "replace"), self.secret.encode())


def door(settings: Settings) -> Door:
    """The door of this installation.

    Raises:
        SettingsError: ``FIRSTAID_SECRET_KEY`` is missing.
    """
    key = settings.derived_key("telegram webhook")
    token = settings.telegram_token.get_secret_value()
    return Door(*(_derived(key, purpose + token) for purpose in ("path:", "secret:")))


def _derived(key: bytes, purpose: str) -> str:
    return urlsafe_b64encode(hmac.new(key, purpose.encode(), sha256).digest()).decode().rstrip("=")


def make_bot(settings: Settings, *, limited: bool = True) -> ExtBot[int]:
    """The client of the Bot API, kept within Telegram's limits unless told otherwise; not yet initialised."""
    rate_limiter: BaseRateLimiter[int] | None = AIORateLimiter(max_retries=_NO_RETRIES) if limited else None
    api = settings.telegram_api_url.rstrip("/")
    return ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=_request(CONNECTIONS),
        get_updates_request=_request(1),
        rate_limiter=rate_limiter,
    )


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connections,
        read_timeout=PATIENCE_SECONDS,
        write_timeout=PATIENCE_SECONDS,
        connect_timeout=PATIENCE_SECONDS,
        pool_timeout=PATIENCE_SECONDS,
        media_write_timeout=PATIENCE_SECONDS,
    )
