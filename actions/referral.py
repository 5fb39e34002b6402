"""Which support group sent a person: the code in the link they came by."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def group_code(given: object) -> str | None:
    """The code, or None for what is none: anyone can write such a link, and a caseworker will read it."""
    return given if isinstance(given, str) and _CODE.fullmatch(given) else None
