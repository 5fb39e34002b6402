"""The bot's own database: its engine, its tables, and the keys with which what is kept is sealed.

Rows are encrypted and authenticated (Fernet); a sender's id is only ever a keyed hash here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from actions.intake.database import OtherRelease, make_tables

SQLITE_PATIENCE_SECONDS = 2

metadata = MetaData()
conversations = Table(
    "conversations",
    metadata,
    Column("sender", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("brief", Boolean, nullable=False),
)
resume_codes = Table(
    "resume_codes",
    metadata,
    Column("sender", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", Float, nullable=False),
)
check_ins = Table(
    "check_ins",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sender", String(64), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("due_at", Float, nullable=False, index=True),
    Column("expires_at", Float, nullable=False),
    Column("lease_until", Float),
)
_Number = BigInteger().with_variant(Integer(), "sqlite")
telegram_chats = Table(
    "telegram_chats",
    metadata,
    Column("sender", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("language", String(16)),
    Column("menu", String(16)),
    Column("buttons_at", BigInteger),
    Column("heard", BigInteger),
    Column("asks_number", Boolean),
    Column("seen_at", Float, nullable=False),
)
telegram_inbox = Table(
    "telegram_inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sender", String(64), index=True),
    Column("body", LargeBinary),
    Column("arrived_at", Float, nullable=False),
)
telegram_outbox = Table(
    "telegram_outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("sender", String(64), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, nullable=False, default=0.0),
    Column("claim", String(32), unique=True),
)
# Which conversation a case that was handed over came from, and how far its events were told.
filed_cases = Table(
    "filed_cases",
    metadata,
    Column("case_id", String(36), primary_key=True),
    Column("sender", String(64), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("told", Integer, nullable=False),
)
inbox = Table(
    "inbox",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("case_id", String(36), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("body", LargeBinary),
    Column("taken_at", Float, nullable=False),
    Column("said_as", BigInteger),
    Column("lease_until", Float),
)
# What goes with a conversation when it is erased, by its sender.
belongings = (resume_codes, check_ins, telegram_chats, telegram_outbox)

try_again = retry(
    retry=retry_if_exception_type(OperationalError),
    stop=stop_after_attempt(4),
    wait=wait_random_exponential(multiplier=0.05, max=1),
    reraise=True,
)


class StoreUnavailable(Exception):
    """The database cannot be reached or its content cannot be read with this key."""


class Seal:
    """Encrypts what is kept and names senders by a keyed hash.

    Args:
        key: Fernet key that encrypts every row.
        pseudonym_key: keys the hash that stands for a sender's id.
    """

    def __init__(self, key: bytes, pseudonym_key: bytes) -> None:
        self._cipher, self._pseudonym_key = Fernet(key), pseudonym_key

    def pseudonym(self, sender_id: str) -> str:
        """What stands for a sender."""
        return digest(self._pseudonym_key, sender_id)

    def close(self, content: dict[str, Any]) -> bytes:
        """Encrypt the content of a row."""
        return self.close_bytes(json.dumps(content, ensure_ascii=False).encode())

    def open(self, body: bytes) -> dict[str, Any]:
        """Read the content of a row.

        Raises:
            StoreUnavailable: it was written with another key.
        """
        content: dict[str, Any] = json.loads(self.open_bytes(body))
        return content

    def close_bytes(self, content: bytes) -> bytes:
        """Encrypt what is no mapping."""
        return self._cipher.encrypt(content)

    def open_bytes(self, body: bytes) -> bytes:
        """Read what `close_bytes` made; raises as `open` does."""
        try:
            return self._cipher.decrypt(body)
        except InvalidToken:
            raise StoreUnavailable(
                "a conversation cannot be decrypted: FIRSTAID_SECRET_KEY has changed"
            ) from None


def digest(key: bytes, text: str) -> str:
    """A keyed hash of `text`, 64 hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def open_database(database: str) -> Engine:
    """Open the database at an SQLAlchemy URL and make the tables that are missing.

    Raises:
        StoreUnavailable: it cannot be used.
    """
    try:
        engine = _engine(database)
        with engine.begin() as connection:
            make_tables(connection, metadata)
    except OtherRelease as error:
        raise StoreUnavailable(f"the bot's database cannot be used: {error}") from None
    except (SQLAlchemyError, ImportError) as error:  # ImportError: no driver for such a database
        raise StoreUnavailable(f"the bot's database cannot be opened: {type(error).__name__}") from None
    return engine


def _engine(database: str) -> Engine:
    if not database.startswith("sqlite"):
        return create_engine(database, future=True, pool_pre_ping=True, hide_parameters=True)
    connect = {"timeout": SQLITE_PATIENCE_SECONDS, "check_same_thread": False}
    engine = create_engine(
        database, future=True, poolclass=QueuePool, connect_args=connect, hide_parameters=True
    )
    event.listen(engine, "connect", _write_ahead)
    return engine


def _write_ahead(connection: Any, _record: Any) -> None:
    """A log instead of rewriting the file: a crash of the program loses nothing, and a commit costs little."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
