"""The crisis detector: what speaks of a crisis though no entry of the lexicon finds it.

People say it without the word: pills kept, letters written, a cat given away.
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
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import logit

from bot.nlu import evidence, ngrams
from bot.nlu.classifier import RANKING
from bot.nlu.component import fingerprint
from bot.nlu.evidence import learn
from bot.nlu.ngrams import CharacterNgrams

CRISIS_EVIDENCE = "crisis_evidence"
CRISIS_NEED = "crisis"
_MODEL_FILE = "crisis.joblib"
_UNRANKED = 0.005  # about what a need has that is not among the likeliest


class CrisisModel:
    """Two sources of evidence: character n-grams of crisis against everything else, and the reading of the classifier.

    Args:
        config: see `CrisisDetector.get_default_config`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self.ngrams = CharacterNgrams(*config["ngrams"])

    def fit(self, texts: list[str], intents: list[str]) -> None:
        """Train on texts and their intents."""
        labels = [intent == CRISIS_NEED for intent in intents]
        self.spelling = learn(self.ngrams.fit(texts), labels, self._config["regularisation"])

    def evidence(self, text: str, read: float) -> float:
        """Log-odds that `text` speaks of a crisis; `read` is the classifier's probability of it."""
        spelt = self.spelling.of_columns(*self.ngrams.of(text)).item()
        by_ngrams, by_reading, offset = self._config["weights"]
        return float(by_ngrams * spelt + by_reading * logit(np.clip(read, _UNRANKED, 1 - _UNRANKED)) + offset)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(GraphComponent):
    """Puts `CRISIS_EVIDENCE` on each message that was read; `CrisisGuard` decides."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Chosen by cross-validation on training messages that the encoder was not tuned on.

        ``ngrams``: shortest and longest; ``regularisation``: inverse; ``weights``: of the n-grams' log-odds, of the
        reading's, and what is added.
        """
        return {"ngrams": [1, 4], "regularisation": 30.0, "weights": [0.21, 0.59, 0.43]}

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
        return fingerprint(sys.modules[cls.__module__], evidence, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples that have an intent and keep the model."""
        examples = training_data.intent_examples
        model = CrisisModel(self.config)
        model.fit([example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples])
        self._model = model
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(model, directory / _MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the evidence on each message that was read."""
        for message in messages:
            ranking = message.get(RANKING)
            if self._model is not None and ranking:
                read = {entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking}
                evidence = self._model.evidence(message.get(TEXT), read.get(CRISIS_NEED, 0.0))
                message.set(CRISIS_EVIDENCE, evidence, add_to_output=True)
        return messages
