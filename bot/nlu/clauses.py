"""The clauses of a message: a person often says two things in one breath."""

from __future__ import annotations

import re

MOST_CLAUSES = 4
_SHORTEST = 6  # in units of `_size`: three English words or six Han characters or so
_BOUNDARY = re.compile(r"[。！？；，!?;\n]+|\.(?=\s|$)|,?\s(?=(?:and|but|also|plus)\s)|,\s", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z']+")


def clauses(text: str) -> list[str]:
    """Split `text` into its first clauses; a message that says one thing is a list of itself.

    What is too short to say anything by itself stays with what came before it.
    """
    parts: list[str] = []
    for part in (part.strip() for part in _BOUNDARY.split(text)):
        if parts and (_size(part) < _SHORTEST or _size(parts[-1]) < _SHORTEST or len(parts) == MOST_CLAUSES):
            parts[-1] = f"{parts[-1]}, {part}".rstrip(", ")
        elif part:
            parts.append(part)
    return parts


def _size(part: str) -> int:
    """How much a part says: a Han character counts one, an English word two."""
    return len(_HAN.findall(part)) + 2 * len(_WORD.findall(part))
