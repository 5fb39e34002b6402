"""What every message passes before it is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import LONGEST_MESSAGE, admit

INVISIBLE = ["\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00", "\x1b", "\x7f", "\ud800"]
# Code points of the general category "format" that show: signs around numbers, in scripts no one writes here.
VISIBLE_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)

wild = st.text(
    st.one_of(st.characters(), st.sampled_from(["/", " ", "\n", "\t", "\u3000", "\u061c", *INVISIBLE]))
)


@given(wild)
def test_nothing_that_is_admitted_runs_as_a_command(text: str) -> None:
    admitted = admit(text)
    assert not admitted.lstrip().startswith("/")
    assert admitted == admitted.strip()


@given(wild)
def test_nothing_invisible_is_admitted(text: str) -> None:
    for character in set(admit(text)) - set("\t\n\r") - VISIBLE_FORMATS:
        assert unicodedata.category(character) not in {"Cc", "Cs"}
        assert character not in INVISIBLE


@given(wild)
def test_what_is_admitted_is_admitted_again(text: str) -> None:
    assert admit(admit(text)) == admit(text)


@given(st.text(min_size=1), st.integers(1, 3 * LONGEST_MESSAGE))
def test_length_has_an_end(piece: str, times: int) -> None:
    assert len(admit(piece * times)) <= LONGEST_MESSAGE


@pytest.mark.parametrize(
    "text",
    [
        "I paid $500 on 1/2/2024 and/or more",
        "我被骗了，转了５万块！",
        "see https://example.com/a//b",
        "one\ntwo\n\nthree",
        "👍 ok",
        "tab\there",
        "naïve café",
    ],
)
def test_ordinary_messages_pass_unchanged(text: str) -> None:
    assert admit(text) == text


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("/restart", "restart"),
        ("  /greet", "greet"),
        ("//greet", "greet"),
        ("/ / greet", "greet"),
        ("\u200b/greet", "greet"),
        ("/\u200b/greet", "greet"),
        ("\u3000/greet", "greet"),
        ("\u061c/greet", "greet"),
        ("\x85/greet", "greet"),
        ('/inform{"a": 1}', 'inform{"a": 1}'),
        ("/", ""),
        (" \n\t", ""),
        ("\u200b\u200e", ""),
        ("sc\u00adam", "scam"),
        ("\ud83d alone", "alone"),
    ],
)
def test_commands_and_invisible_characters_are_taken_off(text: str, admitted: str) -> None:
    assert admit(text) == admitted


def test_hidden_tag_characters_are_removed() -> None:
    assert admit("hello" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey")) == "hello"


def test_a_cry_for_help_at_the_end_of_a_long_story_is_kept() -> None:
    story = "我被骗了。" * 2_000
    assert "不想活" in admit(f"{story}我不想活了")
    assert "不想活" in admit(f"{story}我不想活了{story}")
    assert admit(story) == story[:LONGEST_MESSAGE]
