"""Puts a crisis before everything else the classifier may have read."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import crisis
from bot.nlu.classifier import RANKING
from bot.nlu.component import MessageComponent
from bot.paths import LEXICON

CRISIS = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CrisisGuard(MessageComponent):
    """Sets ``crisis`` to {who} on a message that speaks of it, and makes crisis its intent.

    The lexicon decides without the classifier; the classifier's own reading is heard from a low probability
    on (``threshold``), because a miss costs more than a needless "are you safe right now?".
    """

    depends_on = (crisis, LEXICON / "crisis.yml")

    @staticmethod
    def get_default_config() -> dict[str, float]:
        """``threshold``: probability from which the classifier's second reading counts."""
        return {"threshold": 0.5}

    def annotate(self, message: Message) -> None:
        """Guard one message."""
        found = crisis.assess(message.get(TEXT) or "")
        if found is None and not self._read_by_classifier(message):
            return
        message.set(CRISIS, {"who": found.who if found else "self"}, add_to_output=True)
        message.set(INTENT, {INTENT_NAME_KEY: CRISIS, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)

    def _read_by_classifier(self, message: Message) -> bool:
        return any(
            entry[INTENT_NAME_KEY] == CRISIS and entry[PREDICTED_CONFIDENCE_KEY] >= self.config["threshold"]
            for entry in message.get(RANKING) or []
        )
