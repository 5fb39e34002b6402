"""Expressions of time in English."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache

from babel import Locale

from bot.nlu.entities import moments
from bot.nlu.entities.moments import DAY, HOUR, MINUTE, MONTH, WEEK, Clock, Found, Moment
from bot.nlu.entities.numerals import ENGLISH_NUMBER, english

_PARTS = {
    "morning": moments.MORNING,
    "noon": moments.NOON,
    "lunchtime": moments.NOON,
    "afternoon": moments.AFTERNOON,
    "evening": moments.EVENING,
    "night": moments.NIGHT,
    "midnight": moments.NIGHT,
}
_PART = "|".join(_PARTS)
_HALF = r"[ ]?(?P<{0}>a\.?m\b\.?|p\.?m\b\.?|o'?clock\b)"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?!\d)"
    rf"(?:[:.](?P<minute>\d{{2}})(?!\d)(?:{_HALF.format('half')})?|{_HALF.format('half2')}|(?<=at[ ]\d)"
    rf"|(?<=at[ ]\d\d)"
    r"|(?<=around[ ]\d)|(?<=around[ ]\d\d)|(?<=about[ ]\d)|(?<=about[ ]\d\d))(?![\d:%/]|,\d|[ ]?(?:k\b"
    r"|grand\b|thousand\b))"
)
_TAIL = (
    rf"(?:,?[ ](?:in[ ]the[ ]|at[ ]|that[ ]|early[ ]|late[ ]|(?:early|late)[ ]in[ ]the[ ])?"
    rf"(?P<part>{_PART})\b)?"
    rf"(?:,?[ ](?:at[ ]|about[ ]|around[ ]|like[ ]|@[ ]?){{0,2}}{_CLOCK}"
    rf"(?:[ ](?:in[ ]the|at)[ ](?P<part2>{_PART})\b)?)?"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|weds|thurs?)\b"
    r"|(?<=\b(?:on|st)[ ])(?P<short>mon|tue|wed|fri|sat|sun)\b"
)
_FULL_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_TIME_FIRST = rf"(?<![\w.,:/$-])(?:(?:at|around|about)[ ])?{_CLOCK}(?P<part>)(?P<part2>),?[ ](?:on[ ])?"
_UNITS = {
    "min": MINUTE,
    "minute": MINUTE,
    "hr": HOUR,
    "hour": HOUR,
    "day": DAY,
    "week": WEEK,
    "wk": WEEK,
    "fortnight": WEEK,
    "month": MONTH,
}
_RELATIVE_DAYS = {
    "day before yesterday": -2,
    "yesterday": -1,
    "yday": -1,
    "ystd": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "tmr": 1,
    "day after tomorrow": 2,
}
_OFFSETS = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1}
_FRACTIONS = re.compile(r"(?:[1-3]/[2-4]|24/7|50/50|7/11)")
_AHEAD = re.compile(
    r"\b(?:by|due|due on|due by|deadline|deadline is|deadline of|closing|closing is|closes|closes on|expires|"
    r"expires on|ends|ends on|no later than|scheduled for|appointment on) ?$",
    re.ASCII,
)
_LOOKBACK = 48
_MONTH_DAYS = 31
_WEEKEND = 5


@cache
def _months() -> dict[str, int]:
    """CLDR's month names and abbreviations, and "sept"."""
    names = Locale.parse("en").months["format"]
    return {
        name.lower(): number for width in ("wide", "abbreviated") for number, name in names[width].items()
    } | {"sept": 9}


def find(low: str, now: datetime) -> Iterator[Found]:
    """The expressions of time in a message in lower case, from each rule; they may overlap."""
    for pattern, rule in _rules():
        for match in pattern.finditer(low):
            moment = rule(match, now)
            if moment is not None:
                yield Found(match.start(), match.end(), moment)


def _clock(match: re.Match[str]) -> tuple[str | None, Clock | None]:
    part = _PARTS.get(match["part"] or match["part2"] or "")
    if match["hour"] is None:
        return part, None
    half = (match["half"] or match["half2"] or "").replace(".", "")
    minute = int(match["minute"]) if match["minute"] else None
    return part, Clock(int(match["hour"]), minute, half if half in {"am", "pm"} else None)


def _relative_day(match: re.Match[str], now: datetime) -> Moment:
    part, clock = _clock(match)
    if match["day"] == "tonight":
        part = moments.NIGHT
    return moments.on_day(now + timedelta(days=_RELATIVE_DAYS[match["day"]]), DAY, part, clock, now)


def _part_of_day(match: re.Match[str], now: datetime) -> Moment:
    """This morning, last night."""
    _, clock = _clock(match)
    day = now - timedelta(days=1) if match["which"] == "last" else now
    return moments.on_day(day, DAY, _PARTS[match["named"]], clock, now)


def _ago(match: re.Match[str], now: datetime) -> Moment | None:
    count, vague = _count(match["count"])
    if count is None:
        return None
    if match["half_more"]:
        count += 0.5
    name = match["unit"]
    return moments.ago(now, _UNITS[name], count * 2 if name == "fortnight" else count, vague=vague)


def _count(words: str) -> tuple[float | None, bool]:
    if words[0].isdigit():
        return float(words), False
    if words.startswith("half"):
        return 0.5, False
    number = english(words)
    return (float(number.value), number.approximate) if number and number.value < 1000 else (None, False)


def _on_weekday(match: re.Match[str], now: datetime) -> Moment:
    part, clock = _clock(match)
    weekday = _WEEKDAYS.index((match["weekday"] or match["short"])[:3])
    offset = _OFFSETS.get(match["which"] or "")
    if offset == 0:
        day = moments.week_of(now, 0) + timedelta(days=weekday)
    elif offset is None and _is_ahead(match):
        day = moments.weekday_after(now, weekday)
    elif offset == 1:
        day = moments.weekday_before(now, weekday) + timedelta(weeks=1 if weekday != now.weekday() else 2)
    else:
        day = moments.weekday_before(now, weekday)
    return moments.on_day(day, DAY, part, clock, now)


def _weekday_of_week(match: re.Match[str], now: datetime) -> Moment:
    """Thursday last week."""
    weekday = _WEEKDAYS.index(match["weekday"][:3])
    day = moments.week_of(now, _OFFSETS[match["week"]]) + timedelta(days=weekday)
    return moments.on_day(day, DAY, *_clock(match), now)


def _is_ahead(match: re.Match[str]) -> bool:
    """Whether the words before say that the day is still to come."""
    return bool(_AHEAD.search(match.string[max(0, match.start() - _LOOKBACK) : match.start()]))


def _span_of_days(match: re.Match[str], now: datetime) -> Moment:
    """Last week, this month, next week, last weekend."""
    offset = _OFFSETS[match["which"]]
    if match["span"] == "month":
        return Moment(moments.month_of(now, offset), MONTH)
    monday = moments.week_of(now, offset)
    if match["span"] == "weekend":
        return Moment(monday + timedelta(days=_WEEKEND), DAY)
    return Moment(monday, WEEK)


def _month_day(match: re.Match[str], now: datetime) -> Moment | None:
    part, clock = _clock(match)
    year = int(match["year"]) if match["year"] else None
    read = moments.month_day_ahead if year is None and _is_ahead(match) else moments.month_day
    day = read(now, _months()[match["month"]], int(match["date"]), year)
    return moments.on_day(day, DAY, part, clock, now) if day else None


def _month(match: re.Match[str], now: datetime) -> Moment | None:
    year = int(match["year"]) if match["year"] else None
    if match["which"] == "next":
        return None
    day = moments.month_day(now, _months()[match["month"]], 1, year)
    return Moment(day, MONTH) if day else None


def _iso(match: re.Match[str], now: datetime) -> Moment | None:
    part, clock = _clock(match)
    day = moments.month_day(now, int(match["month"]), int(match["date"]), int(match["year"]))
    return moments.on_day(day, DAY, part, clock, now) if day else None


def _slashed(match: re.Match[str], now: datetime) -> Moment | None:
    """11/3 is November 3 where both readings exist; 24/3 is March 24."""
    if _FRACTIONS.fullmatch(match["whole"]) and not match["cue"]:
        return None
    part, clock = _clock(match)
    first, second = int(match["first"]), int(match["second"])
    month, date = (first, second) if first <= 12 else (second, first)
    year = match["year"] and int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    day = moments.month_day(now, month, date, year or None)
    return moments.on_day(day, DAY, part, clock, now) if day else None


def _of_this_month(match: re.Match[str], now: datetime) -> Moment | None:
    part, clock = _clock(match)
    day = moments.day_of_month(now, int(match["date"])) if int(match["date"]) <= _MONTH_DAYS else None
    return moments.on_day(day, DAY, part, clock, now) if day else None


def _just_now(match: re.Match[str], now: datetime) -> Moment:
    return Moment(now.replace(second=0, microsecond=0), MINUTE)


def _time_alone(match: re.Match[str], now: datetime) -> Moment | None:
    part, clock = _clock(match)
    if clock is None or not clock.exists or (clock.minute is None and not clock.half):
        return None
    return moments.today_or_yesterday(part, clock, now)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Moment | None]], ...]:
    month = "|".join(sorted(_months(), key=len, reverse=True))
    days = "|".join(_RELATIVE_DAYS)
    which = "last|past|previous|this|next"
    year = r"(?P<year>(?:19|20)\d{2})(?!\d)"
    rules: tuple[tuple[str, Callable[[re.Match[str], datetime], Moment | None]], ...] = (
        (rf"\b(?:the[ ])?(?P<day>{days})\b{_TAIL}", _relative_day),
        (rf"\b(?P<which>this|last)[ ](?P<named>morning|afternoon|evening|night)\b{_TAIL}", _part_of_day),
        (
            rf"(?<![\w.])(?P<count>half[ ]an|half[ ]a|\d{{1,3}}(?:\.\d)?|{ENGLISH_NUMBER}(?:[ ]of)?)[ ]?"
            rf"(?P<unit>{'|'.join(_UNITS)})s?(?P<half_more>[ ]and[ ]a[ ]half)?[ ](?:ago|back|earlier)\b",
            _ago,
        ),
        (rf"\b(?:on[ ])?(?:(?P<which>{which})[ ])?(?:{_WEEKDAY}){_TAIL}", _on_weekday),
        (
            rf"\b(?:on[ ])?(?P<weekday>{_FULL_WEEKDAY})(?P<short>)[ ](?:of[ ])?"
            rf"(?P<week>last|this|next)[ ]week\b{_TAIL}",
            _weekday_of_week,
        ),
        (
            rf"\b(?P<week>last|this|next)[ ]week,?[ ](?:on[ ])?(?P<weekday>{_FULL_WEEKDAY})\b(?P<short>){_TAIL}",
            _weekday_of_week,
        ),
        (rf"{_TIME_FIRST}(?P<day>{days})\b", _relative_day),
        (rf"{_TIME_FIRST}(?P<which>this|last)[ ](?P<named>morning|afternoon|evening|night)\b", _part_of_day),
        (rf"{_TIME_FIRST}(?:(?P<which>last|this)[ ])?(?P<weekday>{_FULL_WEEKDAY})\b(?P<short>)", _on_weekday),
        (
            rf"{_TIME_FIRST}(?:the[ ])?(?P<date>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?"
            rf"(?P<month>{month})\b\.?(?:,?[ ]{year})?",
            _month_day,
        ),
        (
            rf"{_TIME_FIRST}(?P<month>{month})\.?[ ](?P<date>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:]|,\d)(?:,?[ ]{year})?",
            _month_day,
        ),
        (
            rf"\b(?P<which>{which})[ ](?P<span>weekend|week|month)\b(?![ ](?:{'|'.join(_WEEKDAYS)}))",
            _span_of_days,
        ),
        (
            rf"\b(?P<month>{month})\.?[ ]?(?:the[ ])?(?P<date>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.]|,\d)"
            rf"(?:,?[ ]{year})?{_TAIL}",
            _month_day,
        ),
        (
            rf"(?<![\d.,/-])(?P<date>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<month>{month})\b\.?"
            rf"(?:,?[ ]{year})?{_TAIL}",
            _month_day,
        ),
        (
            rf"\b(?P<which>in|last|since|during|early|mid|late|of|until|from|next)[ ](?P<month>{month})\b"
            rf"(?:,?[ ]{year})?(?![ ]?\d)",
            _month,
        ),
        (rf"(?<![a-z])(?P<which>)(?P<month>{month})\b,?[ ]{year}", _month),
        (
            r"(?<![\w.-])(?P<year>(?:19|20)\d{2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<date>\d{1,2})(?![\d-])"
            rf"(?:t(?=\d))?{_TAIL.replace('(?:,?[ ](?:at', '(?:(?:,?[ ]|(?<=t))(?:at', 1)}",
            _iso,
        ),
        (
            r"(?<![\w./$-])(?<!exp )(?<!expiry )(?<!expires )(?P<cue>(?:on|from|since|dated)[ ])?"
            r"(?P<whole>(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>20\d{2}|\d{2}))?)(?![\d/%]|[.-]\d)"
            rf"{_TAIL}",
            _slashed,
        ),
        (rf"\b(?:on|since|of)[ ]the[ ](?P<date>\d{{1,2}})(?:st|nd|rd|th)\b{_TAIL}", _of_this_month),
        (r"\b(?:just[ ]now|moments[ ]ago|a[ ]moment[ ]ago|a[ ]second[ ]ago|seconds[ ]ago)\b", _just_now),
        (
            rf"\b(?:at[ ]|around[ ]|about[ ]){{1,2}}{_CLOCK}(?:[ ](?:in[ ]the|at)[ ]"
            rf"(?P<part2>{_PART})\b)?(?P<part>)",
            _time_alone,
        ),
    )
    return tuple((re.compile(pattern, re.ASCII), rule) for pattern, rule in rules)
