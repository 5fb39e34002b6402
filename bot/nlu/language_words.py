"""``data/lexicon/language.yml`` in the forms that telling languages apart needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from bot.paths import LEXICON

LANGUAGE_WORDS = LEXICON / "language.yml"


@dataclass(frozen=True)
class LanguageWords:
    """The lexicon.

    Attributes:
        simplified: characters of Simplified text that OpenCC and Big5 together do not tell.
        traditional: characters of Traditional text that OpenCC does not convert.
        both: characters OpenCC converts that Simplified text has too.
        taiwan_hong_kong: characters of either script that are mostly written where Traditional is.
        frame: characters of a sentence that is built in Chinese.
        not_japanese: characters of Chinese grammar that Japanese does not have.
        cantonese: finds what is written Cantonese.
        syllables: pinyin syllable to how rare it is, as minus its log probability in nats.
        pinyin_function: syllables one of which every sentence in pinyin has.
        jyutping_sure: romanised Cantonese that is no other language's.
        jyutping: all romanised Cantonese that is known, `jyutping_sure` included.
        english_function: words that build an English sentence.
        english: all English words that are known, `english_function` included.
        languages: word of another language, without marks over letters, to the ISO 639-1 codes that have it.
        letters: character that is one other language's alone, to its code.
    """

    simplified: frozenset[str]
    traditional: frozenset[str]
    both: frozenset[str]
    taiwan_hong_kong: frozenset[str]
    frame: frozenset[str]
    not_japanese: frozenset[str]
    cantonese: re.Pattern[str]
    syllables: Mapping[str, int]
    pinyin_function: frozenset[str]
    jyutping_sure: frozenset[str]
    jyutping: frozenset[str]
    english_function: frozenset[str]
    english: frozenset[str]
    languages: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, str]


@cache
def language_words() -> LanguageWords:
    """Read the lexicon once."""
    with LANGUAGE_WORDS.open(encoding="utf-8") as file:
        data = yaml.safe_load(file)
    characters = {key: frozenset(text) - {" "} for key, text in data["characters"].items()}
    cantonese, jyutping = data["cantonese"], _sets(data["jyutping"])
    english, pinyin = _sets(data["english"]), data["pinyin"]
    return LanguageWords(
        **characters,
        cantonese=re.compile("|".join((f"[{cantonese['sure']}]", *cantonese["words"].split()))),
        syllables={syllable: cost for cost, text in pinyin["syllables"].items() for syllable in text.split()},
        pinyin_function=frozenset(pinyin["function"].split()),
        jyutping_sure=jyutping["sure"],
        jyutping=jyutping["sure"] | jyutping["others"],
        english_function=english["function"],
        english=english["function"] | english["common"],
        languages=_inverted(data["words"].items()),
        letters={letter: code for code, letters in data["letters"].items() for letter in letters},
    )


def _sets(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {key: frozenset(text.split()) for key, text in texts.items()}


def _inverted(words_of: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for code, text in words_of:
        for word in text.split():
            codes[word] = (*codes.get(word, ()), code)
    return codes
