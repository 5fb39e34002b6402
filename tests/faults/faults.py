"""What is killed, and how: each fault leaves the rest running and brings back what it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from tests.faults.house import House, Program

LONGEST_AWAY_SECONDS = 1.5

Fault = Callable[[House, Random], None]


def a_bot(house: House, rng: Random) -> None:
    """One of the bots, with the courier inside it."""
    bot = rng.choice(house.bots)
    bot.kill()
    _away(rng)
    bot.start()


def a_courier(house: House, rng: Random) -> None:
    """One of the couriers that run alone."""
    courier = rng.choice(house.couriers)
    courier.kill()
    _away(rng)
    courier.start()


def the_desk(house: House, rng: Random) -> None:
    """The desk."""
    house.desk.kill()
    _away(rng)
    house.desk.start()


def the_database_server(house: House, rng: Random) -> None:
    """PostgreSQL as a whole, under bots and desk."""
    assert house.postgres is not None
    house.postgres.kill()
    _away(rng)
    house.postgres.start()


def a_database_connection(house: House, rng: Random) -> None:
    """The process behind one connection to PostgreSQL, which then throws out all others and recovers."""
    assert house.postgres is not None
    house.postgres.kill_a_backend(rng)


def a_writer_to_the_database(house: House, rng: Random) -> None:
    """A program that held SQLite's write lock in the middle of a transaction, of the bots' file or the desk's."""
    with house.torn_transaction(rng.choice((house.database_url, house.desk_database_url))):
        _away(rng)


def all_on_the_database(house: House, rng: Random) -> None:
    """Every program that has the bots' SQLite file open."""
    _all(house, rng, [*house.bots, *house.couriers])


def everything(house: House, rng: Random) -> None:
    """Everything at once."""
    if house.postgres:
        house.postgres.kill()
    _all(house, rng, house.programs)


TURNS: dict[str, dict[str, tuple[Fault, ...]]] = {
    "sqlite": {
        "bot": (a_bot,),
        "worker": (a_courier,),
        "desk": (the_desk,),
        "database": (all_on_the_database, a_writer_to_the_database, everything),
    },
    "postgres": {
        "bot": (a_bot,),
        "worker": (a_courier,),
        "desk": (the_desk,),
        "database": (the_database_server, a_database_connection, everything),
    },
}
"""By database: what is killed in turn, and the ways to do it."""


def _all(house: House, rng: Random, programs: list[Program]) -> None:
    for program in programs:
        program.kill()
    _away(rng)
    if house.postgres:
        house.postgres.start()
    for program in programs:
        program.start()


def _away(rng: Random) -> None:
    time.sleep(rng.uniform(0.0, LONGEST_AWAY_SECONDS))
