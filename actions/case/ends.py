"""The ends of a case: every country that has an office for it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from actions.case.model import Case

Why = Literal["home", "paid_from", "paid_to", "citizenship"]


@dataclass(frozen=True)
class End:
    """One country of a case; None where the person's own is not known.

    Attributes:
        why: they live there, the money left an account there, it went there, or they are its citizen.
    """

    why: Why
    country: str | None


def ends(case: Case) -> list[End]:
    """The ends in the order in which they can still help: home, the paying bank, the far end, the consulate."""
    distinct: dict[str | None, End] = {}
    for end in _all_ends(case):
        distinct.setdefault(end.country, end)
    return list(distinct.values())


def _all_ends(case: Case) -> Iterator[End]:
    yield End("home", case.country)
    payments = [payment for _, payment in case.sent_payments]
    yield from (End("paid_from", payment.from_country) for payment in payments if payment.from_country)
    yield from (End("paid_to", payment.to_country) for payment in payments if payment.to_country)
    if case.citizenship and case.country:
        yield End("citizenship", case.citizenship)
