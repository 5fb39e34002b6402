"""The intake service fails while a case is on its way: the person is told how it is, and it arrives once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from actions.intake.client import ATTEMPTS, IntakeClient
from actions.intake.courier import Courier
from actions.intake.outbox import LONGEST_PAUSE
from actions.services import Services
from tests.actions.conftest import settings_in
from tests.actions.intake.conftest import PASSING, TOKEN, Contract, Fault, Service
from tests.actions.talk import NOW, Talk
from tests.actions.test_handover import ready

MINUTE = timedelta(minutes=1)
NEVER_ANSWERED = ("SLOW", "DRIP")


@asynccontextmanager
async def filed(tmp_path: Path) -> AsyncIterator[tuple[Talk, Service]]:
    """A talk whose case was just filed for a service that runs."""
    async with Service(Contract()).running() as service:
        services = Services(settings_in(tmp_path, intake_url=service.url, intake_token=TOKEN))
        talk = Talk(services, ready())
        assert (await talk.say("Yes, send it", "affirm"))[0] == "utter_filed_urgent"
        yield talk, service
        services.outbox.close()


async def carry(talk: Talk, service: Service, after: timedelta, patience: float = 30.0) -> int:
    """Let a courier try what is due by then."""
    async with IntakeClient(service.url, TOKEN, patience) as client:
        return await Courier(talk.services.outbox, client).deliver_due(NOW + after)


async def status(talk: Talk) -> str:
    """What the person is told when they ask about their case."""
    return (await talk.say("what about my case", "ask_case_status"))[0]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.value)
async def test_whatever_the_service_does_the_person_hears_the_truth_and_the_case_arrives_once(
    fault: Fault, tmp_path: Path
) -> None:
    async with filed(tmp_path) as (talk, service):
        service.faults.extend([fault] * ATTEMPTS)
        patience = 0.1 if fault.name.startswith(NEVER_ANSWERED) else 30.0
        assert await carry(talk, service, timedelta(), patience) == 0
        service.faults.clear()
        assert await status(talk) == "utter_status_waiting"
        assert await carry(talk, service, LONGEST_PAUSE) == 1
        assert await status(talk) == "utter_status_received"
        assert service.created == {talk.case.id: 1}
        assert service.cases[talk.case.id]["reference"] == talk.case.reference


async def test_a_service_that_is_down_for_an_hour_has_the_case_soon_after(tmp_path: Path) -> None:
    async with filed(tmp_path) as (talk, service):
        for minute in range(60):
            service.faults.extend([Fault.ERROR_BEFORE, Fault.DROP_BEFORE, Fault.ERROR_BEFORE])
            assert await carry(talk, service, minute * MINUTE) == 0
            service.faults.clear()
        tries = len(service.requests)
        assert ATTEMPTS * 5 <= tries < ATTEMPTS * 30
        assert await status(talk) == "utter_status_waiting"
        assert talk.services.outbox.depth() == 1
        assert await carry(talk, service, timedelta(hours=1) + LONGEST_PAUSE) == 1
        assert await status(talk) == "utter_status_received"
        assert service.created == {talk.case.id: 1}


@pytest.mark.parametrize("fault", [Fault.INVALID, Fault.CLOSED])
async def test_a_case_that_is_refused_is_not_said_to_be_on_its_way(fault: Fault, tmp_path: Path) -> None:
    async with filed(tmp_path) as (talk, service):
        service.faults.append(fault)
        assert await carry(talk, service, timedelta()) == 0
        assert await status(talk) == "utter_status_refused"
        assert talk.services.outbox.release(talk.case.id, NOW)
        assert await status(talk) == "utter_status_waiting"
        assert await carry(talk, service, timedelta()) == 1
        assert await status(talk) == "utter_status_received"


async def test_who_says_yes_again_because_the_conversation_was_not_kept_has_one_reference(
    tmp_path: Path,
) -> None:
    """The case was filed and the promise said, then the bot ended before it kept the conversation."""
    async with filed(tmp_path) as (talk, service):
        before = ready(id=talk.case.id)
        again = Talk(talk.services, before)
        assert (await again.say("Yes, send it", "affirm"))[0] == "utter_filed_urgent"
        assert again.case.reference == talk.case.reference
        assert await carry(talk, service, timedelta()) == 1
        assert service.created == {talk.case.id: 1}
        assert service.cases[talk.case.id]["reference"] == talk.case.reference
