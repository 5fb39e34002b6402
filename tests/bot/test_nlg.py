"""Texts and their values: a value is only ever a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.catalogs import translate
from bot.languages import LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.nlg import LANGUAGE_SLOT, CatalogGenerator, MissingValue, fill, speak

TRICKY = st.sampled_from(
    ["{lines}", "{amount}", "{", "}", "{{", "0[", "{0[x]}", "%s", "%(amount)s", "\\g<1>", "${x}"]
)
VALUES = st.one_of(st.text(), TRICKY, st.lists(TRICKY).map("".join))
YES_NO: dict[str, Any] = {
    "text": "Are you safe right now?",
    "buttons": [{"title": "Yes, I am safe", "payload": "yes"}, {"title": "No, not safe", "payload": "no"}],
}


@given(VALUES, VALUES)
def test_a_value_is_never_a_template(amount: str, lines: str) -> None:
    assert fill("a {amount} b\n{lines} {amount}", {"amount": amount, "lines": lines}) == (
        f"a {amount} b\n{lines} {amount}"
    )


@given(VALUES)
def test_a_text_without_placeholders_stays_as_it_is(value: str) -> None:
    text = "100 % sure: { } {0} {A} %s 0["
    assert fill(text, {"x": value}) == text


@given(st.integers() | st.floats() | st.none() | st.booleans())
def test_a_value_that_is_no_text_is_said_as_it_prints(value: Any) -> None:
    assert fill("{x}", {"x": value}) == str(value)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(MissingValue, match=r"\{lines\}"):
        fill("{amount} {lines}", {"amount": 1})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pressed_button_sends_its_title_as_shown(language: str) -> None:
    said = speak(YES_NO, language, {})
    assert said["text"] == translate(YES_NO["text"], language)
    titles = [translate(button["title"], language) for button in YES_NO["buttons"]]
    assert said["buttons"] == [{"title": title, "payload": title} for title in titles]
    assert said["metadata"] == {"language": language}


def test_titles_are_filled_too_and_no_buttons_are_none() -> None:
    texts = {"text": "hello", "buttons": [{"title": "Pay {x}", "payload": "p"}]}
    assert speak(texts, "en", {"x": "{x}"})["buttons"] == [{"title": "Pay {x}", "payload": "Pay {x}"}]
    assert "buttons" not in speak({"text": "hello"}, "en", {})
    with pytest.raises(MissingValue):
        speak(texts, "en", {})


def test_the_end_of_a_time_goes_along_with_the_text() -> None:
    until = "2026-11-22T10:00:00+00:00"
    assert speak({"text": "hello"}, "en", {"until": until})["metadata"] == {"language": "en", "until": until}


@pytest.fixture
def generator() -> CatalogGenerator:
    """A generator with two responses."""
    return CatalogGenerator(
        {"utter_safe": [YES_NO], "utter_lines": [{"text": "If you want a human voice now:\n{lines}"}]}
    )


def tracker(language: str | None) -> DialogueStateTracker:
    """A tracker whose talk is in `language`."""
    slot = TextSlot(LANGUAGE_SLOT, mappings=[{}], influence_conversation=False)
    talk = DialogueStateTracker.from_events("x", [], slots=[slot], domain=Domain.empty())
    talk.slots[LANGUAGE_SLOT] = slot
    slot.value = language
    return talk


@pytest.mark.parametrize(
    ("of_talk", "of_response", "spoken"),
    [
        (None, None, "en"),
        (SIMPLIFIED, None, SIMPLIFIED),
        (SIMPLIFIED, TRADITIONAL, TRADITIONAL),
        (TRADITIONAL, "en", "en"),
        ("fr", None, "en"),
    ],
)
async def test_the_language_comes_with_the_response_or_from_the_talk(
    generator: CatalogGenerator, of_talk: str | None, of_response: str | None, spoken: str
) -> None:
    said = await generator.generate("utter_safe", tracker(of_talk), "rest", language=of_response)
    assert said == speak(YES_NO, spoken, {})


async def test_values_reach_the_text_and_a_missing_one_is_not_passed_over(
    generator: CatalogGenerator,
) -> None:
    said = await generator.generate("utter_lines", tracker(None), "rest", lines="0[ {lines} %s")
    assert said is not None
    assert said["text"] == "If you want a human voice now:\n0[ {lines} %s"
    with pytest.raises(MissingValue):
        await generator.generate("utter_lines", tracker(None), "rest")


async def test_a_response_the_domain_does_not_know_is_nothing(generator: CatalogGenerator) -> None:
    assert await generator.generate("utter_unknown", tracker(None), "rest") is None
