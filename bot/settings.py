"""Every setting of the bot, typed, from the environment (prefix ``FIRSTAID_``) and nowhere else."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import scrypt
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.asyncio import Redis  # type: ignore[import-untyped]

from bot.paths import ROOT

MINIMUM_SECRET_LENGTH = 16
_BOT_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_PUBLIC_URL = re.compile(r"https://[^/\s?#]+/?")
_REDIS_URL = re.compile(r"(?:rediss?|unix)://[^\s]+")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """A setting is missing or broken; the message is one line that names it."""


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < MINIMUM_SECRET_LENGTH:
        raise ValueError(f"must have at least {MINIMUM_SECRET_LENGTH} characters")
    return secret


def _json_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("must be a JSON list") from None


Secret = Annotated[SecretStr, AfterValidator(_long_enough)]


def _bot_token(token: SecretStr) -> SecretStr:
    if token.get_secret_value() and not _BOT_TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("must be a token as @BotFather gives it: digits, a colon, letters")
    return token


def _public(address: str) -> str:
    if address and not _PUBLIC_URL.fullmatch(address):
        raise ValueError("must be https:// and a host, without a path")
    return address.rstrip("/")


def _redis_url(address: SecretStr) -> SecretStr:
    if address.get_secret_value() and not _REDIS_URL.match(address.get_secret_value()):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return address


JsonList = Annotated[list[str], NoDecode, BeforeValidator(_json_list)]


class Settings(BaseSettings):
    """The bot's settings; `.env.example` explains each for operators.

    Secrets left empty are made on the first start and kept, readable by the owner only, in the data
    directory, but in demo mode alone: an operator sets their own.
    """

    model_config = SettingsConfigDict(env_prefix="FIRSTAID_", env_file=".env", extra="ignore")

    data_dir: Annotated[Path, AfterValidator(_absolute)] = ROOT / "var"
    demo: bool | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    database_url: str = ""
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] = SecretStr("")
    action_server_url: str = ""
    rest_token: Secret = SecretStr("")
    secret_key: Secret = SecretStr("")
    intake_url: str = ""
    intake_token: Secret = SecretStr("")
    intake_event_secret: Secret = SecretStr("")
    desk_port: int = Field(default=8081, ge=1, le=65535)
    proxies: int = Field(default=0, ge=0)
    keep_days: int = Field(default=90, ge=1)
    web_origins: JsonList = Field(default_factory=list)
    public_url: Annotated[str, AfterValidator(_public)] = ""
    telegram_token: Annotated[SecretStr, AfterValidator(_bot_token)] = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    organisation: str = "Scam First Aid"
    exit_url: str = "about:blank"

    @model_validator(mode="after")
    def _demo_until_set_up(self) -> Self:
        """A newcomer on loopback who has set nothing up is in demo mode, unless it is said otherwise."""
        if self.demo is None:
            set_up = (self.secret_key, self.intake_token, self.rest_token)
            bare = not any(secret.get_secret_value() for secret in set_up) and not self.database_url
            self.demo = bare and not self.intake_url and self.host in _LOOPBACK
        return self

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the bot's database: SQLite in the data directory unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bot.sqlite3'}"

    @property
    def model_dir(self) -> Path:
        """Where trained models lie."""
        return self.data_dir / "models"

    def secret(self, name: str) -> str:
        """Return the secret `name` (``secret_key``, ``intake_token``).

        Raises:
            SettingsError: it is not set and this is not demo mode.
        """
        value: str = getattr(self, name).get_secret_value()
        if value:
            return value
        if not self.demo:
            raise SettingsError(f"FIRSTAID_{name.upper()} is not set (only demo mode makes its own)")
        return _kept_secret(self.data_dir / "secrets" / name)

    def event_secret(self) -> str:
        """With what the intake service signs events; empty when it sends none."""
        given = self.intake_event_secret.get_secret_value()
        return self.secret("intake_event_secret") if self.demo else given

    @property
    def intake_base_url(self) -> str:
        """Where the intake service is: the embedded desk unless set."""
        return self.intake_url or f"http://127.0.0.1:{self.desk_port}"

    def redis(self) -> Redis | None:
        """A client of the server that several bot processes share; None when there is but one process."""
        address = self.redis_url.get_secret_value()
        return Redis.from_url(address) if address else None

    def derived_key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, derived from ``secret_key``."""
        return _derived(self.secret("secret_key"), purpose)

    def fernet_key(self) -> bytes:
        """The key of everything at rest."""
        return urlsafe_b64encode(self.derived_key("rest"))


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: str) -> bytes:
    return scrypt(secret.encode(), salt=b"scam-first-aid/" + purpose.encode(), n=2**14, r=8, p=1, dklen=32)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, content: str) -> None:
    """Write whole or not at all; of two programs that start together the first one's content stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(content)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with one line naming the first setting at fault.
    """
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "FIRSTAID_" + "_".join(str(part) for part in fault["loc"]).upper()
        raise SettingsError(f"{name}: {fault['msg']}") from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()
