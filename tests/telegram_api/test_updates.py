"""Updates arrive as they do from Telegram: by webhook or by polling, never both."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.telegram_api import BotApi
from tests.telegram_api.conftest import Ask
from tests.telegram_api.webhook_bot import WebhookBot


@pytest.fixture
async def bot() -> AsyncIterator[WebhookBot]:
    async with WebhookBot() as bot:
        yield bot


def texts(answer: dict[str, Any]) -> list[str]:
    return [update["message"]["text"] for update in answer["result"]]


async def test_polling_confirms_by_offset(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    for text in "abc":
        await mei.says(text)
    first = await ask("getUpdates", limit=2)
    assert texts(first) == ["a", "b"]
    assert texts(await ask("getUpdates")) == ["a", "b", "c"]
    ids = [update["update_id"] for update in first["result"]]
    assert ids == sorted(ids)
    assert texts(await ask("getUpdates", offset=ids[-1] + 1)) == ["c"]
    assert texts(await ask("getUpdates", offset=ids[-1] + 2)) == []
    assert not api.updates.waiting


async def test_a_long_poll_ends_when_something_comes(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    waiting = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await mei.says("hello")
    assert texts(await waiting) == ["hello"]


async def test_the_older_of_two_polls_is_ended(api: BotApi, ask: Ask) -> None:
    older = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await ask("getUpdates")
    assert await older == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }


async def test_no_polling_while_a_webhook_is_set(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    polling = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert (await ask("setWebhook", url=bot.url))["description"] == "Webhook was set"
    assert (await polling)["description"] == "Conflict: terminated by setWebhook request"
    assert (await ask("getUpdates"))["error_code"] == 409
    assert (await ask("setWebhook", url=bot.url))["description"] == "Webhook is already set"
    assert (await ask("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await ask("deleteWebhook"))["description"] == "Webhook is already deleted"
    assert (await ask("getUpdates"))["ok"]


async def test_the_webhook_gets_what_waited_with_the_secret(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    mei = api.user("Mei")
    await mei.says("before")
    await ask("setWebhook", url=bot.url, secret_token="s3cret_-")
    await mei.says("after")
    await api.delivered()
    assert bot.texts == ["before", "after"]
    assert bot.secrets == ["s3cret_-"] * 2
    assert (await ask("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_pending_updates_are_dropped_only_when_asked(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.says("kept")
    await ask("deleteWebhook")
    assert texts(await ask("getUpdates")) == ["kept"]
    await ask("deleteWebhook", drop_pending_updates=True)
    assert texts(await ask("getUpdates")) == []


async def test_a_failed_delivery_is_repeated_and_keeps_its_place(
    api: BotApi, ask: Ask, bot: WebhookBot
) -> None:
    mei, joe = api.user("Mei"), api.user("Joe")
    bot.statuses.extend([500, 403])
    await ask("setWebhook", url=bot.url)
    await mei.says("first")
    await mei.says("second")
    await api.delivered()
    assert bot.texts == ["first", "first", "first", "second"]
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 403"
    await joe.says("third")
    await api.delivered()
    assert [delivery.status for delivery in api.updates.deliveries] == [500, 403, 200, 200, 200]


async def test_chats_do_not_wait_for_each_other(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    mei, joe = api.user("Mei"), api.user("Joe")
    bot.gate.clear()
    await ask("setWebhook", url=bot.url)
    await mei.says("1")
    await mei.says("2")
    await joe.says("3")
    await bot.got(2)
    assert sorted(bot.texts) == ["1", "3"]
    bot.gate.set()
    await api.delivered()
    assert bot.texts.index("1") < bot.texts.index("2")


async def test_one_connection_takes_one_update_at_a_time(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    bot.gate.clear()
    await ask("setWebhook", url=bot.url, max_connections=1)
    for number in range(3):
        await api.user(f"User {number}").says("hello")
    await asyncio.sleep(0.1)
    assert len(bot.bodies) == 1
    bot.gate.set()
    await api.delivered()
    assert len(bot.bodies) == 3


async def test_switching_ways_loses_nothing(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    mei = api.user("Mei")
    bot.gate.clear()
    await ask("setWebhook", url=bot.url)
    await mei.says("unacknowledged")
    await bot.got(1)
    await ask("deleteWebhook")
    await mei.says("later")
    assert texts(await ask("getUpdates")) == ["unacknowledged", "later"]
    bot.gate.set()


async def test_only_what_was_asked_for_is_delivered(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await ask("getUpdates", allowed_updates=["callback_query"])
    await mei.says("unwanted")
    assert (await ask("getUpdates", allowed_updates=["message", "edited_message"]))["result"] == []
    await mei.edits(await mei.says("wanted"), "changed")
    kinds = [set(update) - {"update_id"} for update in (await ask("getUpdates"))["result"]]
    assert kinds == [{"message"}, {"edited_message"}]


async def test_updates_twice_and_in_the_wrong_order(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    mei = api.user("Mei")
    await ask("setWebhook", url=bot.url)
    api.repeat_updates()
    await mei.says("a")
    await mei.says("b")
    await api.delivered()
    assert bot.texts == ["a", "a", "b"]
    api.hold_updates()
    await mei.says("c")
    await mei.says("d")
    assert not api.updates.waiting
    api.release_updates(reverse=True)
    await api.delivered()
    assert bot.texts == ["a", "a", "b", "d", "c"]
    assert await api.redelivers(bot.bodies[0]["update_id"]) == 200
    assert bot.texts[-1] == "a"


async def test_repeated_by_polling(api: BotApi, ask: Ask) -> None:
    api.repeat_updates()
    await api.user("Mei").says("a")
    (update,) = (await ask("getUpdates"))["result"]
    following = {"offset": update["update_id"] + 1}
    assert texts(await ask("getUpdates", **following)) == ["a"]
    assert texts(await ask("getUpdates", **following)) == []


async def test_a_stranger_at_the_webhook(api: BotApi, ask: Ask, bot: WebhookBot) -> None:
    await ask("setWebhook", url=bot.url, secret_token="right")
    bot.statuses.extend([403, 403])
    assert await api.forges({"update_id": 1}, secret="wrong") == 403
    assert await api.forges({"update_id": 1}, secret="") == 403
    assert bot.secrets == ["wrong", None]


async def test_privacy_mode_in_groups(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    group = api.group("Family", mei)
    await group.adds_the_bot(mei)
    await mei.says("not for the bot", to=group)
    await mei.says("/help", to=group)
    await mei.says("/help@other_bot", to=group)
    await mei.says("hi @test_helper_bot", to=group)
    await ask("sendMessage", chat_id=group.id, text="hello")
    await mei.says("thanks", to=group, reply_to=api.sent(group)[0])
    await group.makes_the_bot_administrator(mei)
    await mei.says("all is seen now", to=group)
    updates = (await ask("getUpdates"))["result"]
    assert [set(update) - {"update_id"} for update in updates[:2]] == [{"my_chat_member"}, {"message"}]
    said = [update["message"]["text"] for update in updates if "text" in update.get("message", {})]
    assert said == ["/help", "hi @test_helper_bot", "thanks", "all is seen now"]


async def test_everything_people_send_is_of_the_published_types(api: BotApi, ask: Ask) -> None:
    mei, joe = api.user("Mei", language_code="zh-hans"), api.user("Joe", language_code=None)
    for kind in ("document", "photo", "voice", "audio", "sticker", "video", "video_note", "animation"):
        await mei.sends(kind, b"content", name="a.bin")
    await mei.sends("voice", b"content", name="a.ogg", mime_type="audio/ogg", duration=7)
    await mei.sends_location(25.03, 121.56)
    await mei.sends_contact("+886900000000")
    await mei.forwards("Invest now!")
    await mei.forwards("Invest now!", of=joe)
    await mei.sends("photo", of="Broker", album="1", caption="Look: https://x.org")
    await mei.posts({"dice": {"emoji": "🎲", "value": 3}})
    await mei.starts("centre-42")
    await mei.blocks_the_bot()
    await mei.says("not delivered")
    await mei.unblocks_the_bot()
    updates = (await ask("getUpdates"))["result"]
    assert len(updates) == 18
    assert updates[8]["message"]["voice"]["duration"] == 7
    assert updates[13]["message"]["forward_origin"]["sender_user_name"] == "Broker"
    assert updates[15]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert "language_code" not in joe.description
    assert updates[17]["my_chat_member"]["old_chat_member"]["status"] == "kicked"


async def test_keyboards_in_place_of_the_persons_own(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.starts()
    keys = {"keyboard": [[{"text": "Yes"}, {"text": "Where I am", "request_location": True}]]}
    await ask("sendMessage", chat_id=mei.id, text="Where?", reply_markup=keys)
    assert api.sent(mei)[0].keyboard == ["Yes", "Where I am"]
    assert (await mei.taps("Yes"))["text"] == "Yes"
    with pytest.raises(AssertionError, match="asks for more than words"):
        await mei.taps("Where I am")
    await ask("sendMessage", chat_id=mei.id, text="Thanks", reply_markup={"remove_keyboard": True})
    with pytest.raises(AssertionError, match="no key 'Yes'"):
        await mei.taps("Yes")


async def test_a_press_under_a_message_that_is_gone(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.starts()
    keyboard = {
        "inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://x.org"}]]
    }
    await ask("sendMessage", chat_id=mei.id, text="Sure?", reply_markup=keyboard)
    (sent,) = api.sent(mei)
    with pytest.raises(AssertionError, match="tells the bot nothing"):
        await mei.presses("Site")
    press = await mei.presses("Yes")
    await ask("deleteMessage", chat_id=mei.id, message_id=sent.id)
    await mei.presses_again(press, sent)
    first, second = (update["callback_query"] for update in (await ask("getUpdates"))["result"][1:])
    assert first["message"]["text"] == "Sure?"
    assert (second["data"], second["message"]["date"]) == ("y", 0)


async def test_reading(api: BotApi, ask: Ask) -> None:
    mei = api.user("Mei")
    await mei.starts()
    for text in ("one", "two", "three", "four"):
        await ask("sendMessage", chat_id=mei.id, text=text)
    assert [sent.text for sent in await mei.reads()] == ["one"]
    assert (await mei.hears("three")).text == "three"
    assert [sent.text for sent in mei.unread()] == ["four"]
    with pytest.raises(AssertionError, match="waited in vain for Mei to hear 'five'; the last calls"):
        await mei.hears("five", patience=0.1)
