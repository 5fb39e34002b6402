"""Resume codes as people read, keep and type them: ``K7Q-M2X-R4T-9BD-FGH-2JK``.

Seventeen random characters of the reference alphabet, 82 bits, and a check character (Luhn). The check character is
what tells a code from ordinary text when it is typed with other spacing than shown.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stdnum import luhn

from actions.intake.contract import REFERENCE_ALPHABET
from bot.nlu import crisis

LENGTH = 18
GROUP = 3
_FEWEST_MIXED_GROUPS = 4
_FEWEST_OF_A_KIND = 3
_MOST_SLIPS = 2
_TOKEN = re.compile(r"[A-Z0-9]+")
_GAP = re.compile(r"[\s\-\u2010-\u2015\u2212_.\u00b7\u2022]{1,3}")
_DASH = re.compile(r"[-\u2010-\u2015\u2212]")
_GLUED_BEFORE = re.compile(r"(?:[/\\@=&%+$]|[A-Z0-9][-.\u2010-\u2015\u2212_]{1,3})$")
_GLUED_AFTER = re.compile(r"[/\\@=&%+$]|[-.\u2010-\u2015\u2212_]{1,3}[A-Z0-9]")


def new_code() -> str:
    """A fresh code, without dashes; one that could pass for words or for numbers is not given."""
    while True:
        code = with_check_character("".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(LENGTH - 1)))
        if is_distinct(code):
            return code


def with_check_character(random: str) -> str:
    """The whole code for its random characters."""
    return random + str(luhn.calc_check_digit(random, REFERENCE_ALPHABET))


def is_distinct(code: str) -> bool:
    """Whether enough of its groups mix letters and digits, as about every second code's do, and none is a cry for help.

    Three letters can be one, such as CTB: the crisis lexicon would hear it in the code.
    """
    mixed = sum(map(_is_mixed, _groups(code)))
    return mixed >= _FEWEST_MIXED_GROUPS and crisis.assess(shown(code)) is None


def shown(code: str) -> str:
    """The code in groups, as it is read and written down."""
    return "-".join(_groups(code))


def typed_code(text: str) -> str | None:
    """The code in a message, or what was meant to be one; None where the message has none.

    Case, width, spacing and dashes do not matter. What has the shape of a code but a slip in it is returned as well: it
    opens nothing, but the person meant a code and gets an answer about it.
    """
    text = unicodedata.normalize("NFKC", text).upper()
    tokens = list(_TOKEN.finditer(text))
    runs = list(_runs(text, tokens))
    exact = next((typed for run in runs if _is_code(typed := _joined(run))), None)
    if exact:
        return exact
    shaped = next((_joined(run) for run in runs if _has_the_shape(text, run)), None)
    return shaped or _meant(text, tokens)


def _groups(code: str) -> list[str]:
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def _slips(typed: str) -> int:
    return sum(character not in REFERENCE_ALPHABET for character in typed)


def _has_both_kinds(typed: str) -> bool:
    digits = sum(character.isdigit() for character in typed)
    return min(digits, len(typed) - digits) >= _FEWEST_OF_A_KIND


def _is_mixed(group: str) -> bool:
    return not group.isdigit() and not group.isalpha()


def _is_code(typed: str) -> bool:
    return (
        len(typed) == LENGTH
        and _slips(typed) == 0
        and _has_both_kinds(typed)
        and luhn.is_valid(typed, REFERENCE_ALPHABET)
    )


def _joined(run: Sequence[re.Match[str]]) -> str:
    return "".join(token[0] for token in run)


def _runs(text: str, tokens: Sequence[re.Match[str]]) -> Iterator[Sequence[re.Match[str]]]:
    """Neighbouring tokens that together are as long as a code and are part of nothing longer."""
    for first in range(len(tokens)):
        length = 0
        for last in range(first, len(tokens)):
            if last > first and not _GAP.fullmatch(text, tokens[last - 1].end(), tokens[last].start()):
                break
            length += len(tokens[last][0])
            if length >= LENGTH:
                if length == LENGTH and _stands_alone(text, tokens[first].start(), tokens[last].end()):
                    yield tokens[first : last + 1]
                break


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the run is no part of an address, a link or a longer number."""
    return not (_GLUED_BEFORE.search(text, 0, start) or _GLUED_AFTER.match(text, end))


def _has_the_shape(text: str, run: Sequence[re.Match[str]]) -> bool:
    """Six groups of three, with dashes between all of them: a code, though one with a slip in it."""
    return (
        all(len(token[0]) == GROUP for token in run)
        and all(_DASH.search(text, one.end(), other.start()) for one, other in pairwise(run))
        and _has_both_kinds(_joined(run))
    )


def _meant(text: str, tokens: Sequence[re.Match[str]]) -> str | None:
    """A message that is nothing but a code with a slip in it, or a character too few or too many."""
    typed = _joined(tokens)
    alone = not any(character.isalpha() for character in _TOKEN.sub("", text))
    mixed = sum(_is_mixed(token[0]) for token in tokens)
    near = abs(len(typed) - LENGTH) <= 1 and _slips(typed) <= _MOST_SLIPS
    return typed if alone and near and _has_both_kinds(typed) and 2 * mixed >= len(tokens) else None
