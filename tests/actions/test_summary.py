"""The case in words: complete, in the person's language, and nothing that was not told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from actions.case.model import Case, Payment
from actions.summary import plan_lines, summary
from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.nlg import PLACEHOLDER
from bot.nlu.script import HAN
from tests.actions.case.cases import CASES
from tests.actions.talk import GUIDE, NOW

WIRE = Payment(
    method="bank_wire",
    amount=Decimal(50000),
    currency="USD",
    paid_at=NOW - timedelta(hours=31),
    institution="Chase",
    recipient=["GB82WEST12345698765432"],
)
FULL = Case(
    scam_type="romance",
    signs={"romance_1": "we never met", "romance_2": None},
    payments=[WIRE, Payment(amount=Decimal(3000), currency="USD", state="pressed")],
    country="US",
    place="KH",
    shared_details=True,
)


def test_the_summary_says_everything_that_was_told() -> None:
    lines = summary(FULL, GUIDE, ENGLISH, NOW).split("\n")
    assert all(line.startswith("• ") for line in lines)
    text = "\n".join(lines)
    for part in ("we never met", "$50,000", "Chase", "GB82WEST12345698765432", "United States", "Cambodia"):
        assert part in text
    assert "about 41 of the 72 hours are left" in text
    demanded = next(line for line in lines if "$3,000" in line)
    assert "demanded, not paid" in demanded
    assert "personal details" in text


@pytest.mark.parametrize(("language", "country"), [(SIMPLIFIED, "美国"), (TRADITIONAL, "美國")])
def test_the_summary_is_in_one_language(language: str, country: str) -> None:
    text = summary(FULL.model_copy(update={"language": language}), GUIDE, language, NOW)
    assert country in text
    for line in text.split("\n"):
        assert HAN.search(line) or "we never met" in line, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_case_is_still_something_to_hand_over(language: str) -> None:
    assert summary(Case(), GUIDE, language, NOW).startswith("• ")


def test_a_window_that_is_over_is_not_said_to_be_left() -> None:
    late = Case(payments=[WIRE.model_copy(update={"paid_at": NOW - timedelta(days=9)})], country="US")
    assert "are left" not in summary(late, GUIDE, ENGLISH, NOW)


@given(CASES)
def test_every_payment_has_its_line_and_no_placeholder_is_left(case: Case) -> None:
    case.signs, case.scam_type = {}, None
    for payment in case.payments:
        payment.method = {"wire": "bank_wire", "card": "credit_card"}.get(payment.method or "")
    for language in LANGUAGES:
        text = summary(case, GUIDE, language, NOW)
        assert not PLACEHOLDER.search(text)
        rest = sum(
            [
                case.country is not None,
                case.citizenship is not None,
                case.frozen,
                case.place is not None,
                case.shared_details or case.remote_access,
            ]
        )
        assert len(text.split("\n")) == max(len(case.payments) + rest, 1)


def test_the_plan_tells_done_from_open() -> None:
    case = FULL.model_copy(deep=True)
    text = plan_lines(case, GUIDE, ENGLISH, NOW)
    assert "open: contact the bank or company ($50,000)" in text
    assert "open: report it" in text
    assert "open: save chats, receipts and screenshots" in text
    assert "open: pass the case to a caseworker" in text
    assert "open: pay nothing that is demanded ($3,000)" in text
    case.payments = case.payments[:1]
    case.payments[0].state, case.reference = "refused", "7KQ4-M2XR"
    case.done = ["police", "evidence", "secured"]
    text = plan_lines(case, GUIDE, ENGLISH, NOW)
    assert "done: contact the bank or company ($50,000)" in text
    assert "done: report it" in text
    assert "done: pass the case to a caseworker" in text
    assert "open:" not in text


def test_the_plan_holds_the_summary() -> None:
    for language in LANGUAGES:
        assert plan_lines(FULL, GUIDE, language, NOW).startswith(summary(FULL, GUIDE, language, NOW))
