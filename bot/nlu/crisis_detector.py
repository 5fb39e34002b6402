"""The crisis detector: what speaks of a crisis though no entry of the lexicon finds it.

People say it without the word: pills kept, letters written, a cat given away. A linear model over the sentence vector
and one over character n-grams, trained on crisis against everything else, add up their evidence.
"""

from __future__ import annotations

import sys
from typing import Any, Self

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit

from bot.nlu import encoder, evidence, ngrams
from bot.nlu.component import fingerprint
from bot.nlu.evidence import Floats, learn
from bot.nlu.ngrams import CharacterNgrams

CRISIS_LIKELIHOOD = "crisis_likelihood"
CRISIS_NEED = "crisis"
_MODEL_FILE = "crisis.joblib"


class CrisisModel:
    """Evidence of meaning and of n-grams, weighed; see `CrisisDetector.get_default_config`."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self.ngrams = CharacterNgrams(*config["ngrams"])

    def fit(self, texts: list[str], vectors: Floats, intents: list[str]) -> None:
        """Train on texts, their sentence vectors (n, d) and their intents."""
        labels = [intent == CRISIS_NEED for intent in intents]
        of_meaning, of_ngrams = self._config["regularisation"]
        self.meaning = learn(vectors, labels, of_meaning)
        self.spelling = learn(self.ngrams.fit(texts), labels, of_ngrams)

    def likelihood(self, text: str, vector: Floats) -> float:
        """How likely `text` speaks of a crisis, 0 to 1; not a calibrated probability."""
        meant = self.meaning.of_vector(vector).item()
        spelt = self.spelling.of_columns(*self.ngrams.of(text)).item()
        by_meaning, by_ngrams, offset = self._config["weights"]
        return float(expit(by_meaning * meant + by_ngrams * spelt + offset))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(GraphComponent):
    """Puts `CRISIS_LIKELIHOOD` on each message; `CrisisGuard` decides."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Chosen by cross-validation on the training messages.

        ``ngrams``: shortest and longest; ``regularisation``: inverse, of meaning and of n-grams; ``weights``: of the
        evidence of meaning, of n-grams, and what is added.
        """
        return {"ngrams": [1, 4], "regularisation": [10.0, 30.0], "weights": [0.28, 0.66, -1.1]}

    @staticmethod
    def required_packages() -> list[str]:
        """Distributions whose version is part of the model's fingerprint."""
        return ["sklearn"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: CrisisModel | None = None,
    ) -> None:
        self.config = config
        self._storage, self._resource = storage, resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make an untrained detector."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Load the trained detector."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, joblib.load(directory / _MODEL_FILE))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Cover this module and those it learns with."""
        return fingerprint(sys.modules[cls.__module__], encoder, evidence, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples that have an intent and keep the model."""
        examples = training_data.intent_examples
        model = CrisisModel(self.config)
        model.fit(
            [example.get(TEXT) for example in examples],
            np.vstack([encoder.vector_of(example) for example in examples]),
            [example.get(INTENT) for example in examples],
        )
        self._model = model
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(model, directory / _MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the likelihood on each message that has a text."""
        for message in messages:
            if self._model is not None and message.get(TEXT):
                likelihood = self._model.likelihood(message.get(TEXT), encoder.vector_of(message))
                message.set(CRISIS_LIKELIHOOD, likelihood, add_to_output=True)
        return messages
