"""The database under the outbox: a SQLite file or PostgreSQL, opened so that a commit is on disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool
from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

_BUSY_TIMEOUT_S: Final = 10
_SCHEMA_LOCK: Final = 0x0B0C5EED


class OutboxError(Exception):
    """The store did not do what was asked; nothing was changed."""


class OtherRelease(OutboxError):
    """The tables are those of another release of the bot."""


def make_tables(connection: sa.engine.Connection, tables: sa.MetaData) -> None:
    """Make the tables that are missing.

    Raises:
        OtherRelease: A table is there with other columns.
    """
    tables.create_all(connection)
    there = sa.inspect(connection)
    for table in tables.sorted_tables:
        if {column["name"] for column in there.get_columns(table.name)} != set(table.columns.keys()):
            raise OtherRelease(f"table {table.name} is of another release; start with an empty database")


class Database:
    """Short transactions on one database, whose tables are made when they are missing.

    With SQLite: write-ahead log, every commit synced, deleted content overwritten, readable by its owner
    only, and transactions one after another. With PostgreSQL: the server's own settings.

    Args:
        url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        tables: What it holds.
        keep_open: Keep SQLite's connections, which saves most of the cost of a small transaction; deleted content
            then stays in the write-ahead log until that is next taken into the file.

    Raises:
        ValueError: The URL names neither.
        OutboxError: It cannot be opened, or was made by another release.
    """

    def __init__(self, url: str, tables: sa.MetaData, *, keep_open: bool = False) -> None:
        self._engine = _engine(url, keep_open=keep_open)
        self._is_postgresql = self._engine.dialect.name == "postgresql"
        with self.transaction() as connection:
            if self._is_postgresql:
                # Without it two workers that start at once both try to make the tables.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            make_tables(connection, tables)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def insert(self, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
        """An insert that knows `on_conflict_do_update`."""
        return postgresql.insert(table) if self._is_postgresql else sqlite.insert(table)

    @contextmanager
    def transaction(self) -> Iterator[sa.engine.Connection]:
        """A connection in a transaction, committed at the end of the block.

        Raises:
            OutboxError: It failed and was rolled back.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise OutboxError(type(error).__name__) from error


def _engine(url: str, *, keep_open: bool) -> sa.engine.Engine:
    parsed = sa.engine.make_url(url)
    backend = parsed.get_backend_name()
    # hide_parameters: an error of the store must not carry rows into a log.
    if backend == "postgresql":
        return sa.create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True)
    if backend != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise ValueError("the outbox needs a SQLite file or PostgreSQL")
    try:
        Path(parsed.database).touch(mode=0o600)
    except OSError as error:
        raise OutboxError(type(error).__name__) from error
    connect = {"timeout": _BUSY_TIMEOUT_S, "check_same_thread": not keep_open}
    pool = QueuePool if keep_open else NullPool
    engine = sa.create_engine(url, future=True, hide_parameters=True, poolclass=pool, connect_args=connect)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    # The driver's own transactions begin too late and would let two workers read the same row.
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


# SQLite does not wait its busy timeout when several workers switch a new file to the log at once.
@retry(
    retry=retry_if_exception(_is_busy),
    stop=stop_after_delay(_BUSY_TIMEOUT_S),
    wait=wait_random(0.005, 0.05),
    reraise=True,
)
def _write_ahead(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
