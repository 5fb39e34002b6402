"""Numbers, addresses and characters of an answer that come neither from the registry nor from the person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from actions import words
from actions.case.model import Case
from actions.registry import Channel, registry
from actions.registry_texts import localised_texts
from actions.resume_code import shown
from bot.languages import CHINESE, ENGLISH
from bot.nlu.han import HAN
from bot.nlu.script import of_the_other_script
from bot.style_words import style_words

_FEWEST_DIGITS = 3
_NUMBER = re.compile(
    r"(?<![A-Za-z\d.,:$€£¥/-])\+?\d(?:[ ().-]{0,2}\d)+(?![\d,:/%A-Za-z]|\s?(?:of the|days|天))"
)
_LIST_NUMBER = re.compile(r"^\d{1,2}\. ", re.MULTILINE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ADDRESS = re.compile(
    r"https?://[^\s，。；、）」”\"]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|cn|hk|tw|sg|io|edu|au|uk|my)\b",
    re.IGNORECASE,
)
_SENTENCE_OF_LATIN = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[ ,;:()]+){4,}[A-Za-z]+")


def numbers_of_nobody(answer: str, said: Iterable[str], case: Case) -> list[str]:
    """Numbers that could be dialled and are neither the registry's nor the person's."""
    found = {
        number: digits
        for number in _NUMBER.findall(_LIST_NUMBER.sub("", _without_own_words(answer, case)))
        if len(digits := _digits(number)) >= _FEWEST_DIGITS
        and digits not in _registry_numbers()
        and not _YEAR.fullmatch(digits)
    }
    if not found:
        return []
    own = _digits(" ".join(said))
    amounts = {_digits(str(payment.amount)) for payment in case.payments if payment.amount is not None}
    return [number for number, digits in found.items() if digits not in own and digits not in amounts]


def addresses_of_nobody(answer: str, said: Iterable[str]) -> list[str]:
    """Addresses that are neither the registry's nor the person's."""
    found = (address.casefold().rstrip("/.") for address in _ADDRESS.findall(answer))
    strange = [address for address in found if address not in _registry_addresses()]
    own = unicodedata.normalize("NFKC", " ".join(said)).casefold() if strange else ""
    return [address for address in strange if address not in own]


def in_another_language(text: str, case: Case, language: str) -> str:
    """What of `text` is not in `language`; the person's words and official names aside."""
    if not _foreign(text, language):
        return ""
    for known in (*_own_words(case), *_official(language)):
        text = text.replace(known, " ")
    return _foreign(_ADDRESS.sub(" ", text), language)


def _foreign(text: str, language: str) -> str:
    if language == ENGLISH:
        return "".join(HAN.findall(text))
    found = _SENTENCE_OF_LATIN.search(text)
    return "".join(of_the_other_script(text, language)) + (found[0] if found else "")


@cache
def _official(language: str) -> tuple[str, ...]:
    """The registry's texts and official names that are themselves not in `language` throughout."""
    texts = {text.in_(language) for _, _, text in localised_texts(registry())}
    named = [*style_words().names, *texts]
    return tuple(sorted((name for name in named if _foreign(name, language)), key=len, reverse=True))


def _without_own_words(text: str, case: Case) -> str:
    for own in _own_words(case):
        text = text.replace(own, " ")
    return text


def _own_words(case: Case) -> Iterator[str]:
    """Words of the person that an answer may repeat, the longest first, and codes made here."""
    quotes = [quote for quote in case.signs.values() if quote]
    payments = [
        word for payment in case.payments for word in (payment.institution, *payment.recipient) if word
    ]
    told = [key.partition(":")[2] for key in case.told if key.startswith("mistyped:")]
    contact = [case.contact.value] if case.contact and case.contact.value else []
    code = [shown(case.resume_code)] if case.resume_code else []
    made_here = [*(filed.reference for filed in case.filed), *code]
    yield from sorted({*quotes, *payments, *told, *contact, *made_here}, key=len, reverse=True)


def _digits(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdecimal())


@cache
def _registry_numbers() -> frozenset[str]:
    """Digits of every number that may be shown: phones as kept and as shown, and numbers in texts."""
    phones = [phone for channel in _recommended() for phone in channel.phone]
    as_read = [words.dialable(phone) for phone in phones]
    in_texts = [number for text in _registry_texts() for number in _NUMBER.findall(text)]
    return frozenset(map(_digits, (*phones, *as_read, *in_texts)))


@cache
def _registry_addresses() -> frozenset[str]:
    urls = [str(channel.url) for channel in _recommended() if channel.url]
    in_texts = [address for text in _registry_texts() for address in _ADDRESS.findall(text)]
    return frozenset(address.casefold().rstrip("/.") for address in (*urls, *in_texts))


def _recommended() -> Iterator[Channel]:
    for place in registry().channels:
        yield from registry().recommended(place)


def _registry_texts() -> Iterator[str]:
    for _, _, text in localised_texts(registry()):
        yield from (text.in_(language) for language in (ENGLISH, *CHINESE))
