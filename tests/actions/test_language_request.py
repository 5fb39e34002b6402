"""Which language a person asks for."""

from __future__ import annotations

import pytest

from actions.language_request import wanted_language
from bot.languages import ENGLISH, SIMPLIFIED, TRADITIONAL


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("speak English please", SIMPLIFIED, ENGLISH),
        ("请用简体字", TRADITIONAL, SIMPLIFIED),
        ("請說中文", ENGLISH, TRADITIONAL),
        ("can we speak Chinese", TRADITIONAL, TRADITIONAL),
        ("Chinese (traditional) please", ENGLISH, TRADITIONAL),
        ("switch from English to Chinese", ENGLISH, SIMPLIFIED),
        ("shuo zhongwen ma", ENGLISH, SIMPLIFIED),
        ("可以讲粤语吗", ENGLISH, SIMPLIFIED),
        ("可以講廣東話嗎", ENGLISH, TRADITIONAL),
        ("cantonese please", ENGLISH, TRADITIONAL),
        ("so type in English only from here", SIMPLIFIED, ENGLISH),
        ("繁體中文", SIMPLIFIED, TRADITIONAL),
    ],
)
def test_the_language_that_is_named(text: str, current: str, wanted: str) -> None:
    assert wanted_language(text, current) == wanted


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("我不会英文", ENGLISH, SIMPLIFIED),
        ("my English is not good, Chinese please", ENGLISH, SIMPLIFIED),
        ("唔識英文", TRADITIONAL, TRADITIONAL),
        ("I don't read Chinese", SIMPLIFIED, ENGLISH),
        ("看不懂简体字", SIMPLIFIED, TRADITIONAL),
        ("不要繁體", TRADITIONAL, SIMPLIFIED),
        ("不要简体，要繁体", SIMPLIFIED, TRADITIONAL),
        ("可以switch to English吗 my Chinese typing好慢", SIMPLIFIED, ENGLISH),
    ],
)
def test_a_language_the_person_does_not_read_is_not_the_one(text: str, current: str, wanted: str) -> None:
    assert wanted_language(text, current) == wanted


@pytest.mark.parametrize("text", ["can you speak Spanish", "简单说", "", "hello"])
def test_none_is_named(text: str) -> None:
    assert wanted_language(text, ENGLISH) is None
