"""What expressions of time mean, seen from the person's local time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

MINUTE, HOUR, PART, DAY, WEEK, MONTH = "minute", "hour", "part_of_day", "day", "week", "month"
COARSER = {MINUTE: HOUR, HOUR: PART, DAY: WEEK, WEEK: MONTH, MONTH: MONTH}
"""The precision of "a few minutes" and the like."""

DAWN, MORNING, NOON, AFTERNOON, EVENING, NIGHT = "dawn", "morning", "noon", "afternoon", "evening", "night"
PART_STARTS = {DAWN: 0, MORNING: 6, NOON: 12, AFTERNOON: 12, EVENING: 18, NIGHT: 20}

_HALF_DAY = 12
_AWAKE_FROM = 7
_SMALL_HOURS = 5
_LEAP_CYCLE = 8


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as said.

    Attributes:
        hour: 0 to 24.
        minute: 0 to 59, or ``None`` when only the hour was said.
        half: "am", "pm", or ``None`` when it was not said.
    """

    hour: int
    minute: int | None = None
    half: str | None = None

    @property
    def exists(self) -> bool:
        """Whether a day has such a time."""
        return self.hour <= 24 and (self.minute or 0) < 60 and not (self.half and self.hour > _HALF_DAY)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time with the precision in which it was said."""

    at: datetime
    precision: str


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and where a message names it."""

    start: int
    end: int
    moment: Moment


def midnight(day: datetime) -> datetime:
    """The first minute of a day."""
    return day.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def on_day(day: datetime, precision: str, part: str | None, clock: Clock | None, now: datetime) -> Moment:
    """A day narrowed by a part of it and a time, where these were said.

    Hours 1 to 6 without a half of the day are taken as afternoon; after "night", as the small hours
    that follow.
    A time later today is moved half a day back, or left out, when the half of the day was not said.
    """
    if clock is not None and clock.exists:
        at = midnight(day) + _time_of_day(part, clock)
        exact = HOUR if clock.minute is None else MINUTE
        if at <= now or part or clock.half or midnight(day) > now:
            return Moment(at, exact)
        earlier = at - timedelta(hours=_HALF_DAY)
        return Moment(earlier, exact) if midnight(day) <= earlier <= now else Moment(midnight(day), precision)
    if part:
        at = midnight(day) + timedelta(hours=PART_STARTS[part])
        return Moment(min(at, now) if part == MORNING and at.date() == now.date() else at, PART)
    return Moment(midnight(day), precision)


def _time_of_day(part: str | None, clock: Clock) -> timedelta:
    hour, after_midnight = clock.hour, False
    half = clock.half or _half(part, hour)
    if half == "pm" and hour < _HALF_DAY:
        hour += _HALF_DAY
    elif half == "am" and hour == _HALF_DAY:
        hour = 0
    if part in {EVENING, NIGHT}:
        after_midnight = hour < _SMALL_HOURS
    return timedelta(days=int(after_midnight), hours=hour, minutes=clock.minute or 0)


def _half(part: str | None, hour: int) -> str | None:
    if part in {EVENING, NIGHT}:
        return "am" if hour in {_HALF_DAY, *range(1, _SMALL_HOURS)} else "pm"
    if part == AFTERNOON or (part == NOON and hour < _SMALL_HOURS):
        return "pm"
    if part == DAWN:
        return "am"
    return "pm" if part is None and 0 < hour < _AWAKE_FROM else None


def today_or_yesterday(part: str | None, clock: Clock, now: datetime) -> Moment:
    """A time of day alone: the last time it was that time."""
    moment = on_day(now, DAY, part, clock, now)
    if moment.at <= now:
        return moment
    return on_day(now - timedelta(days=1), DAY, part, clock, now)


def ago(now: datetime, unit: str, count: float, *, vague: bool = False) -> Moment:
    """A length of time before now.

    Args:
        now: The person's local time.
        unit: One of `MINUTE`, `HOUR`, `DAY`, `WEEK`, `MONTH`.
        count: How many of them.
        vague: Whether the count was "a few".
    """
    precision = COARSER[unit] if vague else unit
    if unit in {MINUTE, HOUR}:
        passed = timedelta(**{f"{unit}s": count})
        at = (now.astimezone(UTC) - passed).astimezone(now.tzinfo)
        return Moment(at.replace(second=0, microsecond=0), precision if count == int(count) else MINUTE)
    if unit == MONTH and count == int(count):
        return Moment(midnight(now - relativedelta(months=int(count))).replace(day=1), precision)
    days = {DAY: 1, WEEK: 7, MONTH: 30}[unit] * count
    return Moment(midnight(now - timedelta(days=days)), WEEK if unit == MONTH else precision)


def week_of(now: datetime, offset: int) -> datetime:
    """The Monday of the week ``offset`` weeks from now."""
    return midnight(now - timedelta(days=now.weekday()) + timedelta(weeks=offset))


def weekday_before(now: datetime, weekday: int) -> datetime:
    """The latest such weekday before today."""
    return midnight(now - timedelta(days=(now.weekday() - weekday - 1) % 7 + 1))


def weekday_after(now: datetime, weekday: int) -> datetime:
    """The next such weekday after today."""
    return midnight(now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1))


def month_of(now: datetime, offset: int) -> datetime:
    """The first day of the month ``offset`` months from now."""
    return midnight(now.replace(day=1) + relativedelta(months=offset))


def month_day(now: datetime, month: int, day: int, year: int | None = None) -> datetime | None:
    """A calendar date; without a year the latest one that is past.

    Returns:
        ``None`` when there is no such date.
    """
    years = [year] if year else range(now.year, now.year - _LEAP_CYCLE - 1, -1)
    for candidate in years:
        try:
            at = midnight(now).replace(year=candidate, month=month, day=day)
        except ValueError:
            continue
        if year or at <= now:
            return at
    return None


def month_day_ahead(now: datetime, month: int, day: int, year: int | None = None) -> datetime | None:
    """A calendar date; without a year the next one that is not past. ``None`` when there is no such date."""
    years = [year] if year else range(now.year, now.year + _LEAP_CYCLE + 1)
    days = (month_day(now, month, day, candidate) for candidate in years)
    return next((at for at in days if at and (year or at >= midnight(now))), None)


def day_of_month(now: datetime, day: int) -> datetime | None:
    """The latest past day with that number."""
    for offset in range(0, -_LEAP_CYCLE, -1):
        first = month_of(now, offset)
        at = month_day(now, first.month, day, first.year)
        if at and at <= now:
            return at
    return None
