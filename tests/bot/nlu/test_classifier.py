"""The intent classifier, on a small training of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import RANKED, RANKING, STRANGE_TEXT, LinearIntentClassifier
from bot.nlu.encoder import SentenceEncoder

EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "你好", "早上好"],
    "already_paid": [
        "I sent them money",
        "I paid by wire transfer",
        "我给他转了钱",
        "我已经付款了",
        "the money is sent",
    ],
    "ask_human": [
        "I want a person",
        "let me talk to a human",
        "我要找真人",
        "转人工",
        "a real person please",
    ],
    "ask_evidence": [
        "what should I keep as evidence",
        "do I keep the screenshots",
        "要保留什么证据",
        "截图要留着吗",
    ],
    "goodbye": ["bye", "goodbye for now", "再见", "拜拜", "see you later"],
    "express_shame": [
        "I feel so stupid",
        "I am ashamed",
        "我觉得很丢脸",
        "太丢人了",
        "how could I be so dumb",
    ],
}
RESOURCE = Resource("classifier")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")


def encoded(*messages: Message) -> list[Message]:
    """Messages with their sentence vector."""
    return SentenceEncoder(SentenceEncoder.get_default_config(), "encoder").process(list(messages))


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    """Rasa's storage with the classifier trained into it."""
    kept = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    examples = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    classifier = LinearIntentClassifier.create(
        LinearIntentClassifier.get_default_config(), kept, RESOURCE, CONTEXT
    )
    data = TrainingData(encoded(*examples))
    assert classifier.train(data) == RESOURCE
    return kept


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> LinearIntentClassifier:
    """The trained classifier, loaded back."""
    return LinearIntentClassifier.load(
        LinearIntentClassifier.get_default_config(), storage, RESOURCE, CONTEXT
    )


def reading(classifier: LinearIntentClassifier, text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Intent and ranking of `text`."""
    (message,) = classifier.process(encoded(Message.build(text)))
    assert message.as_dict(only_output_properties=True).keys() >= {INTENT, RANKING}
    return message.get(INTENT), message.get(RANKING)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello!", "greet"),
        ("HELLO", "greet"),
        ("ｈｅｌｌｏ", "greet"),
        ("您好", "greet"),
        ("I transferred the money to him", "already_paid"),
        ("我想找真人", "ask_human"),
        ("I'm so ashamed of myself", "express_shame"),
        ("需要保留哪些证据", "ask_evidence"),
        ("bye bye", "goodbye"),
    ],
)
def test_a_loaded_classifier_reads_what_it_learned(
    classifier: LinearIntentClassifier, text: str, intent: str
) -> None:
    best, _ = reading(classifier, text)
    assert best["name"] == intent


@pytest.mark.parametrize("text", ["hello", "我转了钱", "asdkjh qwe", "🙂", "?"])
def test_the_ranking_is_short_ordered_and_of_probabilities(
    classifier: LinearIntentClassifier, text: str
) -> None:
    best, ranking = reading(classifier, text)
    probabilities = [entry["confidence"] for entry in ranking]
    assert best == ranking[0]
    assert len(ranking) == RANKED < len(EXAMPLES)
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= probability <= 1 for probability in probabilities)
    assert sum(probabilities) <= 1 + 1e-6
    assert {entry["name"] for entry in ranking} <= EXAMPLES.keys()


def test_a_message_without_text_has_no_intent(classifier: LinearIntentClassifier) -> None:
    (message,) = classifier.process([Message.build("")])
    assert message.get(INTENT) == {"name": None, "confidence": 0.0}
    assert message.get(RANKING) == []


def test_an_untrained_classifier_reads_nothing(tmp_path: Path) -> None:
    untrained = LinearIntentClassifier.create({}, LocalModelStorage(tmp_path), Resource("none"), CONTEXT)
    assert reading(untrained, "hello") == ({"name": None, "confidence": 0.0}, [])


def test_training_twice_gives_the_same_classifier(classifier: LinearIntentClassifier, tmp_path: Path) -> None:
    again = LinearIntentClassifier.create(
        LinearIntentClassifier.get_default_config(), LocalModelStorage(tmp_path), RESOURCE, CONTEXT
    )
    again.train(
        TrainingData(
            encoded(*[Message.build(text, name) for name, texts in EXAMPLES.items() for text in texts])
        )
    )
    assert reading(again, "they took my savings") == reading(classifier, "they took my savings")


@pytest.mark.parametrize("text", ["qwpo zmxn rrtt", "zxcvbnm", "sdkfjh sdfkjh"])
def test_keys_struck_at_random_are_hardly_believed(classifier: LinearIntentClassifier, text: str) -> None:
    best, _ = reading(classifier, text)
    assert best["confidence"] <= STRANGE_TEXT
