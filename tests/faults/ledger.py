"""What is in the outbox and on the desk, read from the databases beside the programs."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from actions.intake.client import IntakeClient
from actions.intake.courier import Courier
from actions.intake.outbox import LONGEST_PAUSE, Outbox
from bot.settings import Settings
from tests.faults.house import SECRETS, House

ROUNDS = 20


@dataclass(frozen=True)
class Underway:
    """What was on its way at one moment."""

    talks: int
    """People who waited for an answer."""
    waiting: int
    """Cases in the outbox."""
    claimed: int
    """Of these, how many a worker was delivering."""


@dataclass(frozen=True)
class Arrived:
    """The desk's cases: the reference by the address the person left, with all that speaks against them."""

    references: dict[str, str]
    doubled: list[str]
    faults: list[str]


class OutboxView:
    """Looks into the outbox without taking part."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, future=True, poolclass=sa.pool.NullPool)

    def counts(self) -> tuple[int, int]:
        """Rows that wait, and how many of them are claimed; nothing while the database is away."""
        query = sa.text("SELECT count(*), count(claim) FROM intake_outbox WHERE state = 'pending'")
        try:
            with self._engine.connect() as connection:
                waiting, claimed = connection.execute(query).one()
        except sa.exc.DBAPIError:
            return 0, 0
        return waiting, claimed


def carry_the_rest(house: House) -> tuple[int, int, int]:
    """Deliver what still waits for its time, with the clock put forward.

    Returns:
        How many waited, how many still do, and how many were set aside.
    """
    settings = Settings(secret_key=SECRETS["FIRSTAID_SECRET_KEY"], data_dir=house.data)
    with closing(Outbox(house.database_url, settings.fernet_key())) as outbox:
        waited = outbox.depth()
        asyncio.run(_carry(outbox, house.desk_url))
        return waited, outbox.depth(), len(outbox.set_aside())


async def _carry(outbox: Outbox, desk: str) -> None:
    now = datetime.now(UTC)
    async with IntakeClient(desk, SECRETS["FIRSTAID_INTAKE_TOKEN"], timeout=30.0) as client:
        for _ in range(ROUNDS):
            now += LONGEST_PAUSE + timedelta(minutes=1)
            await Courier(outbox, client).deliver_due(now)
            if not outbox.depth():
                return


def on_the_desk(url: str) -> Arrived:
    """Read the desk's cases and tickets, and whether its database is whole."""
    engine = sa.create_engine(url, future=True, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        cases = connection.execute(sa.text("SELECT case_id, reference, body FROM intake_intakecase")).all()
        tickets = connection.execute(sa.text("SELECT count(*) FROM helpdesk_ticket")).scalar_one()
    people = [_address(case.body) for case in cases]
    references = [case.reference for case in cases]
    counts = [Counter(people), Counter(references), Counter(str(case.case_id) for case in cases)]
    doubled = [name for count in counts for name, times in count.items() if times > 1]
    faults = [] if tickets == len(cases) else [f"{tickets} tickets hold {len(cases)} cases"]
    return Arrived(dict(zip(people, references, strict=True)), doubled, faults + unsound(url))


def unsound(url: str) -> list[str]:
    """What SQLite has against its own file."""
    if not url.startswith("sqlite"):
        return []
    with sa.create_engine(url, future=True).connect() as connection:
        found = connection.execute(sa.text("PRAGMA integrity_check")).scalars().all()
    return [] if found == ["ok"] else [f"{url.rpartition('/')[2]}: {line}" for line in found]


def _address(body: str | dict[str, object]) -> str:
    facts = json.loads(body) if isinstance(body, str) else body
    return str(facts["contact"]["value"])
