"""Nothing leaves that the person did not agree to: field by field, over random cases.

Each field of a case either goes out, under the purpose it was agreed to for, or never does. What never does must not
show in what is sent, whatever is in it; a way to be reached goes only when the person chose it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.case.model import Case, Consent, Contact, Filed, Payment, Standing
from actions.handover import case_file, is_urgent, summary_text
from actions.intake import contract
from actions.services import Services
from tests.actions.case.cases import CASES
from tests.actions.talk import GUIDE, NOW
from tests.actions.test_handover import turn_of

REFERENCE = "7KQ4-M2XR"
# Asked for by the consent to hand over: what happened, payments, country, urgency, and what it takes to read it.
HANDED_OVER = {
    "language", "referred_by", "role", "scam_type", "payments", "country", "place", "citizenship", "signs",
    "shared_details", "remote_access", "frozen", "marks", "consent",
    # Times stand in the summary as the person's clock shows them.
    "time_zone",
}  # fmt: skip
FOR_CONTACT = {"contact"}
# Of the talk, not of the case: each with something that must not show in what is sent.
KEPT_HERE: dict[str, Any] = {
    "type_told": True,
    "paid": True,
    "answers": {"kept_answer": "yes"},
    "frozen_by": "police",
    "done": ["bank", "police"],
    "safe_now": "no",
    "reference": "9999-9999",
    "filed_at": datetime(1987, 6, 5, 4, 3, tzinfo=UTC),
    "filing_agreed": True,
    "open": "kept_open",
    "skipped": ["kept_skipped"],
    "told": ["kept_told"],
    "misread": 87654,
    "unanswered": 76543,
    "paused": True,
    "earlier": [Filed(id=uuid4(), reference="8888-8888")],
    "standing": Standing(id=uuid4(), status="closed", at=datetime(1986, 5, 4, tzinfo=UTC)),
    "reply_to": uuid4(),
    "resume_code": "KEPT-RESUME-CODE",
    "reachable": True,
    "check_ins": "yes",
    "check_ins_since": datetime(1985, 4, 3, tzinfo=UTC),
    "last_heard_at": datetime(1984, 3, 2, tzinfo=UTC),
}
# The id is the address of the call, not of its body.
ADDRESS = {"id"}
CONTACTS = st.sampled_from(
    [
        None,
        Contact(kind="none"),
        Contact(kind="chat"),
        Contact(kind="phone", value="+14155550123"),
        Contact(kind="email", value="kept@example.org"),
    ]
)
AGREED = Consent(version="1", given_at=NOW, purposes=["handover"])
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ready(case: Case, contact: Contact | None) -> Case:
    """`case` as somebody agreed to hand it over, with ways to pay and signs that the registry knows."""
    case = case.model_copy(deep=True, update={"consent": AGREED, "contact": contact, "scam_type": None})
    case.signs = dict.fromkeys(list(GUIDE.registry.red_flags)[: len(case.signs)], "my own words")
    for payment in case.payments:
        payment.method = {"wire": "bank_wire", "card": "credit_card"}.get(payment.method or "")
    return case


def sent(case: Case, services: Services, sender_id: str = "rest:one") -> dict[str, Any]:
    """What would be sent of `case`."""
    turn = turn_of(case, services)
    turn.sender_id = sender_id
    body = case_file(case, turn, REFERENCE, urgent=is_urgent(case, turn))
    return body.model_dump(mode="json")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside a JSON value, with the path to it, without positions in lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def test_of_every_field_it_is_said_whether_it_leaves() -> None:
    """A new field of a case is decided about here before it can go anywhere."""
    parts = [HANDED_OVER, FOR_CONTACT, set(KEPT_HERE), ADDRESS]
    assert set().union(*parts) == set(Case.model_fields)
    assert sum(map(len, parts)) == len(Case.model_fields)


@many
@given(case=CASES, contact=CONTACTS, fields=st.sets(st.sampled_from(sorted(KEPT_HERE)), min_size=1))
def test_what_is_of_the_talk_changes_nothing_of_what_is_sent(
    services: Services, case: Case, contact: Contact | None, fields: set[str]
) -> None:
    case = ready(case, contact)
    secrets = {name: KEPT_HERE[name] for name in fields}
    other = case.model_copy(deep=True, update={"id": uuid4(), **secrets})
    assert sent(case, services) == sent(other, services, "webchat:kept-sender")


@many
@given(case=CASES, contact=CONTACTS)
def test_a_way_to_be_reached_leaves_only_when_it_was_chosen(
    services: Services, case: Case, contact: Contact | None
) -> None:
    body = sent(ready(case, contact), services)
    chosen = contact is not None and contact.kind != "none"
    assert ("contact" in body["consent"]["purposes"]) == chosen
    with_contact = {
        path for path, value in leaves(body) if contact and contact.value and contact.value in str(value)
    }
    assert with_contact == ({"contact.value"} if contact and contact.value else set())
    if not chosen:
        assert body["contact"] == {"kind": "none", "value": None}


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20).map(lambda text: f"‹{text}›")


@many
@given(case=CASES, contact=CONTACTS, data=st.data())
def test_of_the_persons_own_words_only_what_they_were_shown_leaves(
    services: Services, case: Case, contact: Contact | None, data: st.DataObject
) -> None:
    """Names, accounts, quotes and the way to be reached all stand in the summary that the person says yes to."""
    case = ready(case, contact)
    for payment in case.payments:
        payment.institution = data.draw(st.none() | WORDS)
        payment.recipient = data.draw(st.lists(WORDS, max_size=3))
    case.signs = {flag: data.draw(st.none() | WORDS) for flag in case.signs}
    shown, body = summary_text(turn_of(case, services)), sent(case, services)
    assert shown.startswith(body["summary"]["own"])
    own_words = [(path, value) for path, value in leaves(body) if "‹" in str(value)]
    assert {path for path, _ in own_words} <= {
        "payments.institution",
        "payments.recipient",
        "summary.en",
        "summary.own",
    }
    assert all(value in shown for path, value in own_words if path.startswith("payments"))
    assert body["contact"]["value"] is None or body["contact"]["value"] in shown


def test_the_body_has_no_field_beside_these(services: Services) -> None:
    """Every field of the contract that the bot can fill, so that a new one is thought about here."""
    case = ready(Case(payments=[Payment(amount=Decimal(5), recipient=["a"])], signs={"one": None}), None)
    filled = {path for path, _ in leaves(sent(case, services))}
    payment = {f"payments.{name}" for name in contract.Payment.model_fields}
    assert filled == payment | {
        "reference", "language", "role", "scam_type", "signs", "safety.urgency", "consent.version", "consent.given_at",
        "consent.purposes", "contact.kind", "contact.value", "summary.en", "summary.own", "summary.own_language",
    }  # fmt: skip


@pytest.mark.parametrize("withdrawn", [Case(), Case(consent=AGREED, contact=Contact(kind="chat"))])
def test_without_a_consent_nothing_can_be_made_to_be_sent(services: Services, withdrawn: Case) -> None:
    withdrawn = withdrawn.model_copy(deep=True)
    withdrawn.withdraw()
    with pytest.raises(ValueError, match="consent"):
        sent(withdrawn, services)
