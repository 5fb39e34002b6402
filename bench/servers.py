"""A bot as a running server: started, waited for, weighed and stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

LOOPBACK = "127.0.0.1"
REST_PATH = "/webhooks/rest/webhook"
START_TIMEOUT_SECONDS = 900.0
STOP_TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.05
_OWN_SETTINGS = "FIRSTAID_"


class ServerFailed(Exception):
    """A server ended, or took too long, before it was ready; the message names its log."""


@dataclass(frozen=True)
class Bot:
    """How one bot is served: `command` gets the port as its last argument, `ready_path` answers 200 when it is up."""

    name: str
    command: list[str]
    directory: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    ready_path: str = "/"

    @staticmethod
    def environment(settings: Mapping[str, str]) -> dict[str, str]:
        """The environment of a process: this one's, free of the operator's own settings, with `settings`."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_SETTINGS)}
        return {**inherited, **settings}


class Server:
    """A running bot; a context manager that starts and stops it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.address = f"http://{LOOPBACK}:{_free_port()}"
        self._log = bot.directory / "server.log"
        self._process: psutil.Popen | None = None
        self.seconds_to_ready = 0.0

    @property
    def url(self) -> str:
        """The address of the REST channel."""
        return self.address + REST_PATH

    def __enter__(self) -> Self:
        port = self.address.rsplit(":", 1)[1]
        environment = self._bot.environment(self._bot.settings)
        began = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = psutil.Popen(
                [*self._bot.command, port],
                cwd=self._bot.directory,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready(began + START_TIMEOUT_SECONDS)
        except BaseException:
            self._stop()
            raise
        self.seconds_to_ready = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def resident_megabytes(self) -> float:
        """Resident memory of the server and the processes it started, in MB (10^6 bytes)."""
        assert self._process is not None
        family = [self._process, *self._process.children(recursive=True)]
        return float(sum(member.memory_info().rss for member in family)) / 1e6

    def _wait_until_ready(self, deadline: float) -> None:
        assert self._process is not None
        with httpx.Client(trust_env=False) as client:
            while time.perf_counter() < deadline:
                if self._process.poll() is not None:
                    raise ServerFailed(f"{self._bot.name} ended before it was ready; see {self._log}")
                try:
                    if client.get(self.address + self._bot.ready_path).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(POLL_SECONDS)
        raise ServerFailed(f"{self._bot.name} was not ready in time; see {self._log}")

    def _stop(self) -> None:
        assert self._process is not None
        family = [self._process, *self._children()]
        for member in family:
            if member.is_running():
                member.terminate()
        for member in psutil.wait_procs(family, timeout=STOP_TIMEOUT_SECONDS)[1]:
            member.kill()

    def _children(self) -> list[psutil.Process]:
        try:
            return self._process.children(recursive=True) if self._process else []
        except psutil.NoSuchProcess:
            return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
