"""The words of ``data/lexicon/style.yml``: what is not said, official names, typical values of placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.languages import CHINESE, LANGUAGES
from bot.paths import LEXICON

STYLE = LEXICON / "style.yml"
_BOTH_SCRIPTS = "chinese"


@dataclass(frozen=True)
class Unsaid:
    """A pattern that no text matches; `shared` by both Chinese scripts, it is written in Simplified."""

    expression: re.Pattern[str]
    shared: bool


@dataclass(frozen=True)
class StyleWords:
    """The words, compiled.

    Attributes:
        names: official names, which no rule looks into.
        typical: values of placeholders, by language.
    """

    everywhere: Mapping[str, list[tuple[Unsaid, str]]]
    in_messages: Mapping[str, list[tuple[Unsaid, str]]]
    names: tuple[str, ...]
    typical: Mapping[str, Mapping[str, str]]

    def never(self, language: str, *, in_registry: bool) -> Iterator[tuple[Unsaid, str]]:
        """What no text in `language` says, and what to say instead."""
        for words in (self.everywhere,) if in_registry else (self.everywhere, self.in_messages):
            yield from words[language]


@cache
def style_words() -> StyleWords:
    """The words of this project."""
    return read_style_words()


def read_style_words(path: Path = STYLE) -> StyleWords:
    """Read and compile the words.

    Raises:
        re.error: a pattern is none.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return StyleWords(
        _compiled(content["never"]),
        _compiled(content["messages"]),
        tuple(content["names"]),
        content["typical"],
    )


def _compiled(words: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[Unsaid, str]]]:
    def read(key: str, *, shared: bool = False) -> Iterator[tuple[Unsaid, str]]:
        for pattern, instead in words[key].items():
            yield Unsaid(re.compile(pattern, re.IGNORECASE), shared), instead

    return {
        language: [*read(language), *(read(_BOTH_SCRIPTS, shared=True) if language in CHINESE else ())]
        for language in LANGUAGES
    }
