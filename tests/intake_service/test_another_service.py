"""The whole bot, in earnest, against the service of another organisation that was made from the document alone."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from actions.intake.signature import verify
from tests.intake_service import documented_service
from tests.intake_service.documented_service import DocumentedService

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "actions" / "intake" / "openapi.yaml"
GUIDE = ROOT / "docs" / "intake.md"
TOKEN, EVENT_SECRET = "a token of another organisation", "an event secret of both sides"
PATIENCE_SECONDS = 240
ANSWER_SECONDS = 60
STORY = "A man I met on Hinge had me wire $50,000 to an exchange yesterday, and now they want 20% tax first"
WORDS = "Please tell us whether the bank opened a fraud case."


class Person:
    """Somebody on the bot's web page."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.read: list[dict[str, Any]] = []

    async def open(self) -> None:
        """Open the page."""
        session = await self._client.post("/webhooks/webchat/session", json={"language": "en"})
        self._client.headers["authorization"] = f"Bearer {session.json()['token']}"

    async def follow(self) -> None:
        """Read what the bot says, as long as the page is open."""
        async with self._client.stream("GET", "/webhooks/webchat/events", timeout=None) as stream:
            name = ""
            async for line in stream.aiter_lines():
                kind, _, rest = line.partition(": ")
                if kind == "event":
                    name = rest
                elif kind == "data" and name == "message" and json.loads(rest)["from"] == "bot":
                    self.read.append(json.loads(rest))

    async def say(self, text: str, hears: str) -> str:
        """Write `text` and read on until the bot has said `hears`; what it said."""
        begin = len(self.read)
        body = {"text": text, "client_id": str(uuid4())}
        assert (await self._client.post("/webhooks/webchat/messages", json=body)).status_code == 202
        await until(lambda: hears in self.since(begin), f"{hears!r} after {text!r}")
        return self.since(begin)

    def since(self, begin: int) -> str:
        """What the bot said from that message on, with the titles of the buttons."""
        parts = [[said["text"], *(b["title"] for b in said.get("buttons", ()))] for said in self.read[begin:]]
        return "\n".join(line for lines in parts for line in lines)


async def until(reached: Callable[[], bool], what: str) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + ANSWER_SECONDS
    while not reached():
        assert time.monotonic() < end, f"waited in vain for {what}"
        await asyncio.sleep(0.1)


@asynccontextmanager
async def bot(model: Path, data: Path, port: int, **settings: str) -> AsyncIterator[str]:
    """The bot as a process, set up in earnest; gives its address."""
    (data / "models").mkdir(parents=True)
    (data / "models" / model.name).symlink_to(model)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTAID_")}
    earnest = {
        "FIRSTAID_DEMO": "0",
        "FIRSTAID_SECRET_KEY": "a secret key of the tests",
        "FIRSTAID_DATA_DIR": str(data),
    }
    log = data / "log.txt"
    with log.open("w") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "serve", "--port", str(port)),
            env=inherited | earnest | settings,
            cwd=ROOT,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        await _ready(f"{address}/ready", process, log)
        yield address
    finally:
        process.terminate()
        await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    async with httpx.AsyncClient() as client:
        while time.monotonic() < end:
            assert process.returncode is None, _text(log)
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.3)
    raise AssertionError(_text(log))


def _text(log: Path) -> str:
    return log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest_asyncio.fixture
async def service_and_person(model: Path, tmp_path: Path) -> AsyncIterator[tuple[DocumentedService, Person]]:
    """The service, and somebody on the page of a bot that hands over to it."""
    port = _free_port()
    events = f"http://127.0.0.1:{port}/webhooks/intake/events"
    made = DocumentedService(DOCUMENT, TOKEN, EVENT_SECRET, events)
    settings = {"FIRSTAID_INTAKE_TOKEN": TOKEN, "FIRSTAID_INTAKE_EVENT_SECRET": EVENT_SECRET}
    async with made.running() as service:
        settings["FIRSTAID_INTAKE_URL"] = service.url
        async with (
            bot(model, tmp_path / "data", port, **settings) as address,
            httpx.AsyncClient(base_url=address, timeout=60) as client,
        ):
            person = Person(client)
            await person.open()
            following = asyncio.create_task(person.follow())
            yield service, person
            following.cancel()


def test_the_service_knows_nothing_of_the_project() -> None:
    tree = ast.parse(Path(documented_service.__file__).read_text("utf-8"))
    imports = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    imports += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imports
    assert not {name.partition(".")[0] for name in imports} & {"actions", "bot", "desk", "tests", ""}


def test_the_signature_of_the_guide_is_taken() -> None:
    """The Python that the guide gives for signing, run as it stands there."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    headers = namespace["headers"](EVENT_SECRET, "an id", b"{}")
    assert verify(EVENT_SECRET, headers, b"{}", datetime.now(UTC)) == "an id"


async def test_a_case_its_messages_its_status_and_its_erasure_go_through_it(
    service_and_person: tuple[DocumentedService, Person],
) -> None:
    service, person = service_and_person
    service.down = True
    await person.say(STORY, "Which country")
    await person.say("United States", "reach the bank")
    await person.say("Not yet", "May I pass your case")
    await person.say("Yes, pass it on", "How may the caseworker reach you")
    await person.say("A reference is enough", "This is what I would send")
    filed = await person.say("Yes, send it", "filed under the reference")
    assert service.cases == {}
    service.down = False
    await until(lambda: bool(service.cases), "the case")
    ((case_id, case),) = service.cases.items()
    assert case["reference"] in filed
    assert (case["payments"][0]["amount"], case["contact"]) == ("50000", {"kind": "none", "value": None})

    answer = await person.say("What about my case?", "waiting for something from you")
    assert WORDS in answer

    heard = len(person.read)
    told = {
        "case_id": case_id,
        "event_id": str(uuid4()),
        "sequence": 1,
        "text": "Did the bank answer? 银行回了吗？",
    }
    assert await service.send(secret="another secret", **told) == 401
    assert await service.send(sent_at=time.time() - 600, **told) == 401
    assert [await service.send(**told) for _ in range(2)] == [202, 202]
    assert await service.send(case_id=str(uuid4()), sequence=1) == 404
    await until(lambda: told["text"] in person.since(heard), "the caseworker's words")
    await person.say("Yes, the case number is 4471.", "goes out now")
    await until(lambda: bool(service.messages), "the answer")
    assert [message["text"] for message in service.messages.values()] == ["Yes, the case number is 4471."]
    assert person.since(heard).count(told["text"]) == 1

    receipt = await person.say("I take back my consent", "Your receipt")
    assert case["reference"] in receipt
    await until(lambda: service.erased == {case_id}, "the withdrawal")
    assert await service.send(case_id=case_id, sequence=2) == 404

    await person.say("I want a person after all", "May I pass your case")
    await person.say("Yes, pass it on", "How may the caseworker reach you")
    await person.say("A reference is enough", "This is what I would send")
    await person.say("Yes, send it", "filed under the reference")
    await until(lambda: bool(service.cases), "the case anew")
    ((again, anew),) = service.cases.items()
    assert again != case_id
    await person.say("delete everything", "Shall I delete")
    await person.say("Yes, delete it", anew["reference"])
    await until(lambda: service.erased == {case_id, again}, "the erasure")
    assert await service.send(case_id=again, sequence=1) == 404
    assert (service.breaches, service.cases) == ([], {})
