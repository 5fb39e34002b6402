"""A tracker store that keeps one encrypted row a conversation.

Rasa's own SQL store keeps every event in clear for ever and reads them all on every turn. Here a
conversation is its slots and, without the messages, its last few turns: cost stays flat, what is at rest is
encrypted and authenticated (Fernet), the sender's id is a keyed hash, and erasing a conversation is deleting its row.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import timedelta
from itertools import chain
from typing import Any

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.check_ins import Recipient
from bot.storage.database import (
    Seal,
    StoreUnavailable,
    belongings,
    check_ins,
    conversations,
    filed_cases,
    inbox,
    open_database,
    resume_codes,
    try_again,
)

KEPT_TURNS = 1
ERASED_SLOT = "erased"
RESUMED_SLOT = "resumed"
BRIEF_SLOT = "brief"
FILED_SLOT = "filed"
LANGUAGE_SLOT = "language"
BRIEFLY = timedelta(days=1)
_EVENT_TYPES: dict[str, type[Event]] = {kind.type_name: kind for kind in all_subclasses(Event)}
_SPOKEN = frozenset({BotUttered.type_name, UserUttered.type_name})


class EncryptedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps trackers in any SQLAlchemy database, encrypted.

    A tracker whose slot ``erased`` is set is not saved but erased: the turn that asked for it ends with its row gone.
    One whose slot ``resumed`` holds the digest of a resume code takes the place of the conversation the code belonged
    to, in one transaction: the case is in one conversation or in the other, never in both and never in neither.
    The cases of the slot ``filed``, and no others, lead back to this conversation, for what is heard of them later.
    One whose slot ``brief`` is set is of somebody whom a kept talk may harm: it is kept for `BRIEFLY` only.
    """

    def __init__(self, database: str, key: bytes, pseudonym_key: bytes, domain: Domain | None = None) -> None:
        """Open the database and make its table.

        Args:
            database: SQLAlchemy URL.
            key: Fernet key that encrypts every row.
            pseudonym_key: keys the hash that stands for a sender's id.
            domain: set by Rasa when a model is loaded.

        Raises:
            StoreUnavailable: the database cannot be used.
        """
        super().__init__(domain)
        self._seal = Seal(key, pseudonym_key)
        self._engine = open_database(database)
        self._found: set[str] = set()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker's slots and last turns, or erase them when the person asked for it."""
        if _slot(tracker, ERASED_SLOT):
            self.erase(tracker.sender_id)
            return
        row = {
            "sender": self._seal.pseudonym(tracker.sender_id),
            "body": self._seal.close(_content(tracker)),
            "changed_at": time.time(),
            "brief": bool(_slot(tracker, BRIEF_SLOT)),
        }
        channel = tracker.get_latest_input_channel() or ""
        recipient = Recipient(tracker.sender_id, channel, _slot(tracker, LANGUAGE_SLOT) or "")
        filed = _slot(tracker, FILED_SLOT)
        self._write(row, _slot(tracker, RESUMED_SLOT), filed, self._seal.close(asdict(recipient)))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Bring back a tracker, or None when there is none."""
        sender = self._seal.pseudonym(sender_id)
        body = self._read(sender)
        if body is None:
            self._found.discard(sender)
            return None
        self._found.add(sender)
        return self._tracker(sender_id, self._seal.open(body))

    def answers(self) -> bool:
        """Whether the database answers a fresh connection now, with its table in place."""
        self._engine.dispose()
        try:
            with self._engine.connect() as connection:
                connection.execute(select(conversations.c.sender).limit(1))
        except SQLAlchemyError:
            return False
        return True

    async def keys(self) -> Iterable[str]:
        """Pseudonyms of all conversations."""
        with self._engine.connect() as connection:
            return [row.sender for row in connection.execute(select(conversations.c.sender))]

    @try_again
    def erase(self, sender_id: str) -> None:
        """Delete a conversation and what belongs to it, with what was heard of its cases."""
        sender = self._seal.pseudonym(sender_id)
        with self._engine.begin() as connection:
            _forget_cases(connection, filed_cases.c.sender == sender)
            for table in (*belongings, conversations):
                connection.execute(delete(table).where(table.c.sender == sender))

    @try_again
    def erase_older_than(self, age: timedelta) -> None:
        """Delete the conversations in which nothing was said for `age` (or `BRIEFLY`), and what is left without one."""
        now, changed_at = time.time(), conversations.c.changed_at
        before = now - age.total_seconds()
        is_old = (changed_at < before) | (
            conversations.c.brief & (changed_at < now - BRIEFLY.total_seconds())
        )
        old = select(conversations.c.sender).where(is_old)
        with self._engine.begin() as connection:
            _forget_cases(connection, filed_cases.c.sender.in_(old))
            for table in (*belongings, conversations):
                connection.execute(delete(table).where(table.c.sender.in_(old)))
            left = select(conversations.c.sender)
            of_nothing = resume_codes.c.sender.not_in(left) & (resume_codes.c.made_at < before)
            connection.execute(delete(resume_codes).where(of_nothing))

    @try_again
    def _write(
        self, row: dict[str, Any], resumed: str | None, filed: Collection[str] | None, recipient: bytes
    ) -> None:
        """Write a row; one that was there when the turn began and is gone now was taken over or erased: it stays so."""
        sender = row["sender"]
        with self._engine.begin() as connection:
            if resumed:
                _take_over(connection, resumed, sender)
            own_row = conversations.c.sender == sender
            written = connection.execute(update(conversations).where(own_row).values(**row)).rowcount
            if not written and (resumed or sender not in self._found):
                written = connection.execute(insert(conversations).values(**row)).rowcount
            if written and filed is not None:
                _lead_back(connection, filed, {"sender": sender, "body": recipient})
        self._found.discard(sender)

    @try_again
    def _read(self, sender: str) -> bytes | None:
        with self._engine.connect() as connection:
            query = select(conversations.c.body).where(conversations.c.sender == sender)
            return connection.execute(query).scalar_one_or_none()

    def _tracker(self, sender_id: str, content: dict[str, Any]) -> DialogueStateTracker:
        # Slots come last: the start of a session, among the events, empties them.
        slots = (SlotSet(name, value) for name, value in content["slots"].items())
        events = (_event(parameters) for parameters in content["events"])
        tracker = self.init_tracker(sender_id)
        for happened in chain(events, slots):
            tracker.update(happened)
        return tracker


def _take_over(connection: Connection, code: str, sender: str) -> None:
    """Let `sender` hold the code and erase the conversation that held it."""
    by_code = resume_codes.c.digest == code
    holder = connection.execute(select(resume_codes.c.sender).where(by_code)).scalar_one_or_none()
    if holder == sender:
        return
    connection.execute(delete(resume_codes).where(resume_codes.c.sender == sender))
    still_held = by_code & (resume_codes.c.sender == holder)
    if not connection.execute(update(resume_codes).where(still_held).values(sender=sender)).rowcount:
        raise StoreUnavailable("the case was taken along by another conversation at the same moment")
    connection.execute(update(filed_cases).where(filed_cases.c.sender == holder).values(sender=sender))
    for table in (check_ins, conversations):
        connection.execute(delete(table).where(table.c.sender == holder))


def _lead_back(connection: Connection, cases: Collection[str], address: dict[str, Any]) -> None:
    """Let what is heard of `cases`, and of no others, go to a conversation."""
    withdrawn = (filed_cases.c.sender == address["sender"]) & filed_cases.c.case_id.not_in(cases)
    if connection.execute(select(filed_cases.c.case_id).where(withdrawn)).first():
        _forget_cases(connection, withdrawn)
    for case_id in cases:
        this = filed_cases.c.case_id == case_id
        if not connection.execute(update(filed_cases).where(this).values(**address)).rowcount:
            connection.execute(insert(filed_cases).values(case_id=case_id, told=0, **address))


def _forget_cases(connection: Connection, which: Any) -> None:
    """Let nothing lead back from cases any more, and delete what was heard of them."""
    cases = select(filed_cases.c.case_id).where(which)
    connection.execute(delete(inbox).where(inbox.c.case_id.in_(cases)))
    connection.execute(delete(filed_cases).where(which))


def _slot(tracker: DialogueStateTracker, name: str) -> Any:
    """The value of a slot; None where the domain has none of that name."""
    return tracker.get_slot(name) if name in tracker.slots else None


def _content(tracker: DialogueStateTracker) -> dict[str, Any]:
    set_slots = ((name, slot.value) for name, slot in tracker.slots.items() if slot.has_been_set)
    return {
        "slots": {name: value for name, value in set_slots if name != RESUMED_SLOT},
        "events": [_wordless(event.as_dict()) for event in last_turns(tracker.events)],
    }


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
