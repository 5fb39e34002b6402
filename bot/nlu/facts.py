"""Puts the facts of a message on it: entities and, in the person's own words, signs of a scam."""

from __future__ import annotations

from collections.abc import Iterable
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
from bot.nlu.entities import Entity, extract
from bot.nlu.signs import find_signs
from bot.time_zones import zone

SIGNS = "signs"
READ_IN = "read_in"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(MessageComponent):
    """Sets ``entities`` by `bot.nlu.entities` and ``signs`` by `bot.nlu.signs`.

    It learns nothing, so training leaves examples as they are.
    """

    def process_training_data(self, training_data: Any) -> Any:
        """Nothing is learned from facts."""
        return training_data

    def annotate(self, message: Message) -> None:
        """Extract the facts of one message; its dates are meant in the time zone its metadata names as `READ_IN`."""
        text = message.get(TEXT) or ""
        metadata = message.get("metadata") or {}
        now = datetime.now(UTC).astimezone(zone(metadata.get(READ_IN)) or UTC)
        entities = extract(text, now)
        message.set(ENTITIES, [_as_rasa(entity) for entity in entities], add_to_output=True)
        signs = find_signs(_without_secrets(text, entities))
        message.set(SIGNS, [asdict(sign) for sign in signs], add_to_output=True)


def _without_secrets(text: str, entities: Iterable[Entity]) -> str:
    """The text with secrets blanked out, so that no quote can carry one."""
    for entity in entities:
        if entity.kind == "secret":
            text = text[: entity.start] + " " * (entity.end - entity.start) + text[entity.end :]
    return text


def _as_rasa(entity: Entity) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: entity.kind,
        ENTITY_ATTRIBUTE_START: entity.start,
        ENTITY_ATTRIBUTE_END: entity.end,
        ENTITY_ATTRIBUTE_VALUE: entity.value,
        "text": entity.text,
        "valid": entity.valid,
    }
