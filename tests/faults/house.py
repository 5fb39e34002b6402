"""The programs of the campaign as real processes: two bots, two couriers, a desk, a database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal

import httpx
import psutil

from bot.paths import ROOT
from tests.faults.nursery import Nursery
from tests.postgres import Postgres

Database = Literal["sqlite", "postgres"]
BOTS, COURIERS = 2, 2
PATIENCE_SECONDS = 120.0
AT_WORK = "The courier carries"
SECRETS = {
    "FIRSTAID_DEMO": "0",
    "FIRSTAID_SECRET_KEY": "a-secret-key-of-the-campaign",
    "FIRSTAID_INTAKE_TOKEN": "an-intake-token-of-the-campaign",
    "FIRSTAID_REST_TOKEN": "a-rest-token-of-the-campaign",
    "FIRSTAID_DESK_SECRET_KEY": "a-desk-secret-of-the-campaign-and-of-nothing-else-at-all",
}
# Not among those a client of this machine may be given at any moment.
_PORTS = range(20_000, 30_000)

_WRITER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
connection.execute("PRAGMA cache_size=4")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE IF NOT EXISTS torn (page BLOB)")
for _ in range(200):
    connection.execute("INSERT INTO torn VALUES (zeroblob(4000))")
print("writing", flush=True)
time.sleep(600)
"""


class Program:
    """A process that can be started, killed, and started again."""

    def __init__(self, start: Callable[[], psutil.Process], ready: Callable[[], bool]) -> None:
        self._start, self._ready = start, ready
        self._process: psutil.Process | None = None

    @property
    def runs(self) -> bool:
        """Whether the process is alive."""
        process = self._process
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, if it does not run."""
        if not self.runs:
            self._reap()
            self._process = self._start()

    def await_ready(self) -> None:
        """Wait until it does its work; one that ended because something else was away is started again."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(psutil.NoSuchProcess):
                self.start()
            if self._ready():
                return
            time.sleep(0.1)
        raise TimeoutError("a program does not come back")

    def kill(self) -> None:
        """Kill it without a word of warning."""
        self._end(lambda process: process.kill())

    def stop(self) -> None:
        """Tell it to stop, and wait."""
        self._end(lambda process: process.terminate())

    def _end(self, end: Callable[[psutil.Process], None]) -> None:
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            end(self._process)
        self._reap()
        self._process = None

    def _reap(self) -> None:
        if self._process is not None:
            with suppress(psutil.NoSuchProcess, ChildProcessError):
                self._process.wait(PATIENCE_SECONDS)


class House:
    """Everything that runs. Use `running`.

    Args:
        database: under the bots and under the desk.
        home: an empty directory.
        nursery: where bots come from.
        rng: chooses ports.
    """

    def __init__(self, database: Database, home: Path, nursery: Nursery, rng: Random) -> None:
        self.database, self._home, self._nursery = database, home, nursery
        self._ports = iter(rng.sample(_PORTS, len(_PORTS)))
        self.data, self._desk_data = home / "bot", home / "desk"
        self.data.mkdir()
        (self.data / "models").symlink_to(nursery.models)
        self.postgres = Postgres(self._port()) if database == "postgres" else None
        self.database_url = self._url("bot", self.data / "bot.sqlite3")
        self.desk_database_url = self._url("desk", self._desk_data / "desk.sqlite3")
        self.desk_url = f"http://127.0.0.1:{self._port()}"
        self.desk = Program(self._start_desk, lambda: _answers(f"{self.desk_url}/health"))
        self.bot_urls = [f"http://127.0.0.1:{self._port()}" for _ in range(BOTS)]
        self.bots = [self._bot(number, url) for number, url in enumerate(self.bot_urls)]
        self.couriers = [self._courier(number) for number in range(COURIERS)]
        self.settings = {
            **SECRETS,
            "FIRSTAID_DATA_DIR": str(self.data),
            "FIRSTAID_DATABASE_URL": self.database_url,
            "FIRSTAID_INTAKE_URL": self.desk_url,
        }

    @contextmanager
    def running(self) -> Iterator[House]:
        """Everything started and ready; nothing is left at the end."""
        try:
            if self.postgres:
                self.postgres.set_up(("bot", "desk"))
            for program in self.programs:
                program.start()
            for program in self.programs:
                program.await_ready()
            yield self
        finally:
            for program in self.programs:
                program.kill()
            if self.postgres:
                self.postgres.close()

    @property
    def programs(self) -> list[Program]:
        """All that is ours."""
        return [self.desk, *self.bots, *self.couriers]

    def stop_couriers(self) -> None:
        """Stop, in an orderly way, everything that carries cases."""
        for program in (*self.bots, *self.couriers):
            program.stop()

    @contextmanager
    def torn_transaction(self, url: str) -> Iterator[None]:
        """Within the block a program holds SQLite's write lock with half a transaction; at its end it is killed."""
        path = url.removeprefix("sqlite:///")
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, path], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            yield
        finally:
            writer.kill()
            writer.communicate()

    def delivered_by(self, kind: Literal["bot", "courier"]) -> int:
        """How many deliveries the couriers inside the bots noted, or those that run alone."""
        return sum(_text(log).count(": delivered") for log in self._home.glob(f"{kind}?.txt"))

    def _bot(self, number: int, url: str) -> Program:
        def start() -> psutil.Process:
            settings = {**self.settings, "FIRSTAID_PORT": url.rpartition(":")[2]}
            return psutil.Process(self._nursery.bring_up("serve", settings, self._home / f"bot{number}.txt"))

        return Program(start, lambda: _answers(f"{url}/ready"))

    def _courier(self, number: int) -> Program:
        log = self._home / f"courier{number}.txt"
        starts = 0

        def start() -> psutil.Process:
            nonlocal starts
            starts = _text(log).count(AT_WORK) + 1
            return psutil.Process(self._nursery.bring_up("courier", self.settings, log))

        return Program(start, lambda: _text(log).count(AT_WORK) >= starts)

    def _start_desk(self) -> psutil.Process:
        settings = {
            **SECRETS,
            "FIRSTAID_DATA_DIR": str(self._desk_data),
            "FIRSTAID_DESK_DATABASE_URL": self.desk_database_url,
        }
        command = [sys.executable, "-W", "ignore", "-m", "desk", "serve"]
        return self._run(
            [*command, "--port", self.desk_url.rpartition(":")[2]], settings, self._home / "desk.txt"
        )

    def _run(self, command: list[str], settings: dict[str, str], log: Path) -> psutil.Process:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
        inherited.pop("DJANGO_SETTINGS_MODULE", None)
        environment = {**inherited, **settings, "PYTHONPATH": str(ROOT)}
        with log.open("ab") as output:
            return psutil.Popen(command, env=environment, cwd=self._home, stdout=output, stderr=output)

    def _url(self, name: str, path: Path) -> str:
        return self.postgres.url(name) if self.postgres else f"sqlite:///{path}"

    def _port(self) -> int:
        for port in self._ports:
            with socket.socket() as probe, suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
        raise RuntimeError("no port is free")


def _answers(url: str) -> bool:
    try:
        return _client().get(url).is_success
    except httpx.HTTPError:
        return False


@lru_cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=5.0, trust_env=False)


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
