"""Which language and script a message is written in.

Chinese is told from other languages by its characters, Simplified from Traditional by the characters that exist in
one of them only (from OpenCC's conversions and `data/lexicon/language.yml`), languages with a script of their own by
it, those in Latin letters by `bot.nlu.latin`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL
from bot.nlu.han import HAN, to_simplified
from bot.nlu.language_words import language_words
from bot.nlu.latin import english_frame, latin_language, latin_words, most_likely, without_machine_made
from bot.nlu.romanised import JYUTPING, PINYIN

__all__ = ["CANTONESE", "HAN", "JYUTPING", "PINYIN", "Language", "identify", "of_the_other_script"]

CANTONESE = "cantonese"
_LONGEST_READ = 1000
"""Characters; a language shows in fewer, and a pasted document shall not cost more."""
_LETTERS_OF = {
    "ko": "\uac00-\ud7af",
    "ru": "\u0400-\u04ff",
    "th": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "ar": "\u0620-\u065f\u066e-\u06d3\u0750-\u077f",
    "hi": "\u0900-\u0963\u0971-\u097f",
    "km": "\u1780-\u17d3",
    "my": "\u1000-\u103f\u1050-\u109f",
    "lo": "\u0e81-\u0ecd\u0edc-\u0edf",
    "bn": "\u0980-\u09e3",
    "ta": "\u0b80-\u0bd7",
    "te": "\u0c00-\u0c63",
    "gu": "\u0a80-\u0ae3",
    "pa": "\u0a00-\u0a51\u0a59-\u0a5e\u0a70-\u0a76",
    "kn": "\u0c80-\u0ce3",
    "ml": "\u0d00-\u0d63",
    "si": "\u0d80-\u0df3",
    "el": "\u0370-\u03ff",
    "he": "\u05d0-\u05ea",
    "hy": "\u0531-\u0587",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u137f",
    "bo": "\u0f40-\u0fbc",
    "mn": "\u1820-\u18aa",
}
_OTHER_SCRIPTS = tuple((code, re.compile(f"[{of}]{{2,}}")) for code, of in _LETTERS_OF.items())
_SAME_SCRIPT = {
    "ru": frozenset({"uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}),
    "ar": frozenset({"fa", "ur", "ps", "ckb", "ug"}),
    "hi": frozenset({"ne", "mr"}),
    "he": frozenset({"yi"}),
}
_SURE_OF_NEIGHBOUR = 0.7
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_LONE_NO = "の"
_BOPOMOFO = re.compile(r"[\u3105-\u312f]")
_CHINESE_MARK = re.compile("[，。？！、；：]")
_QUOTED = re.compile(r"[\"“「『《‘'][^\"”」』》’']{1,40}[\"”」』》’']")
_FEWEST_OF_A_FRAME, _FEWEST_ENGLISH = 3, 6
_FEWEST_HAN_OF_CHINESE = 3
_FIRST_HAN, _BEHIND_HAN = 0x4E00, 0xA000


@dataclass(frozen=True)
class Language:
    """What a message is written in.

    Attributes:
        code: one of `bot.languages.LANGUAGES`, or an ISO 639-1 code the bot does not speak.
        clear: whether the message has enough of it to switch the talk to this language.
        variety: `CANTONESE`, `PINYIN` or `JYUTPING` where Chinese is written so.
    """

    code: str
    clear: bool
    variety: str | None = None


def identify(text: str, current: str = ENGLISH) -> Language:
    """Tell the language of `text` in a talk that is in language `current`.

    A message without words keeps `current`, and names and single words in Latin letters are not clear. Chinese that
    is the same in both scripts, and romanised Chinese, keep the script of the talk; without one, Cantonese is
    Traditional and everything else Simplified. A mixed message has the language its sentence is built in; where that
    does not show, Chinese, but not clearly.
    """
    chinese_marks = bool(_CHINESE_MARK.search(text))
    text = _readable(text)
    han = [] if text.isascii() else HAN.findall(text)
    if not text.isascii() and (code := _by_script(text, han)):
        return Language(code, clear=True)
    words = latin_words(text)
    if han:
        return _with_han(han, text, words, current)
    if _BOPOMOFO.search(text):
        return Language(TRADITIONAL, clear=True)
    if not words:
        return Language(current, clear=False)
    return _latin(text, words, current, chinese_marks=chinese_marks)


def of_the_other_script(text: str, script: str) -> list[str]:
    """Characters of `text` that are written in the Chinese script that `script` is not."""
    known = _characters()
    foreign = known.traditional if script == SIMPLIFIED else known.simplified
    return [char for char in dict.fromkeys(text) if char in foreign]


def _readable(text: str) -> str:
    text = text[:_LONGEST_READ]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return without_machine_made(text)


def _by_script(text: str, han: Sequence[str]) -> str | None:
    """The language whose own script most of `text` is in."""
    if _is_japanese(text, han):
        return "ja"
    counts = {code: sum(map(len, pattern.findall(text))) for code, pattern in _OTHER_SCRIPTS}
    code = max(counts, key=lambda key: counts[key])
    letters = counts[code]
    if not letters or letters < len(han) or 2 * letters < sum(map(len, latin_words(text))):
        return None
    if code in _SAME_SCRIPT:
        neighbour, score = most_likely(text)
        if neighbour in _SAME_SCRIPT[code] and score >= _SURE_OF_NEIGHBOUR:
            return neighbour
    return code


def _is_japanese(text: str, han: Sequence[str]) -> bool:
    """Kana that are no name or ornament in a Chinese sentence, or characters only Japan writes."""
    kana = [char for char in _KANA.findall(text) if char != _LONE_NO]
    chinese = sum(char in language_words().not_japanese for char in han)
    latin_letters = sum(map(len, latin_words(text)))
    if len(kana) > 1 or (kana and han):
        return len(kana) >= 2 * chinese and 2 * (len(kana) + len(han)) >= latin_letters
    known = _characters()
    if chinese or not han or not known.unknown_in_japan.isdisjoint(han):
        return False
    return _LONE_NO in text or not known.japanese.isdisjoint(han)


def _with_han(han: Sequence[str], text: str, words: Sequence[str], current: str) -> Language:
    if _built_in_english(han, text, words):
        return Language(ENGLISH, clear=True)
    cantonese = bool(language_words().cantonese.search(text))
    script = _script(han, text)
    if script is None:
        likely_traditional = cantonese or not language_words().taiwan_hong_kong.isdisjoint(han)
        unwritten = TRADITIONAL if likely_traditional else SIMPLIFIED
        script = current if current in CHINESE else unwritten
    built_in_chinese = any(char in language_words().frame for char in han)
    enough = len(han) >= max(_FEWEST_HAN_OF_CHINESE, len(words))
    clear = not words or built_in_chinese or enough or current in CHINESE
    return Language(script, clear, CANTONESE if cantonese else None)


def _script(han: Sequence[str], text: str) -> str | None:
    known = _characters()
    difference = sum(char in known.traditional for char in han) - sum(
        char in known.simplified for char in han
    )
    difference = difference or bool(_BOPOMOFO.search(text))
    if not difference:
        return None
    return TRADITIONAL if difference > 0 else SIMPLIFIED


def _built_in_english(han: Sequence[str], text: str, words: Sequence[str]) -> bool:
    """Whether the Chinese is only names and terms inside an English sentence."""
    if len(words) < _FEWEST_ENGLISH:
        return False
    english, function = english_frame(words)
    if english < _FEWEST_ENGLISH or function < _FEWEST_OF_A_FRAME:
        return False
    own = HAN.findall(_QUOTED.sub("", text))
    terms_only = language_words().frame.isdisjoint(own) and 2 * len(own) <= len(words)
    return terms_only or 4 * len(han) <= len(words)


def _latin(text: str, words: Sequence[str], current: str, *, chinese_marks: bool) -> Language:
    found = latin_language(text, words)
    if found.variety:
        unwritten = TRADITIONAL if found.variety == JYUTPING else SIMPLIFIED
        return Language(current if current in CHINESE else unwritten, found.clear, found.variety)
    if chinese_marks and not found.clear:
        return Language(current if current in CHINESE else SIMPLIFIED, clear=False)
    code = found.code or ENGLISH
    return Language(code, found.clear or code == current)


@dataclass(frozen=True)
class _Characters:
    """Characters of Simplified, of Traditional and of Japanese text only, and Simplified ones Japan does not have."""

    simplified: frozenset[str]
    traditional: frozenset[str]
    japanese: frozenset[str]
    unknown_in_japan: frozenset[str]


@cache
def _characters() -> _Characters:
    """What OpenCC converts is of one script, but for what Big5 lists too: 台 and 里 are no sign of Simplified."""
    words = language_words()
    han = [chr(code) for code in range(_FIRST_HAN, _BEHIND_HAN)]
    text = "\n".join(han)
    as_traditional = OpenCC("s2t").convert(text).split("\n")
    as_simplified = to_simplified(text).split("\n")
    simplified = {a for a, b in zip(han, as_traditional, strict=True) if a != b and not _in(a, "big5")}
    traditional = {a for a, b in zip(han, as_simplified, strict=True) if a != b}
    simplified, traditional = simplified | words.simplified, (traditional | words.traditional) - words.both
    both = simplified & traditional
    japanese = {a for a in han if _in(a, "shift_jis") and not _in(a, "gb2312") and not _in(a, "big5")}
    return _Characters(
        frozenset(simplified - both),
        frozenset(traditional - both),
        frozenset(japanese - simplified - traditional),
        frozenset(a for a in simplified - both if not _in(a, "shift_jis")),
    )


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
