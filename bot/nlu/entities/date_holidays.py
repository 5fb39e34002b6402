"""Feasts and holidays that people name instead of a date."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial

from dateutil.easter import easter
from lunar_python import Lunar, Solar

from bot.nlu.entities import moments
from bot.nlu.entities.moments import DAY, Found, Moment

Rule = Callable[[int], tuple[int, int, int]]
"""Year, month and day of a feast in a year."""

_LAST_LUNAR_YEAR = 9000
_CACHED_DAYS = 256
_LUNAR_DAYS = "一二三四五六七八九十"
_YEARS = {"前": -2, "去": -1, "今": 0}
_MOST_YEARS_BACK = 2


def _fixed(month: int, day: int, year: int) -> tuple[int, int, int]:
    return year, month, day


@lru_cache(maxsize=_CACHED_DAYS)
def _lunar(month: int, day: int, year: int, offset: int = 0) -> tuple[int, int, int]:
    """A day of the Chinese calendar's year that begins in ``year``, and ``offset`` days on."""
    solar = Lunar.fromYmd(year, month, day).getSolar().next(offset)
    return solar.getYear(), solar.getMonth(), solar.getDay()


@lru_cache(maxsize=_CACHED_DAYS)
def _solar_term(name: str, year: int) -> tuple[int, int, int]:
    solar = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[name]
    return solar.getYear(), solar.getMonth(), solar.getDay()


def _from_easter(offset: int, year: int) -> tuple[int, int, int]:
    day = easter(year) + timedelta(days=offset)
    return day.year, day.month, day.day


def _from_thanksgiving(offset: int, year: int) -> tuple[int, int, int]:
    """The fourth Thursday of November, and ``offset`` days on."""
    first = datetime(year, 11, 1)  # noqa: DTZ001 - a calendar day, no point of time
    day = first + timedelta(days=(3 - first.weekday()) % 7 + 21 + offset)
    return day.year, day.month, day.day


_WHEN = (
    r"(?:(?<=on )|(?<=at )|(?<=since )|(?<=around )|(?<=last )|(?<=after )|(?<=from )|(?<=during )"
    r"|(?<=this past ))"
)
"""The feasts people also talk of otherwise count after such a word."""

_FEASTS: dict[str, Rule] = {
    r"\bchristmas eve\b|\bxmas eve\b|平安夜|圣诞前夕": partial(_fixed, 12, 24),
    r"\bboxing day\b": partial(_fixed, 12, 26),
    rf"\b(?:christmas|xmas) day\b|{_WHEN}(?:christmas|xmas)\b(?! (?:eve|day|card|present|gift|shopping|party|dinner))"
    r"|圣诞节?+(?!卡|老|礼|树|前)": partial(_fixed, 12, 25),
    r"\bnew year'?s eve\b|跨年夜?(?!演)": partial(_fixed, 12, 31),
    r"\bnew year'?s(?: day)?\b(?! (?:eve|resolution))|元旦": partial(_fixed, 1, 1),
    r"\bvalentine'?s(?: day)?\b|(?<!白色)(?<!七夕)情人节": partial(_fixed, 2, 14),
    r"\bst\.? patrick'?s day\b": partial(_fixed, 3, 17),
    rf"{_WHEN}halloween\b|万圣节": partial(_fixed, 10, 31),
    r"\bindependence day\b": partial(_fixed, 7, 4),
    r"\bgood friday\b": partial(_from_easter, -2),
    rf"\beaster sunday\b|{_WHEN}easter\b(?! (?:monday|egg|bunny|sunday))|复活节": partial(_from_easter, 0),
    r"\beaster monday\b": partial(_from_easter, 1),
    rf"\bthanksgiving day\b|{_WHEN}thanksgiving\b(?! day)|感恩节": partial(_from_thanksgiving, 0),
    r"\bblack friday\b|黑五|黑色星期五": partial(_from_thanksgiving, 1),
    r"\bcyber monday\b": partial(_from_thanksgiving, 4),
    r"妇女节|三八节|女神节": partial(_fixed, 3, 8),
    r"愚人节": partial(_fixed, 4, 1),
    r"劳动节": partial(_fixed, 5, 1),
    r"儿童节(?!礼)": partial(_fixed, 6, 1),
    r"(?<!双)国庆节?+(?!路)": partial(_fixed, 10, 1),
    r"双十节|双十国庆": partial(_fixed, 10, 10),
    r"双十一|双11(?!\d)": partial(_fixed, 11, 11),
    r"双十二|双12(?!\d)": partial(_fixed, 12, 12),
    r"除夕夜?|大年三十|年三十晚?|年卅晚": partial(_lunar, 1, 1, offset=-1),
    r"元宵节?+": partial(_lunar, 1, 15),
    r"端午节?+|端阳节": partial(_lunar, 5, 5),
    r"七夕(?:情人)?节?+": partial(_lunar, 7, 7),
    r"中元节": partial(_lunar, 7, 15),
    r"中秋节?+": partial(_lunar, 8, 15),
    r"重阳节?+": partial(_lunar, 9, 9),
    r"清明节?+(?!上河)": partial(_solar_term, "清明"),
    r"冬至": partial(_solar_term, "冬至"),
    r"\b(?:chinese|lunar) new year'?s eve\b": partial(_lunar, 1, 1, offset=-1),
    r"\b(?:chinese|lunar) new year(?:'s day)?\b(?!'s eve)|大年初一|春节(?!晚会|联欢)": partial(_lunar, 1, 1),
    r"\bmid-?autumn(?: festival)?\b": partial(_lunar, 8, 15),
}
_HINT = re.compile(
    "christmas|xmas|boxing day|new year|valentine|patrick|halloween|independence|good friday|easter|thanksgiving|"
    "black friday|cyber monday|autumn|节|平安夜|圣诞|跨年|元旦|黑五|黑色星期五|国庆|双十|双1|除夕|大年|年三十|"
    "年卅|年初|正月|元宵|端午|七夕|中元|中秋|重阳|清明|冬至"
)
"""Found in every name of a feast; cheap to look for."""

_NOT_BEFORE = r"(?<!打算)(?<!准备)(?<!祝)(?<!冲)(?<!happy )(?<!merry )"
_NOT_AFTER = r"(?!之?前(?!后)|以[前后]|之后|快乐|高铁|放假|假期|联欢|扫墓|晚会|活动|礼|红包|打折|大促|促销)"
_NEW_YEAR_DAY = rf"(?:大?年|正月)初(?P<lunar_day>[{_LUNAR_DAYS}])"


def find(low: str, now: datetime) -> Iterator[Found]:
    """The feasts a folded message names, each the latest that is not ahead, or that of the year that is named."""
    if not _HINT.search(low):
        return
    for match in _pattern().finditer(low):
        rule = _rule(match)
        moment = _moment(rule, match["year"], now)
        if moment:
            yield Found(match.start(), match.end(), moment)


@cache
def _pattern() -> re.Pattern[str]:
    feasts = "|".join(f"(?P<feast{number}>{pattern})" for number, pattern in enumerate(_FEASTS))
    return re.compile(
        rf"{_NOT_BEFORE}(?:(?P<year>20\d\d|[{''.join(_YEARS)}])年的?|\b(?:on|last|this past) )?"
        rf"(?:{_NEW_YEAR_DAY}|{feasts}){_NOT_AFTER}",
        re.ASCII,
    )


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(_FEASTS.values())


def _rule(match: re.Match[str]) -> Rule:
    if match["lunar_day"]:
        return partial(_lunar, 1, _LUNAR_DAYS.index(match["lunar_day"]) + 1)
    name = match.lastgroup or ""
    return _rules()[int(name.removeprefix("feast"))]


def _moment(rule: Rule, written: str | None, now: datetime) -> Moment | None:
    if not _MOST_YEARS_BACK < now.year < _LAST_LUNAR_YEAR:
        return None
    if written:
        year = now.year + _YEARS[written] if written in _YEARS else int(written)
        return _on(rule, year, now)
    for year in range(now.year + 1, now.year - _MOST_YEARS_BACK, -1):
        moment = _on(rule, year, now)
        if moment and moment.at <= now:
            return moment
    return None


def _on(rule: Rule, year: int, now: datetime) -> Moment | None:
    in_year, month, date = rule(year)
    day = moments.month_day(now, month, date, in_year)
    return Moment(day, DAY) if day else None
