"""The durable queue of check-ins: messages that people asked to be sent later.

One row a message, encrypted (Fernet): whom it goes to, by which channel, in which language, and of which kind. Beside
it stand, in clear, the keyed hash of the sender, by which everything of a conversation is cancelled, and when it is
due. A worker *claims* a row for the length of a lease before it sends; the claim of a killed worker runs out and the
row is due again. A row is gone once it was sent, replaced or has expired.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import sqlalchemy as sa

from actions.case.check_ins import CheckIn
from actions.intake.database import Database
from bot.storage.database import Seal, StoreUnavailable, metadata
from bot.storage.database import check_ins as table

LEASE: Final = timedelta(minutes=1)

_row = table.c


@dataclass(frozen=True)
class Recipient:
    """Whom a check-in goes to."""

    sender_id: str
    channel: str
    language: str


@dataclass(frozen=True)
class Due:
    """A check-in whose time has come: to be claimed, sent, and marked as sent."""

    id: str
    recipient: Recipient = field(repr=False)
    kind: str


class CheckInQueue:
    """The queue at a database. Safe for several threads, processes and, with PostgreSQL, machines.

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

    def replace(self, recipient: Recipient, check_ins: Iterable[CheckIn]) -> None:
        """Let `check_ins` be all that waits for a conversation; none cancels what waited."""
        sender = self._seal.pseudonym(recipient.sender_id)
        rows = [
            {
                "id": str(uuid4()),
                "sender": sender,
                "body": self._seal.close({**asdict(recipient), "kind": item.kind}),
                "due_at": item.due_at.timestamp(),
                "expires_at": item.expires_at.timestamp(),
            }
            for item in check_ins
        ]
        with self._database.transaction() as connection:
            connection.execute(sa.delete(table).where(_row.sender == sender))
            if rows:
                connection.execute(sa.insert(table), rows)

    def due(self, now: datetime) -> list[Due]:
        """What may be sent now, the longest waiting first; what has expired is deleted.

        A row that cannot be read with this key or by this version is passed over until it expires.
        """
        moment = now.timestamp()
        free = sa.or_(_row.lease_until.is_(None), _row.lease_until <= moment)
        statement = sa.select(_row.id, _row.body, _row.expires_at).where(_row.due_at <= moment, free)
        with self._database.transaction() as connection:
            rows = connection.execute(statement.order_by(_row.due_at)).all()
            if any(row.expires_at <= moment for row in rows):
                connection.execute(sa.delete(table).where(_row.expires_at <= moment))
        found = (self._open(row.id, row.body) for row in rows if row.expires_at > moment)
        return [due for due in found if due is not None]

    def claim(self, id: str, now: datetime) -> bool:
        """Whether this worker, and no other for the length of a lease, may send the check-in `id`."""
        free = sa.or_(_row.lease_until.is_(None), _row.lease_until <= now.timestamp())
        taken = sa.update(table).where(_row.id == id, free)
        with self._database.transaction() as connection:
            until = (now + LEASE).timestamp()
            return bool(connection.execute(taken.values(lease_until=until)).rowcount)

    def sent(self, id: str) -> None:
        """The check-in was sent: it is deleted."""
        with self._database.transaction() as connection:
            connection.execute(sa.delete(table).where(_row.id == id))

    def waiting(self, sender_id: str) -> list[datetime]:
        """When check-ins of a conversation are due, in order."""
        sender = self._seal.pseudonym(sender_id)
        with self._database.transaction() as connection:
            moments = connection.execute(
                sa.select(_row.due_at).where(_row.sender == sender).order_by(_row.due_at)
            )
            return [datetime.fromtimestamp(row.due_at, UTC) for row in moments]

    def _open(self, id: str, body: bytes) -> Due | None:
        try:
            content = self._seal.open(bytes(body))
            return Due(id, kind=content.pop("kind"), recipient=Recipient(**content))
        except (StoreUnavailable, KeyError, TypeError):
            return None
