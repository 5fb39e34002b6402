"""Puts a crisis before everything else the classifier may have read."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import crisis
from bot.nlu.classifier import RANKING
from bot.nlu.component import MessageComponent
from bot.nlu.crisis_detector import CRISIS_LIKELIHOOD
from bot.paths import LEXICON

CRISIS = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CrisisGuard(MessageComponent):
    """Sets ``crisis`` to {who} on a message that speaks of it, and makes crisis its intent.

    The lexicon decides without any model; what the detector finds beyond it is heard from ``threshold`` on, and a
    message that the classifier itself reads as crisis from ``reading`` on: a miss costs more than a needless "are you
    safe right now?".
    """

    depends_on = (crisis, LEXICON / "crisis.yml")

    @staticmethod
    def get_default_config() -> dict[str, float]:
        """``threshold``: of the detector's likelihood; ``reading``: of the classifier's probability."""
        return {"threshold": 0.73, "reading": 0.5}

    def annotate(self, message: Message) -> None:
        """Guard one message."""
        found = crisis.assess(message.get(TEXT) or "")
        if found is None and not self._detected(message):
            return
        message.set(CRISIS, {"who": found.who if found else "self"}, add_to_output=True)
        message.set(INTENT, {INTENT_NAME_KEY: CRISIS, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)

    def _detected(self, message: Message) -> bool:
        first: dict[str, Any] = next(iter(message.get(RANKING) or []), {})
        read = (
            first.get(INTENT_NAME_KEY) == CRISIS and first[PREDICTED_CONFIDENCE_KEY] >= self.config["reading"]
        )
        return read or (message.get(CRISIS_LIKELIHOOD) or 0.0) >= self.config["threshold"]
