"""Other names for languages map onto the bot's three."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import CHINESE, ENGLISH, LANGUAGES, OWN_NAMES, SIMPLIFIED, TRADITIONAL, negotiate, own_name


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        (None, ENGLISH),
        ("", ENGLISH),
        ("en", ENGLISH),
        ("en-GB", ENGLISH),
        ("fr", ENGLISH),
        ("english", ENGLISH),
        ("zh", SIMPLIFIED),
        ("zh_CN", SIMPLIFIED),
        ("zh-SG", SIMPLIFIED),
        ("ZH-hans-CN", SIMPLIFIED),
        ("cmn", SIMPLIFIED),
        ("zh-TW", TRADITIONAL),
        ("zh_HK", TRADITIONAL),
        ("zh-MO", TRADITIONAL),
        ("zh-Hant", TRADITIONAL),
        ("yue", TRADITIONAL),
        ("cmn-Hant-TW", TRADITIONAL),
        # The script of a tag says more than its country: RFC 5646, 2.2.3.
        ("zh-Hans-HK", SIMPLIFIED),
        ("yue-Hans", SIMPLIFIED),
    ],
)
def test_tags_map_onto_the_languages(tag: str | None, language: str) -> None:
    assert negotiate(tag) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_itself_and_has_a_name(language: str) -> None:
    assert negotiate(language) == language
    assert negotiate(language.replace("_", "-")) == language
    assert OWN_NAMES[language]
    assert (language in CHINESE) == (language != ENGLISH)


@given(st.text())
def test_any_text_is_a_language(tag: str) -> None:
    assert negotiate(tag) in LANGUAGES


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("es", "español"),
        ("vi", "Tiếng Việt"),
        ("ja", "日本語"),
        ("tl", "Filipino"),
        ("km", "ខ្មែរ"),
        (TRADITIONAL, "繁體中文"),
        ("zz", None),
        ("", None),
    ],
)
def test_a_language_has_the_name_its_speakers_give_it(code: str, name: str | None) -> None:
    assert own_name(code) == name
