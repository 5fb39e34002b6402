"""This bot's side: served from a fresh data directory, its model trained once and kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.report import OURS
from bench.servers import Bot
from bot.paths import ROOT
from bot.training import model_path

READY_PATH = "/ready"


class OwnBot:
    """This bot, run by the interpreter `python` of its environment, its models kept in `home`."""

    def __init__(self, home: Path, python: Path) -> None:
        self._home = home
        self._python = python

    def train_if_changed(self) -> None:
        """Train a model of the present sources unless it is there.

        Raises:
            subprocess.CalledProcessError: training failed.
        """
        if not model_path(self._home / "models").exists():
            command = [str(self._python), "-m", "bot.cli", "train", "--data-dir", str(self._home)]
            environment = Bot.environment(self._settings())
            subprocess.run(command, cwd=self._home, env=environment, stdout=sys.stderr, check=True)

    def bot(self, data: Path) -> Bot:
        """How it is served out of the empty directory `data`: no earlier talk or case slows it or speeds it up."""
        (data / "models").symlink_to(self._home / "models")
        command = [str(self._python), "-m", "bot.cli", "serve", "--data-dir", str(data), "--port"]
        return Bot(OURS, command, data, self._settings(), READY_PATH)

    def _settings(self) -> dict[str, str]:
        return {"FIRSTAID_DEMO": "1", "PYTHONPATH": str(ROOT)}
