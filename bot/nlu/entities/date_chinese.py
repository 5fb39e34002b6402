"""Expressions of time in Mandarin and Cantonese, written in Simplified characters."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache

from bot.nlu.entities import moments
from bot.nlu.entities.moments import DAY, HOUR, MINUTE, MONTH, WEEK, Clock, Found, Moment
from bot.nlu.entities.numerals import chinese

_PARTS = {
    "凌晨": moments.DAWN,
    "半夜": moments.DAWN,
    "清晨": moments.MORNING,
    "早晨": moments.MORNING,
    "早上": moments.MORNING,
    "朝早": moments.MORNING,
    "上午": moments.MORNING,
    "上昼": moments.MORNING,
    "中午": moments.NOON,
    "晏昼": moments.NOON,
    "正午": moments.NOON,
    "下午": moments.AFTERNOON,
    "下昼": moments.AFTERNOON,
    "午后": moments.AFTERNOON,
    "傍晚": moments.EVENING,
    "黄昏": moments.EVENING,
    "深夜": moments.NIGHT,
    "晚上": moments.EVENING,
    "晚间": moments.EVENING,
    "夜晚": moments.EVENING,
    "夜里": moments.NIGHT,
    "夜间": moments.NIGHT,
    "朝": moments.MORNING,
    "晨": moments.MORNING,
    "早": moments.MORNING,
    "晚": moments.EVENING,
    "夜": moments.NIGHT,
}
_LONG_PARTS = "|".join(part for part in _PARTS if len(part) > 1)
_PART = "|".join(_PARTS)
_DIGITS = "一二两三四五六七八九十"
_NO_AMOUNT = r"(?![万千百亿块元刀蚊镑个枚wk%\d.十])"
_CLOCK = (
    r"(?:大概|大约|约|差不多)?"
    rf"(?P<hour>\d{{1,2}}|[{_DIGITS}]{{1,3}})(?:"
    r":(?P<colon>\d{2})(?!\d)"
    r"|(?:点|时(?![候间]))(?P<whole>钟|正|整)?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{{1,2}}(?!\d)|零?[{_DIGITS}]{{1,3}})(?:(?P<mark>分)钟?|{_NO_AMOUNT}))?"
    r")"
)
_TAIL = rf"(?:[ ,]?(?:的|嗰)?(?P<part>{_PART}))?(?:[ ,]?{_CLOCK})?"
_DAYS = {
    "大前天": -3,
    "大前日": -3,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "昨儿": -1,
    "寻日": -1,
    "琴日": -1,
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "明天": 1,
    "明日": 1,
    "听日": 1,
    "大后天": 3,
    "后天": 2,
    "后日": 2,
}
_SHORT_DAYS = {"前": -2, "昨": -1, "琴": -1, "寻": -1, "今": 0, "明": 1, "听": 1}
_UNITS = {
    "分": MINUTE,
    "刻": MINUTE,
    "小": HOUR,
    "钟": HOUR,
    "天": DAY,
    "日": DAY,
    "星": WEEK,
    "礼": WEEK,
    "周": WEEK,
    "月": MONTH,
}
_QUARTER_MINUTES = 15
_WHICH = r"上上个?|上个?|今个?|这个?|本|下个?"
_WEEK = "周|星期|礼拜"
_WEEKDAYS = {
    char: number
    for number, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6末", "日天7"))
    for char in chars
}
_YEARS = {"前": -2, "去": -1, "今": 0, "明": 1}
_TAIWAN_YEARS = range(90, 200)
_TAIWAN_EPOCH = 1911
_ARABIC = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NO_DAY_MARK = r"(?=[ ,，。、.的早晚凌那我他她佢对骗转汇付情元]|[上下中]午|$)(?![ ]?[万千百亿块元刀个号日月])"
"""After 二月十四 and 3月5, whose 日 is left out."""

_MONTH = "1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十]"
_DATE = r"\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"


_BY = re.compile(r"(?:截止到?|最迟|最晚|期限是?|截止日期是?|deadline[是系]?|下次|约好|要等到|等到)[ :：]?$")
_BEFORE = re.compile(r"[ ]?(?:之前|以前|前)")
_DEMANDED = re.compile(r"(?:要|必须|得|限|让我|叫我|催|逼|需)[^，。,.!?！？]{0,8}$")
_LOOKBACK = 12

# 两三天前 and 三五天前: the longer ago, so that a deadline is never told too late.
_A_RANGE = re.compile(r"[一二两三四五六七八九]{2}")


def find(low: str, now: datetime) -> Iterator[Found]:
    """The expressions of time in a folded message, from each rule; they may overlap."""
    for pattern, rule in _rules():
        for match in pattern.finditer(low):
            moment = rule(match, now)
            if moment is not None:
                yield Found(match.start(), match.end(), moment)


def _int(numeral: str) -> int:
    number = chinese(numeral)
    return int(number.value) if number else 0


def _clock(match: re.Match[str]) -> tuple[str | None, Clock | None]:
    part = _PARTS.get(match["part"] or "")
    if match["hour"] is None:
        return part, None
    minute = None
    if match["colon"] or match["minute"]:
        minute = _int(match["colon"] or match["minute"])
    elif match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = _int(match["quarter"]) * _QUARTER_MINUTES
    return part, Clock(_int(match["hour"]), minute)


def _on(day: datetime | None, match: re.Match[str], now: datetime) -> Moment | None:
    return moments.on_day(day, DAY, *_clock(match), now) if day else None


def _just_now(match: re.Match[str], now: datetime) -> Moment:
    return Moment(now.replace(second=0, microsecond=0), MINUTE)


def _relative_day(match: re.Match[str], now: datetime) -> Moment | None:
    return _on(now + timedelta(days=_DAYS[match["day"]]), match, now)


def _short_day(match: re.Match[str], now: datetime) -> Moment | None:
    return _on(now + timedelta(days=_SHORT_DAYS[match["day"]]), match, now)


def _ago(match: re.Match[str], now: datetime) -> Moment | None:
    written = match["count"]
    vague = written in {"几", "好几", "数", "多"} or _A_RANGE.fullmatch(written) is not None
    if _A_RANGE.fullmatch(written):
        written = written[1:]
    elif written == "十几":
        written, vague = "十", True
    if written == "半":
        count = 0.5
    else:
        number = chinese(written.removeprefix("好"))
        if number is None or number.value >= 1000:
            return None
        count, vague = float(number.value), vague or number.approximate
    if match["half_before"] or match["half_after"]:
        count += 0.5
    unit = match["unit"].removeprefix("个")
    if unit.startswith("刻"):
        count *= _QUARTER_MINUTES
    return moments.ago(now, _UNITS[unit[0]], count, vague=vague)


def _last_few_days(match: re.Match[str], now: datetime) -> Moment:
    return moments.ago(now, DAY, 2, vague=True)


def _weekday(match: re.Match[str], now: datetime) -> Moment | None:
    weekday = _WEEKDAYS[match["weekday"]]
    if match["which"] is None:
        read = moments.weekday_after if _is_ahead(match) else moments.weekday_before
        day = read(now, weekday)
    else:
        day = moments.week_of(now, _offset(match["which"])) + timedelta(days=weekday)
    return _on(day, match, now)


def _is_ahead(match: re.Match[str]) -> bool:
    """Whether the words around say that the day is still to come: 要我周五前, 截止3月24号."""
    ahead = match.string[max(0, match.start() - _LOOKBACK) : match.start()]
    return bool(_BY.search(ahead) or (_BEFORE.match(match.string, match.end()) and _DEMANDED.search(ahead)))


def _offset(which: str) -> int:
    if which.startswith("上上"):
        return -2
    return {"上": -1, "下": 1}.get(which[0], 0)


def _week(match: re.Match[str], now: datetime) -> Moment:
    return Moment(moments.week_of(now, _offset(match["which"])), WEEK)


def _month(match: re.Match[str], now: datetime) -> Moment | None:
    first = moments.month_of(now, _offset(match["which"]))
    if match["date"] is None:
        return Moment(first, MONTH)
    return _on(moments.month_day(now, first.month, _int(match["date"]), first.year), match, now)


def _calendar(match: re.Match[str], now: datetime) -> Moment | None:
    year = _year(match["year"], now)
    month = _int(match["month"])
    if match["date"] is None:
        first = moments.month_day(now, month, 1, year)
        return Moment(first, MONTH) if first else None
    read = moments.month_day_ahead if year is None and _is_ahead(match) else moments.month_day
    return _on(read(now, month, _int(match["date"]), year), match, now)


def _year(written: str | None, now: datetime) -> int | None:
    if written is None:
        return None
    if written in _YEARS:
        return now.year + _YEARS[written]
    year = int(written.translate(_ARABIC))
    if year in _TAIWAN_YEARS:
        return year + _TAIWAN_EPOCH
    return year + 2000 if year < 100 else year


def _day_of_month(match: re.Match[str], now: datetime) -> Moment | None:
    return _on(moments.day_of_month(now, _int(match["date"])), match, now)


def _slashed(match: re.Match[str], now: datetime) -> Moment | None:
    year = int(match["year"]) if match["year"] else None
    return _on(moments.month_day(now, int(match["month"]), int(match["date"]), year), match, now)


def _time_alone(match: re.Match[str], now: datetime) -> Moment | None:
    part, clock = _clock(match)
    if clock is None or not clock.exists:
        return None
    if not part and not (match["whole"] or match["half"] or match["mark"] or match["quarter"]):
        return None
    return moments.today_or_yesterday(part, clock, now)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Moment | None]], ...]:
    rules: tuple[tuple[str, Callable[[re.Match[str], datetime], Moment | None]], ...] = (
        (r"刚刚(?!好)|刚才|刚先|方才|啱啱|头先|正话", _just_now),
        (rf"(?<![以今然之])(?P<day>{'|'.join(_DAYS)}){_TAIL}", _relative_day),
        (
            rf"(?<!以)(?<!之)(?P<day>[{''.join(_SHORT_DAYS)}])(?P<part>早上|早|晨|朝早|朝|晚上|晚|夜)"
            rf"(?:[ ,]?{_CLOCK})?",
            _short_day,
        ),
        (
            rf"(?<![\d.])(?P<count>\d{{1,3}}(?:\.5)?|十几|[{_DIGITS}百]{{1,4}}|半|好?几|数|多)"
            rf"(?P<half_before>个半)?[ ]?(?:多|来)?"
            r"(?P<unit>分钟?|刻钟|个?小时|个?钟头|个?钟|天|日|个?星期|个?礼拜|周|个月)"
            r"(?P<half_after>半)?(?:多|左右)?[ ]?[以之]?前",
            _ago,
        ),
        (r"(?:前(?:几|两)[天日]|这(?:几|两)[天日](?![只都总老每天晚睡吃整一我心真很]))", _last_few_days),
        (
            rf"(?<![每\d{_DIGITS}])(?P<which>{_WHICH})?(?:{_WEEK})"
            rf"(?P<weekday>[一二三四五六日天末]|[1-7](?!\d))(?![万千百十]|[ ]?[次块元])(?<!日元){_TAIL}",
            _weekday,
        ),
        (rf"(?P<which>{_WHICH})(?:{_WEEK})(?![日天末])(?![一二三四五六](?![万千百十]))", _week),
        (rf"(?P<which>{_WHICH})月(?:份)?(?:(?P<date>{_DATE})[日号]{_TAIL})?", _month),
        (
            rf"(?<![\d.])(?:民国)?(?:(?P<year>\d{{2,4}}|[零〇一二三四五六七八九]{{4}}|[{''.join(_YEARS)}])年)?"
            rf"(?<![\d点{_DIGITS}])(?P<month>{_MONTH})月(?:份)?"
            rf"(?:[ ]?(?P<date>{_DATE})(?:[日号]|{_NO_DAY_MARK}){_TAIL})?",
            _calendar,
        ),
        (
            rf"(?<![\d尾编序账帐卡单{_DIGITS}])(?P<date>\d{{1,2}}|[二三]?十[一二三四五六七八九]?)[号日]"
            rf"(?=那天|当天|早|上午|中午|下午|晚|凌晨|转|汇|付|打[钱款了]|被骗){_TAIL}",
            _day_of_month,
        ),
        (
            rf"(?<![\w./$-])(?:(?P<year>20\d{{2}})[-/.])?(?P<month>\d{{1,2}})[-/.](?P<date>\d{{1,2}})"
            rf"(?=[ ]?(?:的|嗰)?(?:{_LONG_PARTS}|早|晚)){_TAIL}",
            _slashed,
        ),
        (rf"(?<![\d.{_DIGITS}第])(?:(?P<part>{_LONG_PARTS})[ ]?)?{_CLOCK}", _time_alone),
    )
    return tuple((re.compile(pattern), rule) for pattern, rule in rules)
