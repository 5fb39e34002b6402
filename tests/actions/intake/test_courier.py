"""From the outbox to a failing service and through killed workers: nothing lost, nothing doubled."""

import asyncio
import json
import logging
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import actions.intake.courier
from actions.intake.client import ATTEMPTS, IntakeClient
from actions.intake.contract import CaseFile
from actions.intake.courier import Courier, case_hash
from actions.intake.database import OutboxError
from actions.intake.outbox import LONGEST_PAUSE, ErrorKind, Outbox

if TYPE_CHECKING:
    from tests.actions.intake.conftest import Fault, Service

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PATIENCE_S = 60
SHORT_SLEEP = timedelta(milliseconds=20)
"""How long a test waits for what must happen; never reached when it does."""

CaseOf = Callable[..., CaseFile]
NewService = Callable[[], "Service"]


@asynccontextmanager
async def bench(
    new_service: NewService, token: str, url: str, key: str, patience: float = 30.0
) -> AsyncIterator[tuple["Service", Outbox, Courier]]:
    """A service, an outbox, and a courier between them."""
    with closing(Outbox(url, key)) as outbox:
        async with new_service().running() as service, IntakeClient(service.url, token, patience) as client:
            yield service, outbox, Courier(outbox, client)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process or thread
            await asyncio.sleep(0.02)


@pytest.mark.asyncio
async def test_what_is_due_is_delivered_once(
    new_service: NewService, token: str, outbox_url: str, key: str, case_of: CaseOf
) -> None:
    cases = {uuid4(): case_of(str(number)) for number in range(10)}
    async with bench(new_service, token, outbox_url, key) as (service, outbox, courier):
        for case_id, case in cases.items():
            await asyncio.to_thread(outbox.put, case_id, "case", case, False, NOW)
        assert await courier.deliver_due(NOW - timedelta(seconds=1)) == 0
        assert await courier.deliver_due(NOW) == 10
        assert await courier.deliver_due(NOW + LONGEST_PAUSE) == 0
        assert len(service.requests) == 10
        assert service.cases == {case_id: case.model_dump(mode="json") for case_id, case in cases.items()}


@pytest.mark.asyncio
async def test_the_urgent_case_goes_first(
    new_service: NewService, token: str, sqlite_url: str, key: str, case_of: CaseOf
) -> None:
    urgent = uuid4()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        for _ in range(8):
            outbox.put(uuid4(), "case", case_of(), False, NOW)
        outbox.put(urgent, "case", case_of(), True, NOW + timedelta(seconds=1))
        await courier.deliver_due(NOW + timedelta(seconds=1))
        assert ("PUT", urgent) in service.requests[:4]


@pytest.mark.asyncio
async def test_an_erasure_after_delivery_erases(
    new_service: NewService, token: str, sqlite_url: str, key: str, case_of: CaseOf
) -> None:
    case_id = uuid4()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        outbox.put(case_id, "case", case_of(), False, NOW)
        await courier.deliver_due(NOW)
        outbox.put(case_id, "erase", None, False, NOW)
        assert await courier.deliver_due(NOW) == 1
        assert service.cases == {}
        assert not outbox.waits(case_id)


@pytest.mark.asyncio
async def test_every_passing_fault_is_outlived(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    passing_faults: list["Fault"],
) -> None:
    async with (
        bench(new_service, token, sqlite_url, key) as (service, outbox, courier),
        IntakeClient(service.url, token, 0.1) as impatient,
    ):
        now = NOW
        for fault in passing_faults:
            case_id, case = uuid4(), case_of(fault.value)
            outbox.put(case_id, "case", case, False, now)
            service.faults.extend([fault] * ATTEMPTS)
            never_answers = fault.name.startswith(("SLOW", "DRIP"))
            first = Courier(outbox, impatient) if never_answers else courier
            assert await first.deliver_due(now) == 0, fault
            assert outbox.waits(case_id)
            service.faults.clear()
            now += LONGEST_PAUSE
            assert await courier.deliver_due(now) == 1, fault
            assert not outbox.waits(case_id)
            assert service.cases[case_id] == case.model_dump(mode="json")
        assert set(service.created.values()) == {1}


@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "kind"), [("INVALID", ErrorKind.REJECTED), ("CLOSED", ErrorKind.CLOSED)])
async def test_what_the_service_refuses_is_set_aside_and_told(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    fault: type["Fault"],
    name: str,
    kind: ErrorKind,
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused, taken = uuid4(), uuid4()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        outbox.put(refused, "case", case_of(), True, NOW)
        service.faults.append(fault[name])
        assert await courier.deliver_due(NOW) == 0
        outbox.put(taken, "case", case_of(), False, NOW)
        assert await courier.deliver_due(NOW + LONGEST_PAUSE) == 1
        assert [(aside.case_id, aside.error_kind) for aside in outbox.set_aside()] == [(refused, kind)]
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert case_hash(refused) in errors[0]


@pytest.mark.asyncio
async def test_a_fault_of_our_own_loses_nothing(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        outbox.put(uuid4(), "case", case_of(), False, NOW)
        async with IntakeClient(service.url, token) as client:
            pass
        assert await Courier(outbox, client).deliver_due(NOW) == 0
        assert await courier.deliver_due(NOW + LONGEST_PAUSE) == 1
    assert "internal (RuntimeError)" in caplog.text


@pytest.mark.asyncio
async def test_the_pause_the_service_asks_for_reaches_the_outbox(
    new_service: NewService, token: str, sqlite_url: str, key: str, case_of: CaseOf, fault: type["Fault"]
) -> None:
    async with bench(new_service, token, sqlite_url, key, 1.0) as (service, outbox, courier):
        outbox.put(uuid4(), "case", case_of(), False, NOW)
        service.faults.extend([fault.SLOW_BEFORE, fault.BUSY_LONG])
        await courier.deliver_due(NOW)
        due_at = outbox.next_due()
        assert due_at is not None
        # The time that the unanswered try took counts: the pause begins at its end.
        assert due_at > NOW + timedelta(seconds=120.9)


@pytest.mark.asyncio
async def test_logs_name_each_attempt_and_hold_no_content(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    fault: type["Fault"],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    told, case_id = "my account is 12345", uuid4()
    case = case_of(told)
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        outbox.put(case_id, "case", case, False, NOW)
        service.faults.extend([fault.UNAUTHORISED, fault.PAGE])
        for hours in range(3):
            await courier.deliver_due(NOW + hours * LONGEST_PAUSE)
    ours = [record.getMessage() for record in caplog.records if record.name == "actions.intake.courier"]
    assert [message.partition(f"case {case_hash(case_id)}: ")[2] for message in ours] == [
        "unauthorised (status 401)",
        "unavailable (unreadable answer)",
        "delivered",
    ]
    assert not any(str(case_id) in message for message in ours)
    for hidden in (told, token, case.reference):
        assert hidden not in caplog.text


@pytest.mark.asyncio
async def test_two_couriers_share_the_work_and_send_nothing_twice(
    new_service: NewService, token: str, outbox_url: str, key: str, case_of: CaseOf
) -> None:
    async with bench(new_service, token, outbox_url, key) as (service, outbox, courier):
        for _ in range(30):
            await asyncio.to_thread(outbox.put, uuid4(), "case", case_of(), False, NOW)
        with closing(Outbox(outbox_url, key)) as same:
            async with IntakeClient(service.url, token) as client:
                counts = await asyncio.gather(
                    courier.deliver_due(NOW), Courier(same, client).deliver_due(NOW)
                )
        assert sum(counts) + await courier.deliver_due(NOW) == 30
        assert len(service.requests) == len(service.created) == 30


@pytest.mark.asyncio
async def test_the_loop_delivers_what_comes_and_ends_when_told(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    fault: type["Fault"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions.intake.courier, "LONGEST_SLEEP", SHORT_SLEEP)
    stop = asyncio.Event()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        service.faults.append(fault.PAGE)
        outbox.put(uuid4(), "case", case_of(), False, datetime.now(UTC))
        loop = asyncio.create_task(courier.run(stop))
        await until(lambda: len(service.created) == 1)
        outbox.put(uuid4(), "case", case_of(), False, datetime.now(UTC))
        await until(lambda: len(service.created) == 2)
        stop.set()
        async with asyncio.timeout(PATIENCE_S):
            await loop
        assert outbox.depth() == 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("failure", "told"),
    [(OutboxError("OperationalError"), "OperationalError"), (RuntimeError("their words"), "RuntimeError")],
)
async def test_the_loop_outlives_whatever_fails(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    told: str,
) -> None:
    monkeypatch.setattr(actions.intake.courier, "LONGEST_SLEEP", SHORT_SLEEP)
    stop = asyncio.Event()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        outbox.put(uuid4(), "case", case_of(), False, datetime.now(UTC))
        real = outbox.due
        failures = [failure]

        def due(now: datetime, limit: int) -> Any:
            if failures:
                raise failures.pop()
            return real(now, limit)

        monkeypatch.setattr(outbox, "due", due)
        loop = asyncio.create_task(courier.run(stop))
        await until(lambda: len(service.created) == 1)
        stop.set()
        await loop
    assert f"Intake outbox failed: {told}" in caplog.text
    assert "their words" not in caplog.text


_WORKER = """
import asyncio, json, os, signal, sys
from datetime import datetime
from uuid import UUID
from actions.intake.client import IntakeClient
from actions.intake.contract import CaseFile
from actions.intake.courier import Courier
from actions.intake.outbox import Outbox

task = json.loads(sys.stdin.read())
now = datetime.fromisoformat(task["now"])
outbox = Outbox(task["url"], task["key"])

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def deliver():
    async with IntakeClient(task["service"], task["token"]) as client:
        await Courier(outbox, client).deliver_due(now)

outbox.put(UUID(task["case_id"]), "case", CaseFile.model_validate_json(task["case"]), False, now)
if task["moment"] == "filed":
    die()
if task["moment"] == "claimed":
    outbox.due(now, 1)
    die()
outbox.delivered = die
asyncio.run(deliver())
"""


@pytest.mark.asyncio
@pytest.mark.parametrize(("moment", "stored"), [("filed", 0), ("claimed", 0), ("stored", 1)])
async def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(
    new_service: NewService,
    token: str,
    sqlite_url: str,
    key: str,
    case_of: CaseOf,
    moment: str,
    stored: int,
) -> None:
    case_id, case = uuid4(), case_of()
    async with bench(new_service, token, sqlite_url, key) as (service, outbox, courier):
        task = {"url": sqlite_url, "key": key, "service": service.url, "token": token, "moment": moment}
        task |= {"case_id": str(case_id), "case": case.model_dump_json(), "now": NOW.isoformat()}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _WORKER, stdin=asyncio.subprocess.PIPE
        )
        await worker.communicate(json.dumps(task).encode())
        assert worker.returncode == -signal.SIGKILL
        assert len(service.created) == stored
        assert outbox.depth() == 1
        assert await courier.deliver_due(NOW + LONGEST_PAUSE) == 1
        assert not outbox.waits(case_id)
        assert service.created == {case_id: 1}
        assert service.cases[case_id] == case.model_dump(mode="json")


_FILER = """
import sys
from datetime import UTC, datetime
from uuid import uuid4
from actions.intake.contract import CaseFile
from actions.intake.outbox import Outbox
outbox = Outbox(sys.argv[1], sys.argv[2])
case = CaseFile.model_validate_json(sys.argv[3])
while True:
    case_id = uuid4()
    outbox.put(case_id, "case", case, False, datetime.now(UTC))
    print(case_id, flush=True)
"""


@pytest.mark.asyncio
async def test_what_was_confirmed_before_the_kill_is_there(
    sqlite_url: str, key: str, case_of: CaseOf
) -> None:
    filer = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _FILER,
        sqlite_url,
        key,
        case_of().model_dump_json(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert filer.stdout is not None
    confirmed = [await filer.stdout.readline() for _ in range(25)]
    filer.kill()
    rest, _ = await filer.communicate()
    confirmed += rest.splitlines(keepends=True)
    whole = {UUID(line.decode().strip()) for line in confirmed if line.endswith(b"\n")}
    with closing(Outbox(sqlite_url, key)) as outbox:
        there = {delivery.case_id for delivery in outbox.due(datetime.now(UTC), 10_000)}
    assert whole <= there
    assert len(there - whole) <= 1


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["file", "file", "erase"]))
    | st.sampled_from(["deliver", "deliver", "an hour"]),
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), plan=steps)
def test_after_any_order_of_faults_the_service_has_the_latest(
    data: st.DataObject,
    plan: list[Any],
    new_service: NewService,
    token: str,
    key: str,
    case_of: CaseOf,
    passing_faults: list["Fault"],
) -> None:
    quick = [fault for fault in passing_faults if not fault.name.startswith(("SLOW", "DRIP"))]
    faults = data.draw(st.lists(st.sampled_from(quick), max_size=25))

    async def follow(url: str) -> None:
        case_ids = [uuid4() for _ in range(3)]
        latest: dict[UUID, Any] = {}
        now = NOW
        async with bench(new_service, token, url, key) as (service, outbox, courier):
            service.faults.extend(faults)
            for number, step in enumerate(plan):
                if step == "deliver":
                    await courier.deliver_due(now)
                elif step == "an hour":
                    now += LONGEST_PAUSE
                elif step[1] == "erase":
                    outbox.put(case_ids[step[0]], "erase", None, False, now)
                    latest[case_ids[step[0]]] = None
                elif latest.get(case_ids[step[0]], "") is not None:
                    case = case_of(str(number))
                    outbox.put(case_ids[step[0]], "case", case, bool(number % 2), now)
                    latest[case_ids[step[0]]] = case.model_dump(mode="json")
            for _ in range(len(faults) + 1):
                now += LONGEST_PAUSE
                await courier.deliver_due(now)
            assert (outbox.depth(), outbox.set_aside()) == (0, [])
            assert service.cases == {case_id: case for case_id, case in latest.items() if case}
            assert all(count == 1 for count in service.created.values())

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(follow(f"sqlite:///{folder}/outbox.sqlite"))
