"""Countries, banks and platforms.

The three are looked for in one pass, so that the longest name wins: "China Construction Bank" is a bank and
not also a country, "LINE Bank" no chat.
"""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.lexicon import Lexicon, Term, load, read_terms, term
from bot.nlu.entities.text import Text

COUNTRY, BANK, PLATFORM = "country", "bank", "platform"

_LOCALES = ("en", "zh_Hans", "zh_Hant", "zh_Hant_HK")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_QUALIFIER = re.compile(r"\s*[(（].*$")
_SEPARATOR = ":"


def find(text: Text) -> list[Entity]:
    """The names in a message.

    Returns:
        Entities whose ``value`` is an ISO 3166 alpha-2 code for a ``country``, else the canonical name.
    """
    entities = []
    for hit in _lexicon().scan(text):
        kind, _, name = (hit.name or "").partition(_SEPARATOR)
        entities.append(Entity(kind, hit.start, hit.end, text.raw[hit.start : hit.end], name))
    return entities


@cache
def _lexicon() -> Lexicon:
    terms = [
        *_of_kind(COUNTRY, [*_cldr_countries(), *read_terms("places.yml")]),
        *_of_kind(BANK, read_terms("banks.yml", names_are_terms=True)),
        *_of_kind(PLATFORM, read_terms("platforms.yml", names_are_terms=True)),
    ]
    return Lexicon(terms)


def _of_kind(kind: str, terms: list[Term]) -> Iterator[Term]:
    for item in terms:
        name = None if item.name is None else f"{kind}{_SEPARATOR}{item.name}"
        yield Term(item.form, name, item.exact)


def _cldr_countries() -> Iterator[Term]:
    capitalised = frozenset(load("places.yml")["capitalised"])
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if not (len(code) == 2 and code.isalpha()) or code in _NO_COUNTRY:
                continue
            for form in {name, _QUALIFIER.sub("", name)}:
                exact = form.lower() in capitalised
                yield term(form, code, exact=exact)
