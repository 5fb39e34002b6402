"""What the graph components here have in common: a message in, the same message with more on it out."""

from __future__ import annotations

import hashlib
import inspect
import sys
from abc import abstractmethod
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_MODEL_FILE = "model.joblib"


def fingerprint(*parts: ModuleType | Path) -> str:
    """Hash the source of modules and files a component depends on.

    Rasa's own fingerprint covers the component's class alone; without this an edited helper or lexicon would
    leave a stale model in use.
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else inspect.getsource(part).encode())
    return digest.hexdigest()


class OwnComponent(GraphComponent):
    """A component whose fingerprint covers what it reads: `depends_on` names modules and files beside its own."""

    depends_on: tuple[ModuleType | Path, ...] = ()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Cover the component's own module and what it depends on."""
        return fingerprint(sys.modules[cls.__module__], *cls.depends_on)


class MessageComponent(OwnComponent):
    """A component without a model: annotates messages in training and in use alike."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make the component; Rasa's graph calls this."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Annotate messages in use."""
        for message in messages:
            self.annotate(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Annotate the training examples."""
        self.process(training_data.training_examples)
        return training_data

    @abstractmethod
    def annotate(self, message: Message) -> None:
        """Put this component's reading on one message."""


class TrainedComponent[Model](OwnComponent):
    """A component around one model, which is kept in Rasa's storage."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Model | None = None
    ) -> None:
        self.config = config
        self._storage, self._resource = storage, resource
        self._model = model

    @staticmethod
    def required_packages() -> list[str]:
        """What must be there to train and to read."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make an untrained component."""
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
        """Load the trained component."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, joblib.load(directory / _MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples that have an intent and keep the model."""
        self._model = self.trained(training_data.intent_examples)
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(self._model, directory / _MODEL_FILE)
        return self._resource

    @abstractmethod
    def trained(self, examples: list[Message]) -> Model:
        """A model of examples that each have a text and an intent."""
