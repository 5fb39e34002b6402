"""A process that has loaded the model once, and forks a bot or a courier from it for every line it reads.

Loading takes many seconds, forking none. What is forked runs `firstaid serve` or `firstaid courier` as it is: settings,
database, actions, outbox, courier and REST channel are its own, only modules and Rasa's model are already in memory.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.paths import ROOT


class Nursery:
    """The nursery as its owner sees it.

    Args:
        models: where the trained model lies.
        home: an empty directory for it.
    """

    def __init__(self, models: Path, home: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
        environment |= {"PYTHONPATH": str(ROOT), "FIRSTAID_DEMO": "1", "FIRSTAID_DATA_DIR": str(home)}
        home.mkdir()
        self.models = models
        with (home / "log.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.faults.nursery", str(models)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=ROOT,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def bring_up(self, command: str, settings: dict[str, str], log: Path) -> int:
        """Start `firstaid` with this command and these settings; its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            json.dumps({"command": command, "settings": settings, "log": str(log)}) + "\n"
        )
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Load the model, then fork a bot for every line."""
    import bot.assistant
    from bot.settings import read_settings
    from bot.training import trained_model

    settings = read_settings()
    assistant = bot.assistant.load_assistant(trained_model(Path(sys.argv[1])), settings)
    asyncio.run(bot.assistant.warm_up(assistant))
    gc.freeze()
    # Children are nobody's to wait for: who killed one sees that it is gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(assistant, order)
        print(pid, flush=True)


def _become(assistant: Any, order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.environ.update(order["settings"])
    code = 1
    try:
        import bot.assistant
        import bot.run
        from bot.cli import main as firstaid
        from bot.settings import Settings
        from bot.storage.tracker_store import EncryptedTrackerStore

        # The nursery's own store stays referenced, so that its connection is never closed from here.
        nurserys = assistant.tracker_store

        def loaded(_model: Path, settings: Settings) -> Any:
            keys = settings.fernet_key(), settings.derived_key("pseudonyms")
            store = EncryptedTrackerStore(settings.database, *keys, nurserys.domain)
            assistant.tracker_store = assistant.processor.tracker_store = store
            return assistant

        bot.assistant.load_assistant = loaded
        bot.run.trained_model = lambda directory: directory
        code = firstaid([order["command"]])
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
