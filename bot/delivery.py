"""Carrying what is in the outbox to the intake service: beside a bot or alone; and what an operator sees of it."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from actions.intake.courier import Courier
from actions.intake.database import OtherRelease, OutboxError
from actions.intake.outbox import Outbox
from actions.services import Services, services
from bot.settings import Settings, SettingsError

TIMEOUT_SECONDS = 10.0
PREFIX = "firstaid_outbox_"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FAILED = 1


def open_services(settings: Settings) -> Services:
    """The services of this process, on a database that can be opened.

    Raises:
        SettingsError: it cannot be opened, or a secret is missing.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        shared = services()
    except OtherRelease as error:
        raise SettingsError(f"FIRSTAID_DATABASE_URL: the bot's database cannot be used: {error}") from None
    except (OutboxError, SQLAlchemyError, ImportError, ValueError) as error:
        # Only the error's kind: its message may hold the password of the address.
        raise SettingsError(
            f"FIRSTAID_DATABASE_URL: the bot's database cannot be opened: {type(error).__name__}"
        ) from None
    shared.intake_client()
    return shared


async def deliver(shared: Services, stop: asyncio.Event) -> None:
    """Deliver until `stop` is set; then what is on its way is finished first."""
    async with shared.intake_client(TIMEOUT_SECONDS) as client:
        await Courier(shared.outbox, client).run(stop)


def courier(settings: Settings) -> int:
    """Deliver until told to stop. Any number may run beside each other and beside bots."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("actions").setLevel(logging.INFO)
    asyncio.run(_until_told(open_services(settings)))
    return 0


async def _until_told(shared: Services) -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    print("The courier carries cases to the intake service", flush=True)
    await deliver(shared, stop)


def outbox_metrics(box: Outbox) -> str:
    """Depth, age and what was set aside, in Prometheus' text format.

    Raises:
        OutboxError: the database does not answer.
    """
    age = box.oldest_age(datetime.now(UTC)) or timedelta()
    gauges = (
        ("waiting", "Cases and messages that wait for the intake service.", box.depth()),
        ("oldest_seconds", "How long the oldest of them has waited.", round(age.total_seconds())),
        (
            "set_aside",
            "Cases and messages an operator has to look at (firstaid outbox).",
            len(box.set_aside()),
        ),
    )
    return "".join(
        f"# HELP {PREFIX}{name} {meaning}\n# TYPE {PREFIX}{name} gauge\n{PREFIX}{name} {value}\n"
        for name, meaning, value in gauges
    )


def outbox(settings: Settings, retry: UUID | None = None) -> int:
    """Say what waits and what was set aside, or let what was set aside of the case `retry` be tried again."""
    box, now = open_services(settings).outbox, datetime.now(UTC)
    if retry is not None:
        released = box.release(retry, now)
        print("It will be tried again now." if released else "Nothing of this case was set aside.")
        return 0 if released else FAILED
    age = box.oldest_age(now)
    print(f"waiting: {box.depth()}" + (f", the oldest for {_rounded(age)}" if age else ""))
    refused = box.set_aside()
    print(f"set aside: {len(refused)}")
    for one in refused:
        print(f"  {one.case_id}  {one.kind}  {one.error_kind}  filed {one.queued_at:%Y-%m-%d %H:%M} UTC")
    return FAILED if refused else 0


def _rounded(age: timedelta) -> timedelta:
    return timedelta(seconds=round(age.total_seconds()))
