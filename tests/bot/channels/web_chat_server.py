"""A real Sanic server on a free port of this machine, and a handler that answers like a bot."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
from sanic import Blueprint, Sanic

from bot.channels.mailbox import Mailbox

if TYPE_CHECKING:
    from rasa.core.channels.channel import UserMessage

# Sanic rewrites its own methods when an app starts; only in this mode may a second app start.
Sanic.test_mode = True

KEY = "a key that is long enough for a test"
HANGING_SECONDS = 30
FRIEND = "https://group.example"


@asynccontextmanager
async def serving(*mounted: tuple[Blueprint, str], app: Sanic | None = None) -> AsyncIterator[str]:
    """Serve blueprints under their prefixes; gives the base URL."""
    app = app or Sanic(f"test-{uuid4().hex}", configure_logging=False)
    for blueprint, prefix in mounted:
        app.blueprint(blueprint, url_prefix=prefix)
    port = _free_port()
    server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.before_stop()
        for connection in list(server.connections):
            connection.close()
        await server.close()
        await server.after_stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Echo:
    """Answers each message with its text and remembers what ran, and whether two turns ever overlapped."""

    seen: list[UserMessage] = field(default_factory=list)
    overlapped: bool = False
    busy: set[str] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    turn: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self, message: UserMessage) -> None:
        """Take a turn."""
        self.overlapped |= message.sender_id in self.busy
        self.busy.add(message.sender_id)
        async with self.turn:
            self.seen.append(message)
            self.turn.notify_all()
        await self.gate.wait()
        await asyncio.sleep(0)
        self.busy.discard(message.sender_id)
        if message.text == "break":
            raise RuntimeError(f"the words were: {message.text}")
        buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No"}] if message.text == "ask" else []
        await message.output_channel.send_response(
            message.sender_id, {"text": f"echo {message.text}", "buttons": buttons}
        )

    async def begun(self, count: int) -> None:
        """Wait until `count` turns have begun."""
        async with asyncio.timeout(HANGING_SECONDS), self.turn:
            await self.turn.wait_for(lambda: len(self.seen) >= count)

    @property
    def texts(self) -> list[str]:
        """What was said so far, in the order of the turns."""
        return [message.text for message in self.seen]


@dataclass
class Chat:
    """A running web chat and a client that talks to it."""

    http: httpx.AsyncClient
    echo: Echo
    mailbox: Mailbox
    begun: list[tuple[str, str]]

    async def open(self, **body: Any) -> dict[str, str]:
        """Open a session and return the headers that carry its token."""
        answer = await self.http.post("/session", json=body)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    async def say(self, headers: dict[str, str], text: str, client_id: str | None = None) -> httpx.Response:
        """Send one message."""
        body = {"text": text, "client_id": client_id or str(uuid4())}
        return await self.http.post("/messages", json=body, headers=headers)

    @asynccontextmanager
    async def listen(
        self, headers: dict[str, str], after: str | None = None
    ) -> AsyncIterator[AsyncIterator[tuple[str, dict[str, Any]]]]:
        """Follow the stream: pairs of event name and data; comments come as ("", {})."""
        extra = {"Last-Event-ID": after} if after else {}
        async with (
            asyncio.timeout(HANGING_SECONDS),
            self.http.stream("GET", "/events", headers={**headers, **extra}) as answer,
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield _parse(answer.aiter_lines())


async def _parse(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    async for line in lines:
        if line.startswith(":"):
            yield "", {}
        elif line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def messages(events: AsyncIterator[tuple[str, dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    """Read `count` bot messages from a stream."""
    found: list[dict[str, Any]] = []
    async for name, data in events:
        if name == "message":
            found.append(data)
        if len(found) == count:
            return found
    raise AssertionError(f"the stream ended after {len(found)} of {count} messages")


StartChat = Callable[..., Awaitable[Chat]]
