"""The case: what it notes, and that it survives being kept as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from actions.case.model import Case, Consent, Contact, Filed, Payment
from tests.actions.case.cases import CASES

QUESTIONS = st.sampled_from(["story", "paid", "method:0", "method:1", "country", "consent"])


@given(CASES)
def test_a_case_survives_being_kept_as_json(case: Case) -> None:
    assert Case.model_validate(case.model_dump(mode="json")) == case
    assert Case.model_validate_json(case.model_dump_json()) == case


def test_everything_in_a_case_survives_being_kept() -> None:
    case = Case(
        consent=Consent(version="1", given_at=datetime(2026, 11, 1, tzinfo=UTC), purposes=["handover"]),
        contact=Contact(kind="phone", value="+14155550123"),
        payments=[Payment(amount=Decimal("0.00012"), currency="BTC", recipient=["a", "b"], state="pressed")],
        earlier=[Filed(id=Case().id, reference="7KQ4-M2XR")],
        signs={"romance_1": "we met on an app", "romance_2": None},
    )
    assert Case.model_validate_json(case.model_dump_json()) == case


def test_two_cases_are_never_one() -> None:
    first, second = Case(), Case()
    first.payments = [*first.payments, Payment()]
    first.mark("crisis")
    assert first.id != second.id
    assert second.payments == []
    assert second.marks == []


def test_a_mark_stands_once_and_can_be_taken_away() -> None:
    case = Case()
    case.mark("watched")
    case.mark("crisis")
    case.mark("watched")
    assert case.marks == ["watched", "crisis"]
    case.unmark("watched")
    assert not case.marked("watched")
    assert case.marked("crisis")
    case.unmark("threatened")


@given(st.lists(QUESTIONS), QUESTIONS)
def test_a_question_is_settled_until_it_is_opened_again(skipped: list[str], question: str) -> None:
    case = Case()
    for one in skipped:
        case.skip(one)
    assert sorted(case.skipped) == sorted(set(skipped))
    assert case.settled(question) == (question in skipped)
    case.reopen(question)
    assert not case.settled(question)
    assert set(case.skipped) == set(skipped) - {question}


def test_advice_is_remembered_once() -> None:
    case = Case()
    case.tell("hold")
    case.tell("hold")
    assert case.told == ["hold"]


def test_what_is_only_demanded_has_not_left() -> None:
    states = ("pressed", "pending", "sent", "recalled", "refused")
    case = Case(payments=[Payment(state=state) for state in states])
    assert [case.payments[i].state for i, _ in case.sent_payments] == list(states[1:])
    assert [i for i, _ in case.sent_payments] == [1, 2, 3, 4]


def test_what_was_handed_over_is_known_the_latest_last() -> None:
    earlier = Filed(id=Case().id, reference="AAAA-AAAA")
    case = Case(earlier=[earlier])
    assert case.filed == [earlier]
    case.reference = "BBBB-BBBB"
    assert case.filed == [earlier, Filed(id=case.id, reference="BBBB-BBBB")]


@pytest.mark.parametrize(
    ("field", "value"), [("role", "hero"), ("safe_now", "perhaps"), ("marks", ["lost"]), ("misread", "often")]
)
def test_a_case_refuses_what_it_cannot_mean(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        setattr(Case(), field, value)


def test_a_payment_refuses_an_unknown_state() -> None:
    with pytest.raises(ValidationError):
        Payment().state = "lost"  # type: ignore[assignment]


def test_the_talk_of_somebody_held_is_kept_briefly_unless_they_ask_for_more() -> None:
    assert Case(role="trapped").kept_briefly
    assert not Case(role="relative_trapped").kept_briefly
    assert not Case(role="trapped", resume_code="ABC").kept_briefly
    assert not Case(role="trapped", reference="AAAA-AAAA").kept_briefly
