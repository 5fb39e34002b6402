"""The durable outbox: what the person was told is filed stays here until the intake service has it.

One row a case, and one for each further message of the person. A later body of the same case takes the place
of an undelivered older one, and an erasure takes the place of both, so nothing is sent that was since
corrected or withdrawn. A worker *claims* a row for the length of a lease; the claim of a killed worker runs
out and the row is due again. A row that changes while it is claimed keeps the claim, so the new content goes
out only after the old attempt has ended, and the old attempt's end does not settle the new content. Messages
go out in the order they were written, after the case they belong to; an erasure withdraws those still here.

    pending ──due()──▶ claimed ──delivered()──▶ delivered (content deleted)
       ▲                  │ failed(): may succeed later, with backoff
       ├──────────────────┤
       │                  └ failed(): repeating will not help ──▶ set_aside
       └──────────── release() by an operator, or new content ───────┘

Bodies are encrypted (Fernet) and deleted once delivered; what stays of a case, for a
time, is its id and that it was delivered.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from pydantic import BaseModel, ValidationError

from actions.intake.contract import CaseFile, Message
from actions.intake.database import Database

SHORTEST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
LEASE: Final = timedelta(minutes=2)

_DOUBLINGS: Final = 12
_JITTER: Final = secrets.SystemRandom()

Kind = Literal["case", "erase", "message"]
CaseKind = Literal["case", "erase"]


class ErrorKind(StrEnum):
    """Why an attempt failed."""

    UNAVAILABLE = "unavailable"
    UNAUTHORISED = "unauthorised"
    INTERNAL = "internal"
    REJECTED = "rejected"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


FINAL_ERRORS: Final = frozenset(
    {ErrorKind.REJECTED, ErrorKind.CLOSED, ErrorKind.UNKNOWN, ErrorKind.UNREADABLE}
)
"""Kinds for which repeating the same content will not help; the row is set aside for an operator."""


class CaseErased(Exception):
    """The person had this case erased; it takes no further content."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed row: to be ended with `delivered(id)` or `failed(id, …)` before the lease runs out."""

    id: str
    case_id: UUID
    kind: Kind
    case: CaseFile | None = field(repr=False)
    message: Message | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row an operator has to look at."""

    case_id: UUID
    kind: Kind
    error_kind: ErrorKind
    queued_at: datetime


_metadata = sa.MetaData()
_outbox = sa.Table(
    "intake_outbox",
    _metadata,
    # Of a case its own id, of a message the message's.
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("case_id", sa.String(36), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("body", sa.LargeBinary),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("queued_at", sa.Float, nullable=False),
    sa.Column("next_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error_kind", sa.String(16)),
    sa.Column("claim", sa.String(36), unique=True),
    sa.Column("claimed_version", sa.Integer),
    sa.Column("lease_until", sa.Float),
    sa.Index("intake_outbox_due", "state", "next_at"),
)
_row = _outbox.c
_other = _outbox.alias("other")
# A message waits until the service has its case, and the messages before it are no longer on their way.
_waits_for_another: Final = sa.and_(
    _row.kind == "message",
    sa.exists().where(
        _other.c.case_id == _row.case_id,
        sa.or_(
            sa.and_(_other.c.kind == "case", _other.c.state != "delivered"),
            sa.and_(
                _other.c.kind == "message", _other.c.state == "pending", _other.c.queued_at < _row.queued_at
            ),
        ),
    ),
)
_CLAIM: Final = (_row.version, _row.claimed_version, _row.attempts)
_FREE: Final = {"claim": None, "claimed_version": None, "lease_until": None}


def backoff(attempts: int) -> timedelta:
    """A random pause after so many failed attempts (≥ 1), between 1 s and a bound that doubles up to 1 h."""
    bound = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(attempts, _DOUBLINGS))
    return timedelta(seconds=_JITTER.uniform(SHORTEST_PAUSE.total_seconds(), bound.total_seconds()))


class Outbox:
    """The outbox at a database. Safe for several threads, processes and, with PostgreSQL, machines.

    All methods block for the time of one small transaction and raise `OutboxError` when the store fails; when
    they return, the change is on disk. Times are aware datetimes.

    Args:
        url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        key: Fernet key (32 bytes, URL-safe base64). Without it the content cannot be read again.
        lease: How long a claim holds. No attempt may last longer.

    Raises:
        ValueError: The key is no Fernet key, or the URL names neither a SQLite file nor PostgreSQL.
        OutboxError: The store cannot be opened.
    """

    def __init__(self, url: str, key: str | bytes, lease: timedelta = LEASE) -> None:
        self.lease = lease
        self._cipher = Fernet(key)
        self._database = Database(url, _metadata)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def put(self, case_id: UUID, kind: CaseKind, body: CaseFile | None, urgent: bool, now: datetime) -> None:
        """File the content of a case, or its erasure. After the return it is never lost.

        Undelivered older content of the case is replaced and keeps its place in the queue.

        Args:
            case_id: The case.
            kind: `case` with its body, or `erase` without one.
            body: The whole case.
            urgent: Goes before everything that is not.
            now: The time.

        Raises:
            ValueError: The body does not go with the kind.
            CaseErased: Content for a case whose erasure was filed.
            OutboxError: It is not filed.
        """
        if (kind == "case") != (body is not None):
            raise ValueError("a case has a body, an erasure has none")
        sealed = None if body is None else self._cipher.encrypt(body.model_dump_json().encode())
        fresh: dict[str, object] = {"kind": kind, "body": sealed, "urgent": urgent, "next_at": _epoch(now)}
        fresh |= {"state": "pending", "attempts": 0, "error_kind": None}
        still_queued = sa.case((_row.state == "delivered", _epoch(now)), else_=_row.queued_at)
        statement = self._database.insert(_outbox).values(
            id=str(case_id), case_id=str(case_id), version=1, queued_at=_epoch(now), **fresh
        )
        statement = statement.on_conflict_do_update(
            index_elements=[_row.id],
            set_=fresh | {"version": _row.version + 1, "queued_at": still_queued},
            where=sa.or_(_row.kind != "erase", sa.literal(kind == "erase")),
        )
        with self._database.transaction() as connection:
            stored = connection.execute(statement).rowcount
            if kind == "erase":
                withdrawn = (_row.case_id == str(case_id)) & (_row.kind == "message")
                connection.execute(sa.delete(_outbox).where(withdrawn))
        if not stored:
            raise CaseErased("the case was erased")

    def put_message(self, case_id: UUID, message: Message, urgent: bool, now: datetime) -> None:
        """File a further message of the person for a case. After the return it is never lost; a repeat changes nothing.

        Raises:
            CaseErased: The erasure of the case was filed.
            OutboxError: It is not filed.
        """
        sealed = self._cipher.encrypt(message.model_dump_json().encode())
        fresh = {"kind": "message", "body": sealed, "urgent": urgent, "version": 1, "state": "pending"}
        fresh |= {"queued_at": _epoch(now), "next_at": _epoch(now), "attempts": 0}
        statement = self._database.insert(_outbox).values(
            id=str(message.message_id), case_id=str(case_id), **fresh
        )
        erased = sa.select(_row.id).where(_row.id == str(case_id), _row.kind == "erase")
        with self._database.transaction() as connection:
            if connection.execute(erased).first() is not None:
                raise CaseErased("the case was erased")
            connection.execute(statement.on_conflict_do_nothing(index_elements=[_row.id]))

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Claim up to `limit` rows whose time has come, urgent first, then those waiting longest.

        A row whose body cannot be decrypted or is no case any more is set aside, not returned.
        """
        statement = (
            sa.select(_outbox)
            .where(_row.state == "pending", _row.next_at <= _epoch(now))
            .where(sa.or_(_row.lease_until.is_(None), _row.lease_until <= _epoch(now)))
            .where(sa.not_(_waits_for_another))
            .order_by(_row.urgent.desc(), _row.queued_at, _row.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=_outbox)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(statement).all()
            return [delivery for row in rows if (delivery := self._claim(connection, row, now)) is not None]

    def delivered(self, id: str) -> bool:
        """End a claim: the service has the content, which is deleted here.

        Returns:
            Whether the case is settled; False when newer content waits or the claim had run out.
        """
        with self._database.transaction() as connection:
            # The case id of a delivered message would tell how often somebody wrote.
            gone = (_row.claim == id) & (_row.kind == "message")
            settled = connection.execute(sa.delete(_outbox).where(gone)).rowcount
            settled += connection.execute(
                sa.update(_outbox)
                .where(_row.claim == id, _row.claimed_version == _row.version)
                .values(state="delivered", body=None, error_kind=None, **_FREE)
            ).rowcount
            connection.execute(sa.update(_outbox).where(_row.claim == id).values(**_FREE))
        return bool(settled)

    def failed(
        self, id: str, now: datetime, error_kind: ErrorKind, retry_after: timedelta | None = None
    ) -> None:
        """End a claim without success: due again after a pause, or set aside when repeating will not help.

        Args:
            id: The claim.
            now: The time.
            error_kind: Why.
            retry_after: The least pause the service asked for; at most an hour of it is granted.
        """
        pause = min(retry_after, LONGEST_PAUSE) if retry_after else timedelta()
        with self._database.transaction() as connection:
            row = connection.execute(sa.select(*_CLAIM).where(_row.claim == id).with_for_update()).first()
            if row is None:
                return
            change: dict[str, object] = dict(_FREE)
            if row.claimed_version == row.version:
                pause = max(pause, backoff(row.attempts + 1))
                change |= {"attempts": row.attempts + 1, "error_kind": error_kind.value}
                change |= {"next_at": _epoch(now + pause)}
                change |= {"state": "set_aside" if error_kind in FINAL_ERRORS else "pending"}
            connection.execute(sa.update(_outbox).where(_row.claim == id).values(**change))

    def depth(self) -> int:
        """Number of cases and messages waiting to be delivered."""
        return int(self._scalar(sa.select(sa.func.count()).where(_row.state == "pending")) or 0)

    def oldest_age(self, now: datetime) -> timedelta | None:
        """How long the oldest that waits has waited; None when none waits."""
        queued_at = self._scalar(sa.select(sa.func.min(_row.queued_at)).where(_row.state == "pending"))
        return None if queued_at is None else now - _moment(queued_at)

    def next_due(self) -> datetime | None:
        """When the next that waits can be claimed; None when none waits."""
        lease_until = sa.func.coalesce(_row.lease_until, 0.0)
        free_at = sa.case((lease_until > _row.next_at, lease_until), else_=_row.next_at)
        waiting = sa.select(sa.func.min(free_at)).where(_row.state == "pending", sa.not_(_waits_for_another))
        soonest = self._scalar(waiting)
        return None if soonest is None else _moment(soonest)

    def waits(self, case_id: UUID) -> bool:
        """Whether the service does not have the latest that was filed for the case, content or erasure."""
        waits = (_row.id == str(case_id)) & (_row.state != "delivered")
        return bool(self._scalar(sa.select(sa.func.count()).where(waits)))

    def is_set_aside(self, case_id: UUID) -> bool:
        """Whether the latest that was filed for the case waits for an operator."""
        return self._scalar(sa.select(_row.state).where(_row.id == str(case_id))) == "set_aside"

    def forget_delivered(self, before: datetime) -> int:
        """Delete what is kept of deliveries that were filed before then; how many they were."""
        old = sa.delete(_outbox).where(_row.state == "delivered", _row.queued_at < _epoch(before))
        with self._database.transaction() as connection:
            return int(connection.execute(old).rowcount)

    def set_aside(self) -> list[SetAside]:
        """What an operator has to look at, the oldest first."""
        columns = (_row.case_id, _row.kind, _row.error_kind, _row.queued_at)
        statement = sa.select(*columns).where(_row.state == "set_aside").order_by(_row.queued_at)
        with self._database.transaction() as connection:
            rows = connection.execute(statement).all()
        return [
            SetAside(UUID(row.case_id), row.kind, ErrorKind(row.error_kind), _moment(row.queued_at))
            for row in rows
        ]

    def release(self, case_id: UUID, now: datetime) -> bool:
        """Let what was set aside of a case be tried again.

        Returns:
            Whether there was any.
        """
        statement = (
            sa.update(_outbox)
            .where(_row.case_id == str(case_id), _row.state == "set_aside")
            .values(state="pending", attempts=0, next_at=_epoch(now))
        )
        with self._database.transaction() as connection:
            return bool(connection.execute(statement).rowcount)

    def _claim(self, connection: sa.engine.Connection, row: sa.engine.Row, now: datetime) -> Delivery | None:
        this_row = sa.update(_outbox).where(_row.id == row.id)
        try:
            case = self._open(row.body, CaseFile) if row.kind == "case" else None
            message = self._open(row.body, Message) if row.kind == "message" else None
        except (InvalidToken, ValidationError):
            unreadable = {"state": "set_aside", "error_kind": ErrorKind.UNREADABLE.value}
            connection.execute(this_row.values(**unreadable, **_FREE))
            return None
        claim = str(uuid4())
        until = _epoch(now + self.lease)
        connection.execute(this_row.values(claim=claim, claimed_version=row.version, lease_until=until))
        return Delivery(claim, UUID(row.case_id), row.kind, case, message)

    def _open[Body: BaseModel](self, body: bytes, model: type[Body]) -> Body:
        return model.model_validate_json(self._cipher.decrypt(bytes(body)))

    def _scalar(self, statement: sa.sql.Select) -> float | str | None:
        with self._database.transaction() as connection:
            value: float | str | None = connection.execute(statement).scalar()
        return value


def _epoch(moment: datetime) -> float:
    return moment.timestamp()


def _moment(epoch: float | str) -> datetime:
    return datetime.fromtimestamp(float(epoch), UTC)
