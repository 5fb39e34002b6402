"""The web chat over real HTTP: order, replay, refusals."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.channels.mailbox import Event, MemoryMailbox
from bot.channels.redis_mailbox import RedisMailbox
from bot.channels.web_documents import Documents
from bot.channels.web_http import Problem
from bot.channels.web_output import WebChatOutput, sender_id
from bot.channels.web_session import BadToken, Session, Tokens
from bot.channels.webchat import MESSAGES_PER_MINUTE, SESSIONS_PER_MINUTE, WebChat
from bot.languages import LANGUAGES, OWN_NAMES
from tests.bot.channels.web_chat_server import FRIEND, KEY, Chat, StartChat, messages
from tests.valkey import valkey

pytestmark = pytest.mark.asyncio


def is_problem(answer: httpx.Response, status: int) -> bool:
    """Whether the answer is a refusal of that status with a sentence."""
    body = answer.json()
    return (
        answer.status_code == body["status"] == status
        and answer.headers["content-type"] == "application/problem+json"
        and body["detail"].endswith(".")
        and bool(body["title"])
    )


async def test_a_session_begins_with_a_greeting_in_the_language_asked_for(chat: Chat) -> None:
    headers = await chat.open(language="zh-TW")
    async with chat.listen(headers) as events:
        (greeting,) = await messages(events, 1)
    assert greeting["text"] == "hello"
    assert [language for _, language in chat.begun] == ["zh_Hant"]
    assert chat.begun[0][0] == Tokens(KEY).read(headers["Authorization"].removeprefix("Bearer ")).id


async def test_a_message_is_answered_on_the_stream(chat: Chat) -> None:
    headers = await chat.open(language="zh-Hans")
    client_id = str(uuid4())
    assert (await chat.say(headers, "ask", client_id)).status_code == 202
    seen: list[tuple[str, dict[str, Any]]] = []
    async with chat.listen(headers) as events:
        async for name, data in events:
            seen.append((name, data))
            if name == "typing" and not data["on"] and chat.echo.seen:
                break
    answer = next(data for _, data in seen if data.get("text") == "echo ask")
    assert answer["from"] == "bot"
    assert answer["language"] == "zh-Hans"
    assert answer["buttons"] == [{"title": "Yes"}, {"title": "No"}]
    assert isinstance(answer["id"], int)
    assert {"client_id": client_id}.items() <= next(data for name, data in seen if name == "read").items()
    (message,) = chat.echo.seen
    assert message.sender_id == sender_id(chat.begun[0][0])
    assert message.metadata == {"language": "zh_Hans", "time_zone": ""}
    assert message.input_channel == "webchat"


async def test_a_tick_reaches_the_dialogue_and_the_plan_the_page(chat: Chat) -> None:
    headers = await chat.open()
    body = {"text": "I did it", "client_id": str(uuid4()), "step": {"name": "police", "done": True}}
    assert (await chat.http.post("/messages", json=body, headers=headers)).status_code == 202
    for step in ("police", [], {"name": "police"}, {"name": 1, "done": True}, {"name": "x", "done": "yes"}):
        wrong = await chat.http.post("/messages", json={**body, "step": step}, headers=headers)
        assert is_problem(wrong, 400), step
    await chat.echo.begun(1)
    assert chat.echo.seen[0].metadata["step"] == {"name": "police", "done": True}
    output = WebChatOutput(chat.mailbox)
    plan = {"text": "• open: x", "metadata": {"language": "en", "checklist": [{"name": "x"}]}}
    await output.send_response(sender_id(chat.begun[0][0]), plan)
    async with chat.listen(headers) as events:
        assert (await messages(events, 3))[-1]["checklist"] == [{"name": "x"}]


async def test_the_other_sides_words_are_told_apart(chat: Chat) -> None:
    headers = await chat.open()
    for flag in (True, False, "yes"):
        body = {"text": "pay now", "client_id": str(uuid4()), "evidence": flag}
        assert (await chat.http.post("/messages", json=body, headers=headers)).status_code == 202
    await chat.echo.begun(3)
    assert [message.metadata.get("evidence") for message in chat.echo.seen] == [True, None, None]


async def _document(chat: Chat, session: int = 0) -> int:
    """Say a case in writing and something else; the id of the first."""
    person = chat.begun[session][0]
    output = WebChatOutput(chat.mailbox, "zh_Hant")
    await output.send_response(sender_id(person), {"text": "個案：五萬", "utter_action": "utter_document"})
    await output.send_response(sender_id(person), {"text": "還有嗎？", "utter_action": "utter_anything_else"})
    said = [event async for event in _until_silence(chat, person)]
    assert [event.data.get("file") for event in said[-2:]] == ["我的情況.txt", None]
    return said[-2].id


async def _until_silence(chat: Chat, session: str) -> AsyncIterator[Event]:
    async for event in chat.mailbox.follow(session, None, 0.05):
        if event is None:
            return
        if event.name == "message":
            yield event


async def test_the_case_in_writing_can_be_saved(chat: Chat) -> None:
    headers = await chat.open()
    link = await chat.http.post("/documents", json={"id": await _document(chat)}, headers=headers)
    assert link.status_code == 201
    assert 0 < link.json()["expires_in"] <= 60
    file = await chat.http.get("/" + link.json()["path"])
    assert file.content.decode("utf-8-sig") == "個案：五萬"
    assert file.headers["content-type"] == "text/plain; charset=utf-8"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert "%E6%88%91%E7%9A%84%E6%83%85%E6%B3%81.txt" in file.headers["content-disposition"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["referrer-policy"] == "no-referrer"
    assert "sandbox" in file.headers["content-security-policy"]
    assert "access-control-allow-origin" not in file.headers


async def test_a_file_is_for_its_own_session_alone_and_for_a_minute(chat: Chat) -> None:
    headers, other = await chat.open(), await chat.open()
    document = await _document(chat)
    for who, id in (
        (other, document),
        (headers, document + 1),
        (headers, 0),
        (headers, "1"),
        (headers, None),
    ):
        assert is_problem(await chat.http.post("/documents", json={"id": id}, headers=who), 404), id
    assert is_problem(await chat.http.post("/documents", json={"id": document}), 401)
    path = (await chat.http.post("/documents", json={"id": document}, headers=headers)).json()["path"]
    assert is_problem(await chat.http.get("/" + path[:-2] + "xx"), 404)
    assert is_problem(await chat.http.get("/documents"), 404)
    ticket = path.partition("=")[2]
    with pytest.raises(Problem):
        await Documents(KEY, chat.mailbox, good_for=-1).fetch(ticket)
    with pytest.raises(Problem):
        await Documents("another key, as long as the first", chat.mailbox).fetch(ticket)
    token = headers["Authorization"].removeprefix("Bearer ")
    assert is_problem(await chat.http.get("/documents", params={"ticket": token}), 404)
    assert (await chat.http.get("/" + path)).status_code == 200
    await chat.http.delete("/session", headers=headers)
    assert is_problem(await chat.http.get("/" + path), 404)


async def test_a_burst_is_taken_in_order_one_turn_at_a_time(chat: Chat) -> None:
    headers, other = await chat.open(), await chat.open()
    texts = [f"message {number}" for number in range(20)]
    for text in texts:
        answers = await asyncio.gather(chat.say(headers, text), chat.say(other, text))
        assert [answer.status_code for answer in answers] == [202, 202]
    async with chat.listen(headers) as events:
        said = await messages(events, 21)
    assert [message["text"] for message in said[1:]] == [f"echo {text}" for text in texts]
    assert not chat.echo.overlapped


async def test_a_slow_session_does_not_hold_up_another(chat: Chat) -> None:
    slow, quick = await chat.open(), await chat.open()
    chat.echo.gate.clear()
    await chat.say(slow, "first")
    await chat.say(quick, "mine")
    await chat.say(slow, "second")
    await chat.echo.begun(2)
    assert chat.echo.texts == ["first", "mine"]
    chat.echo.gate.set()
    async with chat.listen(slow) as events:
        assert [message["text"] for message in await messages(events, 3)][1:] == ["echo first", "echo second"]


async def test_a_repeated_message_runs_once(chat: Chat) -> None:
    headers = await chat.open()
    client_id = str(uuid4())
    answers = [await chat.say(headers, "once", client_id) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    await chat.say(headers, "last")
    async with chat.listen(headers) as events:
        assert [message["text"] for message in await messages(events, 3)] == [
            "hello",
            "echo once",
            "echo last",
        ]


async def test_missed_messages_are_replayed_once(chat: Chat) -> None:
    headers = await chat.open()
    async with chat.listen(headers) as events:
        (greeting,) = await messages(events, 1)
    await chat.say(headers, "while away")
    async with chat.listen(headers, after=str(greeting["id"])) as events:
        assert [message["text"] for message in await messages(events, 1)] == ["echo while away"]
    async with chat.listen(headers, after="nonsense") as events:
        assert [message["text"] for message in await messages(events, 2)] == ["hello", "echo while away"]


async def test_a_proxy_is_asked_to_let_the_stream_through(chat: Chat) -> None:
    headers = await chat.open()
    async with chat.http.stream("GET", "/events", headers=headers) as stream:
        assert stream.headers["x-accel-buffering"] == "no"
        assert "no-transform" in stream.headers["cache-control"]
        assert await anext(stream.aiter_lines()) == ": open", "something comes at once"


async def test_behind_a_proxy_that_keeps_streams_back_each_answer_ends(start_chat: StartChat) -> None:
    chat = await start_chat(heartbeat=0.2)
    headers, last = await chat.open(), ""
    seen: list[str] = []
    await chat.say(headers, "hi")
    while not seen or seen[-1] != "echo hi":
        answer = await chat.http.get(
            "/events", params={"brief": "1"}, headers={**headers, "Last-Event-ID": last}
        )
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines() if ": " in line[1:])
        last = fields["id"]
        if fields["event"] == "message":
            seen.append(json.loads(fields["data"])["text"])
    assert seen == ["hello", "echo hi"]
    while ": still here" not in answer.text:
        answer = await chat.http.get("/events?brief=1", headers={**headers, "Last-Event-ID": last})
        last = next((line[4:] for line in answer.text.splitlines() if line.startswith("id: ")), last)


async def test_two_workers_are_one_chat(start_chat: StartChat) -> None:
    with valkey() as url:
        forgotten: list[str] = []

        async def forget(session: str) -> None:
            forgotten.append(session)

        key = Fernet.generate_key()
        here, there = [
            await start_chat(mailbox=RedisMailbox(Redis.from_url(url), key), forget=forget) for _ in range(2)
        ]
        headers = await here.open()
        client_id = str(uuid4())
        async with there.listen(headers) as events:
            assert [said["text"] for said in await messages(events, 1)] == ["hello"]
            for chat in (here, there):
                assert (await chat.say(headers, "once", client_id)).status_code == 202
            assert (await there.say(headers, "from there")).status_code == 202
            assert {said["text"] for said in await messages(events, 2)} == {"echo once", "echo from there"}
        assert sorted(here.echo.texts + there.echo.texts) == ["from there", "once"]
        there.echo.gate.clear()
        await there.say(headers, "still running")
        await there.echo.begun(2)
        await here.http.delete("/session", headers=headers)
        assert is_problem(await there.say(headers, "again"), 401)
        assert len(forgotten) == 1
        there.echo.gate.set()
        while len(forgotten) < 2:  # noqa: ASYNC110 - the other worker forgets what its turn brought back
            await asyncio.sleep(0.01)


async def test_silence_is_filled_with_comments(start_chat: StartChat) -> None:
    chat = await start_chat(heartbeat=0.01)
    headers = await chat.open()
    async with chat.listen(headers) as events:
        await messages(events, 1)
        comments = [name async for name, _ in _first(events, 5)]
    assert comments.count("") >= 3


async def test_a_failing_turn_is_told_and_the_talk_goes_on(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    headers = await chat.open()
    client_id = str(uuid4())
    await chat.say(headers, "break", client_id)
    await chat.say(headers, "still there?")
    seen: dict[str, list[Any]] = {}
    async with chat.listen(headers) as events:
        async for name, data in events:
            seen.setdefault(name, []).append(data)
            if data.get("text") == "echo still there?":
                break
    assert [data["client_id"] for data in seen["failed"]] == [client_id]
    assert "RuntimeError" in caplog.text
    assert "the words were: break" not in caplog.text


async def test_no_words_reach_the_log(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    headers = await chat.open()
    await chat.say(headers, "my secret shame")
    async with chat.listen(headers) as events:
        await messages(events, 2)
    await chat.http.post("/messages", content='{"text": "my secret shame"', headers=headers)
    assert "secret shame" not in caplog.text


async def test_the_language_switch_says_the_languages_own_name(chat: Chat) -> None:
    headers = await chat.open(language="en")
    for language in reversed(LANGUAGES):
        answer = await chat.http.post(
            "/session/language", json={"language": language.replace("_", "-")}, headers=headers
        )
        assert answer.status_code == 202
        headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    await chat.say(headers, "after")
    async with chat.listen(headers) as events:
        await messages(events, 5)
    assert chat.echo.texts == [*(OWN_NAMES[language] for language in reversed(LANGUAGES)), "after"]
    assert [message.metadata["language"] for message in chat.echo.seen] == [*reversed(LANGUAGES), "en"]
    assert len({message.sender_id for message in chat.echo.seen}) == 1


async def test_a_token_is_renewed_for_the_same_session(chat: Chat) -> None:
    headers = await chat.open()
    answer = await chat.http.post("/session/renew", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["session"] == chat.begun[0][0]
    assert answer.json()["expires_in"] == 24 * 3600
    assert (await chat.say({"Authorization": f"Bearer {answer.json()['token']}"}, "hi")).status_code == 202


async def test_leaving_forgets_everything_and_ends_the_token(chat: Chat) -> None:
    headers = await chat.open()
    chat.echo.gate.clear()
    await chat.say(headers, "running")
    await chat.say(headers, "waiting")
    await chat.echo.begun(1)
    assert (await chat.http.delete("/session", headers=headers)).status_code == 204
    chat.echo.gate.set()
    assert is_problem(await chat.say(headers, "again"), 401)
    assert is_problem(await chat.http.get("/events", headers=headers), 401)
    assert is_problem(await chat.http.post("/session/renew", headers=headers), 401)
    assert isinstance(chat.mailbox, MemoryMailbox)
    assert len(chat.mailbox) == 0
    other = await chat.open()
    await chat.say(other, "next person")
    async with chat.listen(other) as events:
        assert [message["text"] for message in await messages(events, 2)] == ["hello", "echo next person"]
    assert "waiting" not in chat.echo.texts


async def test_tokens_that_are_not_ours_are_refused(chat: Chat) -> None:
    good = (await chat.open())["Authorization"]
    session = chat.begun[0][0]
    forged = Tokens("another key, as long as the first").issue(Session(session, "en"))
    for value in (
        "",
        good[:-2] + "xx",
        "Bearer",
        f"Bearer {forged}",
        f"Bearer {session}",
        f"Basic {good[7:]}",
    ):
        answer = await chat.say({"Authorization": value}, "hi")
        assert is_problem(answer, 401), value
        assert answer.headers["www-authenticate"] == "Bearer"
    assert chat.echo.seen == []


@given(st.text())
async def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(BadToken):
        Tokens(KEY).read(text)


async def test_an_old_token_is_refused() -> None:
    token = Tokens(KEY).issue(Session("s", "en"))
    assert Tokens(KEY).read(token).id == "s"
    with pytest.raises(BadToken):
        Tokens(KEY, max_age=-1).read(token)


async def test_a_token_counts_on_the_site_that_opened_the_session_only(chat: Chat) -> None:
    own = str(chat.http.base_url).removesuffix("/webhooks/webchat/")
    there = await chat.http.post("/session", json={}, headers={"Origin": FRIEND})
    here = await chat.http.post("/session", json={}, headers={"Origin": own})
    for opened, origins in ((there, [FRIEND]), (here, [own, None])):
        token = {"Authorization": f"Bearer {opened.json()['token']}"}
        for origin in (FRIEND, own, None):
            answer = await chat.http.post(
                "/session/renew", headers=token | ({"Origin": origin} if origin else {})
            )
            assert answer.status_code == (200 if origin in origins else 401), origin
            if answer.status_code == 401:
                assert is_problem(answer, 401)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://group.example.evil.example"])
async def test_another_site_is_refused(chat: Chat, origin: str) -> None:
    headers = {**await chat.open(), "Origin": origin}
    assert is_problem(await chat.http.post("/session", json={}, headers=headers), 403)
    assert is_problem(await chat.say(headers, "hi"), 403)
    assert is_problem(await chat.http.get("/events", headers=headers), 403)
    assert is_problem(await chat.http.options("/messages", headers=headers), 403)
    assert chat.echo.seen == []


async def test_the_own_site_and_listed_sites_are_welcome(chat: Chat) -> None:
    own = str(chat.http.base_url).removesuffix("/webhooks/webchat/")
    for origin in (own, FRIEND):
        answer = await chat.http.post("/session", json={}, headers={"Origin": origin})
        assert answer.status_code == 201
        assert answer.headers.get("access-control-allow-origin") == (FRIEND if origin == FRIEND else None)
    asked = {"Origin": FRIEND, "Access-Control-Request-Method": "POST"}
    preflight = await chat.http.options("/messages", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == FRIEND
    assert "Authorization" in preflight.headers["access-control-allow-headers"]


async def test_bodies_that_are_not_messages_are_refused(chat: Chat) -> None:
    headers = await chat.open()
    as_json = {**headers, "Content-Type": "application/json; charset=utf-8"}
    deep = "[" * 50_000
    for body in ("", "{", "[]", "null", "\udcff", '{"text": "hi"}', '{"text": 1}', deep):
        content = body.encode("utf-8", "surrogateescape")
        assert is_problem(await chat.http.post("/messages", content=content, headers=as_json), 400), body[:20]
    assert is_problem(await chat.say(headers, "hi", "not a uuid"), 400)
    assert is_problem(await chat.http.post("/session", json={"language": 3}), 400)
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = await chat.http.post("/messages", content=b"{}", headers={**headers, "Content-Type": kind})
        assert is_problem(answer, 415), kind
    assert chat.echo.seen == []


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
async def test_a_body_too_large_is_refused_and_the_chat_goes_on(chat: Chat, size: int) -> None:
    headers = {**await chat.open(), "Content-Type": "application/json"}
    assert is_problem(await chat.http.post("/messages", content=b" " * size, headers=headers), 413)
    assert (await chat.say(headers, "hi")).status_code == 202


async def test_a_huge_body_is_cut_off_and_the_chat_goes_on(chat: Chat) -> None:
    headers = {**await chat.open(), "Content-Type": "application/json"}
    with contextlib.suppress(httpx.TransportError):
        answer = await chat.http.post("/messages", content=b" " * 16 * 1024 * 1024, headers=headers)
        assert is_problem(answer, 413)
    assert (await chat.say(headers, "hi")).status_code == 202


async def test_long_and_odd_texts_are_taken(chat: Chat) -> None:
    headers = await chat.open()
    assert (await chat.say(headers, "字" * 20_000)).status_code == 202
    for text in ("", "\ud800", "/restart", "<img src=x onerror=alert(1)>"):
        client_id = str(uuid4())
        content = f'{{"client_id": "{client_id}", "text": {ascii_json(text)}}}'
        answer = await chat.http.post(
            "/messages", content=content, headers={**headers, "Content-Type": "application/json"}
        )
        assert answer.status_code == 202
    async with chat.listen(headers) as events:
        said = await messages(events, 6)
    assert "/restart" in chat.echo.texts, (
        "whole and untouched: the gate stands before the bot, for every channel"
    )
    assert "字" * 20_000 in chat.echo.texts
    assert said[-1]["text"] == "echo <img src=x onerror=alert(1)>"


async def test_a_flood_is_told_when_to_come_back_and_others_are_not_held_up(chat: Chat) -> None:
    headers, other = await chat.open(), await chat.open()
    for number in range(MESSAGES_PER_MINUTE):
        assert (await chat.say(headers, str(number))).status_code == 202
    refused = await chat.say(headers, "one too many")
    assert is_problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await chat.say(other, "hi")).status_code == 202


async def test_sessions_cannot_be_opened_without_end(chat: Chat) -> None:
    for _ in range(SESSIONS_PER_MINUTE):
        await chat.open()
    assert is_problem(await chat.http.post("/session", json={}), 429)


async def test_the_bot_can_speak_first(chat: Chat) -> None:
    async def begin(session: str, language: str) -> None:
        """Nothing to say."""

    headers = await chat.open()
    channel = WebChat(KEY, [], begin, mailbox=chat.mailbox)
    output = channel.get_output_channel()
    await output.send_response(
        sender_id(chat.begun[0][0]), {"text": "您的個案有回覆。", "metadata": {"language": "zh_Hant"}}
    )
    async with chat.listen(headers) as events:
        (_, reply) = await messages(events, 2)
    assert (reply["text"], reply["language"], reply["buttons"]) == ("您的個案有回覆。", "zh-Hant", [])


async def test_what_is_said_unasked_goes_to_an_open_page_only(chat: Chat) -> None:
    async def begin(session: str, language: str) -> None:
        """Nothing to say."""

    headers = await chat.open()
    channel, person = WebChat(KEY, [], begin, mailbox=chat.mailbox), sender_id(chat.begun[0][0])
    assert not await channel.deliver(person, {"text": "nobody is there"})
    async with chat.listen(headers) as events:
        await messages(events, 1)
        assert await channel.present(person)
        assert await channel.deliver(person, {"text": "here you are"})
        [note] = await messages(events, 1)
    assert note["text"] == "here you are"


async def test_closing_the_mailbox_ends_the_streams(chat: Chat) -> None:
    headers = await chat.open()
    async with chat.listen(headers) as events:
        await messages(events, 1)
        await chat.mailbox.close()
        assert [name async for name, _ in events if name == "message"] == []


def ascii_json(text: str) -> str:
    """JSON of a text with everything beyond ASCII escaped, lone surrogates too."""
    return json.dumps(text)


async def _first(events: Any, count: int) -> Any:
    async for event in events:
        yield event
        count -= 1
        if not count:
            return
