"""Which language a person asks the bot to speak."""

from __future__ import annotations

import re

from actions.responses import chosen_value
from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL

_NAMED = (
    (TRADITIONAL, re.compile(r"traditional|繁|正體|正体|cantonese|广东话|廣東話|粤语|粵語", re.IGNORECASE)),
    (SIMPLIFIED, re.compile(r"simplified|简|簡體|普通话|普通話|国语|國語", re.IGNORECASE)),
    (ENGLISH, re.compile(r"english|英文|英语|英語", re.IGNORECASE)),
    (SIMPLIFIED, re.compile(r"chinese|mandarin|中文|汉语|漢語|华语|華語", re.IGNORECASE)),
)


def wanted_language(text: str, current: str) -> str | None:
    """The language named in a request to change it; a language's own name alone is such a request."""
    by_name = chosen_value("utter_which_language", text)
    if by_name:
        return by_name
    for language, pattern in _NAMED:
        if pattern.search(text):
            return current if language == SIMPLIFIED and current in CHINESE else language
    return None
