"""What is left of a case after the person asked for its erasure."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.desk.desk_bot import STAFF, Bot

WITNESSES = (
    "witness-summary",
    "见证人摘要",
    "witness-recipient",
    "witness@example.org",
    "witness-message",
    "witness-note",
    "witness-log",
)


def rows() -> dict[str, int]:
    """Number of rows of every table."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: cursor.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


@pytest.fixture
def rows_before(staff: Any) -> dict[str, int]:
    """Number of rows of every table before anything is handed over."""
    return rows()


@pytest.fixture
def handed_over(bot: Bot, staff: Any, rows_before: dict[str, int], case_file: dict[str, Any]) -> Bot:
    """A case with everything that people and caseworkers leave in it."""
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType
    from helpdesk.models import Ticket

    case_file["summary"] = {"en": "witness-summary", "own": "见证人摘要", "own_language": "zh_Hans"}
    case_file["payments"][0]["recipient"] = ["witness-recipient"]
    case_file["contact"]["value"] = "witness@example.org"
    case_file["attachments"][0]["content_base64"] = base64.b64encode(b"witness-file").decode()
    bot.put(case_file)
    case_file["role"] = "relative"
    bot.put(case_file)
    bot.say("witness-message")
    assert bot.reply(staff, comment="witness-note", public="1").status_code == 302
    logged = {"content_type": ContentType.objects.get_for_model(Ticket), "object_id": str(bot.ticket.pk)}
    user = User.objects.get(username=STAFF)
    LogEntry.objects.create(**logged, user=user, object_repr="witness-log", action_flag=CHANGE)
    return bot


def stored_bytes(data_dir: Path) -> bytes:
    """Everything that lies in the data directory."""
    return b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())


def test_nothing_is_left_but_the_bare_id(
    empty_desk: Path, rows_before: dict[str, int], handed_over: Bot
) -> None:
    before = stored_bytes(empty_desk)
    assert all(witness.encode() in before for witness in (*WITNESSES, "witness-file") if witness.isascii())
    assert handed_over.delete().status_code == 204
    after = stored_bytes(empty_desk)
    assert [w for w in (*WITNESSES, "witness-file", "7KQ4-M2XR") if w.encode() in after] == []
    assert b"\\u89c1\\u8bc1" not in after
    left = {table: count for table, count in rows().items() if count != rows_before[table]}
    assert left == {"intake_erasedcase": 1}
    assert list((empty_desk / "desk-files").rglob(f"*{handed_over.case_id}*")) == []


def test_erasure_is_idempotent_and_final(handed_over: Bot, case_file: dict[str, Any]) -> None:
    ticket = handed_over.ticket
    assert handed_over.delete().status_code == 204
    assert handed_over.delete().status_code == 204
    assert handed_over.get().status_code == 404
    assert handed_over.put(case_file).status_code == 409
    assert handed_over.say("late").status_code == 404
    assert not type(ticket).objects.filter(pk=ticket.pk).exists()


def test_a_case_that_never_came_can_be_erased(bot: Bot, case_file: dict[str, Any]) -> None:
    assert bot.delete().status_code == 204
    assert bot.put(case_file).status_code == 409


def test_a_closed_case_can_be_erased(handed_over: Bot) -> None:
    ticket = handed_over.ticket
    ticket.status = ticket.CLOSED_STATUS
    ticket.save()
    assert handed_over.delete().status_code == 204
    assert handed_over.get().status_code == 404


def test_another_case_stays(handed_over: Bot, case_file: dict[str, Any]) -> None:
    other = Bot(uuid4())
    other.put(case_file)
    handed_over.delete()
    assert other.get().status_code == 200
    assert list(other.files.values()) == [b"witness-file"]


def test_files_that_cannot_be_removed_keep_the_whole_case(
    handed_over: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    def refuse(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(shutil, "rmtree", refuse)
    assert handed_over.delete().status_code == 503
    assert handed_over.get().status_code == 200
    monkeypatch.undo()
    assert handed_over.delete().status_code == 204
    assert handed_over.get().status_code == 404
