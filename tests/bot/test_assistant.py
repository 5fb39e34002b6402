"""The whole bot in this process, with the trained model."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

import actions.rasa_actions
from actions.responses import responses
from bot.assistant import Assistant, load_assistant, warm_up
from bot.catalogs import translate
from bot.channels.rest import Collected
from bot.gate import LONGEST_MESSAGE
from bot.quiet import be_quiet
from bot.settings import Settings
from bot.storage.tracker_store import KEPT_TURNS, EncryptedTrackerStore

WORDS = "xylophone-9931-quartz"
ERROR = responses()["utter_error"]["text"]


def new_sender() -> str:
    """Somebody nobody knows."""
    return f"test:{uuid4()}"


async def say(assistant: Assistant, text: str, sender: str, **metadata: Any) -> list[dict[str, Any]]:
    """Say one thing and give the answers."""
    output = Collected()
    await assistant.handle_message(UserMessage(text, output, sender, input_channel="test", metadata=metadata))
    return output.messages


async def kept(assistant: Assistant, sender: str) -> DialogueStateTracker:
    """The talk as the store has it."""
    tracker = await assistant.tracker_store.retrieve(sender)
    assert tracker is not None
    return tracker


@pytest.fixture(scope="module")
def spare(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """A second assistant, for what must not happen to the shared one."""
    return load_assistant(model, Settings(data_dir=tmp_path_factory.mktemp("spare"), demo=True))


@pytest.fixture
def own(spare: Assistant, own_database: Path) -> Assistant:
    """The second assistant on a fresh database, which a test may break."""
    configured = Settings(data_dir=own_database.parent, demo=True)
    store = EncryptedTrackerStore(configured.database, configured.fernet_key(), b"a key", spare.domain)
    assert spare.processor is not None
    spare.tracker_store = spare.processor.tracker_store = store
    return spare


@pytest.fixture
def own_database(tmp_path: Path) -> Path:
    """The database of `own`."""
    return tmp_path / "bot.sqlite3"


@pytest.mark.parametrize(
    ("before", "metadata", "offset_hours"),
    [
        ([], {"time_zone": "Asia/Shanghai"}, 8),
        (["I live in Singapore"], {}, 8),
        (["I live in Singapore"], {"time_zone": "Asia/Kolkata"}, 5.5),
        ([], {"time_zone": "Mars/Olympus_Mons"}, 0),
        ([], {}, 0),
    ],
)
async def test_yesterday_is_where_the_person_is(
    assistant: Assistant, before: list[str], metadata: dict[str, str], offset_hours: float
) -> None:
    sender = new_sender()
    for text in before:
        await say(assistant, text, sender)
    await say(assistant, "I wired $9,000 yesterday at 9 pm", sender, **metadata)
    case = (await kept(assistant, sender)).get_slot("case")
    paid_at = datetime.fromisoformat(case["payments"][0]["paid_at"])
    assert paid_at.utcoffset() == timedelta(hours=offset_hours)
    assert paid_at.hour == 21


async def test_a_talk_begins_with_who_speaks_and_a_question(assistant: Assistant) -> None:
    answers = await say(assistant, "", new_sender(), begin=True, language="en")
    assert answers[0]["text"] == responses()["utter_welcome"]["text"]
    assert answers[1]["text"] == responses()["utter_ask_story"]["text"]


async def test_the_language_of_the_channel_is_spoken_from_the_beginning(assistant: Assistant) -> None:
    answers = await say(assistant, "", new_sender(), begin=True, language="zh-TW")
    assert answers[0]["text"] == translate(responses()["utter_welcome"]["text"], "zh_Hant")


async def test_what_was_said_is_remembered_by_the_next_turn(assistant: Assistant) -> None:
    sender = new_sender()
    await say(assistant, "I sent 9,000 dollars by wire transfer", sender)
    tracker = await kept(assistant, sender)
    assert "9000" in str(tracker.get_slot("case"))
    await say(assistant, "thank you", sender)
    assert "9000" in str((await kept(assistant, sender)).get_slot("case"))


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "/greet",
        "/session_start",
        "  /back",
        "\u200b/restart",
        '/inform{"case": "x"}',
        "//crisis",
        "/crisis",
    ],
)
async def test_a_typed_command_never_runs(assistant: Assistant, typed: str) -> None:
    sender = new_sender()
    await say(assistant, "I sent 9,000 dollars by wire transfer", sender)
    before = await kept(assistant, sender)
    assert await say(assistant, typed, sender)
    after = await kept(assistant, sender)
    assert not any(isinstance(event, Restarted) for event in after.events)
    starts = [sum(isinstance(event, SessionStarted) for event in talk.events) for talk in (before, after)]
    assert starts[1] <= starts[0]
    spoken = [event for event in after.events if isinstance(event, UserUttered)]
    assert len(spoken) == KEPT_TURNS
    assert "9000" in str(after.get_slot("case"))


@pytest.mark.parametrize("typed", ["/greet", "/ask_human", "/delete_data"])
async def test_a_typed_command_is_read_like_any_text(assistant: Assistant, typed: str) -> None:
    sender = new_sender()
    await say(assistant, typed, sender)
    read = await assistant.parse_message(typed.removeprefix("/"))
    latest = (await kept(assistant, sender)).latest_message
    assert latest is not None
    assert latest.intent["name"] == read["intent"]["name"]
    assert latest.intent["confidence"] == pytest.approx(read["intent"]["confidence"])
    assert latest.intent["confidence"] < 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
async def test_whatever_is_written_is_answered(assistant: Assistant, text: str) -> None:
    answers = await say(assistant, text, new_sender())
    assert answers
    assert ERROR not in [answer["text"] for answer in answers]


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\u200b", "/", "{lines}", "0[", "%s"])
async def test_odd_texts_are_answered(assistant: Assistant, text: str) -> None:
    answers = await say(assistant, text, new_sender())
    assert answers
    assert ERROR not in [answer["text"] for answer in answers]


async def test_a_message_without_text_is_answered(assistant: Assistant) -> None:
    output = Collected()
    await assistant.handle_message(UserMessage(None, output, new_sender(), input_channel="test"))
    assert output.messages


async def test_a_message_that_is_too_long_is_read_in_part_and_says_so(assistant: Assistant) -> None:
    answers = await say(assistant, "hello " * LONGEST_MESSAGE, new_sender(), language="en")
    assert answers[0]["text"] == responses()["utter_too_long"]["text"]
    assert len(answers) > 1
    answers = await say(assistant, "hello", new_sender(), language="en")
    assert answers[0]["text"] != responses()["utter_too_long"]["text"]


class Noted(CollectingOutputChannel):
    """Notes what is said in one list with what other channels say, marked with whose answer it is."""

    def __init__(self, mark: str, said: list[str]) -> None:
        super().__init__()
        self.mark, self.said = mark, said

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Note the mark, and let others run before the next message."""
        self.said.append(self.mark)
        await asyncio.sleep(0)


async def test_messages_of_one_person_at_once_are_answered_in_their_order(assistant: Assistant) -> None:
    said: list[str] = []
    sender = new_sender()
    texts = ["I sent 9,000 dollars by wire", "to a man named Bob", "what now?", "thank you"]
    messages = [UserMessage(text, Noted(text, said), sender, input_channel="test") for text in texts]
    await asyncio.gather(*(assistant.handle_message(message) for message in messages))
    assert list(dict.fromkeys(said)) == texts
    assert said == sorted(said, key=texts.index)
    spoken = [event for event in (await kept(assistant, sender)).events if isinstance(event, UserUttered)]
    assert len(spoken) == KEPT_TURNS


async def test_turns_of_one_person_never_overlap_and_of_two_do(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third message comes at the moment the first is done and the second begins."""
    running: dict[str, int] = {}
    together: set[str] = set()
    most: dict[str, int] = {}
    order: list[str] = []

    async def slow(self: Agent, message: UserMessage) -> None:
        sender = message.sender_id
        running[sender] = running.get(sender, 0) + 1
        most[sender] = max(most.get(sender, 0), running[sender])
        together.update(running if len(running) > 1 else ())
        for _ in range(5):
            await asyncio.sleep(0)
        order.append(message.text)
        running[sender] -= 1
        if not running[sender]:
            del running[sender]

    monkeypatch.setattr(Agent, "handle_message", slow)
    one, two = new_sender(), new_sender()

    async def write(text: str, sender: str) -> None:
        await assistant.handle_message(UserMessage(text, Collected(), sender))

    async def write_twice() -> None:
        await write("first", one)
        await write("third", one)

    await asyncio.gather(write_twice(), write("second", one), write("other", two))
    assert most == {one: 1, two: 1}
    assert together == {one, two}
    assert [text for text in order if text != "other"] == ["first", "second", "third"]


async def test_no_lock_is_kept_of_people_who_are_answered(assistant: Assistant) -> None:
    await asyncio.gather(*(say(assistant, "hello", new_sender()) for _ in range(3)))
    assert not assistant._turns._locks


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
async def test_a_store_that_fails_is_told_to_the_person(
    own: Assistant, own_database: Path, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    with sqlite3.connect(own_database) as connection:
        connection.execute("DROP TABLE conversations")
    answers = await say(own, f"hello {WORDS}", new_sender(), language=language)
    code = {"en": "en", "zh-CN": "zh_Hans", "zh-TW": "zh_Hant"}[language]
    assert [answer["text"] for answer in answers] == [translate(ERROR, code)]
    assert "a message could not be answered: OperationalError at" in caplog.text
    assert WORDS not in caplog.text


async def test_a_talk_that_cannot_be_decrypted_is_not_begun_anew_in_silence(
    own: Assistant, own_database: Path
) -> None:
    sender = new_sender()
    await say(own, "hello", sender)
    with sqlite3.connect(own_database) as connection:
        connection.execute("UPDATE conversations SET body = x'00'")
    assert [answer["text"] for answer in await say(own, "hello", sender)] == [ERROR]
    with sqlite3.connect(own_database) as connection:
        assert connection.execute("SELECT body FROM conversations").fetchall() == [(b"\x00",)]


async def test_a_store_that_works_again_goes_on(own: Assistant, own_database: Path) -> None:
    sender = new_sender()
    await say(own, "I sent 9,000 dollars by wire transfer", sender)
    with sqlite3.connect(own_database) as connection:
        connection.execute("ALTER TABLE conversations RENAME TO away")
    assert [answer["text"] for answer in await say(own, "thank you", sender)] == [ERROR]
    with sqlite3.connect(own_database) as connection:
        connection.execute("ALTER TABLE away RENAME TO conversations")
    assert ERROR not in [answer["text"] for answer in await say(own, "thank you", sender)]
    assert "9000" in str((await kept(own, sender)).get_slot("case"))


async def test_an_action_that_fails_is_told_to_the_person_and_logged_without_words(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(tracker: Any) -> None:
        raise RuntimeError(f"cannot read: {tracker.latest_message['text']}")

    monkeypatch.setattr(actions.rasa_actions, "take_turn", broken)
    answers = await say(assistant, f"hello {WORDS}", new_sender())
    assert [answer["text"] for answer in answers] == [ERROR]
    assert "a turn failed: RuntimeError at test_assistant.py" in caplog.text
    assert WORDS not in caplog.text


async def test_logs_never_hold_what_anyone_wrote_or_was_told(
    assistant: Assistant, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    be_quiet()
    sender, told = new_sender(), []
    for name in ("", "bot", "actions", "rasa", "rasa_sdk"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    for text in (
        f"hello {WORDS}",
        f"I sent 9,000 dollars by wire to {WORDS}",
        f"/{WORDS}",
        "delete everything",
        "yes",
    ):
        told += [answer["text"] for answer in await say(assistant, text, sender)]
    captured = capfd.readouterr()
    logged = caplog.text + captured.out + captured.err
    assert WORDS not in logged
    for text in told:
        assert text not in logged


def test_structured_logs_are_silenced_when_the_assistant_is_loaded(assistant: Assistant, capfd: Any) -> None:
    structlog.get_logger("rasa.core.processor").debug("processor.message", text=WORDS)
    captured = capfd.readouterr()
    assert WORDS not in captured.out + captured.err


def test_it_needs_a_store() -> None:
    with pytest.raises(ValueError, match="needs a tracker store"):
        Assistant(domain=Domain.empty())


def test_rasas_fail_safe_store_is_not_in_between(assistant: Assistant) -> None:
    assert type(assistant.tracker_store) is EncryptedTrackerStore
    assert assistant.processor is not None
    assert assistant.processor.tracker_store is assistant.tracker_store


async def test_warming_up_leaves_no_talk(own: Assistant) -> None:
    await warm_up(own)
    assert list(await own.tracker_store.keys()) == []
