"""Commands: phrases that mean one thing, however they are written, and nothing longer than themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import commands
from actions.commands import CODE, HAS_CODE, PLAN, WITHDRAW, command
from actions.dialogue import COMMANDS
from bot.catalogs import translate
from bot.languages import LANGUAGES

PHRASES = [
    (name, phrase.strip())
    for name, phrases in commands._PHRASES.items()
    for language in LANGUAGES
    for phrase in translate(phrases, language).split("|")
]


def test_every_command_is_carried_out() -> None:
    assert commands._PHRASES.keys() == COMMANDS.keys()


@given(
    st.sampled_from(PHRASES),
    st.sampled_from([str, str.upper, str.title]),
    st.sampled_from(["", ".", "？", " !!"]),
)
def test_a_phrase_is_heard_in_any_case_and_with_any_mark(
    phrase: tuple[str, str], cased: type[str], mark: str
) -> None:
    name, text = phrase
    assert command(f" {cased(text)}{mark}") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my code", CODE),
        ("Ｍｙ　ｃｏｄｅ", CODE),
        ("“my code”", CODE),
        ("What’s my code?", CODE),
        ("我的代碼", CODE),
        ("我的代码。", CODE),
        ("我嘅代碼", CODE),
        ("I have a code", HAS_CODE),
        ("我有代碼", HAS_CODE),
        ("我的計劃", PLAN),
        ("my  plan", PLAN),
        ("Hello, I have a code", HAS_CODE),
        ("你好，我的代码", CODE),
        ("I withdraw my consent!", WITHDRAW),
        ("撤回同意", WITHDRAW),
        ("收返我嘅同意", WITHDRAW),
    ],
)
def test_a_command_in_any_script(text: str, name: str) -> None:
    assert command(text) == name


NO_COMMANDS = (
    "", "code", "I gave them my code", "my code is 123456", "他们要我的代码", "我把我的代碼給他了", "plan", "my plans",
    "they asked me for my consent", "他们要我同意", "同意",
    "they asked me for it, my code", "my code, they have it", "my code" * 20,
)  # fmt: skip


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_what_only_contains_a_phrase_is_no_command(text: str) -> None:
    assert command(text) is None


def test_no_phrase_is_two_commands() -> None:
    assert all(command(phrase) == name for name, phrase in PHRASES)
