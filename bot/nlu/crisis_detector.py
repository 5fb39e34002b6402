"""The crisis detector: what speaks of a crisis though no entry of the lexicon finds it.

People say it without the word: pills kept, letters written, a cat given away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.special import logit

from bot.nlu import encoder, evidence, ngrams
from bot.nlu.classifier import CLAUSES, RANKING
from bot.nlu.component import TrainedComponent
from bot.nlu.evidence import Floats, learn
from bot.nlu.ngrams import CharacterNgrams

CRISIS_EVIDENCE = "crisis_evidence"
CRISIS_CLAUSES = "crisis_clauses"
CRISIS = "crisis"
_UNRANKED = 0.005  # about what a need has that is not among the likeliest


class CrisisModel:
    """Three sources of evidence: n-grams and meaning of a crisis against all else, and the classifier's reading.

    Args:
        config: see `CrisisDetector.get_default_config`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self.ngrams = CharacterNgrams(*config["ngrams"])

    def fit(self, texts: list[str], vectors: Floats, intents: list[str]) -> None:
        """Train on texts, their sentence vectors (messages, dimensions) and their intents."""
        labels = [intent == CRISIS for intent in intents]
        by_ngrams, by_meaning = self._config["regularisation"]
        self.spelling = learn(self.ngrams.fit(texts), labels, by_ngrams)
        self.meaning = learn(vectors, labels, by_meaning)

    def evidence(self, text: str, vector: Floats, read: float) -> float:
        """Log-odds that `text` speaks of a crisis; `read` is the classifier's probability of it."""
        spelt = self.spelling.of_columns(*self.ngrams.weigh(self.ngrams.split(text))).item()
        meant = self.meaning.of_vector(vector).item()
        reading = logit(np.clip(read, _UNRANKED, 1 - _UNRANKED))
        by_ngrams, by_meaning, by_reading, offset = self._config["weights"]
        return float(by_ngrams * spelt + by_meaning * meant + by_reading * reading + offset)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(TrainedComponent[CrisisModel]):
    """Puts `CRISIS_EVIDENCE` on each message that was read, and on its clauses alone; `CrisisGuard` decides."""

    depends_on = (encoder, evidence, ngrams)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Chosen by cross-validation on training messages that the encoder was not tuned on.

        ``ngrams``: shortest and longest; ``regularisation``: inverse, of n-grams and of meaning; ``weights``: of the
        log-odds by n-grams, by meaning and by the reading, and what is added.
        """
        return {"ngrams": [1, 4], "regularisation": [30.0, 10.0], "weights": [0.246, 0.174, 0.313, -0.939]}

    def trained(self, examples: list[Message]) -> CrisisModel:
        """Train on the texts and their sentence vectors."""
        model = CrisisModel(self.config)
        model.fit(
            [example.get(TEXT) for example in examples],
            np.vstack([encoder.vector_of(example) for example in examples]),
            [example.get(INTENT) for example in examples],
        )
        return model

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the evidence on each message that was read, and each clause's with its text beside it."""
        for message in messages:
            ranking = message.get(RANKING)
            if self._model is not None and ranking and message.get(TEXT):
                vector = encoder.vector_of(message)
                whole = self._model.evidence(message.get(TEXT), vector, _crisis_in(ranking))
                message.set(CRISIS_EVIDENCE, whole, add_to_output=True)
                message.set(CRISIS_CLAUSES, self._of_clauses(message))
        return messages

    def _of_clauses(self, message: Message) -> list[tuple[str, float]]:
        assert self._model is not None
        encoded, read = message.get(encoder.ENCODED_CLAUSES) or (), message.get(CLAUSES) or ()
        return [
            (clause, self._model.evidence(clause, vector, _crisis_in([likeliest])))
            for (clause, vector), likeliest in zip(encoded, read, strict=True)
        ]


def _crisis_in(ranking: Iterable[Mapping[str, Any]]) -> float:
    """How likely a reading holds a crisis."""
    read = {entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking}
    return float(read.get(CRISIS, 0.0))
