"""Carrying cases from a process of its own, and what an operator sees of the outbox."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from actions.intake.outbox import ErrorKind, Outbox
from bot import delivery
from bot.delivery import outbox, outbox_metrics
from bot.settings import Settings
from tests.actions.intake.conftest import TOKEN, Contract, Service, make_case

ROOT = Path(__file__).parents[2]
CASE = UUID(int=7)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, demo=True, secret_key="secret-of-these-tests")


@pytest.fixture
def box(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    """The outbox that the commands of this process see."""
    from actions.services import Services

    services = Services(settings)
    monkeypatch.setattr(delivery, "services", lambda: services)
    yield services.outbox
    services.outbox.close()


def refuse(box: Outbox, case_id: UUID, filed_at: datetime) -> None:
    """File a case that the service refuses."""
    box.put(case_id, "case", make_case(), True, filed_at)
    (delivery,) = box.due(filed_at, 1)
    box.failed(delivery.id, filed_at, ErrorKind.REJECTED)


def test_an_empty_outbox(settings: Settings, box: Outbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert outbox(settings) == 0
    assert capsys.readouterr().out == "waiting: 0\nset aside: 0\n"


def test_what_waits_and_what_was_refused(
    settings: Settings, box: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    refuse(box, CASE, datetime(2026, 5, 4, 9, 30, tzinfo=UTC))
    box.put(uuid4(), "case", make_case(), False, now - timedelta(hours=3))
    assert outbox(settings) == 1
    waiting, aside, line = capsys.readouterr().out.splitlines()
    assert waiting.startswith("waiting: 1, the oldest for 3:00:0")
    assert (aside, line) == ("set aside: 1", f"  {CASE}  case  rejected  filed 2026-05-04 09:30 UTC")


def test_what_was_refused_can_be_tried_again(
    settings: Settings, box: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(box, CASE, datetime.now(UTC))
    assert outbox(settings, uuid4()) == 1
    assert (box.depth(), len(box.set_aside())) == (0, 1)
    assert outbox(settings, CASE) == 0
    assert (box.depth(), box.set_aside()) == (1, [])
    assert "tried again" in capsys.readouterr().out


def test_the_metrics(box: Outbox) -> None:
    assert "firstaid_outbox_waiting 0\n" in outbox_metrics(box)
    assert "firstaid_outbox_oldest_seconds 0\n" in outbox_metrics(box)
    refuse(box, CASE, datetime.now(UTC))
    box.put(uuid4(), "case", make_case(), False, datetime.now(UTC) - timedelta(days=2))
    values = dict(line.split() for line in outbox_metrics(box).splitlines() if not line.startswith("#"))
    assert int(values.pop("firstaid_outbox_oldest_seconds")) >= 2 * 24 * 3600
    assert values == {"firstaid_outbox_waiting": "1", "firstaid_outbox_set_aside": "1"}


async def test_a_courier_of_its_own_delivers_and_ends_when_told(
    settings: Settings, box: Outbox, tmp_path: Path
) -> None:
    async with Service(Contract()).running() as service:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
        environment |= {"PYTHONPATH": str(ROOT), "FIRSTAID_DEMO": "1"}
        environment |= {"FIRSTAID_SECRET_KEY": "secret-of-these-tests", "FIRSTAID_INTAKE_TOKEN": TOKEN}
        environment |= {"FIRSTAID_INTAKE_URL": service.url, "FIRSTAID_DATA_DIR": str(tmp_path)}
        courier = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "bot.cli",
            "courier",
            env=environment,
            stdout=subprocess.PIPE,
        )
        assert courier.stdout is not None
        assert b"courier" in await courier.stdout.readline()
        await asyncio.to_thread(box.put, CASE, "case", make_case(), False, datetime.now(UTC))
        async with asyncio.timeout(60):
            while box.waits(CASE):  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(0.05)
        courier.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await courier.wait() == 0
        assert service.created == {CASE: 1}
