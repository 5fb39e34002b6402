"""The crisis detector, on a small training of its own."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import RANKING
from bot.nlu.crisis_detector import CRISIS, CRISIS_EVIDENCE, CrisisDetector
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


def evidence(detector: CrisisDetector, text: str, read: float) -> float:
    """What the detector puts on `text` when the classifier gives crisis the probability `read`."""
    message = Message({"text": text, RANKING: [{"name": CRISIS, "confidence": read}]})
    detector.process(encoded(message))
    found: float = message.get(CRISIS_EVIDENCE)
    return found


@pytest.mark.parametrize(
    ("crisis", "calm"),
    [("I keep pills in the drawer", "I keep the receipts"), ("我写好了遗书", "我付好了钱")],
)
def test_a_crisis_has_more_evidence_than_what_only_looks_like_it(
    detector: CrisisDetector, crisis: str, calm: str
) -> None:
    assert evidence(detector, crisis, 0.2) > evidence(detector, calm, 0.2)


def test_the_classifiers_reading_adds_to_it(detector: CrisisDetector) -> None:
    text = "I keep pills in the drawer"
    assert evidence(detector, text, 0.01) < evidence(detector, text, 0.3) < evidence(detector, text, 0.9)
    assert all(isfinite(evidence(detector, text, read)) for read in (0.0, 1.0))


def test_a_need_that_is_not_ranked_counts_as_unlikely(detector: CrisisDetector) -> None:
    message = Message({"text": "I sent the money", RANKING: [{"name": "already_paid", "confidence": 0.9}]})
    detector.process(encoded(message))
    assert message.get(CRISIS_EVIDENCE) < 0


@pytest.mark.parametrize(
    "message",
    [
        Message.build(""),
        Message({"intent": "greet"}),
        Message({"text": "", RANKING: [{"name": "nlu_fallback", "confidence": 0.6}]}),
    ],
)
def test_what_was_not_read_has_no_evidence(detector: CrisisDetector, message: Message) -> None:
    detector.process([message])
    assert message.get(CRISIS_EVIDENCE) is None


def test_an_untrained_detector_says_nothing(tmp_path: Path) -> None:
    untrained = CrisisDetector.create(CONFIG, LocalModelStorage(tmp_path), Resource("none"), CONTEXT)
    message = Message({"text": "I kept the pills", RANKING: [{"name": CRISIS, "confidence": 0.5}]})
    untrained.process([message])
    assert message.get(CRISIS_EVIDENCE) is None
