"""A short campaign on each database, and a disk that is full under a bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import psutil
import pytest

from actions.responses import responses
from bot.nlg import speak
from desk.server import THREADS
from tests.faults.campaign import hold
from tests.faults.house import Database, House
from tests.faults.ledger import carry_the_rest, on_the_desk
from tests.faults.nursery import Nursery
from tests.faults.people import Person, Promises
from tests.faults.table import table

KILLS = 4
ROOM = 4096


@pytest.fixture(scope="module")
def nursery(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where the bots of this file come from."""
    with Nursery(model.parent, tmp_path_factory.mktemp("faults") / "nursery") as running:
        yield running


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_every_promised_case_arrives_once(database: Database, nursery: Nursery, tmp_path: Path) -> None:
    outcome = hold(database, KILLS, 1, nursery, tmp_path)
    assert outcome.wrong == []
    assert outcome.promises.made
    assert outcome.arrived.references == outcome.promises.made
    assert len(outcome.struck) == KILLS
    assert "| **lost** | 0 |" in table(outcome)


def test_the_desk_answers_as_soon_as_its_database_is_back(nursery: Nursery, tmp_path: Path) -> None:
    """Also on the connections that its threads had kept."""
    house = House("postgres", tmp_path, nursery, Random(2))
    assert house.postgres is not None
    health = f"{house.desk_url}/health"
    try:
        house.postgres.set_up(("bot", "desk"))
        house.desk.await_ready()
        with httpx.Client(trust_env=False) as client:
            assert {client.get(health).status_code for _ in range(2 * THREADS)} == {200}
            house.postgres.kill()
            house.postgres.start()
            assert {client.get(health).status_code for _ in range(2 * THREADS)} == {200}
    finally:
        house.desk.kill()
        house.postgres.close()


def test_a_full_disk_is_told_and_once_there_is_room_the_case_arrives(
    nursery: Nursery, tmp_path: Path
) -> None:
    failed = speak(responses()["utter_filing_failed"], "en", {})["text"]
    with House("sqlite", tmp_path, nursery, Random(1)).running() as house:
        promises = Promises()
        person = Person("ana", house.bot_urls[:1], promises, Random(1))
        for text in ("I want to talk to a person", "Yes, pass it on", "By e-mail", "ana@example.org"):
            person.say(text)
        bot = psutil.Process(house.bots[0].pid)
        as_it_was = bot.rlimit(psutil.RLIMIT_FSIZE)
        bot.rlimit(psutil.RLIMIT_FSIZE, (ROOM, as_it_was[1]))
        told = [one["text"] for one in person.say("Yes, send it")]
        assert failed in told
        assert not any("reference" in text for text in told)
        bot.rlimit(psutil.RLIMIT_FSIZE, as_it_was)
        person.have_a_case_filed()
        house.stop_couriers()
        assert carry_the_rest(house)[1:] == (0, 0)
        assert on_the_desk(house.desk_database_url).references == promises.made
        assert set(promises.made) == {"ana@example.org"}
