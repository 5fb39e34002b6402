"""Words and names from ``data/lexicon``, found in a message in one pass."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot import paths
from bot.nlu.entities.text import Text, fold, lower

_KEY_LENGTH = 2
_ENDINGS = ("s", "'s", "")
_SHORTEST_WITH_ENDING = 3
_BEGINNING = re.compile(r"(?<![a-z0-9])[a-z0-9]|[^a-z0-9\s]")
"""Where a term can begin: at a Latin word, or at any other character."""


@dataclass(frozen=True, slots=True)
class Term:
    """A way of writing a name.

    Attributes:
        form: Folded characters; in lower case unless ``exact``.
        name: What it names; ``None`` for a look-alike that is to be skipped.
        exact: Whether capitals matter, as in "US".
    """

    form: str
    name: str | None
    exact: bool = False


def term(form: str, name: str | None, *, exact: bool = False) -> Term:
    """A term from a form as typed in a data file."""
    return Term(fold(form) if exact else lower(fold(form)), name, exact)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found at ``start`` to ``end`` of a message."""

    start: int
    end: int
    name: str | None


class Lexicon:
    """Finds terms from the left, the longest first, without overlaps.

    Latin terms match whole words (a plural or genitive s may follow); terms in Chinese characters match
    anywhere.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._buckets: dict[str, list[Term]] = {}
        for item in sorted(set(terms), key=lambda item: (-len(item.form), item.form, item.name or "")):
            self._buckets.setdefault(lower(item.form[:_KEY_LENGTH]), []).append(item)

    def scan(self, text: Text) -> list[Hit]:
        """Every term of the message, look-alikes left out."""
        hits, end = [], 0
        for beginning in _BEGINNING.finditer(text.lower):
            start = beginning.start()
            hit = self.match_at(text, start) if start >= end else None
            if hit is None:
                continue
            end = hit.end
            if hit.name is not None:
                hits.append(hit)
        return hits

    def match_at(self, text: Text, start: int) -> Hit | None:
        """The longest term that begins at ``start``."""
        for candidate in self._candidates(text.lower, start):
            source = text.folded if candidate.exact else text.lower
            if not source.startswith(candidate.form, start):
                continue
            end = _end_of_word(text.lower, start, start + len(candidate.form))
            if end is not None:
                return Hit(start, end, candidate.name)
        return None

    def _candidates(self, low: str, start: int) -> Iterator[Term]:
        for length in range(_KEY_LENGTH, 0, -1):
            yield from self._buckets.get(low[start : start + length], ())


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _end_of_word(low: str, start: int, end: int) -> int | None:
    """Where the word that was matched ends, or ``None`` when the match is only part of a longer word."""
    if start and _is_latin(low[start]) and _is_latin(low[start - 1]):
        return None
    if not _is_latin(low[end - 1]):
        return end
    inflected = low[end - 1].isalpha() and end - start >= _SHORTEST_WITH_ENDING
    for ending in _ENDINGS if inflected else ("",):
        past = end + len(ending)
        if low.startswith(ending, end) and not (past < len(low) and _is_latin(low[past])):
            return past
    return None


def load(file_name: str) -> Mapping[str, Any]:
    """The content of a file of ``data/lexicon``.

    Raises:
        OSError: The file is missing.
        yaml.YAMLError: The file is malformed.
    """
    content: Mapping[str, Any] = yaml.safe_load((paths.LEXICON / file_name).read_text(encoding="utf-8"))
    return content


def read_terms(file_name: str, *, names_are_terms: bool = False) -> list[Term]:
    """The terms of a data file.

    Args:
        file_name: A file of ``data/lexicon`` with the keys ``terms`` (name to forms in any case),
            ``exact_case`` (name to forms whose capitals matter) and ``ignore`` (look-alikes to skip).
        names_are_terms: Whether each name is itself a form, unless it is listed under ``exact_case``.
    """
    content = load(file_name)
    exact = content.get("exact_case") or {}
    terms = [term(form, None) for form in content.get("ignore") or ()]
    for name, forms in content["terms"].items():
        terms += [term(form, name) for form in forms]
        if names_are_terms and name not in exact:
            terms.append(term(name, name))
    terms += [term(form, name, exact=True) for name, forms in exact.items() for form in forms]
    return terms
