"""When to write to a person who asked for it: after a day, three days and a week, and before a time limit.

Pure: the same case gives the same moments. They lie in the person's day time, keep their distance from each other and
from what the person wrote last, and a reminder of a time limit never comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from actions.case.clock import deadline
from actions.case.model import Case
from actions.case.planner import Guide

Kind = Literal["day", "days", "week", "deadline"]

NOTES: tuple[tuple[Kind, timedelta], ...] = (
    ("day", timedelta(hours=24)),
    ("days", timedelta(hours=72)),
    ("week", timedelta(days=7)),
)
MOST_REMINDERS = 3
APART = timedelta(hours=6)
QUIET_BEFORE_NOTE = timedelta(hours=12)
QUIET_BEFORE_REMINDER = timedelta(hours=2)
LAST_NOTE_WAITS = timedelta(days=7)

_DAY_BEGINS, _DAY_ENDS = time(10), time(20)
# On the day before, early enough to reach an office.
_OFFICES_ANSWER = time(16)
_SHORTEST_LEAD, _LONGEST_LEAD = timedelta(hours=3), timedelta(days=2)
_PART_OF_WINDOW = 8
_TIME_FOR_A_CALL = timedelta(hours=1)


@dataclass(frozen=True)
class CheckIn:
    """One message to send: from `due_at` on, as soon as the person can be reached, and not after `expires_at`."""

    kind: Kind
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Closing:
    """A window in which a payment can still be stopped."""

    end: datetime
    window: timedelta


def planned(case: Case, guide: Guide, heard: datetime, zone: tzinfo) -> tuple[CheckIn, ...]:
    """What is to be sent to the person of `case`, who wrote last at `heard`; nothing where it could harm them.

    Args:
        case: the case.
        guide: knows the windows of payments.
        heard: when the person wrote last.
        zone: where the person's day is.
    """
    if case.check_ins != "yes" or case.check_ins_since is None or not case.reachable:
        return ()
    if case.marked("watched") or case.role == "trapped":
        return ()
    return schedule(case.check_ins_since, heard, zone, _closings(case, guide))


def schedule(
    since: datetime, heard: datetime, zone: tzinfo, closings: Iterable[Closing] = ()
) -> tuple[CheckIn, ...]:
    """The check-ins still to be sent, in order.

    Args:
        since: when the person asked for them.
        heard: when the person wrote last; what would follow too soon is left out.
        zone: where the person's day is.
        closings: windows that are still open.
    """
    reminders = dict(_reminders(since, zone, closings))
    notes = {into_day_time(since + after, zone): kind for kind, after in NOTES}
    apart = {at: kind for at, kind in notes.items() if all(abs(at - other) >= APART for other in reminders)}
    coming = [at for at in sorted(reminders) if at >= heard + QUIET_BEFORE_REMINDER][:MOST_REMINDERS]
    return tuple(
        _in_order(
            {at: kind for at, kind in apart.items() if at >= heard + QUIET_BEFORE_NOTE},
            {at: reminders[at] for at in coming},
        )
    )


def into_day_time(moment: datetime, zone: tzinfo) -> datetime:
    """`moment`, or when the next day time begins."""
    local = moment.astimezone(zone)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return moment
    day = local.date() if local.time() < _DAY_BEGINS else local.date() + timedelta(days=1)
    return datetime.combine(day, _DAY_BEGINS, zone).astimezone(moment.tzinfo)


def _closings(case: Case, guide: Guide) -> Iterator[Closing]:
    for _, payment in case.sent_payments:
        hours = guide.window_hours(guide.situation(case, payment))
        end = deadline(payment, hours)
        if end is not None and hours is not None and payment.state in {"sent", "pending"}:
            yield Closing(end, timedelta(hours=hours))


def _reminders(
    since: datetime, zone: tzinfo, closings: Iterable[Closing]
) -> Iterator[tuple[datetime, datetime]]:
    """Moments with the end they remind of: one for windows that close within hours of each other."""
    found = ((_reminder(closing, since, zone), closing.end) for closing in closings)
    last: datetime | None = None
    for moment, end in sorted((moment, end) for moment, end in found if moment is not None):
        if last is None or moment - last >= APART:
            last = moment
            yield moment, end


def _reminder(closing: Closing, since: datetime, zone: tzinfo) -> datetime | None:
    """In good time and in day time; where both cannot be had, as early or as late as makes sense.

    None for a window so short that all was said when the person asked to be written to.
    """
    lead = min(max(closing.window / _PART_OF_WINDOW, _SHORTEST_LEAD), _LONGEST_LEAD)
    earliest, latest = since + QUIET_BEFORE_REMINDER, closing.end - lead
    in_good_time = _back_into_day_time(latest, zone)
    if in_good_time >= earliest:
        return in_good_time
    next_day_time = into_day_time(earliest, zone)
    if next_day_time <= closing.end - _TIME_FOR_A_CALL:
        return next_day_time
    return latest if latest >= earliest else None


def _back_into_day_time(moment: datetime, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return moment
    day = local.date() if local.time() >= _DAY_ENDS else local.date() - timedelta(days=1)
    return datetime.combine(day, _OFFICES_ANSWER, zone).astimezone(moment.tzinfo)


def _in_order(notes: Mapping[datetime, Kind], reminders: Mapping[datetime, datetime]) -> Iterator[CheckIn]:
    kinds: dict[datetime, Kind] = {**dict.fromkeys(reminders, "deadline"), **notes}
    moments = sorted(kinds)
    successors = dict(pairwise(moments))
    for moment in moments:
        last_use = reminders.get(moment, moment + LAST_NOTE_WAITS)
        yield CheckIn(kinds[moment], moment, min(last_use, successors.get(moment, last_use)))
