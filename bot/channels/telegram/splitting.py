"""Cuts a long text where a reader would pause. Telegram counts UTF-16 units: most emoji are two."""

from __future__ import annotations

import re
from collections.abc import Iterator

LIMIT = 4096
_LEAST_SHARE = 0.25
_PAUSES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？…；]+[”’」』）]*|[.!?;]+[\"”’)]*(?=\s)"),
    re.compile(r"[，、]|(?<=,)\s|\s"),
)


def units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of `text` of at most `limit` units, cut after paragraphs, else lines, sentences, words."""
    return [part for part in _parts(text.strip(), limit) if part]


def _parts(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        head = _prefix(text, limit)
        cut = next(filter(None, (_last(pause, head) for pause in _PAUSES)), len(head))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text


def _prefix(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units, without half a character."""
    cut = text.encode("utf-16-le", "surrogatepass")[: limit * 2]
    return cut.decode("utf-16-le", "ignore") or text[0]


def _last(pause: re.Pattern[str], head: str) -> int:
    """Where the last pause of `head` ends; 0 where it would leave too little before it."""
    ends = [found.end() for found in pause.finditer(head)]
    return ends[-1] if ends and ends[-1] >= len(head) * _LEAST_SHARE else 0
