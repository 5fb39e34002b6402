"""International bank account numbers."""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.exceptions import ValidationError

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "iban"

_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])")
_CUE = re.compile(r"(?<![a-z])iban\b[^a-z0-9]{0,3}(?:number |no\.? |is |was )?\W{0,3}$")
_LOOKBACK = 24
_MAX_TRIALS = 50


def find(text: Text) -> list[Entity]:
    """The IBANs in a message.

    Returns:
        Entities whose ``value`` is the number without spaces; ``valid`` is false where the check
        digits are wrong, or for what is announced as an IBAN and is none.
    """
    found = []
    for count, match in enumerate(_IBAN.finditer(text.lower)):
        if count == _MAX_TRIALS:
            break
        entity = _entity(text, match)
        if entity:
            found.append(entity)
    return found


def _entity(text: Text, match: re.Match[str]) -> Entity | None:
    """The longest beginning of the match that is an IBAN, else the longest that is one but for its check digits."""
    beginnings = list(_beginnings(match[0]))
    for is_one, valid in ((_is_valid, True), (_is_but_for_check_digits, False)):
        for typed in beginnings:
            if is_one(typed):
                return _as_entity(text, match.start(), typed, valid=valid)
    ahead = text.lower[max(0, match.start() - _LOOKBACK) : match.start()]
    return _as_entity(text, match.start(), match[0], valid=False) if _CUE.search(ahead) else None


def _beginnings(typed: str) -> Iterator[str]:
    while typed:
        yield typed
        typed = typed.rpartition(" ")[0]


def _is_valid(number: str) -> bool:
    """Whether ISO 13616's check digits and the country's structure hold."""
    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True


def _is_but_for_check_digits(number: str) -> bool:
    try:
        right = iban.calc_check_digits(number)
    except (ValidationError, ValueError):
        return False
    compact = iban.compact(number)
    return _is_valid(f"{compact[:2]}{right}{compact[4:]}")


def _as_entity(text: Text, start: int, typed: str, *, valid: bool) -> Entity:
    end = start + len(typed)
    return Entity(KIND, start, end, text.raw[start:end], re.sub("[ -]", "", typed).upper(), valid)
