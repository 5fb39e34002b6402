"""The REST channel over real HTTP: the answers, and the door."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage

from bot.channels.rest import LONGEST_SENDER, Rest
from bot.channels.web_http import MAX_BODY_BYTES, MAX_DRAINED_BYTES
from tests.bot.channels.web_chat_server import Echo, serving

TOKEN = "a token that is long enough"
HELLO = {"sender": "ana", "message": "hello"}
JSON = {"content-type": "application/json"}

Start = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Starts REST channels: token and handler; gives a client of the channel."""
    async with AsyncExitStack() as running:

        async def serve(token: str = "", handler: Any = None) -> httpx.AsyncClient:
            blueprint = Rest(token).blueprint(handler or Echo())
            base = await running.enter_async_context(serving((blueprint, "/webhooks/rest")))
            return await running.enter_async_context(
                httpx.AsyncClient(base_url=f"{base}/webhooks/rest", timeout=20)
            )

        yield serve


@pytest_asyncio.fixture
async def rest(start: Start) -> httpx.AsyncClient:
    """A channel without a token, before a bot that echoes."""
    return await start()


def refused(answer: httpx.Response, status: int) -> str:
    """The detail of a refusal, once it is known to be problem JSON."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    return str(problem.get("detail", ""))


async def test_the_answer_is_a_list_of_messages(start: Start) -> None:
    seen: list[UserMessage] = []

    async def answer(message: UserMessage) -> None:
        seen.append(message)
        say = message.output_channel.send_response
        await say(message.sender_id, {"text": "one\n\ntwo"})
        buttons = [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}]
        await say(message.sender_id, {"text": "sure?", "buttons": buttons})

    rest = await start(handler=answer)
    given = await rest.post("/webhook", json={**HELLO, "metadata": {"language": "zh"}})
    assert given.status_code == 200
    assert given.json() == [
        {"recipient_id": "ana", "text": "one\n\ntwo"},
        {
            "recipient_id": "ana",
            "text": "sure?",
            "buttons": [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}],
        },
    ]
    (message,) = seen
    assert (message.text, message.sender_id, message.input_channel) == ("hello", "rest:ana", "rest")
    assert message.metadata == {"language": "zh"}


async def test_a_bot_that_says_nothing_is_an_empty_list(start: Start) -> None:
    async def silent(message: UserMessage) -> None:
        """Say nothing."""

    answer = await (await start(handler=silent)).post("/webhook", json=HELLO)
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("metadata", [None, "x", [1], 3])
async def test_metadata_that_is_no_object_is_left_out(start: Start, metadata: Any) -> None:
    echo = Echo()
    answer = await (await start(handler=echo)).post("/webhook", json={**HELLO, "metadata": metadata})
    assert answer.status_code == 200
    assert echo.seen[0].metadata == {}


async def test_an_empty_message_and_any_text_reach_the_bot(rest: httpx.AsyncClient) -> None:
    for text in ("", "/restart", "我被骗了", "\u0000", "{}", "🙂" * 100):
        answer = await rest.post("/webhook", json={**HELLO, "message": text})
        assert answer.json() == [{"recipient_id": "ana", "text": f"echo {text}"}]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{'a': 1}", b"[]", b'"x"', b"3", b"null", b"\xff\xfe", b"[" * 30_000, b'{"sender": NaN'],
)
async def test_a_body_that_is_no_json_object_is_refused(rest: httpx.AsyncClient, body: bytes) -> None:
    assert "JSON" in refused(await rest.post("/webhook", content=body, headers=JSON), 400)


@pytest.mark.parametrize("field", ["sender", "message"])
@pytest.mark.parametrize("value", [None, 3, ["a"], {}, True])
async def test_a_field_that_is_no_text_is_named(rest: httpx.AsyncClient, field: str, value: Any) -> None:
    body = {**HELLO, field: value}
    if value is None:
        del body[field]
    assert refused(await rest.post("/webhook", json=body), 400) == f"The field '{field}' must be a string."


@pytest.mark.parametrize("sender", ["", "x" * (LONGEST_SENDER + 1)])
async def test_a_sender_has_a_length(rest: httpx.AsyncClient, sender: str) -> None:
    assert "'sender'" in refused(await rest.post("/webhook", json={**HELLO, "sender": sender}), 400)


async def test_the_longest_sender_is_admitted(rest: httpx.AsyncClient) -> None:
    answer = await rest.post("/webhook", json={**HELLO, "sender": "x" * LONGEST_SENDER})
    assert answer.status_code == 200


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, MAX_DRAINED_BYTES])
async def test_a_huge_body_is_refused(rest: httpx.AsyncClient, size: int) -> None:
    body = json.dumps(HELLO).encode()
    body += b" " * (size - len(body))
    refused(await rest.post("/webhook", content=body, headers=JSON), 413)


async def test_the_largest_body_is_read(rest: httpx.AsyncClient) -> None:
    body = json.dumps(HELLO).encode()
    body += b" " * (MAX_BODY_BYTES - len(body))
    assert (await rest.post("/webhook", content=body, headers=JSON)).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_content_type_is_refused(rest: httpx.AsyncClient, kind: str) -> None:
    """So that no form on a foreign page can post here."""
    answer = await rest.post("/webhook", content=json.dumps(HELLO), headers={"content-type": kind})
    refused(answer, 415)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer ü",
    ],
)
async def test_with_a_token_set_a_wrong_one_is_refused(start: Start, authorization: str | None) -> None:
    echo = Echo()
    rest = await start(TOKEN, echo)
    headers = {} if authorization is None else {"authorization": authorization.encode()}
    answer = await rest.post("/webhook", json=HELLO, headers=headers)
    refused(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert echo.seen == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_the_token_opens_the_door_from_anywhere(start: Start, scheme: str) -> None:
    rest = await start(TOKEN)
    headers = {"authorization": f"{scheme} {TOKEN}", "x-forwarded-for": "203.0.113.9"}
    assert (await rest.post("/webhook", json=HELLO, headers=headers)).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_without_a_token_what_a_proxy_passes_on_is_refused(start: Start, header: str) -> None:
    echo = Echo()
    rest = await start(handler=echo)
    refused(await rest.post("/webhook", json=HELLO, headers={header: "127.0.0.1"}), 403)
    assert echo.seen == []


async def test_a_refusal_never_quotes_what_was_sent(rest: httpx.AsyncClient) -> None:
    words = "they-took-everything"
    for body in ({"sender": 3, "message": words}, {"sender": words * 20, "message": words}):
        assert words not in (await rest.post("/webhook", json=body)).text
    assert words not in (await rest.post("/webhook", content=f"{{{words}", headers=JSON)).text
