"""Chinese in Latin letters: Mandarin in pinyin, with or without tones, and Cantonese as people spell it.

A word that splits into pinyin syllables is more likely pinyin than anything else when its syllables are more
probable in Chinese than its letters are in Latin text at large; the evidence of a message is the sum over its words.
English words between the Chinese ones count for neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.nlu.language_words import language_words

PINYIN, JYUTPING = "pinyin", "jyutping"

_NATS_A_LETTER = 2.5
"""Minus the log probability of a letter in Latin text: about one in twelve."""
_ENOUGH_NATS = 5.0
_NATS_OF_A_TONE_MARK = 3.0
_FEWEST_SYLLABLES = 3
_LONGER_THAN_A_NAME = 5
_SHARE_OF_WORDS, _NEARLY_ALL = 0.5, 0.8
_SHARE_OF_JYUTPING = 0.6
_JYUTPING = re.compile(
    "(?:ng|gw|kw|[bpmfdtnlgkhwzcsj])?"
    "(?:aa?(?:i|u|m|n|ng|p|t|k)?|e(?:i|u|m|ng|p|k)?|i(?:u|m|n|ng|p|t|k)?|o(?:i|u|n|ng|t|k)?|u(?:i|n|ng|t|k)?"
    "|oe(?:ng|k)?|eo(?:i|n|t)|yu(?:n|t)?)"
)
_LONGEST_SYLLABLE = 6
_LONGEST_WORD = 40
_STARTS_WITH_VOWEL = frozenset("aeo")
_TONE_MARK = re.compile("[āēīōūǖǎěǐǒǔǚ]")
_UMLAUT = re.compile("[üǖǘǚǜ]", re.IGNORECASE)
_TONE_DIGIT = re.compile(r"[1-6]$")


def romanised(words: Sequence[str]) -> str | None:
    """`PINYIN`, `JYUTPING` or None for the words of a message, as they were written."""
    plain = [_TONE_DIGIT.sub("", without_marks(_UMLAUT.sub("v", word))) for word in words]
    if _is_jyutping(plain):
        return JYUTPING
    return PINYIN if _is_pinyin(words, plain) else None


def without_marks(word: str) -> str:
    """`word` in lower case without marks over and under its letters: "Đến" is "den"."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word.lower().replace("đ", "d").replace("’", "'"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _is_jyutping(plain: Sequence[str]) -> bool:
    lexicon = language_words()
    if lexicon.jyutping_sure.isdisjoint(plain):
        return False
    known = sum(word in lexicon.jyutping or bool(_JYUTPING.fullmatch(word)) for word in plain)
    return known >= max(_FEWEST_SYLLABLES, _SHARE_OF_JYUTPING * len(plain))


def _is_pinyin(words: Sequence[str], plain: Sequence[str]) -> bool:
    lexicon = language_words()
    nats, possible, syllables, function = 0.0, 0, 0, False
    for word, bare in zip(words, plain, strict=True):
        cost, split = _syllables(bare)
        if not split:
            continue
        possible += 1
        if bare in lexicon.english:
            continue
        nats += _NATS_A_LETTER * sum(map(len, split)) - cost
        nats += _NATS_OF_A_TONE_MARK * bool(_TONE_MARK.search(word))
        syllables += len(split)
        function = function or (not word[0].isupper() and not lexicon.pinyin_function.isdisjoint(split))
        function = function or bare in lexicon.pinyin_function
    enough = nats >= _ENOUGH_NATS and syllables >= _FEWEST_SYLLABLES
    long = syllables >= _LONGER_THAN_A_NAME and possible >= _NEARLY_ALL * len(plain)
    return enough and (function or long) and possible >= _SHARE_OF_WORDS * len(plain)


@lru_cache(maxsize=4096)
def _syllables(word: str) -> tuple[float, tuple[str, ...]]:
    """The most probable split of a word into pinyin syllables and its cost in nats; empty when there is none."""
    if len(word) > _LONGEST_WORD:
        return 0.0, ()
    costs = language_words().syllables
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, syllable = best[start], word[start:end]
            if before is None or (start and syllable[0] in _STARTS_WITH_VOWEL and word[start - 1] != "'"):
                continue
            if syllable in costs:
                candidate = (before[0] + costs[syllable], (*before[1], syllable))
            elif syllable == "'":
                candidate = before
            else:
                continue
            standing = best[end]
            if standing is None or candidate[0] < standing[0]:
                best[end] = candidate
    return best[-1] or (0.0, ())
