"""The crisis guard: suicide, self-harm and farewell, found by a lexicon and no classifier.

`assess` runs on every message beside the intent classifier. What it looks for is data,
``data/lexicon/crisis.yml``; here is only how a message is normalised and how the lexicon is read. Plain denials
and figures of speech are blanked before the entries are tried, so "累死了，不想活了" is still found. A pattern is
tried only where the message holds pieces of text it cannot match without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.nlu.han import HAN, HAN_CLASS, to_simplified
from bot.nlu.sieve import Sieve
from bot.paths import LEXICON

Who = Literal["self", "other"]

_BLANK = "\u25a0"
_SUBJECT_WINDOW = 80
_HAS_LATIN = re.compile("[a-z]")
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})
_DROPPED = re.compile("['\u2018\u2019\u201b\u02bc\u00b4`\u2032]")
_SPACE = re.compile(r"[\s_/\\\-\u2010-\u2015]{1,}")
_SPACE_BY_HAN = re.compile(f"(?<=[{HAN_CLASS}]) | (?=[{HAN_CLASS}])")
_DOTS_IN_HAN = re.compile(f"(?<=[{HAN_CLASS}])[.*·~+|]{{1,3}}(?=[{HAN_CLASS}])")
_DOUBLED = re.compile(r"(?<!\\)([a-z])\1+")
_RUN_OF_HAN = re.compile(f"([{HAN_CLASS}])\\1{{2,}}")

_TERM = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_CLASS_OR_ESCAPE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_FOLDED_AWAY = re.compile(r"(?<!\\)([a-z])\1+[?{]|([a-z])\(\?:(?:[^()]*\|)?\2")


class LexiconError(ValueError):
    """The lexicon cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Crisis:
    """A message that speaks of suicide, self-harm or farewell.

    Attributes:
        who: whose life it is about, the writer's or that of someone near.
        cue: id of the lexicon entry that matched; never a part of the message.
        hint: whether the words often mean something else.
    """

    who: Who
    cue: str
    hint: bool = False


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Patterns(_Strict):
    id: str = Field(pattern=r"^(?:en|zh)_[a-z_]+$")
    language: Literal["en", "zh"]
    patterns: list[str] = Field(min_length=1)
    comment: str = ""


class _Entry(_Patterns):
    who: Literal["self", "other", "subject"]
    hint: bool = False


class _Subjects(_Strict):
    self: list[str] = Field(min_length=1)
    other: list[str] = Field(min_length=1)


class _Document(_Strict):
    terms: dict[str, str | list[str]]
    entries: list[_Entry] = Field(min_length=1)
    negations: list[_Patterns]
    idioms: list[_Patterns]
    subjects: _Subjects


@dataclass(frozen=True)
class _Cue:
    id: str
    language: str
    who: str
    hint: bool


@dataclass(frozen=True)
class Lexicon:
    """A compiled crisis lexicon.

    Attributes:
        cues: for each pattern of `cued` the entry it belongs to, the most open first.
        cued: the patterns that mean crisis.
        blanked: per language, the denials and figures of speech that are taken out before the cues are tried.
        self_named, other_named: mentions of the writer and of somebody else.
    """

    cues: tuple[_Cue, ...]
    cued: Sieve
    blanked: dict[str, Sieve]
    self_named: re.Pattern[str]
    other_named: re.Pattern[str]

    def assess(self, text: str) -> Crisis | None:
        """Tell whether `text` speaks of suicide, self-harm or farewell; see `bot.nlu.crisis.assess`."""
        message = normalise(text)
        languages = _languages(message)
        if not self._find(message, languages):
            return None
        for language in languages:
            blanks = self.blanked[language]
            for number in blanks.possible(message):
                message = blanks.patterns[number].sub(_BLANK, message)
        found = self._find(message, languages)
        if not found:
            return None
        cue, match = found
        return Crisis(self._who(cue, message, match), cue.id, cue.hint)

    def _find(self, message: str, languages: Sequence[str]) -> tuple[_Cue, re.Match[str]] | None:
        for number in self.cued.possible(message):
            cue = self.cues[number]
            if cue.language in languages:
                match = self.cued.patterns[number].search(message)
                if match:
                    return cue, match
        return None

    def _who(self, cue: _Cue, message: str, match: re.Match[str]) -> Who:
        if cue.who != "subject":
            return "other" if cue.who == "other" else "self"
        start = max(0, match.start() - _SUBJECT_WINDOW)
        named_self = _last_start(self.self_named, message, start, match.end())
        named_other = _last_start(self.other_named, message, start, match.end())
        return "other" if named_other > named_self else "self"


def assess(text: str) -> Crisis | None:
    """Tell whether a message speaks, openly or between the lines, of suicide, self-harm or farewell.

    Works on any Unicode text, never raises, and costs time linear in its length.

    Returns:
        Whom it is about and which lexicon entry found it, or None.
    """
    return _lexicon().assess(text)


def normalise(text: str) -> str:
    """Bring a message into the form the lexicon is written for.

    Compatibility forms, letter case, invisible characters, accents, apostrophes, hyphens and spacing are evened
    out, doubled Latin letters written once, Traditional characters turned into Simplified.
    """
    visible = unicodedata.normalize("NFKD", text)
    if not visible.isascii():
        visible = "".join(char for char in visible if unicodedata.category(char) not in _INVISIBLE)
        visible = unicodedata.normalize("NFKC", visible)
    folded = _DROPPED.sub("", visible.lower())
    folded = _DOUBLED.sub(r"\1", _SPACE.sub(" ", folded)).strip()
    if HAN.search(folded):
        folded = _simplified(folded)
        folded = _SPACE_BY_HAN.sub("", _DOTS_IN_HAN.sub("", folded))
        folded = _RUN_OF_HAN.sub(r"\1", folded)
    return folded


def load(path: Path) -> Lexicon:
    """Read, check and compile a crisis lexicon.

    Raises:
        LexiconError: when the file is not YAML, has a field missing, unknown or of the wrong type, an id twice,
            or a pattern that does not compile, is unbounded or would lose its meaning in normalisation.
    """
    document = _parse(path)
    terms = _terms(document, path)
    _require_unique([*document.entries, *document.negations, *document.idioms], path)

    def compiled(patterns: Iterable[str], owner: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_compile(pattern, terms, f"{path.name}: {owner}") for pattern in patterns)

    cues = [
        (_Cue(entry.id, entry.language, entry.who, entry.hint), pattern)
        for entry in sorted(document.entries, key=lambda entry: entry.hint)
        for pattern in compiled(entry.patterns, entry.id)
    ]
    blanks = [*document.negations, *document.idioms]
    return Lexicon(
        cues=tuple(cue for cue, _ in cues),
        cued=Sieve(pattern for _, pattern in cues),
        blanked={
            language: Sieve(
                pattern
                for blank in blanks
                if blank.language == language
                for pattern in compiled(blank.patterns, blank.id)
            )
            for language in ("en", "zh")
        },
        self_named=compiled(["|".join(document.subjects.self)], "subjects.self")[0],
        other_named=compiled(["|".join(document.subjects.other)], "subjects.other")[0],
    )


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return load(LEXICON / "crisis.yml")


def _simplified(text: str) -> str:
    return to_simplified(text).replace("著", "着")


def _languages(message: str) -> tuple[str, ...]:
    tests = (("en", _HAS_LATIN), ("zh", HAN))
    return tuple(language for language, letters in tests if letters.search(message))


def _last_start(pattern: re.Pattern[str], message: str, start: int, end: int) -> int:
    return max((match.start() for match in pattern.finditer(message, start, end)), default=-1)


def _parse(path: Path) -> _Document:
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _Document.model_validate(raw)
    except yaml.YAMLError as error:
        raise LexiconError(f"{path.name}: not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise LexiconError(f"{path.name}: {_place(raw, first['loc'])}: {first['msg']}") from error


def _place(raw: Any, location: tuple[int | str, ...]) -> str:
    """Name the entry and field of a validation error by id rather than by position."""
    match location:
        case (str(section), int(index), *rest):
            item = raw[section][index]
            name = item.get("id", f"item {index + 1}") if isinstance(item, dict) else f"item {index + 1}"
            return " ".join([f"{section} '{name}'", *map(str, rest)])
    return " ".join(map(str, location))


def _terms(document: _Document, path: Path) -> dict[str, str]:
    """Expand the terms, each of which may use those before it."""
    terms: dict[str, str] = {}
    for name, value in document.terms.items():
        source = value if isinstance(value, str) else f"(?:{'|'.join(value)})"
        terms[name] = _expand(source, terms, f"{path.name}: terms '{name}'")
    return terms


def _expand(pattern: str, terms: dict[str, str], place: str) -> str:
    unknown = [name for name in _TERM.findall(pattern) if name not in terms]
    if unknown:
        raise LexiconError(f"{place}: unknown term {{{unknown[0]}}}")
    return _TERM.sub(lambda term: terms[term[1]], pattern)


def _compile(pattern: str, terms: dict[str, str], place: str) -> re.Pattern[str]:
    source = _expand(pattern, terms, place)
    outside_classes = _CLASS_OR_ESCAPE.sub(".", source)
    if _UNBOUNDED.search(outside_classes):
        raise LexiconError(f"{place}: unbounded repetition in {pattern!r}")
    folded_away = _FOLDED_AWAY.search(outside_classes)
    if folded_away:
        raise LexiconError(f"{place}: doubled letter at {folded_away[0]!r} would be lost in {pattern!r}")
    try:
        return re.compile(_DOUBLED.sub(r"\1", _simplified(source)), re.ASCII)
    except re.error as error:
        raise LexiconError(f"{place}: {error} in {pattern!r}") from error


def _require_unique(items: Iterable[_Patterns], path: Path) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise LexiconError(f"{path.name}: '{item.id}' twice")
        seen.add(item.id)
