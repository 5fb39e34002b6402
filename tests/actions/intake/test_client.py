"""The client against a real service on loopback."""

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.intake.client import (
    ATTEMPTS,
    IntakeClient,
    IntakeClosed,
    IntakeError,
    IntakeRejected,
    IntakeUnauthorised,
    IntakeUnavailable,
    IntakeUnknown,
    retry_after_seconds,
)
from actions.intake.contract import CaseFile, FieldError, Message

if TYPE_CHECKING:
    from tests.actions.intake.conftest import Fault, Service

pytestmark = pytest.mark.asyncio

PATIENT_S = 30.0
IMPATIENT_S = 1.0

Connect = Callable[..., AbstractAsyncContextManager[tuple["Service", IntakeClient]]]
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def connected(new_service: Callable[[], "Service"], token: str) -> Connect:
    @asynccontextmanager
    async def connect(patience: float = PATIENT_S) -> AsyncIterator[tuple["Service", IntakeClient]]:
        async with new_service().running() as service, IntakeClient(service.url, token, patience) as client:
            yield service, client

    return connect


async def test_a_case_is_created_replaced_read_and_erased(
    connected: Connect, case_of: Callable[..., CaseFile]
) -> None:
    case_id = uuid4()
    first, second = case_of("first"), case_of("second")
    async with connected() as (service, client):
        receipt = await client.put_case(case_id, first)
        assert (receipt.case_id, receipt.reference) == (case_id, first.reference)
        await client.put_case(case_id, second)
        assert service.cases[case_id] == second.model_dump(mode="json")
        status = await client.get_case(case_id)
        assert (status.status, status.public_note) == ("received", None)
        await client.delete_case(case_id)
        await client.delete_case(case_id)
        with pytest.raises(IntakeUnknown):
            await client.get_case(case_id)
        with pytest.raises(IntakeClosed):
            await client.put_case(case_id, second)
        assert service.created == {case_id: 1}


async def test_a_message_is_stored_once(
    connected: Connect, case_of: Callable[..., CaseFile], fault: type["Fault"]
) -> None:
    case_id = uuid4()
    message = Message(message_id=uuid4(), text="The bank called.", sent_at=NOW)
    async with connected() as (service, client):
        with pytest.raises(IntakeUnknown):
            await client.post_message(case_id, message)
        await client.put_case(case_id, case_of())
        service.faults.extend([fault.DROP_AFTER, fault.ERROR_AFTER])
        await client.post_message(case_id, message)
        assert [stored["text"] for stored in service.messages.values()] == ["The bank called."]


@pytest.mark.parametrize(
    "name",
    ["DROP_BEFORE", "DROP_AFTER", "SLOW_BEFORE", "SLOW_AFTER", "DRIP", "ERROR_BEFORE", "ERROR_AFTER", "BUSY"],
)
async def test_a_passing_fault_is_repeated_within_the_call(
    connected: Connect, case_of: Callable[..., CaseFile], fault: type["Fault"], name: str
) -> None:
    case_id = uuid4()
    timeout = IMPATIENT_S if name in {"SLOW_BEFORE", "SLOW_AFTER", "DRIP"} else PATIENT_S
    async with connected(timeout) as (service, client):
        service.faults.append(fault[name])
        await client.put_case(case_id, case_of())
        assert service.created == {case_id: 1}
        assert len(service.requests) == 2


@pytest.mark.parametrize("call", ["put_case", "get_case", "delete_case", "post_message"])
async def test_a_lasting_fault_is_given_up_within_the_call(
    connected: Connect, case_of: Callable[..., CaseFile], fault: type["Fault"], call: str
) -> None:
    message = Message(message_id=uuid4(), text="x", sent_at=NOW)
    extra = {"put_case": (case_of(),), "post_message": (message,)}.get(call, ())
    async with connected() as (service, client):
        service.faults.extend([fault.ERROR_BEFORE] * ATTEMPTS)
        with pytest.raises(IntakeUnavailable):
            await getattr(client, call)(uuid4(), *extra)
        assert len(service.requests) == ATTEMPTS
        assert not service.faults


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("PAGE", IntakeUnavailable),
        ("PAGE_AFTER", IntakeUnavailable),
        ("OTHER_CASE", IntakeUnavailable),
        ("MISSING", IntakeUnavailable),
        ("BUSY_LONG", IntakeUnavailable),
        ("UNAUTHORISED", IntakeUnauthorised),
        ("INVALID", IntakeRejected),
        ("CLOSED", IntakeClosed),
    ],
)
async def test_an_answer_that_repeating_will_not_change_is_raised_at_once(
    connected: Connect,
    case_of: Callable[..., CaseFile],
    fault: type["Fault"],
    name: str,
    error: type[IntakeError],
) -> None:
    async with connected() as (service, client):
        service.faults.append(fault[name])
        with pytest.raises(error) as raised:
            await client.put_case(uuid4(), case_of())
        assert len(service.requests) == 1
    if isinstance(raised.value, IntakeRejected):
        expected = FieldError(field="payments.0.amount", message="must be a decimal number")
        assert raised.value.fields == (expected,)
    if name == "BUSY_LONG":
        assert isinstance(raised.value, IntakeUnavailable)
        assert raised.value.retry_after == 120


@pytest.mark.parametrize("name", ["PAGE", "MISSING"])
async def test_only_204_means_erased(connected: Connect, fault: type["Fault"], name: str) -> None:
    async with connected() as (service, client):
        service.faults.append(fault[name])
        with pytest.raises(IntakeUnavailable):
            await client.delete_case(uuid4())


async def test_no_service_is_unavailable(case_of: Callable[..., CaseFile]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with IntakeClient(f"http://127.0.0.1:{port}", "t") as client:
            with pytest.raises(IntakeUnavailable):
                await client.put_case(uuid4(), case_of())


async def test_neither_logs_nor_errors_hold_content_or_token(
    connected: Connect,
    case_of: Callable[..., CaseFile],
    fault: type["Fault"],
    token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    told = "my account is 12345"
    errors = []
    async with connected() as (service, client):
        for name in ("ERROR_BEFORE", "PAGE", "INVALID", "CLOSED", "UNAUTHORISED"):
            service.faults.extend([fault[name]] * ATTEMPTS)
            with pytest.raises(IntakeError) as raised:
                await client.put_case(uuid4(), case_of(told))
            errors.append(repr(raised.value) + repr(raised.value.__cause__))
            service.faults.clear()
    for written in (caplog.text, *errors):
        assert told not in written
        assert token not in written


@pytest.mark.parametrize(
    "url",
    [
        "https://intake.example.org",
        "https://intake.example.org/desk/",
        "http://localhost:8000",
        "http://127.8.9.1",
        "http://[::1]:8000",
    ],
)
async def test_https_or_loopback_is_taken(url: str) -> None:
    await IntakeClient(url, "t").aclose()


@pytest.mark.parametrize(
    "url",
    [
        "http://intake.example.org",
        "http://192.0.2.1",
        "http://localhost.example.org",
        "http://localhost@intake.example.org",
        "http://[::ffff:192.0.2.1]",
        "ftp://localhost",
        "intake.example.org",
        "",
    ],
)
async def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="HTTPS"):
        IntakeClient(url, "t")


async def test_an_empty_token_is_refused() -> None:
    with pytest.raises(ValueError, match="token"):
        IntakeClient("https://intake.example.org", "")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("30", 30),
        ("Mon, 04 May 2026 09:31:00 GMT", 60),
        ("Mon, 04 May 2026 09:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
async def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    value=st.text(max_size=40)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d \S+")
)
async def test_no_retry_after_breaks_the_reading(value: str) -> None:
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or seconds >= 0


async def test_a_case_id_is_sent_in_the_form_of_the_document(connected: Connect) -> None:
    case_id = UUID(int=0xABCDEF << 40)
    async with connected() as (service, client):
        await client.delete_case(case_id)
        assert service.requests == [("DELETE", case_id)]
