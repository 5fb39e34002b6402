"""Amounts of money, in figures and in English and Chinese words."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.entities import currencies
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.numerals import (
    CHINESE_DIGITS,
    CHINESE_UNITS,
    ENGLISH_NUMBER,
    MAGNITUDES,
    Number,
    chinese,
    english,
)
from bot.nlu.entities.text import Text

KIND = "money"

_GROUPED_BY_POINTS = r"\d{1,3}(?:\.\d{3})++(?:,\d{1,2})?(?![\d.])"
_FIGURE = (
    rf"\d{{1,3}}(?:'\d{{3}})++(?!\d)(?:\.\d{{1,2}})?|\d{{1,3}}(?:,\d{{3}})++(?!\d)(?:\.\d{{1,8}})?|{_GROUPED_BY_POINTS}"
    r"|\d{1,15}(?:\.\d{1,8})?(?!\d)"
)
_HAN = (
    f"(?!一(?:[笔次个张天共直起边家样些会开分毛]|点(?![{CHINESE_DIGITS}])))[{CHINESE_DIGITS}{CHINESE_UNITS}]"
)
"""A character of a numeral, without the 一 that begins the next word (4万一笔, 五千一次)."""

_MAGNITUDE = (
    "|".join(sorted(MAGNITUDES, key=len, reverse=True)).replace("lakh", "lakhs?").replace("crore", "crores?")
)
_CODE = r"(?:usdt|usdc|usd|u|btc|eth|rmb|cny|hkd|ntd|twd|sgd|myr|aud|cad|gbp|eur)(?![a-z])"
_NUMBER = re.compile(
    rf"""
    (?<![\d.])(?<!\d,)
    (?:
        (?P<low>\d{{1,9}}(?:\.\d)?|[一二两三四五六七八九])
        [ ]?(?:[-~–—至到]|to)[ ]?(?=[\d一二两三四五六七八九])
    )?
    (?:
        (?P<figure>{_FIGURE})
        (?:
            [ ]?(?P<unit>[十百千万亿](?:\d(?!\d|{_HAN})|(?:{_HAN}|\d){{0,10}}))
          | [ ]?(?P<magnitude>{_MAGNITUDE})(?:(?P<tail>\d)(?!\d))?(?:(?![a-z])|(?={_CODE}))
        )?
      | (?P<han>(?:(?:几|(?<![过入找])数)(?=[{CHINESE_UNITS}]))?(?:{_HAN}){{1,20}}(?:点(?:{_HAN}){{1,8}})?)
      | (?<![a-z])(?P<words>{ENGLISH_NUMBER})(?![a-z])
    )
    (?P<slang>皮[嘢野]|[嚿旧]水|球[嘢野水])?
    (?P<more>[多几来余](?P<scale>[百千万亿]{{0,2}}))?
    """,
    re.VERBOSE,
)
_SLANG = {"皮": Decimal(10_000), "嚿": Decimal(100), "旧": Decimal(100), "球": Decimal(1_000_000)}
"""What Cantonese counts money by: 两皮嘢 is 20000."""

_MAGNITUDE_IN_HAN = re.compile(r"[百千万亿佰仟]")
_LONE_MAGNITUDE = re.compile(r"[百千万亿佰仟]")
_SCALE_WORD = re.compile(r"(?:hundred|thousand|grand|lakh|crore|million|mil|billion)s?")
_A_GRAND_NOUN = re.compile(r" (?!to\b|from\b|in\b|on\b|for\b|and\b|by\b|via\b|last\b|so\b)[a-z]")
_PER_CENT = re.compile(r" ?(?:%|percent\b|per cent\b|个百分点|分[之钟]|[折成倍])")
_FRACTION_BEFORE = re.compile(r"(?:分之|第|百分)$")
_COUNTER = re.compile(
    r" ?(?:个 ?[^\W\d_]|[家笔位名人次天日年月周岁届层楼号条张件股票度里米斤字封页步集赞粉群]|小时|分钟"
    r"|秒|公里|平方|点赞|"
    r"(?:\w+ )?(?:people|persons?|members?|followers?|friends?|users?|times|days?|weeks?|months?|years?"
    r"|hours?|"
    r"minutes?|mins?|miles|km|kg|messages?|photos?|pictures?|steps|likes|views|reviews|shares|tasks|words|calls|"
    r"victims|stars|run|tv|thanks|apologies|questions|reasons|things|ways|books|pages|emails?|letters)\b)"
)
_ABOUT_BEFORE = re.compile(
    r"(?:\b(?:about|around|roughly|approx(?:\.|imately)?|nearly|almost|over|more than|close to|up to"
    r"|at least|like|"
    r"some|just under|less than)|[~≈]|大概|大约|约|差不多|将近|接近|快|超过|近|起码|至少|上|好)\s*$"
)
_ABOUT_AFTER = re.compile(r"\s?(?:or so\b|-?ish\b|left or right|左右|上下|以上|多|\+|plus\b)")
_NOT_AN_AMOUNT = re.compile(
    r"(?:\b(?:no\.?|number|id|account|acct|a/c|card|case|ref|reference|phone|call|called|calling|dial|dialled|"
    r"hotline|tel|zip|zipcode|postcode|ext|code|room|flight|order|ticket|bus|route|unit|version|year|ending|"
    r"ending in|since|form|badge|pin|otp|section|article)|#|号码|单号|[账帐卡案警编群尾户]号|电话|热线"
    r"|拨打|致电|验证码|密码|代码)"
    r"[\"')]?\s*(?:is|was|[:：是为#])?\s*$",
    re.ASCII,
)
_WATTS = re.compile(r" ?(?:的)?(?:快?充|闪充|功率|适配器|灯|电[池源器]|瓦|charg|bulb|adapt|power|fast|usb)")
_DIALLED = re.compile(r"打[了过咗]?\s?$")
_ROUND = 100
_OF = " of"
_ARTICLES = frozenset({"a", "an"})
_JOINED = frozenset("-/:#_.@\\=&?")
_LOOKBACK = 24
_PAID_BEFORE = re.compile(
    r"(?:\b(?:send|sent|sending|pay|paid|paying|lost|lose|wired|wire|wants?|asked for|asks for|demands?|demanded|put|"
    r"invested|borrowed|spent|charged|venmo(?:'?e?d)?|zelled?|paypal(?:ed)?|cash ?app(?:ed)?|fee of|deposit of|"
    r"deposit(?:ed)?|transfer(?:red)?|gave|give|put in"
    r"|topped up|another|"
    r"extra|deduct(?:ed)?|owe)(?: (?:the|them|him|her|me|us|about|around|over|only|just|like|another"
    r"|in)){0,2}|"
    r"(?:[转汇付打给俾畀交充投亏收扣存刷花借欠缴赔返垫入][了咗过走掉我佢]{0,2}|(?<![不需只主])要我?(?:再?[交付给转]|先)?|被骗了?|骗了我?|损失了?|过[了咗]数))\s?$"
)
_LEAST_BARE, _LEAST_PAID, _MOST_BARE_DIGITS = 1000, 100, 9
_YEARS = range(1900, 2101)
_ALONE = re.compile(r"[\s。.,!~?]*")
_POINT_GROUPED_CURRENCIES = frozenset({"EUR", "IDR", "VND"})
_TOGETHER = re.compile(r"一块(?!钱)")


def find(text: Text) -> list[Entity]:
    """The amounts in a message.

    A number is an amount when a currency or a magnitude stands with it ("50k", "三万五"), and a bare figure
    when it is large or the whole message, and nothing around it says that it counts or numbers something.

    Returns:
        Entities with the value ``{"amount": decimal string, "currency": ISO 4217 code, coin or None,
        "approximate": bool}``. An approximate amount is the least that was said.
    """
    return list(_amounts(text))


def _amounts(text: Text) -> Iterator[Entity]:
    position = left = 0
    while match := _NUMBER.search(text.lower, position):
        entity = _amount(text, match, left)
        position = max(match.end(), entity.end) if entity else _resume(match)
        if entity:
            left = entity.end
            yield entity


def _resume(match: re.Match[str]) -> int:
    """After a refused range the second number gets its own try."""
    return match.end("low") if match["low"] else match.end()


def _amount(text: Text, match: re.Match[str], left: int) -> Entity | None:
    """The amount of a match; what is before ``left`` belongs to the one before."""
    low, (start, end) = text.lower, match.span()
    ahead = currencies.before(low, start)
    if ahead and ahead[0] < left:
        ahead = None
    behind = currencies.after(low, end + len(_OF) if match["words"] and low.startswith(_OF, end) else end)
    if behind and behind[1] == currencies.UNIT:
        behind = currencies.after(low, behind[0]) or behind
    currency = _currency(low, start, end, ahead, behind)
    if not _is_money(low, match, has_currency=bool(ahead or behind)):
        return None
    number = _number(match, currency)
    if number is None or not number.value:
        return None
    start = ahead[0] if ahead else start
    end = behind[0] if behind else end
    approximate = number.approximate or bool(
        match["more"]
        or _ABOUT_BEFORE.search(low[max(0, start - _LOOKBACK) : start])
        or _ABOUT_AFTER.match(low, end)
    )
    value = {"amount": _plain(number.value), "currency": currency, "approximate": approximate}
    return Entity(KIND, start, end, text.raw[start:end], value)


def _currency(
    low: str, start: int, end: int, ahead: tuple[int, str] | None, behind: tuple[int, str] | None
) -> str | None:
    """The more exact of what stands before and after the amount."""
    written = [
        (code, low[span].strip())
        for code, span in (
            (behind[1] if behind else None, slice(end, behind[0] if behind else end)),
            (ahead[1] if ahead else None, slice(ahead[0] if ahead else start, start)),
        )
        if code not in (None, currencies.UNIT)
    ]
    written.sort(key=lambda item: currencies.is_generic(item[1]))
    return written[0][0] if written else None


def _is_money(low: str, match: re.Match[str], *, has_currency: bool) -> bool:
    start, end = match.span()
    if _PER_CENT.match(low, end) or _FRACTION_BEFORE.search(low[max(0, start - 2) : start]):
        return False
    if match["words"] in _ARTICLES:
        return False
    if has_currency or match["slang"]:
        return not _TOGETHER.match(low, start)
    if _COUNTER.match(low, end) or _is_joined(low, start, match.end()):
        return False
    if match["words"]:
        return _are_amount_words(low, match)
    if match["han"]:
        return bool(_MAGNITUDE_IN_HAN.search(match[0])) and not _is_idiom(low, match)
    if match["unit"] or match["scale"]:
        return bool(_MAGNITUDE_IN_HAN.search(match[0]))
    if match["magnitude"]:
        if match["magnitude"] == "w" and _WATTS.match(low, match.end()):
            return False
        return match["magnitude"] != "m" and not low.startswith(("401k", "403b"), start)
    return not match["low"] and _is_bare_amount(low, match)


def _is_joined(low: str, start: int, end: int) -> bool:
    """Whether the number is a part of something else, such as a product name or a path."""
    ahead, behind = low[start - 1 : start], low[end : end + 1]
    if ahead in _JOINED or (ahead.isascii() and ahead.isalpha()):
        return True
    continues = low[end + 1 : end + 2].isalnum()
    return (behind in _JOINED and continues) or (behind.isascii() and behind.isalpha())


def _are_amount_words(low: str, match: re.Match[str]) -> bool:
    words = match["words"]
    if words == "a grand":
        return not _A_GRAND_NOUN.match(low, match.end())
    return bool(_SCALE_WORD.search(words)) and not _SCALE_WORD.fullmatch(words)


def _is_idiom(low: str, match: re.Match[str]) -> bool:
    """千万不要, 万一, 百分: a magnitude without a digit is no amount, unless it follows 上 or 近; 二百五 is a fool."""
    if match["han"] == "二百五" and low[match.start() - 1 : match.start()] in set("个是像当真啲嘅"):
        return True
    return bool(_LONE_MAGNITUDE.match(match["han"])) and low[match.start() - 1 : match.start()] not in {
        "上",
        "近",
        "过",
    }


def _is_bare_amount(low: str, match: re.Match[str]) -> bool:
    start, end = match.span("figure")
    whole = re.sub("[,']", "", match["figure"])
    if _ALONE.fullmatch(low[:start]) and _ALONE.fullmatch(low[end:]):
        return len(whole) <= _MOST_BARE_DIGITS
    ahead = low[max(0, start - _LOOKBACK) : start]
    least = _LEAST_PAID if _PAID_BEFORE.search(ahead) else _LEAST_BARE
    if not whole.isdigit() or whole[0] == "0" or len(whole) > _MOST_BARE_DIGITS or int(whole) < least:
        return False
    if "," not in match["figure"] and int(whole) in _YEARS and (int(whole) % _ROUND or least == _LEAST_BARE):
        return False
    return not _NOT_AN_AMOUNT.search(ahead) and not (int(whole) % _ROUND and _DIALLED.search(ahead))


def _number(match: re.Match[str], currency: str | None) -> Number | None:
    if match["words"]:
        number = english(match["words"])
    elif match["han"]:
        number = chinese(match["han"])
    else:
        number = _from_figure(match, currency)
    if number is None:
        return None
    if match["slang"]:
        number = Number(number.value * _SLANG[match["slang"][0]], number.approximate)
    if match["scale"]:
        scale = chinese(match["scale"])
        number = Number(number.value * scale.value) if scale else number
    return _lower_end(match["low"], match["figure"] or match["han"], number)


def _from_figure(match: re.Match[str], currency: str | None) -> Number | None:
    figure = _plain_figure(match["figure"], currency)
    magnitude = (match["magnitude"] or "").removesuffix("s")
    if match["unit"]:
        return chinese(figure + match["unit"])
    if match["tail"]:
        return Number(
            Decimal(figure) * MAGNITUDES[magnitude] + int(match["tail"]) * MAGNITUDES[magnitude] / 10
        )
    return Number(Decimal(figure) * MAGNITUDES.get(magnitude, Decimal(1)))


def _plain_figure(figure: str, currency: str | None) -> str:
    """A figure in Python's notation; "1.000,50" and "€1.000" are grouped by points."""
    by_points = re.fullmatch(_GROUPED_BY_POINTS, figure)
    if by_points and ("," in figure or figure.count(".") > 1 or currency in _POINT_GROUPED_CURRENCIES):
        return figure.replace(".", "").replace(",", ".")
    return figure.replace(",", "").replace("'", "")


def _lower_end(low: str | None, high: str | None, number: Number) -> Number:
    """The lower end of a range such as "40-50k", in the magnitude of its upper end."""
    if not low or not high:
        return number
    first = chinese(low)
    leading = re.match(r"[\d.,]+|[一二两三四五六七八九]", high)
    last = chinese(leading[0].replace(",", "")) if leading else None
    if first is None or last is None or not 0 < first.value < last.value:
        return Number(number.value, approximate=True)
    return Number(number.value * first.value / last.value, approximate=True)


def _plain(value: Decimal) -> str:
    """Decimal notation without an exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
