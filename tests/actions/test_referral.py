"""The group that sent a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.case.model import Case
from actions.guide import RegistryGuide
from actions.referral import group_code
from actions.registry import registry
from actions.summary import summary
from bot.languages import LANGUAGES


@pytest.mark.parametrize("given", ["centre-42", "A", "a_b", "x" * 32])
def test_a_code_is_taken(given: str) -> None:
    assert group_code(given) == given


@pytest.mark.parametrize("given", ["", "-a", "x" * 33, "two words", "<b>", "中心", "a\n", None, 5, ["a"]])
def test_anything_else_is_none(given: object) -> None:
    assert group_code(given) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_caseworker_reads_it(language: str) -> None:
    case = Case(referred_by="centre-42")
    assert "centre-42" in summary(case, RegistryGuide(registry()), language, datetime.now(UTC))
