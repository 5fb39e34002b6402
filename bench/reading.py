"""What reading a message costs each side: processor time, of the evaluation's ordinary messages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from bench.servers import Bot
from bot.paths import EVALUATION

ORDINARY = ("en", "zh-Hans", "zh-Hant", "mixed")
EVERY = 5
_SCRIPT = Path(__file__).with_name("read_messages.py")


def milliseconds(python: Path, side: str, model: Path, settings: Mapping[str, str]) -> float:
    """Median processor time of a message, read by the interpreter of one environment in a process of its own.

    Raises:
        subprocess.CalledProcessError: the model could not be loaded or a message not be read.
    """
    command = [str(python), str(_SCRIPT), side, str(model)]
    environment = Bot.environment(settings)
    done = subprocess.run(
        command, input="\n".join(messages()), env=environment, capture_output=True, text=True, check=True
    )
    return float(median(json.loads(done.stdout.splitlines()[-1])))


def messages() -> list[str]:
    """Every fifth ordinary message of the evaluation, in all scripts."""
    lines = [
        line
        for name in ORDINARY
        for line in (EVALUATION / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line)["text"].replace("\n", " ") for line in lines[::EVERY]]
