"""The door for what the intake service tells: forged, replayed, broken and too large is refused as a problem."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio
from sanic import Sanic

from actions.intake.signature import SIGNATURE, TOLERANCE, sign
from bot.channels.intake_events import PATH, intake_events
from bot.storage.database import Seal
from bot.storage.inbox import Inbox
from bot.storage.tracker_store import EncryptedTrackerStore
from tests.actions.intake.conftest import Contract
from tests.bot.storage.test_inbox import ANA, DOMAIN, KEY, PSEUDONYM_KEY, A, B, event, talk

Sanic.test_mode = True
SECRET, WORDS = "an event secret of the tests", "words 4815162342"
CONTRACT = Contract()


class Door:
    """The route on a real server, over a database of its own."""

    def __init__(self, inbox: Inbox, client: httpx.AsyncClient) -> None:
        self.inbox, self.client = inbox, client
        self.now = datetime.now(UTC)

    async def post(
        self, body: object, headers: dict[str, str] | None = None, **changed: str
    ) -> httpx.Response:
        """Send `body`, signed unless `headers` are given."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        id = str(body["event_id"]) if isinstance(body, dict) and "event_id" in body else str(uuid4())
        given = sign(SECRET, id, self.now, content) if headers is None else headers
        given = {"content-type": "application/json", **given, **changed}
        return await self.client.post(PATH, content=content, headers=given)

    def held(self) -> int:
        """How many events wait."""
        return len(self.inbox.waiting(self.now))


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """The door of a bot with one filed case."""
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    await talk(EncryptedTrackerStore(url, KEY, PSEUDONYM_KEY, DOMAIN), ANA, A)
    inbox = Inbox(url, Seal(KEY, PSEUDONYM_KEY))
    app = Sanic(f"door-{uuid4().hex}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 256 * 1024
    app.blueprint(intake_events(SECRET, inbox))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running = await app.create_server(sock=listening, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    await running.before_start()
    await running.start_serving()
    host, port = listening.getsockname()
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", timeout=30) as client:
        yield Door(inbox, client)
    await running.before_stop()
    for connection in list(running.connections):
        connection.close()
    await running.close()
    inbox.close()


def body(**changes: Any) -> dict[str, Any]:
    """The JSON of an event with `changes`."""
    return event().model_dump(mode="json") | changes


def refused(answer: httpx.Response, status: int) -> None:
    """Check a refusal against the contract."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert CONTRACT.errors("ValidationProblem" if status == 422 else "Problem", answer.json()) == []
    assert WORDS not in answer.text


async def test_an_event_is_taken_once(door: Door) -> None:
    for _ in range(3):
        answer = await door.post(body())
        assert (answer.status_code, answer.content) == (202, b"")
    assert door.held() == 1


async def test_a_replay_is_harmless_while_fresh_and_refused_later(door: Door) -> None:
    content = json.dumps(body()).encode()
    kept = sign(SECRET, body()["event_id"], door.now, content)
    assert [(await door.post(content, kept)).status_code for _ in range(2)] == [202, 202]
    stale = sign(SECRET, body()["event_id"], door.now - TOLERANCE - timedelta(minutes=1), content)
    refused(await door.post(content, stale), 401)
    assert door.held() == 1


async def test_forged_ones_are_refused_before_anything_is_read(door: Door) -> None:
    content = json.dumps(body()).encode()
    good = sign(SECRET, body()["event_id"], door.now, content)
    refused(await door.post(content, {}), 401)
    refused(await door.post(content, sign("another", body()["event_id"], door.now, content)), 401)
    refused(await door.post(content.replace(b"words", b"lies!"), good), 401)
    refused(await door.post(content, good, **{SIGNATURE: "v1,*** v1, ,"}), 401)
    refused(await door.post(b"{", {}), 401)
    assert door.held() == 0


async def test_a_signature_of_another_event_does_not_fit(door: Door) -> None:
    content = json.dumps(body()).encode()
    refused(await door.post(content, sign(SECRET, str(uuid4()), door.now, content)), 422)


async def test_what_cannot_be_read_is_named(door: Door) -> None:
    refused(await door.post(b"{"), 400)
    refused(await door.post(b"\xff\xfe"), 400)
    refused(await door.post(body(), **{"content-type": "text/plain"}), 415)
    faults = [
        {"sequence": 0}, {"sequence": "1"}, {"kind": "other"}, {"status": "lost"}, {"text": None}, {"text": ""},
        {"kind": "status_changed"}, {"occurred_at": "yesterday"}, {"case_id": "x"}, {"text": WORDS + "\x00"},
        {"text": "x" * 20_001},
    ]  # fmt: skip
    for fault in faults:
        refused(await door.post(body(**fault)), 422)
    refused(await door.post([]), 422)
    assert door.held() == 0


async def test_it_may_grow_members(door: Door) -> None:
    assert (await door.post(body(new={"a": 1}))).status_code == 202


async def test_nobody_leads_to_another_case(door: Door) -> None:
    refused(await door.post(event(case=B).model_dump(mode="json")), 404)


async def test_what_is_too_large_is_refused(door: Door) -> None:
    assert (await door.post(body(new="x" * 300_000))).status_code == 413
    assert (await door.post(body(text="字" * 20_000))).status_code == 202


def ruin(directory: Path) -> None:
    """Put something else in the database's place."""
    for file in directory.glob("bot.sqlite3*"):
        file.write_bytes(b"ruin" * 1000)


async def test_a_store_that_fails_says_come_again(door: Door, tmp_path: Path) -> None:
    ruin(tmp_path)
    answer = await door.post(body())
    refused(answer, 503)
    assert answer.headers["retry-after"]
