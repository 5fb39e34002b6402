"""The talk in the terminal: a number presses a button."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.terminal import _turn, pressed

TITLES = ["Yes", "No", "I'm not sure"]


@pytest.mark.parametrize(("text", "said"), [("1", "Yes"), ("3", "I'm not sure"), ("02", "No")])
def test_a_number_chooses_a_button(text: str, said: str) -> None:
    assert pressed(text, TITLES) == said


@pytest.mark.parametrize("text", ["0", "4", "-1", "1.", "1 2", "500", "²", "１", "٣", "", "Yes", "no"])
def test_anything_else_is_itself(text: str) -> None:
    assert pressed(text, TITLES) == text


@given(st.text(), st.lists(st.text(min_size=1)))
def test_what_is_said_was_typed_or_offered(text: str, titles: list[str]) -> None:
    assert pressed(text, titles) in {text, *titles}
    assert pressed(text, []) == text


async def test_a_turn_shows_the_buttons_with_the_numbers_that_press_them(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    sender = f"terminal:{uuid4()}"
    titles = await _turn(assistant, sender, "delete my data", {"language": "en"})
    shown = capsys.readouterr().out.splitlines()
    assert titles == ["Yes, delete it", "No, keep it"]
    assert shown[-3:] == ["  [1] Yes, delete it", "  [2] No, keep it", ""]
    await _turn(assistant, sender, pressed("2", titles), {"language": "en"})
    assert "Nothing was deleted." in capsys.readouterr().out
