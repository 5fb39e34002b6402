"""The durable inbox: what the intake service told of cases, until the person has it.

One row an event, encrypted (Fernet), told in the order of its case. An event waits for the ones before it, but not
for ever: a gap that stays is passed over, and what comes after all is told late. A worker *claims* a row for the length
of a lease before it speaks; the claim of a killed worker runs out. Of an event that was told its id stays, so that a
repeat is known, and not its content. Everything goes with the conversation; see `bot.storage.tracker_store`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import sqlalchemy as sa
from pydantic import ValidationError

from actions.intake.contract import CaseEvent
from actions.intake.database import Database
from bot.storage.check_ins import Recipient
from bot.storage.database import Seal, StoreUnavailable, filed_cases, inbox, metadata

LEASE: Final = timedelta(minutes=1)
PATIENCE: Final = timedelta(minutes=1)

_row = inbox.c
_filed = filed_cases.c


class NoConversation(Exception):
    """No conversation leads to this case, or none any more."""


@dataclass(frozen=True)
class Waiting:
    """An event whose turn it is: to be claimed, told, and marked as told."""

    event: CaseEvent = field(repr=False)
    recipient: Recipient = field(repr=False)

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.event.event_id)


class Inbox:
    """The inbox at a database. Safe for several threads, processes and, with PostgreSQL, machines.

    All methods block for the time of one small transaction and raise `OutboxError` when the store fails.

    Args:
        url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        seal: as the tracker store has it.
    """

    def __init__(self, url: str, seal: Seal) -> None:
        self._seal = seal
        self._database = Database(url, metadata)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def take_in(self, event: CaseEvent, now: datetime) -> bool:
        """Keep an event. After the return it is not lost; a repeat changes nothing.

        Returns:
            Whether it is new.

        Raises:
            NoConversation: there is nobody to tell it to.
        """
        case_id = str(event.case_id)
        kept = {
            "event_id": str(event.event_id),
            "case_id": case_id,
            "sequence": event.sequence,
            "body": self._seal.close(event.model_dump(mode="json")),
            "taken_at": now.timestamp(),
        }
        statement = self._database.insert(inbox).values(**kept)
        with self._database.transaction() as connection:
            known = sa.select(_filed.case_id).where(_filed.case_id == case_id)
            if connection.execute(known).first() is None:
                raise NoConversation
            new = connection.execute(statement.on_conflict_do_nothing(index_elements=[_row.event_id]))
            return bool(new.rowcount)

    def waiting(self, now: datetime) -> list[Waiting]:
        """Of each case the event whose turn it is, the longest waiting case first.

        A row that cannot be read with this key or by this version holds its case up.
        """
        columns = (_row.case_id, _row.sequence, _row.body, _row.taken_at, _row.lease_until)
        statement = (
            sa.select(*columns, _filed.body.label("recipient"), _filed.told)
            .join(filed_cases, _filed.case_id == _row.case_id)
            .where(_row.body.is_not(None))
            .order_by(_row.case_id, _row.sequence, _row.taken_at)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(statement).all()
        firsts = [next(group) for _, group in groupby(rows, key=lambda row: row.case_id)]
        return list(self._readable(sorted(firsts, key=lambda row: row.taken_at), now))

    def claim(self, id: str, now: datetime) -> int | None:
        """Claim an event for the length of a lease.

        Returns:
            The number under which it is said, the same at every claim; None when it is another worker's, was told, or
            was erased.
        """
        free = sa.or_(_row.lease_until.is_(None), _row.lease_until <= now.timestamp())
        mine = (_row.event_id == id) & _row.body.is_not(None)
        said_as = sa.func.coalesce(_row.said_as, time.time_ns() // 1000)
        change = {"lease_until": (now + LEASE).timestamp(), "said_as": said_as}
        with self._database.transaction() as connection:
            if not connection.execute(sa.update(inbox).where(mine, free).values(**change)).rowcount:
                return None
            return int(connection.execute(sa.select(_row.said_as).where(mine)).scalar_one())

    def told(self, event: CaseEvent) -> None:
        """The person has it, or there was nothing to say: the content is deleted."""
        this = _row.event_id == str(event.event_id)
        behind = (_filed.case_id == str(event.case_id)) & (_filed.told < event.sequence)
        with self._database.transaction() as connection:
            connection.execute(sa.update(inbox).where(this).values(body=None, lease_until=None))
            connection.execute(sa.update(filed_cases).where(behind).values(told=event.sequence))

    def _readable(self, rows: list[sa.engine.Row], now: datetime) -> Iterator[Waiting]:
        moment = now.timestamp()
        for row in rows:
            in_turn = row.sequence <= row.told + 1 or row.taken_at + PATIENCE.total_seconds() <= moment
            if not in_turn or (row.lease_until or 0.0) > moment:
                continue
            try:
                event = CaseEvent.model_validate(self._seal.open(bytes(row.body)), strict=False)
                yield Waiting(event, Recipient(**self._seal.open(bytes(row.recipient))))
            except (StoreUnavailable, ValidationError, TypeError):
                continue
