"""A tokenizer for English, Chinese and both in one message."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.han import HAN_CLASS

_WORD = rf"[^\W_{HAN_CLASS}]+"
_TOKEN = re.compile(rf"[{HAN_CLASS}]|{_WORD}(?:['\u2019]{_WORD})*|[^\w\s]|_")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedTokenizer(Tokenizer):
    """One token for a Han character, a Latin word, a number or a mark; never a space.

    Chinese word segmentation is left out on purpose: the classifier reads sentence vectors and character
    n-grams, and a segmenter's spaces break entity alignment in mixed text.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer options, unused here."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Split one attribute of a message; a text of nothing but spaces is one token."""
        text: str = message.get(attribute)
        tokens = [Token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
        return tokens or [Token(text, 0, len(text))]
