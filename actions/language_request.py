"""Which language a person asks the bot to speak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actions.responses import chosen_value
from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL
from bot.nlu.script import identify

_CANTONESE, _ANY_CHINESE = "cantonese", "chinese"
_NAMES = {
    TRADITIONAL: re.compile(r"\btraditional|\bfan ?ti\b|繁體|繁体|繁中|正體|正体", re.IGNORECASE),
    SIMPLIFIED: re.compile(r"\bsimplified|\bjian ?ti\b|简体|簡體|简中|簡中|简化|簡化", re.IGNORECASE),
    _CANTONESE: re.compile(r"\bcantonese|广东话|廣東話|粤语|粵語|白话|白話", re.IGNORECASE),
    ENGLISH: re.compile(r"\benglish|\bying ?(?:wen|yu)\b|英文|英语|英語", re.IGNORECASE),
    _ANY_CHINESE: re.compile(
        r"\bchinese|\bmandarin|\bzhong ?wen\b|\bpu ?tong ?hua\b|\bhan ?yu\b"
        r"|中文|汉语|漢語|华语|華語|普通话|普通話|国语|國語",
        re.IGNORECASE,
    ),
}
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:no|not|from|without|instead of|rather than|\w+n['’]?t|cannot|than)\b"
    r"|不会|不會|不懂|不识|不識|不要|不用|不想|不太|不是|别用|別用|唔識|唔识|唔要|唔用|从|從|看不|听不|聽不)"
    r"[^,，.。;；!！?？]{0,16}$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[^,，.。;；!！?？]{0,12}?(?:\b(?:is ?n['’]?t|is not|not|bad|poor|weak|basic|slow"
    r"|only (?:a|so|basic|little|market))\b"
    r"|不好|不太好|不行|不会|不會|不懂|看不|听不|聽不|很差|太差|好慢|很慢|麻麻|唔好|唔掂|唔識|唔识)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"(?:\b(?:to|in|into|speak|use|reply|write|type|prefer|want)\s|[用说說讲講写寫回]|[成换換转轉切]|shuo |yong )\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Mention:
    name: str
    start: int
    denied: bool
    asked_for: bool


def wanted_language(text: str, current: str) -> str | None:
    """The language named in a request to change it; a language's own name alone is such a request.

    A language that the person does not read is not the one asked for: the other one is.
    """
    by_name = chosen_value("utter_which_language", text)
    if by_name:
        return by_name
    mentions = sorted(_mentions(text), key=lambda mention: (not mention.asked_for, mention.start))
    wanted = [mention.name for mention in mentions if not mention.denied]
    if not wanted:
        return _instead_of({mention.name for mention in mentions}, current)
    if wanted[0] == ENGLISH:
        return ENGLISH
    return next((name for name in wanted if name in CHINESE), _script_of(wanted[0], text, current))


def _mentions(text: str) -> Iterator[_Mention]:
    for name, pattern in _NAMES.items():
        for found in pattern.finditer(text):
            before, after = text[: found.start()], text[found.end() :]
            denied = bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.search(after))
            yield _Mention(name, found.start(), denied, bool(_ASKED_FOR.search(before)))


def _instead_of(denied: set[str], current: str) -> str | None:
    if ENGLISH in denied:
        return current if current in CHINESE else SIMPLIFIED
    if SIMPLIFIED in denied:
        return TRADITIONAL
    if TRADITIONAL in denied:
        return SIMPLIFIED
    return ENGLISH if _ANY_CHINESE in denied else None


def _script_of(name: str, text: str, current: str) -> str:
    """The script for Chinese that is asked for without one; Cantonese is Traditional but for who writes otherwise."""
    if name == _CANTONESE:
        written = identify(text, TRADITIONAL).code
        return written if written in CHINESE else TRADITIONAL
    if current in CHINESE:
        return current
    written = identify(text, SIMPLIFIED).code
    return written if written in CHINESE else SIMPLIFIED
