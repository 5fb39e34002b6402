"""The inbox on real databases: each event once, in order, with its conversation and no longer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.intake.contract import CaseEvent
from bot.storage.database import Seal
from bot.storage.inbox import LEASE, PATIENCE, Inbox, NoConversation
from bot.storage.resume_codes import ResumeCodes
from bot.storage.tracker_store import EncryptedTrackerStore
from tests.databases import ENGINES, database

KEY, PSEUDONYM_KEY, CODE_KEY = Fernet.generate_key(), b"a key for pseudonyms", b"a key for codes"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
A, B = UUID(int=1), UUID(int=2)
ANA, BO = "webchat:ana", "webchat:bo"
SLOT = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "slots": {name: dict(SLOT) for name in ("case", "language", "erased", "brief", "filed", "resumed")},
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
    }
)


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each engine in turn."""
    with database(request.param, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as url:
        yield url


@pytest.fixture
def inbox(url: str) -> Iterator[Inbox]:
    """An empty inbox."""
    inbox = Inbox(url, Seal(KEY, PSEUDONYM_KEY))
    yield inbox
    inbox.close()


@pytest.fixture
def store(url: str) -> EncryptedTrackerStore:
    """The conversations of the same database."""
    return EncryptedTrackerStore(url, KEY, PSEUDONYM_KEY, DOMAIN)


async def talk(store: EncryptedTrackerStore, sender: str, *cases: UUID, **slots: Any) -> None:
    """Let a conversation have filed `cases`."""
    await store.retrieve(sender)
    said = UserUttered("hi", {"name": "greet"}, input_channel=sender.partition(":")[0])
    filed = SlotSet("filed", [str(case) for case in cases])
    events = [
        said,
        filed,
        *(SlotSet(name, value) for name, value in {"language": "zh_Hant", **slots}.items()),
    ]
    await store.save(DialogueStateTracker.from_events(sender, events, slots=DOMAIN.slots, domain=DOMAIN))


def event(
    sequence: int = 1, case: UUID = A, text: str | None = "words 4815162342", **changes: Any
) -> CaseEvent:
    """An event of a case."""
    given: dict[str, Any] = {
        "event_id": UUID(int=case.int * 1000 + sequence),
        "kind": "status_changed" if text is None else "message",
        "status": "in_progress",
        "occurred_at": NOW,
    }
    return CaseEvent(case_id=case, sequence=sequence, text=text, **given | changes)


def on_disk(directory: Path) -> bytes:
    """Every byte of the database and its side files."""
    return b"".join(file.read_bytes() for file in directory.iterdir())


def waiting(inbox: Inbox, now: datetime = NOW) -> list[CaseEvent]:
    return [item.event for item in inbox.waiting(now)]


def tell_all(inbox: Inbox, now: datetime = NOW) -> list[int]:
    """Tell everything whose turn it is; the numbers in the order they were told."""
    told = []
    while found := waiting(inbox, now):
        for item in found:
            assert inbox.claim(str(item.event_id), now)
            inbox.told(item)
            told.append(item.sequence)
    return told


async def test_an_event_leads_to_the_conversation_of_its_case(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    assert inbox.take_in(event(), NOW)
    [item] = inbox.waiting(NOW)
    assert item.event == event()
    assert (item.recipient.sender_id, item.recipient.channel, item.recipient.language) == (
        ANA,
        "webchat",
        "zh_Hant",
    )
    assert "4815162342" not in repr(item)


async def test_nobody_is_found_for_a_case_that_is_not_theirs(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    with pytest.raises(NoConversation):
        inbox.take_in(event(case=B), NOW)
    assert inbox.waiting(NOW) == []


async def test_a_repeat_changes_nothing_before_and_after_it_was_told(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    assert inbox.take_in(event(), NOW)
    assert not inbox.take_in(event(text="other words"), NOW)
    assert waiting(inbox) == [event()]
    assert tell_all(inbox) == [1]
    assert not inbox.take_in(event(), NOW)
    assert inbox.waiting(NOW) == []


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
async def test_in_whatever_order_they_come_they_are_told_in_order(
    inbox: Inbox, store: EncryptedTrackerStore, order: tuple[int, ...]
) -> None:
    await talk(store, ANA, A, B)
    told = []
    for sequence in order:
        inbox.take_in(event(sequence), NOW)
        told += tell_all(inbox)
    assert told == [1, 2, 3]


async def test_a_gap_that_stays_is_passed_over_and_what_comes_late_is_told(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    inbox.take_in(event(2), NOW)
    assert inbox.waiting(NOW + PATIENCE / 2) == []
    assert tell_all(inbox, NOW + PATIENCE) == [2]
    inbox.take_in(event(1), NOW + PATIENCE)
    assert tell_all(inbox, NOW + PATIENCE) == [1]
    inbox.take_in(event(3), NOW + PATIENCE)
    assert tell_all(inbox, NOW + PATIENCE) == [3]


async def test_one_worker_has_it_at_a_time_and_says_it_under_the_same_number(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    inbox.take_in(event(), NOW)
    id = str(event().event_id)
    number = inbox.claim(id, NOW)
    assert number
    assert inbox.claim(id, NOW) is None
    assert inbox.waiting(NOW) == []
    assert waiting(inbox, NOW + LEASE) == [event()]
    assert inbox.claim(id, NOW + LEASE) == number
    inbox.told(event())
    assert inbox.claim(id, NOW + 3 * LEASE) is None


async def test_erasing_the_conversation_erases_what_was_heard_of_its_cases(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    await talk(store, ANA, A)
    await talk(store, BO, B)
    for case in (A, B):
        inbox.take_in(event(case=case), NOW)
    store.erase(ANA)
    assert waiting(inbox) == [event(case=B)]
    with pytest.raises(NoConversation):
        inbox.take_in(event(2), NOW)
    store.erase_older_than(timedelta(days=-1))
    assert inbox.waiting(NOW) == []
    with pytest.raises(NoConversation):
        inbox.take_in(event(2, case=B), NOW)


async def test_a_case_that_is_taken_along_takes_its_news_along(
    url: str, inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    codes = ResumeCodes(url, Seal(KEY, PSEUDONYM_KEY), CODE_KEY)
    await talk(store, ANA, A, case={})
    codes.keep("CODE", ANA)
    inbox.take_in(event(), NOW)
    await talk(store, BO, A, B, case={}, resumed=codes.digest("CODE"))
    [item] = inbox.waiting(NOW)
    assert (item.event, item.recipient.sender_id) == (event(), BO)
    store.erase(ANA)
    assert waiting(inbox) == [event()]


async def test_with_another_key_nothing_is_read(url: str, inbox: Inbox, store: EncryptedTrackerStore) -> None:
    await talk(store, ANA, A)
    inbox.take_in(event(), NOW)
    other = Inbox(url, Seal(Fernet.generate_key(), PSEUDONYM_KEY))
    assert other.waiting(NOW) == []
    other.close()


async def test_it_outlives_the_process_and_nothing_is_on_disk_in_clear(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    await talk(EncryptedTrackerStore(url, KEY, PSEUDONYM_KEY, DOMAIN), ANA, A)
    first = Inbox(url, Seal(KEY, PSEUDONYM_KEY))
    first.take_in(event(event_id=uuid4()), NOW)
    first.close()
    written = on_disk(tmp_path)
    for word in (b"4815162342", b"ana", b"webchat"):
        assert word not in written
    second = Inbox(url, Seal(KEY, PSEUDONYM_KEY))
    assert len(second.waiting(NOW)) == 1
    second.close()


async def test_a_case_that_was_withdrawn_leads_nowhere_any_more(
    inbox: Inbox, store: EncryptedTrackerStore
) -> None:
    """What waits of it is deleted too; the talk and its other cases stay."""
    await talk(store, ANA, A, B)
    inbox.take_in(event(), NOW)
    await talk(store, ANA, B)
    assert inbox.waiting(NOW) == []
    with pytest.raises(NoConversation):
        inbox.take_in(event(2), NOW)
    assert inbox.take_in(event(case=B), NOW)
    await talk(store, ANA)
    assert inbox.waiting(NOW) == []
    assert await store.retrieve(ANA) is not None
