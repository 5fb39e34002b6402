from __future__ import annotations

import pytest

from actions.failure import answer_after_failure


@pytest.mark.parametrize(("language", "number"), [("en", "988"), ("zh_Hans", "12356"), ("zh_Hant", "1925")])
def test_a_cry_for_help_is_answered_though_the_turn_failed(language: str, number: str) -> None:
    response, values = answer_after_failure("我不想活了", language)
    assert response == "utter_crisis"
    assert number in values["lines"]


def test_anything_else_is_answered_with_an_apology() -> None:
    assert answer_after_failure("I wired $50,000", "en") == ("utter_error", {})
