"""How a case reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def facts(data_dir: Path, case_file: dict[str, Any]) -> Any:
    """Build facts from the example with other payments."""
    from desk.intake.contract import facts_of

    def build(*payments: dict[str, Any], **other: Any) -> Any:
        example = case_file["payments"][0]
        body = {key: value for key, value in case_file.items() if key != "attachments"}
        return facts_of(body | {"payments": [example | payment for payment in payments]} | other)

    return build


def test_title(facts: Any) -> None:
    from desk.intake.sheet import title

    assert (
        title(facts({"amount": "50000.00"}))
        == "[URGENT] 7KQ4-M2XR investment romance scam · 50,000 USD · US/HK"
    )
    mixed = facts({"amount": "0.10"}, {"amount": "0.2"}, {"amount": "3", "currency": "USDT"})
    assert "0.3 USD + 3 USDT" in title(mixed)
    demanded = facts({"state": "pressed"}, {"state": "refused"}, scam_type=None, jurisdictions=[])
    assert title(demanded) == "[URGENT] 7KQ4-M2XR scam type not known"
    assert "new kind" in title(facts(scam_type="new_kind"))
    many = facts(*({"amount": "1.123456789012345678", "currency": f"COIN{n}"} for n in range(40)))
    assert len(title(many)) <= 200


def test_due_is_the_next_deadline_that_can_still_be_kept(facts: Any) -> None:
    from desk.intake.sheet import due

    def at(hours: int, state: str = "sent") -> dict[str, Any]:
        return {"deadline": (NOW + timedelta(hours=hours)).isoformat(), "state": state}

    assert due(facts(at(-1), at(30), at(20), at(5, "refused")), NOW) == NOW + timedelta(hours=20)
    assert due(facts(at(-1)), NOW) is None
    assert due(facts(), NOW) is None


def test_time_left(facts: Any) -> None:
    from desk.intake.sheet import sheet

    deadline = {"deadline": "2026-05-06T20:10:00Z"}
    (row,) = sheet(facts(deadline), NOW).payments
    assert (row.time_left.replace("\xa0", " "), row.overdue) == ("2 days, 10 hours left", False)
    (row,) = sheet(facts(deadline), NOW + timedelta(days=3)).payments
    assert (row.time_left.replace("\xa0", " "), row.overdue) == ("passed 13 hours, 20 minutes ago", True)


@given(amount=st.from_regex(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?", fullmatch=True))
def test_no_digit_of_money_is_lost(data_dir: Path, amount: str) -> None:
    from desk.intake.sheet import money

    number, currency = money(amount, "BTC").split(" ")
    assert (Decimal(number.replace(",", "")), currency) == (Decimal(amount), "BTC")


def test_every_id_of_the_contract_has_a_label(contract: dict[str, Any], data_dir: Path) -> None:
    from desk.intake import labels

    schemas = contract["components"]["schemas"]
    assert set(labels.ROLES) == set(schemas["CaseFile"]["properties"]["role"]["enum"])
    assert set(labels.PAYMENT_STATES) == set(schemas["Payment"]["properties"]["state"]["enum"])
    assert set(labels.MARKS) == set(schemas["Safety"]["properties"]["marks"]["items"]["enum"])
    assert set(labels.CONTACT_KINDS) == set(schemas["Contact"]["properties"]["kind"]["enum"])
    assert set(labels.PURPOSES) == set(schemas["Consent"]["properties"]["purposes"]["items"]["enum"])
    assert set(labels.LANGUAGES) == set(schemas["Language"]["enum"])
