"""What the real server refuses, this one refuses, in its words."""

import re
from typing import Any

import httpx
import pytest

from tests.telegram_api import BotApi
from tests.telegram_api.conftest import Ask

BUTTON = {"text": "Yes", "callback_data": "yes"}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({}, "Bad Request: sendMessage: 'text' is a required property"),
        ({"text": "  \n "}, "Bad Request: message text is empty"),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "Bad Request: can't parse entities: Can't find end tag"),
        (
            {"text": "a.b", "parse_mode": "MarkdownV2"},
            "Bad Request: can't parse entities: Character '.' is reserved",
        ),
        ({"text": "a", "typing": True}, "'typing' was unexpected"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
        (
            {"text": "a", "reply_markup": keyboard([{"text": "A", "callback_data": "x" * 65}])},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "a", "reply_markup": keyboard([{"text": "A", "callback_data": "小" * 22}])},
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "a", "reply_markup": keyboard([{"text": "A"}])}, "Text buttons are unallowed"),
        (
            {"text": "a", "reply_markup": keyboard([BUTTON | {"url": "https://x.org"}])},
            "exactly one is allowed",
        ),
        (
            {"text": "a", "reply_markup": keyboard([{"text": "A", "url": "javascript:1"}])},
            "Unsupported URL protocol",
        ),
        ({"text": "a", "reply_markup": keyboard([BUTTON] * 9)}, "reply markup is too long"),
    ],
)
async def test_messages(api: BotApi, ask: Ask, parameters: dict[str, Any], description: str) -> None:
    mei = api.user("Mei")
    await mei.says("hello")
    answer = await ask("sendMessage", chat_id=mei.id, **parameters)
    assert answer["error_code"] == 400
    assert description in answer["description"]
    assert api.sent(mei) == []
    assert len(api.forgive()) == 1


async def test_the_longest_message_and_button_are_taken(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.says("hello")
    markup = keyboard([{"text": "Yes", "callback_data": "x" * 64}])
    assert (await ask("sendMessage", chat_id=mei.id, text="😀" * 2048, reply_markup=markup))["ok"]


@pytest.mark.parametrize(
    ("method", "parameters", "code", "description"),
    [
        ("sendMesage", {}, 404, "Not Found: method not found"),
        ("banChatMember", {"chat_id": 1, "user_id": 1}, 501, "not modelled"),
        ("sendMessage", {"chat_id": 1, "text": "a"}, 400, "Bad Request: chat not found"),
        ("sendChatAction", {"chat_id": 1, "action": "thinking"}, 400, "'thinking' is not one of"),
        (
            "setMyCommands",
            {"commands": [{"command": "Start", "description": "x"}]},
            400,
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "start", "description": ""}]},
            400,
            "description: '' should",
        ),
        (
            "setMyCommands",
            {"commands": [], "language_code": "zh-hant"},
            400,
            "invalid language code specified",
        ),
        ("setMyDescription", {"description": "x" * 513}, 400, "is too long"),
        ("getFile", {"file_id": "unknown"}, 400, "wrong file_id or the file is temporarily unavailable"),
        ("setWebhook", {"url": "http://example.org/hook"}, 400, "An HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://example.org:8080/"}, 400, "only on ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "https://x.org", "secret_token": "a b"}, 400, "contains unallowed characters"),
        ("setWebhook", {"url": "https://x.org", "secret_token": "密"}, 400, "contains unallowed characters"),
        ("setWebhook", {"url": "https://x.org", "secret_token": "a" * 257}, 400, "is too long"),
        (
            "setWebhook",
            {"url": "https://x.org", "allowed_updates": ["messages"]},
            400,
            "'messages' is not one of",
        ),
    ],
)
async def test_methods(
    api: BotApi, ask: Ask, method: str, parameters: dict[str, Any], code: int, description: str
) -> None:
    answer = await ask(method, **parameters)
    assert answer["error_code"] == code
    assert description in answer["description"]
    assert api.forgive()


async def test_a_wrong_token(api: BotApi, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{api.base_url}1:wrong/getMe")
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert api.forgive() == ["getMe: Unauthorized"]


async def test_a_mistake_fails_the_test_that_made_it(client: httpx.AsyncClient) -> None:
    async def careless() -> None:
        async with BotApi() as api:
            await client.get(f"{api.base_url}{api.token}/sendMessage")

    with pytest.raises(AssertionError, match="the bot made mistakes:\nsendMessage: Bad Request"):
        await careless()


async def test_people_the_bot_cannot_reach(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")

    async def refused() -> tuple[int, str]:
        answer = await ask("sendMessage", chat_id=mei.id, text="hello")
        return answer["error_code"], answer["description"]

    assert await refused() == (403, "Forbidden: bot can't initiate conversation with a user")
    await mei.starts()
    await mei.blocks_the_bot()
    assert await refused() == (403, "Forbidden: bot was blocked by the user")
    await mei.unblocks_the_bot()
    assert (await ask("sendMessage", chat_id=mei.id, text="hello"))["ok"]
    await mei.deletes_the_account()
    assert await refused() == (403, "Forbidden: user is deactivated")


async def test_a_group_that_moved(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    group = api.group("Family", mei)
    await group.adds_the_bot(mei)
    old = group.id
    await group.becomes_a_supergroup(mei)
    assert await ask("sendMessage", chat_id=old, text="hello") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": group.id},
    }
    own_numbers = await ask("sendMessage", chat_id=group.id, text="hello")
    assert own_numbers["result"]["message_id"] == 2
    await group.removes_the_bot(mei)
    answer = await ask("sendMessage", chat_id=group.id, text="hello")
    assert answer["description"] == "Forbidden: bot was kicked from the supergroup chat"


async def test_editing(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    said = await mei.says("hello")
    sent = (await ask("sendMessage", chat_id=mei.id, text="Sure?", reply_markup=keyboard([BUTTON])))["result"]
    place = {"chat_id": mei.id, "message_id": sent["message_id"]}

    bold = await ask("editMessageText", **place, text="<b>Sure?</b>", parse_mode="HTML")
    assert "entities" in bold["result"]
    assert "reply_markup" not in bold["result"]
    plain = await ask("editMessageText", **place, text="Sure?", reply_markup=keyboard([BUTTON]))
    assert "entities" not in plain["result"]
    same = await ask("editMessageText", **place, text="Sure?", reply_markup=keyboard([BUTTON]))
    assert same["description"].startswith(
        "Bad Request: message is not modified: specified new message content"
    )
    assert (await ask("editMessageReplyMarkup", **place))["result"]["message_id"] == sent["message_id"]
    assert api.sent(mei)[0].buttons == []
    again = await ask("editMessageReplyMarkup", **place)
    assert again["description"].startswith("Bad Request: message is not modified")
    assert (await ask("editMessageText", **place, text="Yes."))["result"]["text"] == "Yes."
    assert [version["text"] for version in api.sent(mei)[0].versions] == ["Sure?"] * 4
    assert (await ask("deleteMessage", **place))["result"] is True
    assert api.sent(mei)[0].deleted
    gone = await ask("editMessageText", **place, text="No.")
    assert gone["description"] == "Bad Request: message to edit not found"
    assert api.mistakes == []

    strange = await ask("editMessageText", chat_id=mei.id, message_id=said["message_id"], text="x")
    assert strange["description"] == "Bad Request: message can't be edited"
    assert api.forgive()


async def test_answering_a_press(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.says("hello")
    await ask("sendMessage", chat_id=mei.id, text="Sure?", reply_markup=keyboard([BUTTON]))
    press = await mei.presses("Yes")
    assert api.unanswered() == [press]
    assert (await ask("answerCallbackQuery", callback_query_id=press.id, text="Good"))["result"] is True
    assert press.answer == {"callback_query_id": press.id, "text": "Good"}
    assert api.unanswered() == []

    late = await mei.presses("Yes")
    late.expired = True
    for id in (press.id, late.id, "unknown"):
        answer = await ask("answerCallbackQuery", callback_query_id=id)
        assert re.match("Bad Request: query is too old and response timeout expired", answer["description"])
    with pytest.raises(AssertionError, match=r"no button 'No'; there are \[\[\"Yes\"\]\]"):
        await mei.presses("No")


async def test_replies_to_what_is_gone(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    said = await mei.says("hello")
    answer = await ask(
        "sendMessage", chat_id=mei.id, text="a", reply_parameters={"message_id": said["message_id"]}
    )
    assert answer["result"]["reply_to_message"]["text"] == "hello"
    answer = await ask("sendMessage", chat_id=mei.id, text="a", reply_parameters={"message_id": 1})
    assert answer["description"] == "Bad Request: message to be replied not found"


async def test_files(api: BotApi, ask: Ask, client: httpx.AsyncClient) -> None:
    mei = api.user("Mei")
    await mei.says("hello")
    url = f"{api.base_url}{api.token}/sendDocument"
    form = {"chat_id": str(mei.id), "caption": "<i>Your case</i>", "parse_mode": "HTML"}
    sent = await client.post(url, data=form, files={"document": ("案.txt", "内容".encode(), "text/plain")})
    document = sent.json()["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "案.txt",
        "text/plain",
        6,
    )
    assert api.sent(mei)[0].document == "内容".encode()

    path = (await ask("getFile", file_id=document["file_id"]))["result"]["file_path"]
    assert (await client.get(f"{api.base_file_url}{api.token}/{path}")).content == "内容".encode()
    assert (await client.get(f"{api.base_file_url}{api.token}/other")).status_code == 404
    assert (await ask("sendDocument", chat_id=mei.id, document=document["file_id"]))["ok"]

    empty = await client.post(url, data=form, files={"document": ("a.txt", b"")})
    assert empty.json()["description"] == "Bad Request: file must be non-empty"
    stray = await client.post(
        url, data=form | {"document": document["file_id"]}, files={"other": ("a.txt", b"a")}
    )
    assert stray.json()["description"] == 'Bad Request: unknown file "other" in the request'
    lost = await client.post(url, data=form | {"document": "attach://a"})
    assert lost.json()["description"] == "Bad Request: can't find file attach://a in the request"
    long = await ask("sendDocument", chat_id=mei.id, document=document["file_id"], caption="x" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"
    assert len(api.forgive()) == 4
