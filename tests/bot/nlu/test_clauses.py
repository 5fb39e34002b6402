"""Clauses of a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import MOST_CLAUSES, clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "I wired it yesterday, and I can't stop crying",
            ["I wired it yesterday", "and I can't stop crying"],
        ),
        (
            "I sent $50,000.00 to them. Who can see what I write here?",
            ["I sent $50,000.00 to them", "Who can see what I write here"],
        ),
        ("我昨天转了五万，现在整晚睡不着", ["我昨天转了五万", "现在整晚睡不着"]),
        ("他說要凍結我的帳戶！可唔可以搵真人", ["他說要凍結我的帳戶", "可唔可以搵真人"]),
        ("I paid 300 by card", ["I paid 300 by card"]),
        ("no. stop", ["no, stop"]),
        ("转了，五万", ["转了, 五万"]),
        ("", []),
        (" . ", []),
    ],
)
def test_what_is_said_in_one_breath_is_told_apart(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def test_a_long_story_has_a_last_clause_with_the_rest() -> None:
    story = (
        "first they called me. then I paid the money. then they called again. then I paid more. now I am lost"
    )
    parts = clauses(story)
    assert len(parts) == MOST_CLAUSES
    assert parts[-1].endswith("now I am lost")


@given(st.text())
def test_any_text_has_few_clauses_and_loses_no_letter(text: str) -> None:
    parts = clauses(text)
    assert len(parts) <= MOST_CLAUSES
    assert [char for char in "".join(parts) if char.isalnum()] == [char for char in text if char.isalnum()]
