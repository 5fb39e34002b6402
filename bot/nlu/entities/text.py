"""A message in the forms the extractors read, all of one length so that offsets carry over."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot.nlu.han import to_simplified

BLANK = "\x00"
"""Stands where an earlier extractor already found something; no pattern matches it."""

_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_FULLWIDTH = range(0xFF01, 0xFF5F)
_FULLWIDTH_OFFSET = 0xFEE0
_PUNCTUATION = {
    "，": "，",  # parts clauses; as a comma it would join the figures on both sides
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "\u00a0": " ",
    "\u202f": " ",
    "\u3000": " ",
    "\u2011": "-",
    "\u2212": "-",
    "￥": "¥",
    "￡": "£",
}
_GROUPING_COMMA = re.compile(r"(?<=[0-9０-９])，(?=[０-９]{3})")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@cache
def _fold_table() -> dict[int, str]:
    """Traditional to Simplified by single characters (OpenCC), and fullwidth to ASCII."""
    han = [chr(code) for first, end in _HAN_BLOCKS for code in range(first, end)]
    simplified = to_simplified("\n".join(han)).split("\n")
    table = {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}
    table |= {code: chr(code - _FULLWIDTH_OFFSET) for code in _FULLWIDTH}
    return table | {ord(a): b for a, b in _PUNCTUATION.items()}


def fold(text: str) -> str:
    """Simplified characters and ASCII width, case kept, length kept."""
    return _GROUPING_COMMA.sub(",", text).translate(_fold_table())


def lower(text: str) -> str:
    """ASCII letters in lower case, length kept (``str.lower`` does not always)."""
    return text.translate(_LOWER)


@dataclass(frozen=True, slots=True)
class Text:
    """A message as typed, folded, and folded in lower case."""

    raw: str
    folded: str
    lower: str

    @classmethod
    def of(cls, raw: str) -> "Text":
        """Fold a message as typed."""
        folded = fold(raw)
        return cls(raw, folded, lower(folded))

    def without(self, spans: Iterable[tuple[int, int]], filler: str = BLANK) -> "Text":
        """The same message with the folded forms of ``spans`` written over by ``filler``."""
        written_over = list(spans)
        if not written_over:
            return self
        folded, low = list(self.folded), list(self.lower)
        for start, end in written_over:
            folded[start:end] = low[start:end] = filler * (end - start)
        return Text(self.raw, "".join(folded), "".join(low))
