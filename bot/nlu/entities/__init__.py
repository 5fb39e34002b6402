"""The facts a message states, found without a model."""

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.extraction import extract

__all__ = ["Entity", "extract"]
