"""The database under the outbox."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.intake.database import Database, OtherRelease

_TABLES = sa.MetaData()
sa.Table("letters", _TABLES, sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.String))


def test_tables_that_are_there_are_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    for _ in range(2):
        Database(url, _TABLES).close()


def test_tables_of_another_release_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, text VARCHAR)")
        connection.execute("INSERT INTO letters VALUES (1, 'kept')")
    with pytest.raises(OtherRelease, match="letters"):
        Database(f"sqlite:///{path}", _TABLES)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT text FROM letters").fetchall() == [("kept",)]
