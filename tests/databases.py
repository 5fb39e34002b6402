"""Real databases for tests of what is kept: a SQLite file, or a schema of its own in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

ENGINES = ("sqlite", "postgresql")


@contextmanager
def database(engine: str, sqlite_url: str) -> Iterator[str]:
    """A URL; PostgreSQL when TEST_POSTGRESQL_URL names a server that lets us make a schema."""
    if engine == "sqlite":
        yield sqlite_url
        return
    server = os.environ.get("TEST_POSTGRESQL_URL")
    if not server:
        pytest.skip("TEST_POSTGRESQL_URL is not set")
    psycopg2 = pytest.importorskip("psycopg2")
    schema = f"test_{uuid4().hex}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}?options=-csearch_path%3D{schema}"
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()
