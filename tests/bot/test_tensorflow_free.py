"""Rasa without TensorFlow: what is stood in for, and that nothing else is hidden."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

import bot  # noqa: F401  (stands in for TensorFlow)
from bot.tensorflow_free import STOOD_IN_FOR, TensorFlowMissing, TensorFlowStandIn, install

# isort: split
from rasa.core.featurizers.precomputation import MessageContainerForCoreFeaturization
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ROOT = Path(__file__).parents[2]


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def without_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import path without a stand-in."""
    without = [finder for finder in sys.meta_path if not isinstance(finder, TensorFlowStandIn)]
    monkeypatch.setattr(sys, "meta_path", without)


@pytest.mark.parametrize("package", sorted(STOOD_IN_FOR))
def test_the_packages_left_out_import_and_so_does_what_lies_below(package: str) -> None:
    for name in (package, f"{package}.deep.below"):
        module = importlib.import_module(name)
        base = module.layers.Layer
        assert issubclass(type("Own", (base,), {}), base)


@pytest.mark.parametrize(
    "name", ["no_such_package_anywhere", "tensorflow_like", "tensorflowx", "numpy.no_such"]
)
def test_nothing_else_is_hidden(name: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)
    assert TensorFlowStandIn().find_spec(name) is None


def test_a_placeholder_serves_as_decorator_annotation_and_base() -> None:
    import tensorflow as tf

    @tf.function
    def decorated() -> int:
        return 1

    assert decorated() == 1
    assert (tf.Tensor | None) is tf.Tensor
    assert (None | tf.Tensor) is tf.Tensor
    assert tf.Tensor[int] is tf.Tensor
    assert tf.keras.layers.Dense.__module__ == "tensorflow.keras.layers"


@pytest.mark.parametrize(
    "use",
    [
        lambda tf: tf.constant(1),
        lambda tf: tf.keras.layers.Dense(units=3),
        lambda tf: tf.config.list_physical_devices("GPU"),
        lambda tf: type("Model", (tf.keras.Model,), {})(),
        lambda tf: type("Model", (tf.keras.Model,), {})(1, name="x"),
    ],
)
def test_using_a_placeholder_says_what_is_missing_and_what_to_do(use: object) -> None:
    import tensorflow as tf

    with pytest.raises(TensorFlowMissing, match=r"needs TensorFlow.*config\.yml"):
        use(tf)  # type: ignore[operator]


def test_dunder_names_are_not_invented() -> None:
    import tensorflow as tf

    for thing in (tf, tf.Tensor):
        with pytest.raises(AttributeError):
            thing.__no_such_thing__  # noqa: B018


@pytest.mark.usefixtures("without_stand_in")
def test_it_is_installed_once_and_last() -> None:
    install(lambda name: None)
    install(lambda name: None)
    assert [isinstance(finder, TensorFlowStandIn) for finder in sys.meta_path].count(True) == 1
    assert isinstance(sys.meta_path[-1], TensorFlowStandIn)


@pytest.mark.usefixtures("without_stand_in")
def test_it_steps_aside_where_tensorflow_is_installed() -> None:
    install(lambda name: ModuleSpec(name, None))
    assert not any(isinstance(finder, TensorFlowStandIn) for finder in sys.meta_path)


def test_a_real_package_wins_over_the_stand_in(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("real = True")
    result = python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import bot, keras; print(keras.real)"
    )
    assert result.stdout.strip() == "True", result.stderr


def test_importing_the_bot_stands_in_before_rasa_and_does_not_import_it() -> None:
    code = (
        "import sys, bot; from bot.tensorflow_free import TensorFlowStandIn\n"
        "print('rasa' in sys.modules, any(isinstance(f, TensorFlowStandIn) for f in sys.meta_path))"
    )
    result = python(code)
    assert result.stdout.split() == ["False", "True"], result.stderr


def features(attribute: str) -> Features:
    """One sentence vector."""
    return Features(np.ones((1, 4)), FEATURE_TYPE_SENTENCE, attribute, "test")


def test_a_classifier_that_needs_tensorflow_fails_with_the_clear_sentence(tmp_path: Path) -> None:
    classifier = DIETClassifier.create(
        {**DIETClassifier.get_default_config(), "constrain_similarities": True, "entity_recognition": False},
        LocalModelStorage(tmp_path),
        Resource("diet"),
        ExecutionContext(GraphSchema({})),
    )
    examples = [
        Message({TEXT: intent, INTENT: intent}, features=[features(TEXT)]) for intent in ("greet", "goodbye")
    ]
    with pytest.raises(TensorFlowMissing, match=r"needs TensorFlow.*config\.yml"):
        classifier.train(TrainingData(examples))


def test_a_policy_that_needs_tensorflow_fails_with_the_clear_sentence(tmp_path: Path) -> None:
    policy = TEDPolicy.create(
        {**TEDPolicy.get_default_config(), "constrain_similarities": True},
        LocalModelStorage(tmp_path),
        Resource("ted"),
        ExecutionContext(GraphSchema({})),
    )
    domain = Domain.from_dict({"intents": ["greet"], "actions": ["action_hello"]})
    story = TrackerWithCachedStates.from_events(
        "story",
        [
            ActionExecuted("action_listen"),
            UserUttered(intent={"name": "greet"}),
            ActionExecuted("action_hello"),
            ActionExecuted("action_listen"),
        ],
        domain=domain,
    )
    precomputed = MessageContainerForCoreFeaturization()
    precomputed.derive_messages_from_domain_and_add(domain)
    with pytest.raises(TensorFlowMissing, match=r"needs TensorFlow.*config\.yml"):
        policy.train([story], domain, precomputed)
