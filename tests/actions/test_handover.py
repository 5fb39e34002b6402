"""Handing over: what was agreed and nothing else; filed first, promised after; the truth when it fails."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from actions.case.message import Message
from actions.case.model import Case, Consent, Contact, ContactKind, Mark, Payment
from actions.case.planner import plan
from actions.handover import case_file, is_urgent, summary_text
from actions.intake.client import IntakeClient
from actions.intake.courier import Courier
from actions.services import Services
from actions.turn import Turn
from bot.languages import LANGUAGES
from tests.actions.case.cases import CASES
from tests.actions.conftest import settings_in
from tests.actions.intake.conftest import TOKEN, Contract, Fault, Service
from tests.actions.talk import GUIDE, NOW, Talk

CONTRACT = Contract()
REFERENCE = "7KQ4-M2XR"
CONSENT = Consent(version="1", given_at=NOW, purposes=["handover"])
DEMANDED = Payment(amount=Decimal(3000), state="pressed")
WIRE = Payment(method="bank_wire", amount=Decimal(50000), currency="USD", paid_at=NOW - timedelta(hours=31))


def turn_of(case: Case, services: Services) -> Turn:
    """A turn about `case`."""
    return Turn(case, Message("", None), GUIDE, NOW, services, "rest:one", "rest")


def ready(**changes: Any) -> Case:
    """A case about to be filed, with all advice given."""
    given: dict[str, Any] = {
        "consent": CONSENT,
        "contact": Contact(kind="none"),
        "country": "US",
        "paid": True,
    }
    payment = WIRE.model_copy(update={"state": "recalled"})
    case = Case(**{**given, "payments": [payment], "open": "summary_ok", **changes})
    for tell in plan(case, GUIDE, NOW).tells:
        case.tell(tell.key)
    return case


def break_store(services: Services, tmp_path: Path) -> None:
    """Take the outbox's table away."""
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("DROP TABLE intake_outbox")


def test_nothing_is_handed_over_without_consent(services: Services) -> None:
    with pytest.raises(ValueError, match="consent"):
        case_file(Case(), turn_of(Case(), services), REFERENCE, urgent=False)


@pytest.mark.parametrize(
    ("contact", "purposes"),
    [
        (None, ("handover",)),
        (Contact(kind="none"), ("handover",)),
        (Contact(kind="phone", value="+14155550123"), ("handover", "contact")),
    ],
)
def test_a_contact_goes_along_only_when_it_was_given(
    services: Services, contact: Contact | None, purposes: tuple[str, ...]
) -> None:
    case = ready(contact=contact)
    filed = case_file(case, turn_of(case, services), REFERENCE, urgent=False)
    assert filed.consent.purposes == purposes
    assert filed.contact.value == (contact.value if contact else None)
    assert (filed.contact.kind == "none") == (purposes == ("handover",))


def test_the_file_says_what_the_case_says(services: Services) -> None:
    case = ready(
        language="zh_Hans",
        payments=[WIRE.model_copy(update={"to_country": "HK", "recipient": ["a"] * 30})],
        place="KH",
        signs={"romance_1": "we never met"},
        marks=["threatened"],
    )
    filed = case_file(case, turn_of(case, services), REFERENCE, urgent=True)
    (payment,) = filed.payments
    assert payment.method == "bank_wire_international"
    assert payment.deadline == NOW + timedelta(hours=41)
    assert (payment.from_country, payment.to_country, len(payment.recipient)) == ("US", "HK", 20)
    assert filed.jurisdictions == ("US", "KH", "HK")
    assert filed.safety.marks == ("threatened",)
    assert filed.summary.own_language == "zh_Hans"
    assert "香港" not in filed.summary.en
    assert "$50,000" in filed.summary.en
    assert "美国" in filed.summary.own


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_every_case_makes_a_file_the_contract_takes(case: Case, services: Services) -> None:
    case.consent, case.signs = CONSENT, {}
    for payment in case.payments:
        payment.method = {"wire": "bank_wire", "card": "credit_card"}.get(payment.method or "")
    for language in LANGUAGES:
        case.language = language
        turn = turn_of(case, services)
        filed = case_file(case, turn, services.reference_of(case.id), urgent=is_urgent(case, turn))
        assert len(filed.payments) == len(case.payments)
        assert CONTRACT.errors("CaseFile", filed.model_dump(mode="json")) == []


@pytest.mark.parametrize(
    ("marks", "hours", "urgent"),
    [
        ([], 71, True), ([], 72, True), ([], 73, False), ([], None, False), ([], -5, True),
        (["crisis"], None, True), (["trapped"], 500, True), (["threatened", "watched"], 500, False),
    ],
)  # fmt: skip
def test_urgent_is_a_crisis_a_person_held_or_money_sent_within_72_hours(
    services: Services, marks: list[Mark], hours: float | None, urgent: bool
) -> None:
    paid_at = None if hours is None else NOW - timedelta(hours=hours)
    case = Case(marks=marks, payments=[Payment(paid_at=paid_at)])
    assert is_urgent(case, turn_of(case, services)) == urgent


def test_money_that_is_only_demanded_is_not_urgent(services: Services) -> None:
    case = Case(payments=[Payment(paid_at=NOW, state="pressed")])
    assert not is_urgent(case, turn_of(case, services))


def test_the_person_sees_how_they_will_be_reached(services: Services) -> None:
    assert "+14155550123" in summary_text(
        turn_of(ready(contact=Contact(kind="phone", value="+14155550123")), services)
    )
    assert "reach" not in summary_text(turn_of(ready(), services))


async def test_from_a_person_to_a_filed_case(talk: Talk) -> None:
    talk.case = ready(consent=None, contact=None, open=None)
    assert await talk.say("I want a person", "ask_human") == ["utter_human", "utter_ask_consent"]
    assert await talk.say("Yes, pass it on", "affirm") == ["utter_ask_contact"]
    assert await talk.say("By e-mail", "inform") == ["utter_ask_contact_value_email"]
    assert await talk.say("someone@example.org") == ["utter_ask_summary_ok"]
    assert "someone@example.org" in talk.answer
    assert talk.services.outbox.depth() == 0
    said = await talk.say("Yes, send it", "affirm")
    assert said[0] == "utter_filed_urgent"
    assert talk.case.reference
    assert talk.case.reference in talk.answer
    (delivery,) = talk.services.outbox.due(NOW, 10)
    assert delivery.case_id == talk.case.id
    assert delivery.case is not None
    assert delivery.case.reference == talk.case.reference
    assert delivery.case.contact.value == "someone@example.org"


async def test_without_consent_nothing_is_sent(talk: Talk) -> None:
    talk.case = ready(consent=None, contact=None, open="consent")
    assert "utter_consent_declined" in await talk.say("No, thank you", "deny")
    assert talk.case.consent is None
    assert talk.services.outbox.depth() == 0


async def test_who_changes_their_mind_is_asked_again(talk: Talk) -> None:
    talk.case = ready(consent=None, contact=None, open="consent")
    await talk.say("No, thank you", "deny")
    assert "utter_ask_consent" in await talk.say("I want a person after all", "ask_human")


async def test_an_unsure_summary_is_not_sent_and_can_be_asked_for_again(talk: Talk) -> None:
    talk.case = ready()
    assert (await talk.say("not sure", "unsure"))[0] == "utter_consent_declined"
    assert talk.case.reference is None
    assert talk.services.outbox.depth() == 0
    assert "utter_ask_summary_ok" in await talk.say("a person please", "ask_human")


async def test_a_store_that_fails_is_told_truthfully_and_nothing_is_promised(
    talk: Talk, tmp_path: Path
) -> None:
    talk.case = ready()
    break_store(talk.services, tmp_path)
    assert await talk.say("Yes, send it", "affirm") == ["utter_filing_failed"]
    assert talk.case.reference is None
    assert talk.case.filed_at is None
    assert not talk.case.filing_agreed


async def test_after_a_failure_the_summary_comes_again(talk: Talk, tmp_path: Path) -> None:
    talk.case = ready()
    break_store(talk.services, tmp_path)
    await talk.say("Yes, send it", "affirm")
    (tmp_path / "mended").mkdir()
    talk.services = Services(settings_in(tmp_path / "mended"))
    assert "utter_ask_summary_ok" in await talk.say("a person please", "ask_human")


async def test_a_correction_is_filed_again_under_the_same_reference(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    reference = talk.case.reference
    said = await talk.say("actually it was $30,000, not $50,000", "inform")
    assert said[0] == "utter_correct"
    assert "utter_ask_summary_ok_again" in said
    assert "utter_filed_urgent" in await talk.say("Yes, send it", "affirm")
    assert talk.case.reference == reference
    (delivery,) = talk.services.outbox.due(NOW, 10)
    assert delivery.case is not None
    assert delivery.case.reference == reference
    assert delivery.case.payments[0].amount == Decimal(30000)


async def test_something_wrong_is_changed_before_it_is_sent(talk: Talk) -> None:
    talk.case = ready()
    assert await talk.say("Something is wrong", "nlu_fallback") == ["utter_what_is_wrong"]
    said = await talk.say("I live in Canada", "inform")
    assert (said[0], said[-1]) == ("utter_correct", "utter_ask_summary_ok")
    assert talk.case.country == "CA"
    assert talk.services.outbox.depth() == 0


@pytest.mark.parametrize("kind", ["phone", "email"])
async def test_who_keeps_their_number_to_themselves_is_not_reachable(talk: Talk, kind: ContactKind) -> None:
    talk.case = ready(contact=Contact(kind=kind), open="contact_value")
    assert await talk.say("I'd rather not say", "deny") == ["utter_ask_summary_ok"]
    await talk.say("Yes, send it", "affirm")
    (delivery,) = talk.services.outbox.due(NOW, 10)
    assert delivery.case is not None
    assert delivery.case.contact.kind == "none"
    assert delivery.case.consent.purposes == ("handover",)


async def test_the_status_of_a_case_at_each_stage(talk: Talk, tmp_path: Path) -> None:
    assert "utter_status_none" in await talk.say("what about my case", "ask_case_status")
    async with Service(CONTRACT).running() as service:
        talk.services = Services(settings_in(tmp_path, intake_url=service.url, intake_token=TOKEN))
        talk.case = ready()
        await talk.say("Yes, send it", "affirm")
        reference = talk.case.reference
        assert "utter_status_waiting" in await talk.say("what about my case", "ask_case_status")
        async with IntakeClient(service.url, TOKEN) as client:
            await Courier(talk.services.outbox, client).deliver_due(NOW)
        assert "utter_status_received" in await talk.say("what about my case", "ask_case_status")
        assert reference
        assert reference in talk.answer
        service.faults.append(Fault.UNAUTHORISED)
        assert "utter_status_last_received" in await talk.say("what about my case", "ask_case_status")
        talk.case.standing = None
        service.faults.append(Fault.UNAUTHORISED)
        assert "utter_status_unknown" in await talk.say("what about my case", "ask_case_status")
    talk.services.outbox.close()


async def test_the_status_is_still_known_after_starting_over(talk: Talk) -> None:
    talk.case = ready()
    await talk.say("Yes, send it", "affirm")
    reference = talk.case.reference
    await talk.say("start over", "restart")
    await talk.say("Yes, start over", "affirm")
    assert talk.case.reference is None
    assert "utter_status_waiting" in await talk.say("what about my case", "ask_case_status")
    assert talk.values("utter_status_waiting")["reference"] == reference
