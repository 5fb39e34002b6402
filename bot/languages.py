"""The languages the bot speaks, and how other names for them map onto its three."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError

ENGLISH, SIMPLIFIED, TRADITIONAL = "en", "zh_Hans", "zh_Hant"
LANGUAGES = (ENGLISH, SIMPLIFIED, TRADITIONAL)
CHINESE = frozenset({SIMPLIFIED, TRADITIONAL})
OWN_NAMES = {ENGLISH: "English", SIMPLIFIED: "简体中文", TRADITIONAL: "繁體中文"}

_CLDR_CODES = {"tl": "fil"}
_TRADITIONAL_TAGS = ("hant", "tw", "hk", "mo")


def negotiate(tag: str | None) -> str:
    """Map a BCP 47 tag (``zh-HK``, ``zh_CN``, ``en-GB``) to one of `LANGUAGES`, English when in doubt."""
    parts = (tag or "").replace("_", "-").lower().split("-")
    if parts[0] not in {"zh", "yue", "cmn"}:
        return ENGLISH
    if "hans" in parts:
        return SIMPLIFIED
    if parts[0] == "yue" or any(part in _TRADITIONAL_TAGS for part in parts[1:]):
        return TRADITIONAL
    return SIMPLIFIED


def own_name(code: str) -> str | None:
    """What speakers of a language call it (CLDR's name), "Tiếng Việt" for ``vi``; None for one CLDR has not."""
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    try:
        return Locale.parse(_CLDR_CODES.get(code, code)).display_name
    except (ValueError, UnknownLocaleError):
        return None
