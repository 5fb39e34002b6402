"""The crisis detector, on a small training of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.crisis_detector import CRISIS_LIKELIHOOD, CrisisDetector
from bot.nlu.encoder import SentenceEncoder

EXAMPLES = {
    "crisis": [
        "I kept the pills in a drawer",
        "I wrote letters to my family",
        "我把药都攒着",
        "遗书写好了",
        "I don't want to wake up",
    ],
    "express_distress": ["I can't sleep", "I cry all day", "我睡不着", "我整天哭", "I am so angry"],
    "already_paid": ["I sent the money", "I paid by wire", "我转了钱", "钱已经付了", "the payment is gone"],
}
RESOURCE = Resource("crisis")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="crisis")
CONFIG = CrisisDetector.get_default_config()


def encoded(*messages: Message) -> list[Message]:
    """Messages with their sentence vector."""
    return SentenceEncoder(SentenceEncoder.get_default_config(), "encoder").process(list(messages))


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> CrisisDetector:
    """The trained detector, loaded back."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    examples = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    CrisisDetector.create(CONFIG, storage, RESOURCE, CONTEXT).train(TrainingData(encoded(*examples)))
    return CrisisDetector.load(CONFIG, storage, RESOURCE, CONTEXT)


def likelihood(detector: CrisisDetector, text: str) -> float:
    """What the detector puts on `text`."""
    (message,) = detector.process(encoded(Message.build(text)))
    found: float = message.get(CRISIS_LIKELIHOOD)
    return found


@pytest.mark.parametrize(
    ("crisis", "calm"),
    [("I keep pills in the drawer", "I keep the receipts"), ("我写好了遗书", "我付好了钱")],
)
def test_a_crisis_is_likelier_than_what_only_looks_like_it(
    detector: CrisisDetector, crisis: str, calm: str
) -> None:
    assert 1 >= likelihood(detector, crisis) > likelihood(detector, calm) + 0.1 >= 0.1


@pytest.mark.parametrize("message", [Message.build(""), Message({"intent": "greet"})])
def test_without_a_text_nothing_is_said(detector: CrisisDetector, message: Message) -> None:
    detector.process([message])
    assert message.get(CRISIS_LIKELIHOOD) is None


def test_an_untrained_detector_says_nothing(tmp_path: Path) -> None:
    untrained = CrisisDetector.create(CONFIG, LocalModelStorage(tmp_path), Resource("none"), CONTEXT)
    (message,) = untrained.process(encoded(Message.build("I kept the pills")))
    assert message.get(CRISIS_LIKELIHOOD) is None
