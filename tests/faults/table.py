"""The outcome of a campaign as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tests.faults.campaign import Outcome, Struck

HEAD = (
    "| killed | times | people waiting for an answer | cases in the outbox | of these being delivered |",
    "|---|---|---|---|---|",
)


def table(outcome: Outcome) -> str:
    """Faults first, then what became of the cases."""
    return "\n".join([*HEAD, *_rows(outcome.struck), "", *_outcomes(outcome)])


def _rows(struck: list[Struck]) -> Iterator[str]:
    ordered = sorted(struck, key=lambda one: (_first(struck, one.target), one.fault))
    for fault, group in groupby(ordered, key=lambda one: one.fault):
        yield _row(fault, list(group))
    yield _row("**together**", struck)


def _row(name: str, struck: list[Struck]) -> str:
    underway = [one.underway for one in struck]
    sums = (sum(one.talks for one in underway), sum(one.waiting for one in underway))
    cells = (name, len(struck), *sums, sum(one.claimed for one in underway))
    return "| " + " | ".join(map(str, cells)) + " |"


def _first(struck: list[Struck], target: str) -> int:
    return next(place for place, one in enumerate(struck) if one.target == target)


def _outcomes(outcome: Outcome) -> Iterator[str]:
    promises, arrived = outcome.promises, outcome.arrived
    rows: tuple[tuple[str, object], ...] = (
        ("cases promised", len(promises.made)),
        (
            "of these on the desk, under the reference the person was given",
            len(promises.made) - len(outcome.lost),
        ),
        ("**lost**", len(outcome.lost)),
        ("**doubled**", len(arrived.doubled)),
        ("**set aside**", outcome.set_aside),
        ("**left in the outbox**", outcome.left),
        ("other faults found", len(outcome.wrong) - len(outcome.lost) - len(arrived.doubled)),
        ("answers lost (the person said it again)", promises.lost_answers),
        ("told that the case could not be stored (and asked again)", promises.told_it_failed),
        ("deliveries by the two couriers alone", outcome.carried_by_couriers),
        ("deliveries by the couriers inside the bots", outcome.carried_by_bots),
        (
            "still waiting for their time at the end, then delivered with the clock put forward",
            outcome.carried_at_the_end,
        ),
        ("minutes", round(outcome.seconds / 60, 1)),
    )
    yield "| outcome | |"
    yield "|---|---|"
    for name, value in rows:
        yield f"| {name} | {value} |"
