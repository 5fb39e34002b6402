"""Titles of buttons: what a person presses or types stands for one value, in three languages."""

from __future__ import annotations

import pytest

from actions.conversation import chosen_reading
from actions.responses import chosen_value, responses, says
from bot.catalogs import PLACEHOLDER, translate
from bot.languages import LANGUAGES

WITH_BUTTONS = sorted(name for name, response in responses().items() if response.get("buttons"))
READINGS = sorted(name for name in responses() if name.startswith("utter_reading_"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("response", WITH_BUTTONS)
def test_every_title_stands_for_its_value(response: str, language: str) -> None:
    for button in responses()[response]["buttons"]:
        title = translate(button["title"], language)
        for typed in (title, title.upper(), f" {title}. ", f"{title}。", f"{title}!"):
            assert chosen_value(response, typed) == button["payload"], title


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("response", WITH_BUTTONS)
def test_no_two_buttons_of_a_response_share_a_title(response: str, language: str) -> None:
    titles = [translate(button["title"], language).casefold() for button in responses()[response]["buttons"]]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("response", WITH_BUTTONS)
def test_a_title_means_the_same_in_every_language(response: str) -> None:
    meaning: dict[str, str] = {}
    for button in responses()[response]["buttons"]:
        for language in LANGUAGES:
            title = translate(button["title"], language).casefold()
            assert meaning.setdefault(title, button["payload"]) == button["payload"], title


def test_full_width_typing_is_understood() -> None:
    assert chosen_value("utter_ask_sign", "ＹＥＳ") == "yes"
    assert chosen_value("utter_ask_sign", "是？") == chosen_value("utter_ask_sign", "是")


@pytest.mark.parametrize("text", ["", "perhaps", "yes and no", "utter_ask_sign"])
def test_anything_else_stands_for_nothing(text: str) -> None:
    assert chosen_value("utter_ask_sign", text) is None


def test_a_response_without_buttons_or_without_a_text_stands_for_nothing() -> None:
    assert chosen_value("utter_goodbye", "yes") is None
    assert chosen_value("utter_no_such_response", "yes") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_readings_offered_as_buttons_are_told_apart(language: str) -> None:
    titles = [translate(responses()[name]["text"], language) for name in READINGS]
    assert len(titles) == len(set(titles))
    for name, title in zip(READINGS, titles, strict=True):
        assert not PLACEHOLDER.search(title)
        assert says(name, title)
        assert (chosen_reading(title) is None) == (name == "utter_reading_something_else")


def test_says_does_not_take_one_text_for_another() -> None:
    assert not says("utter_reading_human", "Is this a scam?")


def test_every_response_has_one_text() -> None:
    assert responses()
    for name, response in responses().items():
        assert response["text"].strip(), name
