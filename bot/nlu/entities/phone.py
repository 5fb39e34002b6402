"""Phone numbers."""

import re

import phonenumbers

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "phone"

_CANDIDATE = re.compile(r"(?<![\da-z.,/$£€¥:-])(?:\+|00)?\(?\d(?:[ .()-]{0,2}\d){6,15}(?![\da-z/%]|[.,:-]\d)")
_CUE = re.compile(
    r"(?:\b(?:phone|mobile|cell|tel|telephone|call|called|calls|calling|dial|dialled|text|texted|sms|whatsapp|hotline|"
    r"number|contact)\b|电话|手机|热线|拨打|致电|打给|打去|联系|号码|来电|whatsapp号)\W{0,3}(?:is|was"
    r"|me on|them on|on|from|at|number|号码?|是|为|係|系)?\W{0,3}$"
)
_MOBILE = re.compile(r"1[3-9]\d{9}|09\d{8}")
"""Mainland and Taiwanese mobile numbers are told by their form alone."""

_NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}")

_REGIONS = ("US", "CN", "TW", "HK", "GB", "AU", "MY", "SG", "NZ")
_LOOKBACK = 28
_MAX_CANDIDATES = 20
_SHORTEST_UNMARKED = 10


def find(text: Text) -> list[Entity]:
    """The phone numbers in a message.

    A number without a country code counts when it is grouped like one, is a mobile number of the mainland or
    Taiwan, or follows a word such as "call" or 电话.

    Returns:
        Entities whose ``value`` is the number in E.164, ``None`` when more than one region could be meant.
    """
    found = []
    for count, match in enumerate(_CANDIDATE.finditer(text.lower)):
        if count == _MAX_CANDIDATES:
            break
        numbers = _numbers(text.lower, match)
        if numbers:
            start, end = match.span()
            value = numbers.pop() if len(numbers) == 1 else None
            found.append(Entity(KIND, start, end, text.raw[start:end], value))
    return found


def _numbers(low: str, match: re.Match[str]) -> set[str]:
    """The valid numbers the digits can be, in E.164."""
    typed = match[0]
    if typed.startswith(("+", "00")):
        return _valid(f"+{typed.lstrip('+0')}", (None,))
    digits = re.sub(r"\D", "", typed)
    if _MOBILE.fullmatch(digits):
        mobile = _valid(digits, ("CN", "TW", "US"))
        if mobile:
            return mobile
    if _NORTH_AMERICAN.fullmatch(typed):
        local = _valid(digits, ("US",))
        if local:
            return local
    cued = bool(_CUE.search(low[max(0, match.start() - _LOOKBACK) : match.start()]))
    grouped = typed != digits and len(digits) >= _SHORTEST_UNMARKED
    return _valid(digits, _REGIONS) if cued or grouped else set()


def _valid(digits: str, regions: tuple[str | None, ...]) -> set[str]:
    numbers = set()
    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            numbers.add(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return numbers
