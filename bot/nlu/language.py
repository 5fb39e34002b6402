"""Puts the language and script of each message on it."""

from __future__ import annotations

from dataclasses import asdict

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import language_words, latin, romanised, script
from bot.nlu.component import MessageComponent

LANGUAGE = "language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageDetector(MessageComponent):
    """Sets ``language`` to {code, clear, variety}; see `bot.nlu.script`."""

    depends_on = (script, latin, romanised, language_words, language_words.LANGUAGE_WORDS)

    def annotate(self, message: Message) -> None:
        """Identify the language of one message."""
        text = message.get(TEXT)
        if text:
            message.set(LANGUAGE, asdict(script.identify(text)), add_to_output=True)
