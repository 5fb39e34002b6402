"""The component that puts the language on a message."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LANGUAGE, LanguageDetector


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I was scammed", {"code": "en", "clear": True, "variety": None}),
        ("我被騙了", {"code": "zh_Hant", "clear": True, "variety": None}),
        ("wo bei pian le", {"code": "zh_Hans", "clear": True, "variety": "pinyin"}),
        ("123", {"code": "en", "clear": False, "variety": None}),
    ],
)
def test_a_message_carries_its_language_into_what_rasa_hands_on(
    text: str, language: dict[str, object]
) -> None:
    message = Message.build(text)
    assert LanguageDetector({}).process([message]) == [message]
    assert message.get(LANGUAGE) == language
    assert message.as_dict(only_output_properties=True)[LANGUAGE] == language


def test_a_message_without_text_has_none() -> None:
    message = Message({"intent": "greet"})
    LanguageDetector({}).process([message])
    assert message.get(LANGUAGE) is None


def test_training_examples_carry_it_too() -> None:
    data = TrainingData([Message.build("我被骗了", "inform"), Message.build("hello there", "greet")])
    assert LanguageDetector({}).process_training_data(data) is data
    assert [example.get(LANGUAGE)["code"] for example in data.training_examples] == ["zh_Hans", "en"]


def test_the_fingerprint_covers_the_code_it_stands_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = LanguageDetector.fingerprint_addon({})
    assert before == LanguageDetector.fingerprint_addon({})
    monkeypatch.setattr(LanguageDetector, "depends_on", ())
    assert LanguageDetector.fingerprint_addon({}) != before
