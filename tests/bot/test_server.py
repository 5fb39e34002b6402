"""The bot as a web server: health, readiness, problems, and a talk through it."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.case.check_ins import CheckIn
from actions.responses import responses
from actions.services import Services
from bot.assistant import Assistant, load_assistant
from bot.catalogs import translate
from bot.channels.telegram.access import door
from bot.channels.web_output import sender_id
from bot.server import create_app
from bot.settings import Settings
from bot.storage.check_ins import Recipient

# Sanic rewrites its own methods when an app starts; only in this mode may a second app start.
Sanic.test_mode = True
TOKEN = "a token that is long enough"
WORDS = "they-took-everything"


def configuration(directory: Path) -> Settings:
    """Settings on a directory of its own, with a desk that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(data_dir=directory, demo=True, desk_port=port, rest_token=SecretStr(TOKEN))


@asynccontextmanager
async def serving(assistant: Assistant, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Run the server, with one more route that fails; gives a client."""
    app = create_app(assistant, settings, Services(settings))

    @app.get("/broken")
    async def broken(request: Request) -> HTTPResponse:
        raise RuntimeError(WORDS)

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running = await app.create_server(sock=listening, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    await running.before_start()
    await running.start_serving()
    await running.after_start()
    host, port = listening.getsockname()
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", timeout=30) as client:
        yield client
    await running.before_stop()
    for connection in list(running.connections):
        connection.close()
    await running.close()
    await running.after_stop()


@pytest_asyncio.fixture(scope="module")
async def server(
    assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """The running server."""
    async with serving(assistant, configuration(tmp_path_factory.mktemp("server"))) as client:
        yield client


@pytest.fixture
def own(model: Path, tmp_path: Path) -> Assistant:
    """An assistant on a database of its own, which a test may break."""
    return load_assistant(model, configuration(tmp_path))


@pytest_asyncio.fixture
async def fragile(own: Assistant, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A running server that a test may break."""
    async with serving(own, configuration(tmp_path)) as client:
        assert (await client.get("/ready")).status_code == 200
        yield client


def ruin(directory: Path) -> None:
    """Put something else in the database's place; an open connection keeps the old file."""
    for side in directory.glob("bot.sqlite3-*"):
        side.unlink()
    letter = directory / "letter"
    letter.write_bytes(b"this is a letter, not a database" * 100)
    letter.replace(directory / "bot.sqlite3")


def problem(answer: httpx.Response, status: int) -> None:
    """Check that `answer` is a refusal as problem JSON that quotes nothing."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert WORDS not in answer.text


async def test_it_is_alive_and_ready(server: httpx.AsyncClient) -> None:
    health, ready = await server.get("/health"), await server.get("/ready")
    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_without_its_table_it_is_alive_but_not_ready(
    fragile: httpx.AsyncClient, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("DROP TABLE conversations")
    ready = await fragile.get("/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "not ready"})
    assert (await fragile.get("/health")).status_code == 200


async def test_without_its_database_it_is_not_ready(fragile: httpx.AsyncClient, tmp_path: Path) -> None:
    ruin(tmp_path)
    assert (await fragile.get("/ready")).status_code == 503


async def test_the_metrics_of_the_outbox_are_for_this_machine_alone(
    fragile: httpx.AsyncClient, tmp_path: Path
) -> None:
    metrics = await fragile.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "firstaid_outbox_waiting 0" in metrics.text
    problem(await fragile.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"}), 403)
    ruin(tmp_path)
    problem(await fragile.get("/metrics"), 503)


async def test_what_was_delivered_long_ago_is_forgotten(own: Assistant, tmp_path: Path) -> None:
    settings = configuration(tmp_path)
    outbox = Services(settings).outbox
    for days in (settings.keep_days - 1, settings.keep_days + 1):
        filed_at = datetime.now(UTC) - timedelta(days=days)
        outbox.put(uuid4(), "erase", None, False, filed_at)
        (delivery,) = outbox.due(filed_at, 1)
        outbox.delivered(delivery.id)
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        async with serving(own, settings), asyncio.timeout(30):
            while connection.execute("SELECT count(*) FROM intake_outbox").fetchone() != (1,):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    outbox.close()


async def test_without_a_model_it_is_not_ready(fragile: httpx.AsyncClient, own: Assistant) -> None:
    own.processor = None
    assert (await fragile.get("/ready")).status_code == 503


@pytest.mark.parametrize(
    "path", ["/nothing", "/webhooks/telegram", "/model", "/conversations/x/tracker", f"/{WORDS}"]
)
async def test_what_is_not_there_is_a_problem(server: httpx.AsyncClient, path: str) -> None:
    """Rasa's own API among it: it would hand out every conversation."""
    problem(await server.get(path), 404)


async def test_another_method_is_a_problem(server: httpx.AsyncClient) -> None:
    problem(await server.delete("/health"), 405)


async def test_a_route_that_fails_is_a_problem_and_logged_without_words(
    server: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    problem(await server.get("/broken"), 500)
    assert "a request failed: RuntimeError at test_server.py" in caplog.text
    assert WORDS not in caplog.text


async def test_one_can_talk_over_rest(server: httpx.AsyncClient) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    for text in ("hello", "我被骗了"):
        answer = await server.post(
            "/webhooks/rest/webhook", json={"sender": "ana", "message": text}, headers=headers
        )
        assert answer.status_code == 200
        assert all(said["recipient_id"] == "ana" and said["text"] for said in answer.json())
        assert answer.json()
    refused = await server.post("/webhooks/rest/webhook", json={"sender": "ana", "message": "hello"})
    assert refused.status_code == 401


async def test_telegram_is_there_with_a_token_and_has_a_door_only_with_an_address(
    own: Assistant, tmp_path: Path
) -> None:
    """Telegram being away keeps nothing else from working."""
    settings = configuration(tmp_path).model_copy(
        update={"telegram_token": SecretStr("1:a"), "telegram_api_url": "http://127.0.0.1:9"}
    )
    with_address = settings.model_copy(update={"public_url": "https://help.example"})
    path = f"/webhooks/telegram/{door(settings).path}"
    for given, status in ((settings, 404), (with_address, 403)):
        async with serving(own, given) as client:
            assert (await client.post(path, json={})).status_code == status
            assert (await client.get("/ready")).status_code == 200


async def test_the_chat_page_and_its_channel_are_there(server: httpx.AsyncClient) -> None:
    page = await server.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    session = await server.post("/webhooks/webchat/session", json={})
    assert session.status_code == 201
    assert session.json()["token"]


async def test_a_check_in_comes_to_the_open_page_and_goes_with_the_talk(
    fragile: httpx.AsyncClient, tmp_path: Path
) -> None:
    services, now = Services(configuration(tmp_path)), datetime.now(UTC)
    session = (await fragile.post("/webhooks/webchat/session", json={"language": "zh-TW"})).json()
    headers = {"authorization": f"Bearer {session['token']}"}
    person = Recipient(sender_id(session["session"]), "webchat", "zh_Hant")
    later = CheckIn("week", now + timedelta(days=7), now + timedelta(days=8))
    services.check_ins.replace(person, [CheckIn("day", now, now + timedelta(days=1)), later])
    expected = translate(responses()["utter_check_in_day"]["text"], person.language)
    async with (
        asyncio.timeout(30),
        fragile.stream("GET", "/webhooks/webchat/events", headers=headers) as stream,
    ):
        async for line in stream.aiter_lines():
            if line.startswith("data:") and json.loads(line[5:]).get("text") == expected:
                break
    assert later.due_at in services.check_ins.waiting(person.sender_id)
    assert (await fragile.delete("/webhooks/webchat/session", headers=headers)).status_code == 204
    assert services.check_ins.waiting(person.sender_id) == []
    services.check_ins.close()
