"""Real databases for tests of what is kept: a SQLite file, or a schema of its own in PostgreSQL."""

from __future__ import annotations

import atexit
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import uuid4

import psycopg2

from tests.postgres import Postgres

ENGINES = ("sqlite", "postgresql")
_NAME = "tests"


@contextmanager
def database(engine: str, sqlite_url: str) -> Iterator[str]:
    """A URL; for PostgreSQL that of a schema of its own at a server of this process."""
    if engine == "sqlite":
        yield sqlite_url
        return
    server = _server().url(_NAME)
    schema = f"test_{uuid4().hex}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}?options=-csearch_path%3D{schema}"
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()


@cache
def _server() -> Postgres:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = Postgres(port)
    atexit.register(server.close)
    server.set_up((_NAME,))
    return server
