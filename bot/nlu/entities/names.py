"""Countries, banks and platforms.

The three are looked for in one pass, so that the longest name wins: "China Construction Bank" is a bank and
not also a country, "LINE Bank" no chat.
"""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.lexicon import Hit, Lexicon, Term, load, read_terms, term
from bot.nlu.entities.text import Text

COUNTRY, BANK, PLATFORM = "country", "bank", "platform"

_LOCALES = ("en", "zh_Hans", "zh_Hant", "zh_Hant_HK")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_QUALIFIER = re.compile(r"\s*[(（].*$")
_SEPARATOR = ":"
_PLACES = "places.yml"
_DEMONYM, _LANGUAGE = "demonym", "language"
"""Kinds of terms that name a country's people, and its people or its language."""

_LOOKBACK = 24
_SPOKEN_BEFORE = re.compile(
    r"(?:\b(?:speak|speaks|spoke|speaking|spoken|in|into|to|write|writes|reads?|understand|learn|learning|talk|know|"
    r"translate|translated|type|perfect|fluent|broken|simple|simplified|traditional|mandarin|style|language,)"
    r"|[讲说講說用学写换])[ /]*$",
    re.ASCII,
)
_SPOKEN_AFTER = re.compile(
    r"[ -](?:language|version|texts?|characters?|words?|letters|lessons?|class|speak|speaking|accent|translation|"
    r"translated|subtitles|input|typing|menu|food|restaurant|takeaway|cuisine|"
    r"new year|toast|bulldog|salad|please|pls)\b",
)
_FROM_THERE = re.compile(
    r"[ -](?:banks?|accounts?|ibans?|(?:phone |mobile )?numbers?|compan(?:y|ies)|firm|broker|exchange|police|consulate|"
    r"embassy|government|customs|guys?|m[ae]n|wom[ae]n|girls?|lady|ladies|people|nationals?|citizens?|students?|engineer|"
    r"doctor|soldier|general|businessm[ae]n|businesswom[ae]n|investor|trader|girlfriend|boyfriend|wife|husband|passport|"
    r"address|ip|seller|buyer|agency|agent|sim|syndicate|gang|scammers?|actor|model)\b",
)
_IS_FROM_THERE = re.compile(
    r"\b(?:(?:he|she|they|who|guy|man|woman|account|bank|number|company)(?:'s| is| was|'re| are)|i'?m|i am|"
    r"we'?re|we are|to be|half|originally|supposedly) (?:actually |supposedly |originally )?$",
    re.ASCII,
)
_PERSON_BEFORE = re.compile(
    r"\b(?:neighbou?r|friend|son|daughter|brother|sister|cousin|aunt|uncle|nephew|niece|wife|husband|mum|mom|dad|"
    r"boyfriend|girlfriend|partner|colleague|boss|named|called|name is|name's|name was|mr|mrs|ms|miss|dr|dear|hi|hey|"
    r"hello|agent|officer|thanks|girl|guy|lady|kid)[.,:]? ?$",
    re.ASCII,
)
_PERSON_AFTER = re.compile(
    r"(?:'s (?:mum|mom|dad|phone|account|idea|fault)| (?:said|says|told|tells|asked|wants|loves|texted)\b)"
)


def find(text: Text) -> list[Entity]:
    """The names in a message.

    Returns:
        Entities whose ``value`` is an ISO 3166 alpha-2 code for a ``country``, else the canonical name.
    """
    entities = []
    for hit in _lexicon().scan(text):
        kind, _, name = (hit.name or "").partition(_SEPARATOR)
        if kind in {_DEMONYM, _LANGUAGE}:
            if not _is_origin(text.lower, hit, kind):
                continue
            kind = COUNTRY
        elif kind == COUNTRY and _is_person(text.lower, hit):
            continue
        entities.append(Entity(kind, hit.start, hit.end, text.raw[hit.start : hit.end], name))
    return entities


def _is_origin(low: str, hit: Hit, kind: str) -> bool:
    """Whether "Chinese" and the like say where somebody or something is from, not what is spoken."""
    ahead = low[max(0, hit.start - _LOOKBACK) : hit.start]
    if _SPOKEN_BEFORE.search(ahead) or _SPOKEN_AFTER.match(low, hit.end):
        return False
    return kind == _DEMONYM or bool(_FROM_THERE.match(low, hit.end) or _IS_FROM_THERE.search(ahead))


def _is_person(low: str, hit: Hit) -> bool:
    """Whether "Jordan" and the like name somebody."""
    return low[hit.start : hit.end] in _given_names() and bool(
        _PERSON_BEFORE.search(low[max(0, hit.start - _LOOKBACK) : hit.start])
        or _PERSON_AFTER.match(low, hit.end)
    )


@cache
def _given_names() -> frozenset[str]:
    return frozenset(load(_PLACES)["given_names"])


@cache
def _lexicon() -> Lexicon:
    terms = [
        *_of_kind(COUNTRY, [*_cldr_countries(), *read_terms(_PLACES)]),
        *_of_kind(_DEMONYM, _demonyms("demonyms")),
        *_of_kind(_LANGUAGE, _demonyms("demonyms_and_languages")),
        *_of_kind(BANK, read_terms("banks.yml", names_are_terms=True)),
        *_of_kind(PLATFORM, read_terms("platforms.yml", names_are_terms=True)),
    ]
    return Lexicon(terms)


def _of_kind(kind: str, terms: list[Term]) -> Iterator[Term]:
    for item in terms:
        name = None if item.name is None else f"{kind}{_SEPARATOR}{item.name}"
        yield Term(item.form, name, item.exact)


def _demonyms(key: str) -> list[Term]:
    return [term(form, code) for code, forms in load(_PLACES)[key].items() for form in forms]


def _cldr_countries() -> Iterator[Term]:
    capitalised = frozenset(load(_PLACES)["capitalised"])
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if not (len(code) == 2 and code.isalpha()) or code in _NO_COUNTRY:
                continue
            for form in {name, _QUALIFIER.sub("", name)}:
                exact = form.lower() in capitalised
                yield term(form, code, exact=exact)
