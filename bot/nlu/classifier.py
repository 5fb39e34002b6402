"""The intent classifier: a linear model over sentence vectors and character n-grams.

Sentence vectors carry meaning across languages; character n-grams carry what they miss: slang, typos, names of
ways to pay.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import Any, Self

import joblib
import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import bot.nlu.encoder as encoder_module
from bot.nlu.component import fingerprint
from bot.nlu.encoder import LONGEST_TEXT, Vectors

RANKING = "intent_ranking"
RANKED = 5
_MODEL_FILE = "classifier.joblib"


def normal_form(text: str) -> str:
    """Fold width and case, and cut to what the encoder reads."""
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()


class LinearModel:
    """Multinomial logistic regression over [character n-grams, sentence vector]."""

    def __init__(self, ngrams: tuple[int, int], inverse_regularisation: float) -> None:
        self.vectorizer = TfidfVectorizer(
            analyzer="char",
            ngram_range=ngrams,
            sublinear_tf=True,
            min_df=2,
            preprocessor=normal_form,
            dtype=np.float32,
        )
        self.inverse_regularisation = inverse_regularisation

    def fit(self, texts: list[str], vectors: Vectors, intents: list[str]) -> None:
        """Train on texts, their sentence vectors (n, d) and their intents."""
        ngrams = self.vectorizer.fit_transform(texts)
        regression = LogisticRegression(
            C=self.inverse_regularisation, class_weight="balanced", max_iter=300, random_state=0
        )
        regression.fit(sp.hstack([ngrams, vectors]).tocsr(), intents)
        self.intents = [str(intent) for intent in regression.classes_]
        weights = np.ascontiguousarray(regression.coef_.T, dtype=np.float32)
        self.ngram_weights, self.vector_weights = weights[: ngrams.shape[1]], weights[ngrams.shape[1] :]
        self.bias = regression.intercept_.astype(np.float32)

    def rank(self, text: str, vector: Vectors) -> list[tuple[str, float]]:
        """All intents with their probability, likeliest first.

        The few n-grams of one message pick their rows of the weights: scikit-learn's own prediction copies the whole
        matrix for every message.
        """
        ngrams = self.vectorizer.transform([text])
        scores = ngrams.data @ self.ngram_weights[ngrams.indices] + vector @ self.vector_weights + self.bias
        probabilities = softmax(scores)
        return [(self.intents[i], float(probabilities[i])) for i in np.argsort(-probabilities)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Rasa's seam around `LinearModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``ngrams``: shortest and longest character n-gram; ``C``: inverse regularisation."""
        return {"ngrams": [1, 3], "C": 10.0}

    @staticmethod
    def required_packages() -> list[str]:
        """Distributions whose version is part of the model's fingerprint."""
        return ["sklearn"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
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
        """Make an untrained classifier."""
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
        """Load the trained classifier."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, joblib.load(directory / _MODEL_FILE))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Cover this module and the encoder's."""
        return fingerprint(sys.modules[cls.__module__], encoder_module)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples that have an intent and keep the model."""
        examples = training_data.intent_examples
        model = LinearModel(tuple(self.config["ngrams"]), self.config["C"])
        model.fit(
            [example.get(TEXT) for example in examples],
            np.vstack([_vector(example) for example in examples]),
            [example.get(INTENT) for example in examples],
        )
        self._model = model
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(model, directory / _MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the likeliest intent and a short ranking on each message."""
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, ranking[0] if ranking else _entry(None, 0.0), add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.get(TEXT):
            return []
        ranked = self._model.rank(message.get(TEXT), _vector(message))
        return [_entry(name, probability) for name, probability in ranked[:RANKED]]


def _entry(name: str | None, probability: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: probability}


def _vector(message: Message) -> Vectors:
    _, sentence = message.get_dense_features(TEXT)
    vector: Vectors = sentence.features[0]
    return vector
