"""The tone of what a person reads, as far as a program can tell: short, calm, plain, without blame or promises.

Pure: a text comes in, what is wrong with it goes out. The words are in ``data/lexicon/style.yml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import syllapy

from bot.catalogs import PLACEHOLDER
from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, TRADITIONAL
from bot.nlu.han import HAN, HAN_CLASS, to_simplified
from bot.nlu.script import of_the_other_script
from bot.style_words import StyleWords

Kind = Literal["message", "button", "fact"]
"""What is said by itself, what is pressed, and what the registry adds to a message."""

MOST_PARAGRAPHS = 3
MOST_QUESTIONS = 1
LONGEST_PROSE = {"message": {"latin": 420, "han": 160}, "fact": {"latin": 230, "han": 100}}
"""Characters beside the list: as many as fill half the screen of a phone, and a third for a fact."""
LONGEST_SENTENCE = {"latin": 25, "han": 50}
"""Words in Latin letters, Han characters in Chinese."""
WIDEST_BUTTON, BUTTON_BYTES = 24, 64
"""Columns, a Han character being two; bytes, because Telegram takes no more."""
READING_GRADE = 7.0
"""Flesch-Kincaid: below this, a sixth grader reads it."""
FEWEST_WORDS_GRADED = 15

_LIST_LINE = re.compile(r"(?:• |\d{1,2}\. |  )")
_SENTENCE_END = re.compile(r"(?<=[。！？])[”」）]?|(?<=[.!?])[\"”]?\s+|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』")
_OPEN_PLACE = re.compile(r"[{}｛｝]|%\(\w+\)s|%[sd]\b|\bTODO\b|\bXXX\b|\blorem\b", re.IGNORECASE)
_HALF_WIDTH = re.compile(rf"[{HAN_CLASS}][,.:;!?()]|[,.:;!?()][{HAN_CLASS}]")
_NO_SPACE = re.compile(rf"[{HAN_CLASS}][A-Za-z0-9]|[A-Za-z0-9][{HAN_CLASS}]")
_SPACE = re.compile(
    rf"[{HAN_CLASS}] +[{HAN_CLASS}“「（，。、；：？]|[，。、；：？”」）] +[{HAN_CLASS}]| +[，。、；：？”」）]|[“「（] +"
)
_OTHER_QUOTES = {
    ENGLISH: re.compile(r"[“”‘’「」『』]"),
    SIMPLIFIED: re.compile(r"[\"「」『』]"),
    TRADITIONAL: re.compile(r"[\"“”‘’]"),
}
_ASIDE = 12


@dataclass(frozen=True)
class Text:
    """A text to look at.

    Attributes:
        raw: as it is written, with its placeholders.
        words: the words that are not said, and typical values of placeholders.
    """

    raw: str
    language: str
    kind: Kind
    words: StyleWords

    @cached_property
    def filled(self) -> str:
        """As a person would read it, official names left out."""
        values = self.words.typical[self.language]
        text = PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.raw)
        for name in self.words.names:
            text = text.replace(name, "")
        return text

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, each a paragraph or a line of a list."""
        return self.filled.split("\n")

    @cached_property
    def prose(self) -> str:
        """What is no list."""
        return "\n".join(line for line in self.lines if not _LIST_LINE.match(line))

    @cached_property
    def sentences(self) -> list[str]:
        """Sentences of the prose; a heading before a list is one."""
        return [found.strip() for found in _SENTENCE_END.split(self.prose) if found and found.strip()]


def faults(raw: str, language: str, kind: Kind, words: StyleWords) -> Iterator[str]:
    """Yield each broken rule of `raw` and the piece that breaks it."""
    text = Text(raw, language, kind, words)
    for says, kinds, finds in _RULES:
        if kind in kinds:
            for piece in finds(text):
                yield f"{says}: {piece!r}"


def _unfilled(text: Text) -> Iterator[str]:
    for name in PLACEHOLDER.findall(text.raw):
        if name not in text.words.typical[text.language]:
            yield f"{{{name}}}"
    if found := _OPEN_PLACE.search(PLACEHOLDER.sub("", text.raw)):
        yield _around(text.raw, found.start())


def _exclamations(text: Text) -> Iterator[str]:
    yield from _pieces(re.compile("[!！]"), text.filled)


def _never_said(text: Text) -> Iterator[str]:
    read = to_simplified(text.filled) if text.language in CHINESE else text.filled
    for pattern, instead in text.words.never(text.language, in_registry=text.kind == "fact"):
        searched = read if pattern.shared else text.filled
        if found := pattern.expression.search(searched):
            yield f"{found[0].strip()} → {instead}"


def _other_quotes(text: Text) -> Iterator[str]:
    yield from _pieces(_OTHER_QUOTES[text.language], text.filled)


def _other_script(text: Text) -> Iterator[str]:
    if text.language in CHINESE:
        yield from of_the_other_script(text.filled, text.language)


def _half_width(text: Text) -> Iterator[str]:
    if text.language in CHINESE:
        yield from _pieces(_HALF_WIDTH, text.filled)


def _spaces(text: Text) -> Iterator[str]:
    if text.language in CHINESE:
        yield from _pieces(_NO_SPACE, text.filled)
        yield from _pieces(_SPACE, text.raw)
    yield from _pieces(re.compile(r"\S  +\S"), text.raw)


def _formal_you(text: Text) -> Iterator[str]:
    yield from _pieces(re.compile("您"), _QUOTED.sub("", text.filled))


def _paragraphs(text: Text) -> Iterator[str]:
    paragraphs = [line for line in text.lines if line and not _LIST_LINE.match(line)]
    if len(paragraphs) > MOST_PARAGRAPHS:
        yield paragraphs[MOST_PARAGRAPHS][:40]


def _second_list(text: Text) -> Iterator[str]:
    listed = [bool(_LIST_LINE.match(line)) for line in text.lines]
    starts = [
        line for line, now, before in zip(text.lines, listed, [False, *listed], strict=False) if now > before
    ]
    if len(starts) > 1:
        yield starts[1][:40]


def _questions(text: Text) -> Iterator[str]:
    asked = [part for part in re.findall(r"[^?？\n]*[?？]", _QUOTED.sub("", text.prose)) if part.strip()]
    if len(asked) > MOST_QUESTIONS:
        yield asked[MOST_QUESTIONS].strip()


def _too_long(text: Text) -> Iterator[str]:
    longest = LONGEST_PROSE[text.kind][_script_of(text.prose)]
    if len(text.prose) > longest:
        yield f"{len(text.prose)} characters, at most {longest}"


def _long_sentences(text: Text) -> Iterator[str]:
    for sentence in text.sentences:
        counted = HAN if _script_of(sentence) == "han" else _WORD
        if len(counted.findall(sentence)) > LONGEST_SENTENCE[_script_of(sentence)]:
            yield sentence


def _hard_to_read(text: Text) -> Iterator[str]:
    if text.language == ENGLISH and (grade := reading_grade(text)) >= READING_GRADE:
        yield f"grade {grade:.1f}: {text.prose[:40]}"


def reading_grade(text: Text) -> float:
    """The school grade that reads an English text (Flesch-Kincaid); 0 where there are too few words to tell."""
    words = _WORD.findall(text.prose)
    if len(words) < FEWEST_WORDS_GRADED:
        return 0.0
    sentences = sum(1 for sentence in text.sentences if _WORD.search(sentence))
    syllables = sum(max(syllapy.count(word), 1) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _wide(text: Text) -> Iterator[str]:
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text.raw)
    if columns > WIDEST_BUTTON or len(text.raw.encode()) > BUTTON_BYTES:
        yield f"{text.raw}: {columns} columns, {len(text.raw.encode())} bytes"


def _pieces(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        yield _around(text, found.start())


def _around(text: str, position: int) -> str:
    return text[max(position - _ASIDE, 0) : position + _ASIDE].strip()


def _script_of(text: str) -> str:
    return "han" if len(HAN.findall(text)) > len(_WORD.findall(text)) else "latin"


_EVERYWHERE = frozenset({"message", "button", "fact"})
_MESSAGE = frozenset({"message"})
_RULES: tuple[tuple[str, frozenset[str], Callable[[Text], Iterator[str]]], ...] = (
    ("a placeholder that is not filled", _EVERYWHERE, _unfilled),
    ("an exclamation mark", _EVERYWHERE, _exclamations),
    ("not said here", _EVERYWHERE, _never_said),
    ("quotes of another script", _EVERYWHERE, _other_quotes),
    ("a character of the other script", _EVERYWHERE, _other_script),
    ("half-width punctuation in Chinese", _EVERYWHERE, _half_width),
    ("spaces between Chinese, Latin letters and digits", _EVERYWHERE, _spaces),
    ("您 for 你", _EVERYWHERE, _formal_you),
    ("more than one question", _MESSAGE | {"fact"}, _questions),
    ("too long", _MESSAGE | {"fact"}, _too_long),
    ("more than three paragraphs", _MESSAGE, _paragraphs),
    ("more than one list", _MESSAGE, _second_list),
    ("a long sentence", _MESSAGE, _long_sentences),
    ("hard to read", _MESSAGE, _hard_to_read),
    ("a button too wide", frozenset({"button"}), _wide),
)
