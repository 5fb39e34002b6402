"""What the Telegram channel keeps, on real databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain

from bot.storage.database import Seal
from bot.storage.telegram import LEASE, REMEMBERED, Claim, TelegramStore
from bot.storage.tracker_store import EncryptedTrackerStore
from tests.databases import ENGINES, database

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
KEY, PSEUDONYMS = Fernet.generate_key(), b"pseudonyms"
MEI, TOM = "tg:mei", "tg:tom"


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database."""
    with database(request.param, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[TelegramStore]:
    """An empty store."""
    store = TelegramStore(url, Seal(KEY, PSEUDONYMS))
    yield store
    store.close()


def claimed(store: TelegramStore, sender: str, now: datetime = NOW) -> Claim:
    """The next message of a chat, which must be due."""
    claim = store.claim(store.address(sender), now)
    assert isinstance(claim, Claim)
    return claim


def test_an_update_is_taken_once_and_waits_until_it_is_answered(store: TelegramStore) -> None:
    assert store.take_in(2, MEI, b"second", NOW)
    assert store.take_in(1, MEI, b"first", NOW)
    assert store.take_in(3, TOM, b"other", NOW)
    assert not store.take_in(2, MEI, b"second", NOW)
    assert store.waiting(MEI) == [b"first", b"second"]
    assert store.waiting() == [b"first", b"second", b"other"]
    store.answered(MEI, [1, 2], [b"answer"])
    assert store.waiting(MEI) == []
    assert not store.take_in(1, MEI, b"first", NOW)
    assert claimed(store, MEI).body == b"answer"


def test_messages_of_a_chat_go_out_in_order_one_at_a_time(store: TelegramStore) -> None:
    store.say(MEI, [b"one", b"two"])
    store.say(TOM, [b"other"])
    address = store.address(MEI)
    one = claimed(store, MEI)
    assert one.body == b"one"
    assert store.claim(address, NOW) == LEASE
    assert claimed(store, TOM).body == b"other"
    _, two = store.sent(one, address, NOW)
    assert isinstance(two, Claim)
    assert two.body == b"two"
    store.put_off(two, NOW + timedelta(seconds=9))
    assert store.claim(address, NOW) == timedelta(seconds=9)
    again = claimed(store, MEI, NOW + timedelta(seconds=9))
    assert (again.body, again.attempts) == (b"two", 1)
    assert store.sent(again, address, NOW) == (None, None)


def test_a_claim_that_ran_out_is_claimed_again_and_its_late_end_changes_nothing(store: TelegramStore) -> None:
    store.say(MEI, [b"one"])
    late = claimed(store, MEI)
    again = claimed(store, MEI, NOW + LEASE)
    store.put_off(late, NOW)
    assert store.claim(store.address(MEI), NOW + LEASE) == LEASE
    store.sent(again, store.address(MEI), NOW)
    assert store.addresses() == []


def test_a_chat_is_met_and_what_changes_is_noted(store: TelegramStore) -> None:
    assert store.chat(MEI) is None
    assert store.meet(MEI, 4_200_000_000, NOW).chat_id == 4_200_000_000
    store.answered(MEI, [], [], {"language": "zh_Hans", "heard": 5})
    store.say(MEI, [b"ask", b"ask again"])
    before, following = store.sent(claimed(store, MEI), store.address(MEI), NOW, 8)
    assert before is None
    assert isinstance(following, Claim)
    assert store.sent(following, store.address(MEI), NOW, 9) == (8, None)
    chat = store.meet(MEI, 4_200_000_000, NOW)
    assert (chat.language, chat.heard, chat.buttons_at) == ("zh_Hans", 5, 9)
    assert store.chat(MEI) == chat


def test_what_was_erased_stays_so(store: TelegramStore) -> None:
    store.meet(MEI, 42, NOW)
    store.say(MEI, [b"waiting"])
    store.forget(store.address(MEI))
    store.answered(MEI, [], [b"done"], {"language": "en"})
    assert store.chat(MEI) is None
    assert claimed(store, MEI).body == b"done"


def test_chat_and_messages_go_with_the_conversation(url: str, store: TelegramStore) -> None:
    trackers = EncryptedTrackerStore(url, KEY, PSEUDONYMS, Domain.empty())
    for sender, number in ((MEI, 42), (TOM, 43)):
        store.meet(sender, number, NOW)
        store.say(sender, [b"waiting"])
    trackers.erase(MEI)
    assert store.chat(MEI) is None
    assert store.chat(TOM) is not None
    assert store.addresses() == [store.address(TOM)]


def test_old_numbers_and_silent_chats_are_cleaned_away(store: TelegramStore) -> None:
    store.take_in(1, MEI, b"answered", NOW)
    store.take_in(2, MEI, b"waiting", NOW)
    store.answered(MEI, [1], [])
    store.meet(MEI, 42, NOW)
    store.clean(NOW + REMEMBERED + timedelta(seconds=1), timedelta(days=90))
    assert store.take_in(1, MEI, b"again", NOW)
    assert store.waiting(MEI) == [b"again", b"waiting"]
    assert store.chat(MEI) is not None
    store.clean(NOW + timedelta(days=91), timedelta(days=90))
    assert store.chat(MEI) is None


def test_with_another_key_nothing_is_read_and_nothing_stands_in_the_way(
    url: str, store: TelegramStore
) -> None:
    store.take_in(1, MEI, b"words", NOW)
    store.meet(MEI, 42, NOW)
    store.say(MEI, [b"answer"])
    other = TelegramStore(url, Seal(Fernet.generate_key(), PSEUDONYMS))
    assert other.waiting() == []
    assert other.chat(MEI) is None
    assert other.claim(other.address(MEI), NOW) is None
    other.close()
