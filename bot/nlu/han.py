"""Han characters: which they are, and Simplified ones for Traditional ones."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

HAN_CLASS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAN = re.compile(f"[{HAN_CLASS}]")


def to_simplified(text: str) -> str:
    """The text with Traditional characters turned into Simplified ones (OpenCC)."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
