"""Puts a crisis before everything else the classifier may have read."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import crisis
from bot.nlu.component import MessageComponent
from bot.nlu.crisis import Crisis
from bot.nlu.crisis_detector import CRISIS, CRISIS_CLAUSES, CRISIS_EVIDENCE
from bot.paths import LEXICON


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CrisisGuard(MessageComponent):
    """Sets ``crisis`` to {who} on a message that speaks of it, and makes crisis its intent.

    Plain words of the lexicon decide without any model. A hint of the lexicon adds to the detector's evidence, of the
    whole message or of the clause it stands in, which is heard from ``threshold`` on; without a detector a hint is
    enough. A miss costs more than a needless "are you safe right now?".
    """

    depends_on = (crisis, LEXICON / "crisis.yml")

    @staticmethod
    def get_default_config() -> dict[str, float]:
        """``hint``: log-odds a hint adds; ``threshold``: log-odds from which evidence counts."""
        return {"hint": 0.94, "threshold": -1.4}

    def annotate(self, message: Message) -> None:
        """Guard one message."""
        found = crisis.assess(message.get(TEXT) or "")
        if not self._is_crisis(found, message):
            return
        message.set(CRISIS, {"who": found.who if found else "self"}, add_to_output=True)
        message.set(INTENT, {INTENT_NAME_KEY: CRISIS, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)

    def _is_crisis(self, found: Crisis | None, message: Message) -> bool:
        evidence = message.get(CRISIS_EVIDENCE)
        if evidence is None or (found and not found.hint):
            return found is not None
        if found is None:
            return self._is_enough(evidence, 0.0)
        hinting = (
            of_clause for clause, of_clause in message.get(CRISIS_CLAUSES) or () if crisis.assess(clause)
        )
        return self._is_enough(max((evidence, *hinting)), self.config["hint"])

    def _is_enough(self, evidence: float, hint: float) -> bool:
        return evidence + hint >= self.config["threshold"]
