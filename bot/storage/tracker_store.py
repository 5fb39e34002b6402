"""A tracker store that keeps one encrypted row a conversation.

Rasa's own SQL store keeps every event in clear for ever and reads them all on every turn. Here a
conversation is its slots and, without the messages, its last few turns: cost stays flat, what is at rest is
encrypted and authenticated (Fernet), the sender's id is a keyed hash, and erasing a conversation is deleting its row.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy import (
    Column,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from bot.storage.pseudonyms import pseudonym

KEPT_TURNS = 1
SQLITE_PATIENCE_SECONDS = 2
ERASED_SLOT = "erased"
_EVENT_TYPES: dict[str, type[Event]] = {kind.type_name: kind for kind in all_subclasses(Event)}
_SPOKEN = frozenset({BotUttered.type_name, UserUttered.type_name})

_metadata = MetaData()
_conversations = Table(
    "conversations",
    _metadata,
    Column("sender", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("changed_at", Float, nullable=False),
)

_try_again = retry(
    retry=retry_if_exception_type(OperationalError),
    stop=stop_after_attempt(4),
    wait=wait_random_exponential(multiplier=0.05, max=1),
    reraise=True,
)


class StoreUnavailable(Exception):
    """The database cannot be reached or its content cannot be read with this key."""


class EncryptedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps trackers in any SQLAlchemy database, encrypted.

    A tracker whose slot ``erased`` is set is not saved but erased: the turn that asked for it ends with its row gone.
    """

    def __init__(
        self,
        database: str,
        key: bytes,
        pseudonym_key: bytes,
        domain: Domain | None = None,
        belongings: Sequence[Table] = (),
    ) -> None:
        """Open the database and make its tables.

        Args:
            database: SQLAlchemy URL.
            key: Fernet key that encrypts every row.
            pseudonym_key: keys the hash that stands for a sender's id.
            domain: set by Rasa when a model is loaded.
            belongings: tables of the same database whose rows go with their conversation; each has a column
                ``sender`` with the same pseudonym.

        Raises:
            StoreUnavailable: the database cannot be used.
        """
        super().__init__(domain)
        self._cipher, self._pseudonym_key = Fernet(key), pseudonym_key
        self._belongings = belongings
        try:
            self._engine = _engine(database)
            _metadata.create_all(self._engine)
            for table in belongings:
                table.create(self._engine, checkfirst=True)
        except (SQLAlchemyError, ImportError) as error:  # ImportError: no driver for such a database
            raise StoreUnavailable(f"the bot's database cannot be opened: {type(error).__name__}") from None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker's slots and last turns, or erase them when the person asked for it."""
        if tracker.slots.get(ERASED_SLOT) and tracker.get_slot(ERASED_SLOT):
            self.erase(tracker.sender_id)
            return
        self._write(self._pseudonym(tracker.sender_id), self._seal(tracker))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Bring back a tracker, or None when there is none."""
        body = self._read(self._pseudonym(sender_id))
        return None if body is None else self._unseal(sender_id, body)

    def answers(self) -> bool:
        """Whether the database answers a fresh connection now, with its table in place."""
        self._engine.dispose()
        try:
            with self._engine.connect() as connection:
                connection.execute(select(_conversations.c.sender).limit(1))
        except SQLAlchemyError:
            return False
        return True

    async def keys(self) -> Iterable[str]:
        """Pseudonyms of all conversations."""
        with self._engine.connect() as connection:
            return [row.sender for row in connection.execute(select(_conversations.c.sender))]

    @_try_again
    def erase(self, sender_id: str) -> None:
        """Delete a conversation and what belongs to it."""
        sender = self._pseudonym(sender_id)
        with self._engine.begin() as connection:
            for table in (*self._belongings, _conversations):
                connection.execute(delete(table).where(table.c.sender == sender))

    @_try_again
    def erase_older_than(self, age: timedelta) -> None:
        """Delete the conversations in which nothing was said for `age`."""
        before = time.time() - age.total_seconds()
        old = select(_conversations.c.sender).where(_conversations.c.changed_at < before)
        with self._engine.begin() as connection:
            for table in (*self._belongings, _conversations):
                connection.execute(delete(table).where(table.c.sender.in_(old)))

    @_try_again
    def _write(self, sender: str, body: bytes) -> None:
        row = {"sender": sender, "body": body, "changed_at": time.time()}
        with self._engine.begin() as connection:
            own_row = _conversations.c.sender == sender
            if connection.execute(update(_conversations).where(own_row).values(**row)).rowcount == 0:
                connection.execute(insert(_conversations).values(**row))

    @_try_again
    def _read(self, sender: str) -> bytes | None:
        with self._engine.connect() as connection:
            query = select(_conversations.c.body).where(_conversations.c.sender == sender)
            return connection.execute(query).scalar_one_or_none()

    def _pseudonym(self, sender_id: str) -> str:
        return pseudonym(self._pseudonym_key, sender_id)

    def _seal(self, tracker: DialogueStateTracker) -> bytes:
        content = {
            "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.has_been_set},
            "events": [_wordless(event.as_dict()) for event in last_turns(tracker.events)],
        }
        return self._cipher.encrypt(json.dumps(content, ensure_ascii=False).encode())

    def _unseal(self, sender_id: str, body: bytes) -> DialogueStateTracker:
        try:
            content = json.loads(self._cipher.decrypt(body))
        except InvalidToken:
            raise StoreUnavailable(
                "a conversation cannot be decrypted: FIRSTAID_SECRET_KEY has changed"
            ) from None
        # Slots come last: the start of a session, among the events, empties them.
        slots = (SlotSet(name, value) for name, value in content["slots"].items())
        events = (_event(parameters) for parameters in content["events"])
        tracker = self.init_tracker(sender_id)
        for happened in chain(events, slots):
            tracker.update(happened)
        return tracker


def _event(parameters: dict[str, Any]) -> Event:
    """One kept event; Rasa's own way back searches all classes of events for each."""
    event: Event = _EVENT_TYPES[parameters["event"]]._from_parameters(parameters)
    return event


def last_turns(events: Iterable[Event], turns: int = KEPT_TURNS) -> list[Event]:
    """The events from the beginning of the last `turns` user messages on, without slot changes.

    One more event is kept before them, so that the first kept message follows the action it answered.
    """
    kept = [event for event in events if not isinstance(event, SlotSet)]
    starts = [index for index, event in enumerate(kept) if isinstance(event, UserUttered)]
    if len(starts) <= turns:
        return kept
    return kept[max(starts[-turns] - 1, 0) :]


def _wordless(event: dict[str, Any]) -> dict[str, Any]:
    """The event without anybody's words: what a message was about is enough to go on."""
    kept = {**event, "text": ""} if event["event"] in _SPOKEN else event
    if event["event"] == BotUttered.type_name:
        kept["data"] = {}
    if event["event"] == UserUttered.type_name:
        kept["parse_data"] = {
            "intent": (event.get("parse_data") or {}).get("intent"),
            "entities": [],
            "text": "",
        }
    return kept


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
