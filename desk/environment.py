"""Every setting of the desk, typed, from the environment (prefix ``FIRSTAID_``) and nowhere else."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import dj_database_url
from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MINIMUM_SECRET_LENGTH = 16
# What Django asks of the key that signs sessions.
MINIMUM_KEY_LENGTH = 50
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DATABASE_ENGINES = frozenset({"django.db.backends.sqlite3", "django.db.backends.postgresql"})


class SettingsError(Exception):
    """A setting is missing or broken; the message is one line that names it."""


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < MINIMUM_SECRET_LENGTH:
        raise ValueError(f"must have at least {MINIMUM_SECRET_LENGTH} characters")
    return secret


def _signs_sessions(key: SecretStr) -> SecretStr:
    if 0 < len(key.get_secret_value()) < MINIMUM_KEY_LENGTH:
        raise ValueError(f"must have at least {MINIMUM_KEY_LENGTH} characters")
    return key


def _known_database(url: str) -> str:
    if not url:
        return url
    try:
        engine = dj_database_url.parse(url)["ENGINE"]
    except ValueError:
        raise ValueError("is not a database URL") from None
    if engine not in DATABASE_ENGINES:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return url


def _safe_url(url: str) -> str:
    if not url:
        return url
    parts = urlsplit(url)
    is_local = parts.hostname in LOOPBACK and parts.scheme == "http"
    if not (is_local or (parts.scheme == "https" and parts.hostname)):
        raise ValueError("must begin with https://, or http:// on this machine")
    return url


def _comma_separated(hosts: object) -> object:
    if not isinstance(hosts, str):
        return hosts
    return tuple(host.strip() for host in hosts.split(",") if host.strip())


Secret = Annotated[SecretStr, AfterValidator(_long_enough)]


class Environment(BaseSettings):
    """The desk's settings.

    In demo mode a secret left empty is made on the first start and kept, readable by the owner only, under
    ``secrets/`` of the data directory. Otherwise the operator sets each. `desk_hosts` are the names
    under which the desk is reached over the network, so through HTTPS; loopback always works. Answers go
    back to the bot at `desk_events_url`, signed with `intake_event_secret`; nowhere when it is empty.
    """

    model_config = SettingsConfigDict(env_prefix="FIRSTAID_", env_file=".env", extra="ignore")

    data_dir: Annotated[Path, AfterValidator(_absolute)] = Path("var")
    demo: bool = False
    desk_secret_key: Annotated[SecretStr, AfterValidator(_signs_sessions)] = SecretStr("")
    desk_database_url: Annotated[str, AfterValidator(_known_database)] = ""
    desk_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_separated)] = ()
    intake_token: Secret = SecretStr("")
    intake_event_secret: Secret = SecretStr("")
    desk_events_url: Annotated[str, AfterValidator(_safe_url)] = ""

    @property
    def database_url(self) -> str:
        """URL of the desk's database: SQLite in the data directory unless set."""
        return self.desk_database_url or f"sqlite:///{self.data_dir / 'desk.sqlite3'}"

    def secret(self, name: str) -> str:
        """Return the secret `name` (``desk_secret_key``, ``intake_token``, ``intake_event_secret``).

        Raises:
            SettingsError: it is not set and this is not demo mode.
        """
        value: str = getattr(self, name).get_secret_value()
        if value:
            return value
        if not self.demo:
            raise SettingsError(f"FIRSTAID_{name.upper()} is not set (only demo mode makes its own)")
        return self.kept_secret(name)[0]

    def kept_secret(self, name: str) -> tuple[str, bool]:
        """Return the generated secret `name` of the data directory, and whether it was made just now.

        Two programs that start together on one data directory end up with the same secret.
        """
        path = self.data_dir / "secrets" / name
        made = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                made = _write_once(path, secrets.token_urlsafe(48))
            return path.read_text(encoding="ascii").strip(), made
        except OSError as error:
            raise SettingsError(f"FIRSTAID_DATA_DIR: {error.strerror}") from None


def _write_once(path: Path, content: str) -> bool:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def read_environment() -> Environment:
    """Read the settings and make the data directory.

    Raises:
        SettingsError: with one line naming the first setting at fault.
    """
    try:
        environment = Environment()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "FIRSTAID_" + str(fault["loc"][0]).upper()
        raise SettingsError(f"{name}: {fault['msg']}") from None
    try:
        environment.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"FIRSTAID_DATA_DIR: {error.strerror}") from None
    return environment


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings of this process, read once."""
    return read_environment()
