"""The tracker store: encrypted, erasable, flat in cost, and never silent about a loss."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from actions.case.check_ins import CheckIn
from bot.storage.check_ins import CheckInQueue, Recipient
from bot.storage.database import Seal
from bot.storage.tracker_store import EncryptedTrackerStore, StoreUnavailable, last_turns

KEY, PSEUDONYM_KEY = Fernet.generate_key(), b"a key for pseudonyms"
SENDER = "telegram:4815162342"
PERSON, BOT, NOTED = (
    "mein Bruder hat 40000 überwiesen 我被骗了",
    "Call your bank now 请立即打电话",
    "Chase Bank 给他",
)
SLOT = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "intents": ["crisis", "greet"],
        "actions": ["action_safety"],
        "slots": {name: dict(SLOT) for name in ("case", "language", "erased", "brief")},
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "bot.sqlite3"


@pytest.fixture
def store(path: Path) -> EncryptedTrackerStore:
    """A store on a file of its own."""
    return opened(path)


def opened(path: Path, key: bytes = KEY, pseudonym_key: bytes = PSEUDONYM_KEY) -> EncryptedTrackerStore:
    """A store on the file at `path`."""
    return EncryptedTrackerStore(f"sqlite:///{path}", key, pseudonym_key, DOMAIN)


def turn(need: str = "crisis", person: str = PERSON, bot: str = BOT, **slots: Any) -> list[Event]:
    """The events of one turn."""
    entity = {"entity": "money", "value": 40000, "start": 0, "end": 4, "text": person}
    parsed = {"intent": {"name": need, "confidence": 0.7}, "text": person, "signs": [{"text": person}]}
    buttons = {"buttons": [{"title": bot, "payload": bot}]}
    return [
        UserUttered(person, parsed["intent"], [entity], parsed, metadata={"language": "zh"}),  # type: ignore[arg-type]
        ActionExecuted("action_safety", policy="SafetyPolicy", confidence=1.0),
        BotUttered(bot, data=buttons, metadata={"utter_action": "utter_crisis"}),
        *(SlotSet(name, value) for name, value in slots.items()),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def talk(*turns: list[Event], sender: str = SENDER) -> DialogueStateTracker:
    """A tracker after `turns`."""
    start = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
    events = [*start, *(event for events in turns for event in events)]
    return DialogueStateTracker.from_events(sender, events, slots=DOMAIN.slots, domain=DOMAIN)


def rows(path: Path) -> list[tuple[str, bytes]]:
    """What lies in the database."""
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT sender, body FROM conversations").fetchall()


def written(path: Path) -> bytes:
    """Every byte of the database and its side files."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


async def test_a_talk_comes_back(store: EncryptedTrackerStore) -> None:
    case = {"payments": [{"amount": "40000"}], "told": ["welcome"]}
    kept = talk(turn("greet"), turn("crisis", case=case, language="zh_Hant"))
    await store.save(kept)
    found = await store.retrieve(SENDER)
    assert found is not None
    assert found.sender_id == SENDER
    assert found.get_slot("case") == case
    assert found.get_slot("language") == "zh_Hant"
    assert found.latest_action_name == ACTION_LISTEN_NAME
    assert found.latest_message is not None
    assert found.latest_message.intent["name"] == "crisis"
    assert found.current_slot_values() == kept.current_slot_values()
    assert [type(event) for event in found.events if not isinstance(event, SlotSet)] == [
        type(event) for event in last_turns(kept.events)
    ]


async def test_the_newest_state_of_a_talk_is_the_only_one(store: EncryptedTrackerStore, path: Path) -> None:
    await store.save(talk(turn(case={"n": 1})))
    await store.save(talk(turn(case={"n": 1}), turn(case={"n": 2})))
    found = await store.retrieve(SENDER)
    assert found is not None
    assert found.get_slot("case") == {"n": 2}
    assert len(rows(path)) == 1


async def test_talks_are_kept_apart(store: EncryptedTrackerStore) -> None:
    await store.save(talk(turn(case="one"), sender="web:1"))
    await store.save(talk(turn(case="two"), sender="web:2"))
    found = await store.retrieve("web:1")
    assert found is not None
    assert found.get_slot("case") == "one"
    assert await store.retrieve("web:3") is None
    assert len(list(await store.keys())) == 2


async def test_an_empty_slot_stays_empty_and_a_false_one_false(store: EncryptedTrackerStore) -> None:
    await store.save(talk(turn(case=False, language=None)))
    found = await store.retrieve(SENDER)
    assert found is not None
    assert found.get_slot("case") is False
    assert found.get_slot("language") is None


async def test_a_long_talk_costs_no_more_than_a_short_one(store: EncryptedTrackerStore, path: Path) -> None:
    sizes, events = {}, {}
    tracker = talk()
    for number in range(1, 301):
        for happened in turn(case={"n": 1000 + number}):
            tracker.update(happened)
        await store.save(tracker)
        loaded = await store.retrieve(SENDER)
        assert loaded is not None
        sizes[number], events[number] = len(rows(path)[0][1]), len(loaded.events)
        tracker = loaded
    assert sizes[300] <= 1.02 * sizes[10]
    assert events[300] == events[10]
    assert tracker.get_slot("case") == {"n": 1300}


async def test_at_rest_nothing_is_readable(store: EncryptedTrackerStore, path: Path) -> None:
    await store.save(talk(turn(case={"bank": NOTED}), turn()))
    at_rest = written(path)
    for words in (PERSON, BOT, NOTED, SENDER, "crisis", "action_safety", "我被骗了", "Chase"):
        assert words.encode() not in at_rest
        assert words.encode("unicode-escape") not in at_rest
    assert SENDER not in "".join(await store.keys())


async def test_even_decrypted_nobodys_words_are_kept_beside_the_slots(
    store: EncryptedTrackerStore, path: Path
) -> None:
    await store.save(talk(turn(case={"bank": NOTED}), turn()))
    ((_, body),) = rows(path)
    content = Fernet(KEY).decrypt(body).decode()
    assert NOTED in content
    assert PERSON not in content
    assert BOT not in content


async def test_the_tracker_in_use_keeps_its_words_when_it_is_saved(store: EncryptedTrackerStore) -> None:
    tracker = talk(turn())
    await store.save(tracker)
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == PERSON
    assert tracker.latest_message.parse_data["signs"]


async def test_another_key_is_refused(store: EncryptedTrackerStore, path: Path) -> None:
    await store.save(talk(turn(case=NOTED)))
    with pytest.raises(StoreUnavailable, match="FIRSTAID_SECRET_KEY has changed") as caught:
        await opened(path, key=Fernet.generate_key()).retrieve(SENDER)
    assert NOTED not in str(caught.value)


async def test_a_row_that_was_changed_is_refused(store: EncryptedTrackerStore, path: Path) -> None:
    await store.save(talk(turn()))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE conversations SET body = substr(body, 1, length(body) - 8)")
    with pytest.raises(StoreUnavailable):
        await store.retrieve(SENDER)


async def test_a_sender_is_found_by_the_same_pseudonym_key_only(
    store: EncryptedTrackerStore, path: Path
) -> None:
    await store.save(talk(turn()))
    assert await opened(path).retrieve(SENDER) is not None
    assert await opened(path, pseudonym_key=b"another").retrieve(SENDER) is None


async def test_the_turn_that_asks_for_erasure_ends_with_the_row_gone(
    store: EncryptedTrackerStore, path: Path
) -> None:
    await store.save(talk(turn(case=NOTED), sender="web:other"))
    await store.save(talk(turn(case=NOTED)))
    await store.save(talk(turn(case=NOTED), turn(case={}, erased=True)))
    assert await store.retrieve(SENDER) is None
    assert len(rows(path)) == 1
    assert await store.retrieve("web:other") is not None


@pytest.mark.parametrize("way", ["delete", "leave", "age"])
async def test_what_belongs_to_a_conversation_goes_with_it(path: Path, way: str) -> None:
    """The check-ins it waits for, with the same pseudonym in the same database."""
    url = f"sqlite:///{path}"
    store = EncryptedTrackerStore(url, KEY, PSEUDONYM_KEY, DOMAIN)
    queue, now = CheckInQueue(url, Seal(KEY, PSEUDONYM_KEY)), datetime.now(UTC)
    for sender in (SENDER, "web:other"):
        await store.save(talk(turn(case=NOTED), sender=sender))
        queue.replace(Recipient(sender, "webchat", "en"), [CheckIn("day", now, now + timedelta(days=1))])
    if way == "delete":
        await store.save(talk(turn(case={}, erased=True)))
    elif way == "leave":
        store.erase(SENDER)
    else:
        with sqlite3.connect(path) as connection:
            old = "UPDATE conversations SET changed_at = changed_at - 7200 WHERE sender = ?"
            connection.execute(old, (Seal(KEY, PSEUDONYM_KEY).pseudonym(SENDER),))
        store.erase_older_than(timedelta(hours=1))
    assert await store.retrieve(SENDER) is None
    assert queue.waiting(SENDER) == []
    assert await store.retrieve("web:other") is not None
    assert len(queue.waiting("web:other")) == 1
    queue.close()


@pytest.mark.parametrize(("brief", "hours", "kept"), [(True, 23, True), (True, 25, False), (False, 25, True)])
async def test_a_talk_that_could_harm_is_kept_for_a_day(
    store: EncryptedTrackerStore, path: Path, brief: bool, hours: int, kept: bool
) -> None:
    await store.save(talk(turn(case=NOTED, brief=brief)))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE conversations SET changed_at = changed_at - ?", (hours * 3600,))
    store.erase_older_than(timedelta(days=90))
    assert (await store.retrieve(SENDER) is not None) == kept


async def test_erasing_what_is_not_there_is_no_fault(store: EncryptedTrackerStore) -> None:
    store.erase("nobody")
    await store.save(talk(turn(erased=True), sender="nobody"))
    assert list(await store.keys()) == []


def failing(store: EncryptedTrackerStore, times: int) -> list[str]:
    """Let the next `times` statements fail as a locked database does; gives the statements tried."""
    tried: list[str] = []

    @event.listens_for(store._engine, "before_cursor_execute")
    def locked(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        tried.append(statement)
        if len(tried) <= times:
            raise OperationalError(statement, {}, sqlite3.OperationalError("database is locked"))

    return tried


async def test_a_locked_database_is_tried_again(store: EncryptedTrackerStore) -> None:
    tried = failing(store, 2)
    await store.save(talk(turn(case=NOTED)))
    assert len(tried) > 2
    tried = failing(store, 2)
    found = await store.retrieve(SENDER)
    assert found is not None
    assert found.get_slot("case") == NOTED


async def test_a_database_that_stays_locked_is_an_error_and_nothing_is_lost(
    store: EncryptedTrackerStore,
) -> None:
    await store.save(talk(turn(case="before")))
    tried = failing(store, 1000)
    for attempt in (store.save(talk(turn(case="after"))), store.retrieve(SENDER)):
        with pytest.raises(OperationalError):
            await attempt
    with pytest.raises(OperationalError):
        store.erase(SENDER)
    tried.extend([""] * 1000)
    found = await store.retrieve(SENDER)
    assert found is not None
    assert found.get_slot("case") == "before"


async def test_another_writer_is_waited_for(store: EncryptedTrackerStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.2, other.execute, ["COMMIT"])
    release.start()
    await store.save(talk(turn(case=NOTED)))
    release.join()
    other.close()
    assert len(rows(path)) == 1


@pytest.mark.parametrize(
    "database",
    [
        "sqlite:////no/such/directory/bot.sqlite3",
        "sqlite:////",
        "nonsense",
        "",
        "nosuchdatabase://host/name",
        "oracle://host/name",
        "postgresql://nobody:secret-word@127.0.0.1:1/bot",
    ],
)
def test_a_database_that_cannot_be_opened_is_refused_at_once(database: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened") as caught:
        EncryptedTrackerStore(database, KEY, PSEUDONYM_KEY, DOMAIN)
    assert len(str(caught.value).splitlines()) == 1
    assert "secret-word" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreUnavailable):
        opened(path)


async def test_it_says_whether_it_answers(store: EncryptedTrackerStore, path: Path) -> None:
    assert store.answers()
    for file in list(path.parent.iterdir()):
        file.unlink()
    assert not store.answers()


@given(st.integers(0, 10), st.integers(1, 5))
def test_the_last_turns_begin_at_a_message_and_the_event_before_it(number: int, turns: int) -> None:
    events = [event for index in range(number) for event in turn(person=str(index), case=index)]
    kept = last_turns([ActionExecuted(ACTION_LISTEN_NAME), *events], turns)
    spoken = [event.text for event in kept if isinstance(event, UserUttered)]
    assert spoken == [str(index) for index in range(max(number - turns, 0), number)]
    assert not any(isinstance(event, SlotSet) for event in kept)
    assert isinstance(kept[0], ActionExecuted)
    assert len(kept) <= 1 + 4 * turns
