"""What goes wrong between Telegram and the bot: nothing is lost, and nothing is said twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram import sender as sending
from bot.channels.telegram.access import door
from bot.channels.telegram.ids import Senders
from bot.channels.telegram.outgoing import Outgoing
from bot.storage.database import Seal
from bot.storage.telegram import TelegramStore
from tests.bot.channels.telegram.running_channel import (
    KEY,
    PSEUDONYMS,
    at_rest,
    channel,
    point,
    settings_for,
    settled,
    until,
)
from tests.bot.channels.telegram.test_channel import Dialogue
from tests.telegram_api import BotApi
from tests.telegram_api.faults import Trouble


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter pauses: how long they are is not the point here."""
    monkeypatch.setattr(sending, "LONGEST_PAUSE", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.channels.telegram.access.PATIENCE_SECONDS", 1.0)


def texts_of(api: BotApi, user: object) -> list[str]:
    """What the bot said to `user`."""
    return [sent.text for sent in api.sent(user)]  # type: ignore[arg-type]


async def test_a_flood_limit_is_waited_for_and_order_kept(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei, tom = api.user("Mei"), api.user("Tom")
        api.floods("sendMessage", retry_after=2, to=mei)
        await mei.says("long")
        await tom.says("hello")
        assert (await tom.reads())[0].text == "heard hello"
        assert texts_of(api, mei) == []
        await settled(api)
        await api.until(lambda: len(api.sent(mei)) == 3)
        assert " ".join(texts_of(api, mei)).count("Call the bank first.") == 500
        (first, again, *_) = [
            call for call in api.called("sendMessage") if call.parameters["chat_id"] == mei.id
        ]
        assert (first.status, again.status) == (429, 200)


@pytest.mark.parametrize("trouble", [Trouble.BAD_GATEWAY, Trouble.SILENCE, Trouble.RESET])
async def test_a_message_that_did_not_get_through_is_sent_again(trouble: Trouble, tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        api.fails("sendMessage", trouble, times=2)
        for text in ("one", "two"):
            await mei.says(text)
            await mei.hears(f"heard {text}")
        await settled(api)
        assert texts_of(api, mei) == ["heard one", "heard two"]


async def test_only_where_nobody_can_know_a_message_comes_twice(tmp_path: Path) -> None:
    """Telegram sent it, and the connection broke before it said so: at least once, never not at all."""
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        api.fails("sendMessage", Trouble.RESET, times=1, carried_out=True)
        await mei.says("one")
        await mei.reads(2)
        await settled(api)
        assert texts_of(api, mei) == ["heard one", "heard one"]


async def test_telegram_is_away_for_a_while(tmp_path: Path) -> None:
    dialogue = Dialogue()
    dialogue.gate.clear()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("one")
        await until(lambda: bool(dialogue.heard))
        await api.goes_away()
        dialogue.gate.set()
        await api.comes_back()
        await mei.hears("heard one")
        await settled(api)
        assert texts_of(api, mei) == ["heard one"]


async def test_repeated_updates_are_answered_once(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        api.repeat_updates(3)
        for text in ("one", "ask two", "three"):
            await mei.says(text)
            await mei.hears(f"heard {text}")
        await settled(api)
    assert dialogue.texts == ["one", "ask two", "three"]


async def test_updates_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue, quiet=1.0):
        mei = api.user("Mei")
        api.hold_updates()
        for text in ("one", "two", "three"):
            await mei.says(text)
        api.release_updates(reverse=True)
        await mei.reads()
    assert dialogue.texts == ["one\ntwo\nthree"]


async def test_a_restart_in_mid_talk_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """One message was answered, one was being answered, one waits: each gets its answer once."""
    dialogue = Dialogue()
    async with BotApi() as api:
        mei = api.user("Mei")
        async with channel(api, tmp_path, dialogue) as running:
            await mei.says("one")
            await mei.hears("heard one")
            await settled(api)
            dialogue.gate.clear()
            await mei.says("two")
            await until(lambda: len(dialogue.heard) == 2)
            await mei.says("three")
            await api.delivered()
            await crash(running)
        dialogue.gate.set()
        async with channel(api, tmp_path, dialogue):
            await mei.hears("two")
            await settled(api)
        assert texts_of(api, mei) == ["heard one", "heard two\nthree"]


async def crash(running: object) -> None:
    """End everything at once, as a kill would: no turn ends, no message goes out."""
    talks = running._talks  # type: ignore[attr-defined]
    for worker in list(talks._turns._workers.values()):
        worker.cancel()
    await until(lambda: not talks._turns._workers)


async def test_answers_that_wait_go_out_after_a_restart(tmp_path: Path) -> None:
    async with BotApi() as api:
        mei = api.user("Mei")
        async with channel(api, tmp_path, Dialogue()):
            api.floods("sendMessage", retry_after=3, to=mei)
            await mei.says("long")
            await api.until(lambda: bool(api.called("sendMessage")))
        assert texts_of(api, mei) == []
        async with channel(api, tmp_path, Dialogue()):
            await api.until(lambda: len(api.sent(mei)) == 3)
            await settled(api)
        assert " ".join(texts_of(api, mei)).count("Call the bank first.") == 500


async def test_a_claim_of_a_killed_process_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.telegram.LEASE", timedelta(seconds=0.5))
    async with BotApi() as api:
        mei = api.user("Mei")
        async with channel(api, tmp_path, Dialogue()):
            await mei.says("hello")
            await mei.reads()
        store = TelegramStore(settings_for(api, tmp_path).database, Seal(KEY, PSEUDONYMS))
        me = Senders(b"senders").id(mei.id)
        store.say(me, [Outgoing(mei.id, text="claimed and never sent").dump()])
        assert store.claim(store.address(me), datetime.now(UTC))
        async with channel(api, tmp_path, Dialogue()):
            await mei.hears("claimed and never sent")


async def test_switching_between_webhook_and_polling_loses_nothing(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api:
        mei = api.user("Mei")
        for number, webhook in enumerate([True, False, True]):
            async with channel(api, tmp_path, dialogue, webhook=webhook):
                await mei.hears(f"heard between {number - 1}") if number else None
                await mei.says(f"during {number}")
                await mei.hears(f"heard during {number}")
                await settled(api)
            await point(api, tmp_path, "")
            await mei.says(f"between {number}")
        async with channel(api, tmp_path, dialogue, webhook=False):
            await mei.hears("heard between 2")
    assert dialogue.texts == [f"{when} {number}" for number in range(3) for when in ("during", "between")]


@pytest.mark.parametrize("secret", ["", "wrong", "ümläut"])
async def test_without_the_secret_nothing_happens(secret: str, tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("real")
        await mei.reads()
        update = {
            "update_id": 1,
            "message": {
                "message_id": 5,
                "date": 1,
                "chat": mei.chat.description,
                "from": mei.description,
                "text": "forged",
            },
        }
        url = api.updates.webhook.url
        async with httpx.AsyncClient() as client:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret else {}
            forged = await client.post(url, json=update, headers=headers)
            assert forged.status_code == 403
            elsewhere = url.rpartition("/")[0]
            for path in ("", "/webhook", "/" + api.token):
                assert (await client.post(elsewhere + path, json=update)).status_code == 404
        await settled(api)
    assert dialogue.texts == ["real"]


async def test_an_update_that_cannot_be_read_holds_nothing_up(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        secret = door(settings_for(api, tmp_path)).secret
        assert await api.forges({"update_id": 1, "message": "nonsense"}, secret=secret) == 200
        assert await api.forges({"update_id": 2, "unheard_of": {}}, secret=secret) == 200
        await mei.says("hello")
        await mei.reads()
    assert dialogue.texts == ["hello"]


@pytest.mark.parametrize("how", ["blocks_the_bot", "deletes_the_account"])
async def test_somebody_who_left_is_forgotten_and_others_are_answered(how: str, tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue) as running:
        mei, tom = api.user("Mei"), api.user("Tom")
        await mei.says("hello")
        await mei.reads()
        me = Senders(b"senders").id(mei.id)
        assert await running.present(me)
        await getattr(mei, how)()
        await running.deliver(me, {"text": "a note"})
        await tom.says("hello")
        await tom.reads()
        await settled(api)
        assert not await running.present(me)
        assert not await running.deliver(me, {"text": "another"})
        assert texts_of(api, mei) == ["heard hello"]


async def test_the_bot_speaks_first_to_whom_it_knows(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()) as running:
        mei = api.user("Mei")
        me = Senders(b"senders").id(mei.id)
        assert not await running.deliver(me, {"text": "too early"})
        await mei.says("hello")
        await mei.reads()
        said = {"text": "Hello.", "buttons": [{"title": "Go on"}], "metadata": {"language": "en"}}
        assert await running.deliver(me, said)
        (note,) = await mei.reads()
        assert (note.text, note.buttons) == ("Hello.", ["Go on"])


async def test_words_and_the_chats_number_are_at_rest_unreadable_and_answered_words_gone(
    tmp_path: Path,
) -> None:
    dialogue = Dialogue()
    dialogue.gate.clear()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("they took everything")
        await until(lambda: bool(dialogue.heard))
        store = TelegramStore(settings_for(api, tmp_path).database, Seal(KEY, PSEUDONYMS))
        assert len(store.waiting()) == 1
        content = at_rest(tmp_path)
        assert b"telegram_inbox" in content
        assert b"everything" not in content
        assert str(mei.id).encode() not in content
        dialogue.gate.set()
        await mei.reads()
        await settled(api)
        assert (store.waiting(), store.addresses()) == ([], [])
