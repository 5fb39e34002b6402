"""The channel over real HTTP against a strict Bot API, with a dialogue that says what it heard."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.catalogs import translate
from bot.channels.telegram import texts
from bot.channels.telegram.incoming import Kind
from bot.channels.telegram.splitting import units
from tests.bot.channels.telegram.running_channel import channel, settled, until
from tests.telegram_api import BotApi

YES, NO = "Yes, money was sent", "No, nothing yet"
LONG = "Call the bank first. " * 500


class Dialogue:
    """Says what it heard; asks a question for ``ask``, and fails for ``break``."""

    def __init__(self, language: str = "en") -> None:
        self.heard: list[UserMessage] = []
        self.language = language
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, message: UserMessage) -> None:
        """Take a turn."""
        self.heard.append(message)
        await self.gate.wait()
        if message.text == "break":
            raise RuntimeError(f"the words were: {message.text}")
        said: dict[str, Any] = {"text": f"heard {message.text}", "metadata": {"language": self.language}}
        if message.text.startswith("ask"):
            said["buttons"] = [{"title": YES}, {"title": NO}]
        if message.text == "long":
            said["text"] = LONG
        if message.text.startswith("utter_"):
            said["utter_action"] = message.text
        await message.output_channel.send_response(message.sender_id, said)

    @property
    def texts(self) -> list[str]:
        """What it heard."""
        return [message.text for message in self.heard]

    def metadata(self, name: str) -> list[Any]:
        """What it was told beside the words, of that name."""
        return [(message.metadata or {}).get(name) for message in self.heard]


@pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"])
async def test_a_message_is_answered_under_a_pseudonym(webhook: bool, tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue, webhook=webhook):
        mei = api.user("Mei", language_code="zh-hans")
        await mei.says("hello")
        (answer,) = await mei.reads()
        assert answer.text == "heard hello"
        assert [call.parameters["action"] for call in api.called("sendChatAction")] == ["typing"]
    (message,) = dialogue.heard
    assert message.sender_id.startswith("tg:")
    assert str(mei.id) not in message.sender_id
    assert message.metadata["language"] == "zh-hans"


async def test_twenty_messages_in_a_second_are_one(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        for number in range(20):
            await mei.says(f"line {number}")
        await settled(api)
        assert len(api.sent(mei)) == 1
    assert dialogue.texts == ["\n".join(f"line {number}" for number in range(20))]


async def test_what_comes_during_a_turn_is_the_next_one(tmp_path: Path) -> None:
    dialogue = Dialogue()
    dialogue.gate.clear()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("first")
        await until(lambda: bool(dialogue.heard))
        for text in ("second", "third"):
            await mei.says(text)
        await api.delivered()
        dialogue.gate.set()
        assert [sent.text for sent in await mei.reads(2)] == ["heard first", "heard second\nthird"]


async def test_chats_do_not_wait_for_one_another(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        people = [api.user(f"Person {number}") for number in range(8)]
        for round_ in range(3):
            for person in people:
                await person.says(f"{person} {round_}")
            for person in people:
                assert (await person.reads())[0].text == f"heard {person} {round_}"


async def test_a_pressed_button_is_its_title_and_gives_way_to_the_answer(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("ask")
        (question,) = await mei.reads()
        assert question.buttons == [YES, NO]
        assert all(len(button["callback_data"].encode()) <= 64 for row in question.rows for button in row)
        press = await mei.presses(NO)
        await mei.hears(f"heard {NO}")
        await settled(api)
        question = api.sent(mei)[0]
        assert question.buttons == []
        assert question.text == f"heard ask\n✓ {NO}"
        assert api.unanswered() == []
        await mei.presses_again(press, question)
        await settled(api)
        assert api.unanswered() == []
    assert dialogue.texts == ["ask", NO]


async def test_an_old_button_changes_nothing(tmp_path: Path) -> None:
    """It would answer the question that is open now, not the one it stands under."""
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("ask one")
        (first,) = await mei.reads()
        press = await mei.presses(YES, under=first)
        await mei.hears(f"heard {YES}")
        await mei.says("ask two")
        await mei.hears("heard ask two")
        await mei.presses_again(press, first)
        await settled(api)
        assert api.called("answerCallbackQuery")[-1].parameters["text"] == texts.ANSWERED_ALREADY
        assert api.sent(mei)[-1].buttons == [YES, NO]
    assert dialogue.texts == ["ask one", YES, "ask two"]


async def test_a_typed_answer_takes_the_buttons_away(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        await mei.says("ask")
        await mei.reads()
        await mei.says("I sent it yesterday")
        await mei.hears("yesterday")
        await settled(api)
        assert api.sent(mei)[0].buttons == []


async def test_a_long_answer_comes_in_parts_within_the_limit(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        await mei.says("long")
        await settled(api)
        parts = [sent.text for sent in api.sent(mei)]
        assert len(parts) > 1
        assert all(units(part) <= 4096 and part.endswith(".") for part in parts)
        assert " ".join(parts) == LONG.strip()


async def test_an_edit_of_the_last_message_corrects_it(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        earlier = await mei.says("I live in China")
        await mei.reads()
        last = await mei.says("it was 5000")
        await mei.reads()
        await mei.edits(last, "it was 50000")
        await mei.hears("heard it was 50000")
        await mei.edits(earlier, "I live in Canada")
        assert (await mei.reads())[0].text == texts.EDITED_EARLIER
    assert dialogue.texts == ["I live in China", "it was 5000", "it was 50000"]
    assert dialogue.metadata("edited") == [None, None, True]


async def test_an_edit_before_the_answer_is_read_as_it_is_now(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        written = await mei.says("5000")
        await mei.edits(written, "50000")
        assert (await mei.reads())[0].text == "heard 50000"
        await settled(api)
    assert dialogue.texts == ["50000"]


async def test_forwarded_messages_are_evidence_and_own_words_are_not(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("is this a scam?")
        await mei.forwards("Pay the tax first", of="Manager Li")
        await mei.forwards("or lose it all", of="Manager Li")
        await mei.forwards("my own note", of=mei)
        await settled(api)
    assert dialogue.texts == ["is this a scam?", "Pay the tax first\nor lose it all", "my own note"]
    assert dialogue.metadata("evidence") == [None, True, None]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("photo", Kind.PICTURE),
        ("video", Kind.PICTURE),
        ("animation", Kind.PICTURE),
        ("voice", Kind.VOICE),
        ("video_note", Kind.VOICE),
        ("document", Kind.FILE),
    ],
)
async def test_what_cannot_be_read_gets_its_own_answer(kind: str, line: Kind, tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei", language_code="zh-hant")
        await mei.sends(kind)
        (answer,) = await mei.reads()
        assert answer.text == translate(texts.LINES[line], "zh_Hant")
    assert dialogue.texts == []


async def test_the_words_under_a_picture_are_heard(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.sends("photo", caption="they sent me this")
        line, answer = await mei.reads(2)
        assert line.text == texts.LINES[Kind.PICTURE]
        assert answer.text == "heard they sent me this"


async def test_a_place_and_a_strangers_contact_are_not_kept(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.sends_location(11.5, 104.9)
        assert (await mei.reads())[0].text == texts.LINES[Kind.PLACE]
        for own in (True, False):
            await mei.sends_contact("+14155550123", own=own)
            assert (await mei.reads())[0].text == texts.LINES[Kind.CONTACT]
    assert dialogue.texts == []


async def test_ones_own_number_is_taken_when_it_was_asked_for(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.says("utter_ask_contact_value_phone")
        assert (await mei.reads(2))[1].text == texts.SHARE_NUMBER
        await mei.sends_contact("14155550123")
        await mei.hears("heard +14155550123")


async def test_a_text_file_is_read_and_one_is_sent_to_keep(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        chat = "经理：先交税".encode()
        await mei.sends("document", chat, name="chat.txt", mime_type="text/plain", caption="our chat")
        evidence, words = await mei.reads(2)
        assert (evidence.text, words.text) == ("heard 经理：先交税", "heard our chat")
        await mei.says("utter_document")
        said, kept = await mei.reads(2)
        assert kept.file_name == "my-case.txt"
        assert kept.document is not None
        assert kept.document.decode("utf-8-sig") == said.text
    assert dialogue.metadata("evidence") == [True, None, None]


async def test_a_sticker_says_its_emoji(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.sends("sticker", emoji="👍")
        await mei.hears("heard 👍")
    assert dialogue.texts == ["👍"]


async def test_start_begins_once_and_tells_who_sent_the_person(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei")
        await mei.starts("centre-42")
        await mei.reads()
        await mei.starts("group")
        await mei.reads()
    assert dialogue.texts == ["", texts.HELLO]
    assert dialogue.metadata("begin") == [True, None]
    assert dialogue.metadata("referred_by") == ["centre-42", ""]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/plan", "我的计划"),
        ("/human", "我要找真人"),
        ("/PLAN@firstaid_bot", "我的计划"),
        ("/resume ABCD-1234", "ABCD-1234"),
        ("/unknown thing", "/unknown thing"),
    ],
)
async def test_a_command_says_what_a_person_would_type(command: str, said: str, tmp_path: Path) -> None:
    dialogue = Dialogue("zh_Hans")
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei = api.user("Mei", language_code="zh-hans")
        await mei.says(command)
        await mei.reads()
    assert dialogue.texts == [said]


async def test_resume_alone_asks_for_the_code(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        await mei.says("/resume")
        assert (await mei.reads())[0].text == texts.NO_CODE


async def test_a_talk_in_traditional_gets_its_own_list_of_commands(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue("zh_Hant")):
        mei = api.user("Mei", language_code="zh-hans")
        for text in ("one", "two"):
            await mei.says(text)
            await mei.reads()
        await settled(api)
        (call,) = api.called("setMyCommands")
        assert call.parameters["scope"]["chat_id"] == mei.id


async def test_a_group_hears_nothing_unless_it_asks_and_gets_an_invitation(tmp_path: Path) -> None:
    dialogue = Dialogue()
    async with BotApi() as api, channel(api, tmp_path, dialogue):
        mei, tom = api.user("Mei"), api.user("Tom")
        group = api.group("Support", mei, tom)
        await group.adds_the_bot(mei)
        await group.makes_the_bot_administrator(mei)
        await mei.says("I lost everything", to=group)
        await mei.says("/plan@somebody_else", to=group)
        await settled(api)
        assert api.sent(group) == []
        username = api.state.bot["username"]
        await mei.says(f"@{username} I lost 5000", to=group)
        await api.until(lambda: bool(api.sent(group)))
        (invitation,) = api.sent(group)
        assert invitation.text == texts.GROUP
        assert invitation.rows[0][0]["url"] == f"https://t.me/{username}?start=group"
        await tom.says("and what about me?", to=group, reply_to=invitation)
        await settled(api)
        assert len(api.sent(group)) == 2
    assert dialogue.texts == []


async def test_a_group_that_moved_is_answered_where_it_is_now(tmp_path: Path) -> None:
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        group = api.group("Support", mei)
        await group.adds_the_bot(mei)
        api.floods("sendMessage", retry_after=1)
        await mei.says(f"@{api.state.bot['username']} help", to=group)
        await api.until(lambda: bool(api.called("sendMessage")))
        await group.becomes_a_supergroup(mei)
        await api.until(lambda: bool(api.sent(group)))


async def test_words_and_the_token_are_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from bot.quiet import be_quiet

    be_quiet()
    caplog.set_level(logging.DEBUG)
    async with BotApi() as api, channel(api, tmp_path, Dialogue()):
        mei = api.user("Mei")
        await mei.says("break")
        answer = await mei.hears("Something went wrong")
        await mei.says("secret words")
        await mei.hears("heard secret")
        assert answer
        token = api.token
    assert "RuntimeError" in caplog.text
    for words in ("break", "secret words", token, str(mei.id)):
        assert words not in caplog.text
