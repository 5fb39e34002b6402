"""The intent classifier: linear models over the sentence vector and over character n-grams."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.special import log_softmax, softmax

from bot.nlu import encoder, evidence, ngrams
from bot.nlu.component import TrainedComponent
from bot.nlu.evidence import Floats, learn
from bot.nlu.ngrams import CharacterNgrams

RANKING = "intent_ranking"
CLAUSES = "clauses"
RANKED = 5
STRANGE_TEXT = 0.25  # what is left of a probability when the text is no words at all


class LinearModel:
    """Two logistic regressions, of the meaning and of the character n-grams, whose evidence is added up.

    They are trained apart: the encoder was tuned on the same messages, so that one regression over both would listen
    to it alone.

    Args:
        ngrams: shortest and longest character n-gram.
        regularisation: inverse strength (``C`` of scikit-learn) for the meaning and for the n-grams.
        ngram_weight: how much the n-grams' evidence counts beside that of the meaning.
        temperature: divides the joint evidence, so that the probabilities hold (Guo et al. 2017).
    """

    def __init__(
        self,
        ngrams: tuple[int, int],
        regularisation: tuple[float, float],
        ngram_weight: float,
        temperature: float,
    ) -> None:
        self.ngrams = CharacterNgrams(*ngrams)
        self._regularisation = regularisation
        self._ngram_weight = ngram_weight
        self._temperature = temperature

    def fit(self, texts: list[str], vectors: Floats, intents: list[str]) -> None:
        """Train on texts, their sentence vectors (n, d) and their intents."""
        of_meaning, of_ngrams = self._regularisation
        self.meaning = learn(vectors, intents, of_meaning)
        self.spelling = learn(self.ngrams.fit(texts), intents, of_ngrams)

    def rank(self, text: str, vector: Floats) -> list[tuple[str, float]]:
        """All intents with their probability, likeliest first."""
        meant = log_softmax(self.meaning.of_vector(vector))
        split = self.ngrams.split(text)
        spelt = log_softmax(self.spelling.of_columns(*self.ngrams.weigh(split)))
        probabilities = softmax((meant + self._ngram_weight * spelt) / self._temperature)
        if not self.ngrams.is_familiar(text, split):
            probabilities *= STRANGE_TEXT
        return [(self.meaning.classes[i], float(probabilities[i])) for i in np.argsort(-probabilities)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(TrainedComponent[LinearModel], IntentClassifier):
    """Rasa's seam around `LinearModel`."""

    depends_on = (encoder, evidence, ngrams)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What `LinearModel` is made of; chosen by cross-validation on the training messages."""
        return {"ngrams": [1, 3], "regularisation": [1.0, 10.0], "ngram_weight": 2.0, "temperature": 2.0}

    def trained(self, examples: list[Message]) -> LinearModel:
        """Train on the texts and their sentence vectors."""
        model = LinearModel(
            tuple(self.config["ngrams"]),
            tuple(self.config["regularisation"]),
            self.config["ngram_weight"],
            self.config["temperature"],
        )
        model.fit(
            [example.get(TEXT) for example in examples],
            np.vstack([encoder.vector_of(example) for example in examples]),
            [example.get(INTENT) for example in examples],
        )
        return model

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the likeliest intent, a short ranking and the likeliest intent of each clause on each message."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, ranking[0] if ranking else _entry(None, 0.0), add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            message.set(CLAUSES, self._read_clauses(message), add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.get(TEXT):
            return []
        ranked = self._model.rank(message.get(TEXT), encoder.vector_of(message))
        return [_entry(name, probability) for name, probability in ranked[:RANKED]]

    def _read_clauses(self, message: Message) -> list[dict[str, Any]]:
        """What each clause would say alone; empty where the message is one clause."""
        if self._model is None:
            return []
        encoded = message.get(encoder.ENCODED_CLAUSES) or []
        return [_entry(*self._model.rank(clause, vector)[0]) for clause, vector in encoded]


def _entry(name: str | None, probability: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: probability}
