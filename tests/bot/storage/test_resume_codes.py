"""Resume codes beside conversations: one a conversation, moved with its case, erased with it, hashed at rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.rate_limit import RateLimit
from bot.storage.database import Seal, StoreUnavailable, conversations, resume_codes
from bot.storage.resume_codes import ResumeCodes, TooManyWrongCodes
from bot.storage.tracker_store import EncryptedTrackerStore
from tests import databases
from tests.databases import ENGINES

KEY, PSEUDONYM_KEY, CODE_KEY = Fernet.generate_key(), b"a key for pseudonyms", b"a key for codes"
CODE, OTHER = "K7QM2XR4T9BDFGH2JK", "ZZ4M2XR4T9BDFGH2J7"
LAPTOP, PHONE, THIRD = "web:laptop", "rest:phone", "web:third"
SLOT = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "slots": {name: dict(SLOT) for name in ("case", "erased", "resumed")},
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
    }
)


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each engine in turn."""
    with databases.database(request.param, f"sqlite:///{tmp_path / 'bot.sqlite3'}") as url:
        yield url


@pytest.fixture
def store(database: str) -> Iterator[EncryptedTrackerStore]:
    """The conversations."""
    made = EncryptedTrackerStore(database, KEY, PSEUDONYM_KEY, DOMAIN)
    yield made
    made._engine.dispose()


@pytest.fixture
def codes(database: str, store: EncryptedTrackerStore) -> Iterator[ResumeCodes]:
    """The codes, opened as the actions open them: by themselves."""
    made = ResumeCodes(database, Seal(KEY, PSEUDONYM_KEY), CODE_KEY)
    yield made
    made._engine.dispose()


async def take_turn(store: EncryptedTrackerStore, sender: str, **slots: Any) -> None:
    """One turn: what is kept is brought back, changed, and saved."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for name, value in slots.items():
        tracker.update(SlotSet(name, value))
    await store.save(tracker)


async def case(store: EncryptedTrackerStore, sender: str) -> Any:
    """The case a conversation has now."""
    tracker = await store.retrieve(sender)
    return tracker and tracker.get_slot("case")


def kept_codes(store: EncryptedTrackerStore) -> list[Any]:
    """What lies in the table."""
    with store._engine.connect() as connection:
        return list(connection.execute(select(resume_codes.c.sender, resume_codes.c.digest)))


async def test_a_code_opens_its_conversation(store: EncryptedTrackerStore, codes: ResumeCodes) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    await take_turn(store, THIRD, case="other")
    assert codes.slots(CODE, PHONE) == {"case": "wire"}
    assert codes.slots(OTHER, PHONE) is None
    assert codes.slots("", PHONE) is None
    assert await case(store, LAPTOP) == "wire"


async def test_to_keep_a_code_again_changes_nothing_and_a_new_one_takes_its_place(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    for code in (CODE, CODE, OTHER):
        codes.keep(code, LAPTOP)
    assert len(kept_codes(store)) == 1
    assert codes.slots(CODE, PHONE) is None
    assert codes.slots(OTHER, PHONE) == {"case": "wire"}


async def test_the_turn_that_resumes_ends_with_the_case_here_and_the_old_row_gone(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    await take_turn(store, THIRD, case="other")
    await take_turn(store, PHONE, case="wire, resumed", resumed=codes.digest(CODE))
    assert await case(store, LAPTOP) is None
    assert await case(store, PHONE) == "wire, resumed"
    assert await case(store, THIRD) == "other"
    assert len(list(await store.keys())) == 2
    await take_turn(store, PHONE, case="later")
    assert codes.slots(CODE, THIRD) == {"case": "later"}
    await take_turn(store, LAPTOP, case="later", resumed=codes.digest(CODE))
    assert (await case(store, PHONE), await case(store, LAPTOP)) == (None, "later")


async def test_a_conversation_that_resumes_loses_its_own_row_and_code(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    for sender, code in ((LAPTOP, CODE), (PHONE, OTHER)):
        await take_turn(store, sender, case=sender)
        codes.keep(code, sender)
    await take_turn(store, PHONE, case=LAPTOP, resumed=codes.digest(CODE))
    assert codes.slots(OTHER, THIRD) is None
    assert codes.slots(CODE, THIRD) == {"case": LAPTOP}
    assert len(list(await store.keys())) == len(kept_codes(store)) == 1


async def test_what_is_saved_twice_in_the_turn_that_resumes_stays(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    for _ in range(2):
        await take_turn(store, PHONE, case="wire", resumed=codes.digest(CODE))
    assert await case(store, PHONE) == "wire"


async def test_a_turn_that_was_going_on_meanwhile_does_not_bring_the_old_row_back(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    going_on = await store.retrieve(LAPTOP)
    assert going_on is not None
    await take_turn(store, PHONE, case="wire", resumed=codes.digest(CODE))
    await store.save(going_on)
    assert await case(store, LAPTOP) is None
    await take_turn(store, LAPTOP, case="something new")
    assert await case(store, LAPTOP) == "something new"
    assert codes.slots(CODE, THIRD) == {"case": "wire"}


async def test_a_case_that_was_erased_meanwhile_is_not_taken_along(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    await take_turn(store, PHONE, case="wire", resumed=codes.digest(CODE))
    store.erase(PHONE)
    with pytest.raises(StoreUnavailable, match="taken along"):
        await take_turn(store, THIRD, case="wire", resumed=codes.digest(CODE))
    assert await case(store, THIRD) is None


async def test_nothing_moves_when_the_turn_fails(store: EncryptedTrackerStore, codes: ResumeCodes) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    assert codes.slots(CODE, PHONE)
    await take_turn(store, PHONE)
    assert await case(store, LAPTOP) == "wire"
    assert codes.slots(CODE, PHONE) == {"case": "wire"}


async def test_a_failing_database_moves_nothing_by_halves(
    store: EncryptedTrackerStore, codes: ResumeCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    monkeypatch.setattr("bot.storage.tracker_store.insert", failing)
    with pytest.raises(OperationalError):
        await take_turn(store, PHONE, case="wire", resumed=codes.digest(CODE))
    monkeypatch.undo()
    assert codes.slots(CODE, PHONE) == {"case": "wire"}
    assert await case(store, LAPTOP) == "wire"
    assert await case(store, PHONE) is None


def failing(*_: Any) -> Any:
    """A statement that fails."""
    raise OperationalError("INSERT", {}, RuntimeError("disk full"))


async def test_erasing_a_conversation_erases_its_code(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    for sender, code in ((LAPTOP, CODE), (PHONE, OTHER)):
        await take_turn(store, sender, case=sender)
        codes.keep(code, sender)
    await take_turn(store, LAPTOP, case={}, erased=True)
    assert codes.slots(CODE, THIRD) is None
    assert codes.slots(OTHER, THIRD) == {"case": PHONE}
    codes.erase(PHONE)
    assert codes.slots(OTHER, THIRD) is None
    assert kept_codes(store) == []
    assert await case(store, PHONE) == PHONE


async def test_a_conversation_erased_by_age_takes_its_code_along(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    for sender, code in ((LAPTOP, CODE), (PHONE, OTHER)):
        await take_turn(store, sender, case=sender)
        codes.keep(code, sender)
    with store._engine.begin() as connection:
        long_ago = time.time() - 91 * 86400
        connection.execute(update(resume_codes).values(made_at=long_ago))
        old = conversations.c.sender == Seal(KEY, PSEUDONYM_KEY).pseudonym(LAPTOP)
        connection.execute(update(conversations).where(old).values(changed_at=long_ago))
    store.erase_older_than(timedelta(days=90))
    assert codes.slots(CODE, THIRD) is None
    assert codes.slots(OTHER, THIRD) == {"case": PHONE}
    assert len(kept_codes(store)) == 1


async def test_at_rest_neither_the_code_nor_the_sender_is_readable(
    store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case={"resume_code": CODE})
    codes.keep(CODE, LAPTOP)
    ((sender, digest),) = kept_codes(store)
    assert CODE not in digest
    assert LAPTOP not in sender
    if store._engine.url.database and store._engine.dialect.name == "sqlite":
        directory = Path(store._engine.url.database).parent
        at_rest = b"".join(file.read_bytes() for file in directory.iterdir())
        assert CODE.encode() not in at_rest


async def test_a_code_is_known_by_its_key_only(
    database: str, store: EncryptedTrackerStore, codes: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    codes.keep(CODE, LAPTOP)
    seal = Seal(KEY, PSEUDONYM_KEY)
    assert ResumeCodes(database, seal, b"another").slots(CODE, PHONE) is None
    with pytest.raises(StoreUnavailable, match="FIRSTAID_SECRET_KEY has changed"):
        ResumeCodes(database, Seal(Fernet.generate_key(), PSEUDONYM_KEY), CODE_KEY).slots(CODE, PHONE)


@pytest.fixture
def counted(database: str, store: EncryptedTrackerStore) -> ResumeCodes:
    """Codes of which each conversation may miss two and all together three in a minute."""
    limits = {"of_one": RateLimit(2, 60, lambda: 0.0), "of_all": RateLimit(3, 60, lambda: 0.0)}
    return ResumeCodes(database, Seal(KEY, PSEUDONYM_KEY), CODE_KEY, **limits)


async def test_wrong_codes_are_counted_and_right_ones_are_not(
    store: EncryptedTrackerStore, counted: ResumeCodes
) -> None:
    await take_turn(store, LAPTOP, case="wire")
    counted.keep(CODE, LAPTOP)
    for _ in range(9):
        assert counted.slots(CODE, PHONE)
    for _ in range(2):
        assert counted.slots(OTHER, PHONE) is None
    with pytest.raises(TooManyWrongCodes) as refused:
        counted.slots(CODE, PHONE)
    assert refused.value.seconds == 60
    assert counted.slots(CODE, THIRD)
    assert counted.slots(OTHER, THIRD) is None
    with pytest.raises(TooManyWrongCodes):
        counted.slots(CODE, "web:nobody yet")
