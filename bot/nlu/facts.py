"""Puts the facts of a message on it: entities and, in the person's own words, signs of a scam."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import MessageComponent
from bot.nlu.entities import extract
from bot.nlu.signs import find_signs

SIGNS = "signs"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(MessageComponent):
    """Sets ``entities`` by `bot.nlu.entities` and ``signs`` by `bot.nlu.signs`.

    It learns nothing, so training leaves examples as they are.
    """

    def process_training_data(self, training_data: Any) -> Any:
        """Nothing is learned from facts."""
        return training_data

    def annotate(self, message: Message) -> None:
        """Extract the facts of one message, dates relative to now."""
        text = message.get(TEXT) or ""
        now = datetime.now(UTC).astimezone()
        message.set(ENTITIES, [_as_rasa(entity) for entity in extract(text, now)], add_to_output=True)
        message.set(SIGNS, [asdict(sign) for sign in find_signs(text)], add_to_output=True)


def _as_rasa(entity: Any) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: entity.kind,
        ENTITY_ATTRIBUTE_START: entity.start,
        ENTITY_ATTRIBUTE_END: entity.end,
        ENTITY_ATTRIBUTE_VALUE: entity.value,
        "text": entity.text,
        "valid": entity.valid,
    }
