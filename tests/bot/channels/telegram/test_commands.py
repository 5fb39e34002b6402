"""Commands: within Telegram's limits, and understood in every language as what they stand for."""

from __future__ import annotations

import json
import re

import pytest

from actions.commands import PLAN, command
from bot.assistant import Assistant
from bot.catalogs import translate
from bot.channels.telegram import texts
from bot.channels.telegram.commands import COMMANDS, RESUME, START, listed, words_of
from bot.languages import LANGUAGES, SIMPLIFIED, TRADITIONAL

NEEDS = {
    "help": "ask_help",
    "human": "ask_human",
    "language": "change_language",
    "privacy": "ask_privacy",
    "stop": "stop",
    "delete": "delete_data",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEEDS)
async def test_a_command_is_understood_as_what_it_stands_for(
    name: str, language: str, assistant: Assistant
) -> None:
    parsed = await assistant.parse_message(words_of(name, language))
    assert parsed["intent"]["name"] == NEEDS[name], json.dumps(parsed["intent_ranking"][:3])
    assert parsed["intent"]["confidence"] > 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_is_asked_for_in_so_many_words(language: str) -> None:
    assert command(words_of("plan", language)) == PLAN


def test_every_command_says_something_but_those_that_do_more() -> None:
    assert {*NEEDS, "plan", START, RESUME} == COMMANDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_within_telegrams_limits(language: str) -> None:
    for name, description in listed(language):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(description) <= 256


def test_the_descriptions_are_within_telegrams_limits() -> None:
    for text, limit in ((texts.DESCRIPTION, 512), (texts.SHORT_DESCRIPTION, 120)):
        assert len(text) <= limit
        assert sum(len(translate(text, language)) for language in (SIMPLIFIED, TRADITIONAL)) + 2 <= limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_of_a_press_is_within_telegrams_limit(language: str) -> None:
    assert len(translate(texts.ANSWERED_ALREADY, language)) <= 200
