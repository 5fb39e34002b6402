"""International bank account numbers."""

import re

from stdnum import iban
from stdnum.exceptions import ValidationError

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "iban"

_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])")
_CUE = re.compile(r"\biban\b[^a-z0-9]{0,3}(?:number |no\.? |is |was )?\W{0,3}$")
_LOOKBACK = 24
_MAX_TRIALS = 50


def find(text: Text) -> list[Entity]:
    """The IBANs in a message.

    Returns:
        Entities whose ``value`` is the number without spaces; ``valid`` is false only for one announced
        as an IBAN.
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
    start, typed = match.start(), match[0]
    while typed:
        if _is_valid(typed):
            return _as_entity(text, start, typed, valid=True)
        typed = typed.rpartition(" ")[0]
    if not _CUE.search(text.lower[max(0, start - _LOOKBACK) : start]):
        return None
    return _as_entity(text, start, match[0], valid=False)


def _is_valid(number: str) -> bool:
    try:
        iban.validate(number)
    except ValidationError:
        return False
    return True


def _as_entity(text: Text, start: int, typed: str, *, valid: bool) -> Entity:
    end = start + len(typed)
    return Entity(KIND, start, end, text.raw[start:end], re.sub("[ -]", "", typed).upper(), valid)
