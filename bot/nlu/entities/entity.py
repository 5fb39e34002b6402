"""The one record every extractor returns."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the message with a known meaning.

    Attributes:
        kind: What it is, e.g. ``money``; the names are those of the modules of this package.
        start: Index of its first character in the message.
        end: Index past its last character.
        text: The characters themselves; empty for a ``secret``, which must not be kept.
        value: The meaning in JSON types; ``None`` when it can't be told or must not be kept.
        valid: Outcome of a checksum; ``None`` where there is none to check.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Any
    valid: bool | None = None
