"""One campaign: people file cases while programs are killed in turn; at the end, what was promised is looked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random

from tests.faults.faults import TURNS
from tests.faults.house import Database, House
from tests.faults.ledger import Arrived, OutboxView, Underway, carry_the_rest, on_the_desk, unsound
from tests.faults.nursery import Nursery
from tests.faults.people import Crowd, Promises

PEOPLE = 3
LONGEST_QUIET_SECONDS = 0.8
PATIENCE_SECONDS = 10.0
OVERLAPPING = 0.5
"""How many of the faults come before what the one before took is back."""


@dataclass(frozen=True)
class Struck:
    """One fault and what was on its way when it came."""

    target: str
    fault: str
    underway: Underway


@dataclass
class Outcome:
    """What a campaign found."""

    database: Database
    seed: int
    struck: list[Struck]
    promises: Promises
    arrived: Arrived
    carried_by_bots: int
    carried_by_couriers: int
    carried_at_the_end: int
    left: int
    set_aside: int
    seconds: float
    unsound: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[str]:
        """Who was promised a case that is not on the desk under the reference they were given."""
        made = self.promises.made.items()
        return [person for person, reference in made if self.arrived.references.get(person) != reference]

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be; empty when the promise holds."""
        found = [f"lost: {person}" for person in self.lost]
        found += [f"doubled: {name}" for name in self.arrived.doubled]
        found += [f"left in the outbox: {self.left}"] if self.left else []
        found += [f"set aside: {self.set_aside}"] if self.set_aside else []
        return found + self.promises.broken + self.arrived.faults + self.unsound


def hold(
    database: Database,
    kills: int,
    seed: int,
    nursery: Nursery,
    home: Path,
    progress: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Hold a campaign in the empty directory `home`."""
    began, rng, promises = time.monotonic(), Random(f"{seed} {database}"), Promises()
    with House(database, home, nursery, rng).running() as house:
        view = OutboxView(house.database_url)
        struck = []
        with Crowd(PEOPLE, house.bot_urls, promises, seed):
            for number, target in enumerate(islice(cycle(TURNS[database]), kills), 1):
                struck.append(_strike(house, target, promises, view, rng))
                one = struck[-1]
                progress(f"{number} {one.target}: {one.fault} {one.underway} promised {len(promises.made)}")
            _bring_back(house)
        house.stop_couriers()
        house.desk.await_ready()
        waited, left, set_aside = carry_the_rest(house)
        house.desk.stop()
        return Outcome(
            database=database,
            seed=seed,
            struck=struck,
            promises=promises,
            arrived=on_the_desk(house.desk_database_url),
            carried_by_bots=house.delivered_by("bot"),
            carried_by_couriers=house.delivered_by("courier"),
            carried_at_the_end=waited,
            left=left,
            set_aside=set_aside,
            seconds=time.monotonic() - began,
            unsound=unsound(house.database_url),
        )


def _strike(house: House, target: str, promises: Promises, view: OutboxView, rng: Random) -> Struck:
    """Wait for a random moment with cases on their way, and kill."""
    if rng.random() >= OVERLAPPING:
        _bring_back(house)
    time.sleep(rng.uniform(0.0, LONGEST_QUIET_SECONDS))
    end = time.monotonic() + PATIENCE_SECONDS
    while (underway := Underway(promises.waiting, *view.counts())) == Underway(0, 0, 0):
        if time.monotonic() > end:
            break
        time.sleep(0.01)
    fault = rng.choice(TURNS[house.database][target])
    fault(house, rng)
    return Struck(target, (fault.__doc__ or "").partition("\n")[0].rstrip("."), underway)


def _bring_back(house: House) -> None:
    for program in house.programs:
        program.start()
    for program in house.programs:
        program.await_ready()
