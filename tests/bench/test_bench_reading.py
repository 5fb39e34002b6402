"""What reading a message costs, by this bot's own model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.reading import messages, milliseconds
from bot.paths import ROOT


def test_the_messages_are_of_every_script_and_one_line_each() -> None:
    texts = messages()
    assert len(texts) > 100
    assert any("\u4e00" <= char <= "\u9fff" for text in texts for char in text)
    assert not any("\n" in text for text in texts)


def test_reading_takes_a_measurable_time(model: Path) -> None:
    assert milliseconds(Path(sys.executable), "ours", model, {"PYTHONPATH": str(ROOT)}) > 0


def test_a_model_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        milliseconds(Path(sys.executable), "ours", tmp_path / "no.tar.gz", {"PYTHONPATH": str(ROOT)})
