"""The ordered runner gives what Rasa's own gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.graph_runner import OrderedGraphRunner

MESSAGES = ["I wired $50,000", "我转了三万", "我不想活了", "你好"]


@pytest.mark.parametrize("text", MESSAGES)
def test_it_reads_a_message_as_rasas_own_runner_does(text: str, model: Path, tmp_path: Path) -> None:
    read = [
        _read(runner, text, model, tmp_path / runner.__name__)
        for runner in (DaskGraphRunner, OrderedGraphRunner)
    ]
    assert read[0] == read[1]
    assert read[0]


def _read(runner: type[DaskGraphRunner], text: str, model: Path, directory: Path) -> dict[str, object]:
    directory.mkdir()
    metadata, graph = loader.load_predict_graph_runner(directory, model, LocalModelStorage, runner)
    assert metadata.nlu_target is not None
    inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: DialogueStateTracker("x", [])}
    result = graph.run(inputs=inputs, targets=[metadata.nlu_target])
    return result[metadata.nlu_target][0].as_dict(only_output_properties=True)


def test_a_graph_without_nodes_gives_nothing(tmp_path: Path) -> None:
    runner = OrderedGraphRunner(GraphSchema({}), None, None, None)
    assert runner.run() == {}
