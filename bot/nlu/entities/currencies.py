"""How currencies are written before and after an amount."""

from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, list_currencies

from bot.nlu.entities.lexicon import load
from bot.nlu.entities.text import fold, lower

UNIT = "unit"
"""A word for money that does not tell the currency, such as 块."""

_FILE = "currencies.yml"
_LOCALES = ("en", "zh_Hans", "zh_Hant", "zh_Hant_HK")
_GENERIC = frozenset({"$", "dollars", "dollar", "bucks", "buck"})
COINS = frozenset({"USDT", "USDC", "BTC", "ETH", "TRX", "SOL", "BNB", "XRP", "DOGE", "LTC"})
"""Currencies that are paid over a blockchain."""

_COUNTERS = "个枚颗粒"
_GAP = " :"
_SIGNS = frozenset("$£€¥")


@cache
def _forms(side: str) -> dict[str, str]:
    """Folded form to currency; the reviewed list wins over CLDR's names."""
    forms = dict(_cldr_names())
    for code, written in load(_FILE)[side].items():
        forms |= {lower(fold(form)): code for form in written}
    return forms


def _cldr_names() -> Iterator[tuple[str, str]]:
    for name in _LOCALES:
        locale = Locale.parse(name)
        for code in list_currencies(locale):
            for count in (1, 2):
                yield lower(fold(get_currency_name(code, count=count, locale=locale))), code


@cache
def _longest(side: str) -> int:
    return max(map(len, _forms(side)))


def is_generic(form: str) -> bool:
    """Whether a form gives way to a more exact one on the other side of the amount."""
    return form in _GENERIC


def before(low: str, start: int) -> tuple[int, str] | None:
    """The currency written right before ``start``: where its form begins, and its code."""
    end = start - (start > 0 and low[start - 1] in _GAP)
    for length in range(min(_longest("before"), end), 0, -1):
        form = low[end - length : end]
        code = _forms("before").get(form)
        if code and not (_is_letter(form[0]) and end > length and _is_letter(low[end - length - 1])):
            return end - length, code
    return None


def after(low: str, end: int) -> tuple[int, str] | None:
    """The currency written right after ``end``: where its form ends, and its code or `UNIT`."""
    start = end + (end < len(low) and low[end] in _GAP)
    found = _at(low, start)
    if found is None and start < len(low) and low[start] in _COUNTERS:
        counted = _at(low, start + 1 + low.startswith(" ", start + 1))
        return counted if counted and counted[1] in COINS else None
    return found


def _at(low: str, start: int) -> tuple[int, str] | None:
    for length in range(min(_longest("after"), len(low) - start), 0, -1):
        form = low[start : start + length]
        code = _forms("after").get(form)
        past = start + length
        if code and not _runs_on(form[-1], low[past : past + 1]):
            return past, code
    return None


def _runs_on(last: str, following: str) -> bool:
    """Whether a form goes on into a longer word, or is the sign of the next amount."""
    return (_is_letter(last) and _is_letter(following)) or (last in _SIGNS and following.isdigit())


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
