"""Phone numbers."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

import phonenumbers

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text, fold

KIND = "phone"

_CANDIDATE = re.compile(r"(?<![\da-z.,/$£€¥:-])(?:\+|00)?\(?\d(?:[ .()-]{0,2}\d){6,15}(?![\da-z/%]|[.,:-]\d)")
_CUE = re.compile(
    r"(?:\b(?:phone|mobile|cell|tel|telephone|call|called|calls|calling|dial|dialled|text|texted|sms|whatsapp|hotline|"
    r"(?<!report )(?<!case )(?<!ref )(?<!reference )(?<!tracking )(?<!order )(?<!badge )(?<!account )(?<!card )"
    r"(?<!id )(?<!ticket )(?<!file )(?<!serial )number|contact)\b"
    r"|电话|手机|热线|拨打|致电|打给|打去|联系|号码|来电|whatsapp号)\W{0,3}(?:is|was"
    r"|me on|them on|on|from|at|number|号码?|是|为|係|系)?\W{0,3}$"
)
_MOBILE = re.compile(r"1[3-9]\d{9}|09\d{8}")
"""Mainland and Taiwanese mobile numbers are told by their form alone."""

_BRITISH_MOBILE = re.compile(r"07\d{3}[ -]?\d{3}[ -]?\d{3}")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}")

_CODED = re.compile(r"(?:852|853|886|86|65|60|44|61|1)[ -]\(?\d")
"""A country code that is written apart, though without its plus."""

_MOBILE_TYPES = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.PERSONAL_NUMBER})
_REGIONS = ("US", "CN", "TW", "HK", "GB", "AU", "MY", "SG", "NZ")
_NUMBERS_ELSE = re.compile(
    r"(?:\b(?:report|case|ref|reference|tracking|order|badge|account|acct|card|ticket|file|serial|invoice|utr|"
    r"confirmation|transaction)|[单案编账帐卡票序流水]号)\W{0,3}(?:number|no\.?|num|id)?\W{0,3}(?:is|was|是|系|係)?\W{0,3}$",
    re.ASCII,
)
_LOCAL = re.compile(
    r"(?<![\d+(,.$£€¥/-])(?<![\d)][ ])\d{3}[ -]\d{4}(?![\d/%]|[ -]\d|[.,]\d|[ ]?(?:usd|dollars|k\b))",
    re.ASCII,
)
"""A subscriber's number without its area, which counts after a cue."""

_LOOKBACK = 28
_MAX_CANDIDATES = 20
_SHORTEST_UNMARKED = 10


def find(text: Text) -> list[Entity]:
    """The phone numbers in a message.

    A number without a country code counts when it is grouped like one, is a mobile number of the mainland or
    Taiwan, or follows a word such as "call" or 电话.

    Returns:
        Entities whose ``value`` is the number in E.164, ``None`` when more than one region could be meant, or the
        area is not told.
    """
    found = []
    for count, match in enumerate(_CANDIDATE.finditer(text.lower)):
        if count == _MAX_CANDIDATES:
            break
        numbers = _numbers(text.lower, match)
        if numbers:
            found.append(_entity(text, match, numbers.pop() if len(numbers) == 1 else None))
    taken = {index for entity in found for index in range(entity.start, entity.end)}
    for match in _LOCAL.finditer(text.lower):
        if taken.isdisjoint(range(*match.span())) and _is_cued(text.lower, match):
            found.append(_entity(text, match, None))
    return sorted(found, key=lambda entity: entity.start)


def settle(phones: Iterable[Entity], countries: Collection[str]) -> list[Entity]:
    """The same phone numbers, those that several regions could mean read in the countries the message names.

    Args:
        phones: What `find` returned.
        countries: ISO 3166 alpha-2 codes.
    """
    return [_settled(phone, countries) if phone.value is None else phone for phone in phones]


def _settled(phone: Entity, countries: Collection[str]) -> Entity:
    numbers = _valid(re.sub(r"\D", "", fold(phone.text)), sorted(set(countries)))
    return replace(phone, value=numbers.pop()) if len(numbers) == 1 else phone


def _entity(text: Text, match: re.Match[str], value: str | None) -> Entity:
    start, end = match.span()
    return Entity(KIND, start, end, text.raw[start:end], value)


def _is_cued(low: str, match: re.Match[str]) -> bool:
    return bool(_CUE.search(low[max(0, match.start() - _LOOKBACK) : match.start()]))


def _numbers(low: str, match: re.Match[str]) -> set[str]:
    """The valid numbers the digits can be, in E.164."""
    typed = match[0]
    if typed.startswith(("+", "00")):
        return _with_country_code(typed)
    digits = re.sub(r"\D", "", typed)
    if _MOBILE.fullmatch(digits):
        mobile = _valid(digits, ("CN", "TW", "US"))
        if mobile:
            return mobile
    if _NORTH_AMERICAN.fullmatch(typed):
        local = _valid(digits, ("US",))
        if local:
            return local
    cued = _is_cued(low, match)
    grouped = (
        typed != digits
        and len(digits) >= _SHORTEST_UNMARKED
        and not _NUMBERS_ELSE.search(low[max(0, match.start() - _LOOKBACK) : match.start()])
    )
    if not (cued or grouped):
        return set()
    if _BRITISH_MOBILE.fullmatch(typed):
        return {f"+44{digits[1:]}"}
    return _with_country_code(digits) if _CODED.match(typed) else _local(digits)


def _with_country_code(typed: str) -> set[str]:
    """A number that tells its country, also of a range that is not in use: numbers of scammers are often forged."""
    try:
        number = phonenumbers.parse(f"+{typed.lstrip('+0')}", None)
    except phonenumbers.NumberParseException:
        return set()
    if not phonenumbers.is_possible_number(number):
        return set()
    return {phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}


def _local(digits: str) -> set[str]:
    """What the digits can be in the regions, mobile numbers alone where there are any; scammers call from these."""
    numbers = {region: _valid(digits, (region,)) for region in _REGIONS}
    every = set().union(*numbers.values())
    mobile = {
        number for number in every if phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILE_TYPES
    }
    return mobile or every


def _valid(digits: str, regions: Iterable[str | None]) -> set[str]:
    numbers = set()
    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            numbers.add(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return numbers
