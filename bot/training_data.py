"""Whether the training messages are wide, not long: no repetition, nothing that is evaluated, enough for each need.

What is looked for, in this order; a message that is found is left out of what follows, so that a person who deletes
every message that is named is done:

- it stands in ``data/evaluation`` too, in the same words or nearly;
- the same text has another need;
- the same text has this need already;
- it is nearly the same text as another of its need;
- it is one more of a series: messages of one need that are equal but for one slot (a name, a number, a currency).

Texts are the same when they agree in everything but case, width, marks and spaces. They are nearly the same when the
cosine of their sets of character trigrams is at least `NEARLY` (Broder 1997 calls these sets shingles).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation.sets import labelled_rows
from bot.nlu.han import HAN_CLASS, to_simplified
from bot.paths import EVALUATION, NLU, ROOT

MINIMUM = {"en": 100, "zh-Hans": 100, "zh-Hant": 40, "mixed": 40}
"""How many different messages each need has, by directory of ``data/nlu``: the product's promise."""

NEARLY = 0.8
LONGEST_SERIES = 3
LONGEST_SLOT = 4  # tokens: a name such as "Bank of New Zealand", a Chinese bank's
SHORTEST_FRAME = 4  # tokens around the slot; shorter answers are naturally alike

_TOKEN = re.compile(rf"\d+|[{HAN_CLASS}]|[^\W\d_{HAN_CLASS}]+")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Place:
    """Where a message stands.

    Attributes:
        path: the file, from the project's root.
        line: its line, from 1.
        need: its intent.
        number: which message of its need it is in this file, from 1; of an evaluation file, which of all.
    """

    path: Path
    line: int
    need: str
    number: int

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.need} {self.number}"


@dataclass(frozen=True)
class Message:
    """A training or evaluation message; `language` is its directory's or set's name."""

    place: Place
    language: str
    text: str

    @property
    def need(self) -> str:
        """Its intent."""
        return self.place.need


@dataclass(frozen=True)
class Finding:
    """A training message that should go, or be written anew, and the message that it repeats."""

    message: Message
    why: str
    other: Message

    def __str__(self) -> str:
        return f"{self.message.place}: {self.why} {self.other.place}"

    def row(self) -> str:
        """Place, reason, both texts and the other's place, with tabs between them: for who prunes."""
        return "\t".join(
            (str(self.message.place), self.why, self.message.text, str(self.other.place), self.other.text)
        )


@dataclass(frozen=True)
class Shortfall:
    """A need that has fewer different messages in a language than promised."""

    need: str
    language: str
    found: int

    def __str__(self) -> str:
        wanted = MINIMUM[self.language]
        return (
            f"data/nlu/{self.language}: {self.need}: {self.found} different messages; {wanted} are promised"
        )


def read_training(directory: Path = NLU) -> list[Message]:
    """Every training message, in the order of files and lines."""
    return [
        message for path in sorted(directory.rglob("*.yml")) for message in _read_file(path, path.parent.name)
    ]


def _read_file(path: Path, language: str) -> Iterator[Message]:
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    counts: Counter[str] = Counter()
    for block in _entry(root, "nlu").value:
        need, examples = _entry(block, "intent").value, _entry(block, "examples")
        first_line = examples.start_mark.line + (2 if examples.style == "|" else 1)
        for offset, line in enumerate(examples.value.splitlines()):
            if line.startswith("-"):
                counts[need] += 1
                place = Place(_from_root(path), first_line + offset, need, counts[need])
                yield Message(place, language, line[1:].strip())


def _entry(mapping: Any, name: str) -> Any:
    return next(value for key, value in mapping.value if key.value == name)


def _from_root(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def read_evaluated(directory: Path = EVALUATION) -> list[Message]:
    """Every evaluation message that has a need: what is trained on is measured by these alone."""
    return [
        Message(Place(_from_root(path), number, row["intent"], number), path.stem, row["text"])
        for path, number, row in labelled_rows(directory)
    ]


def normal_form(text: str) -> str:
    """The text without case, width, marks and spaces; of one that is nothing but marks, the marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NO_WORD.sub("", folded) or "".join(folded.split())


def _in_either_script(message: Message) -> str:
    """The normal form with Traditional characters folded onto Simplified ones."""
    return to_simplified(normal_form(message.text))


def findings(messages: Iterable[Message], evaluated: Sequence[Message] = ()) -> list[Finding]:
    """Every message that repeats another, once each; see the module for what counts."""
    kept, found = list(messages), []
    looks = (
        lambda left: _evaluated_too(left, evaluated),
        _under_two_needs,
        _duplicates,
        _near_duplicates,
        _series,
    )
    for look in looks:
        new = list(look(kept))
        found += new
        gone = {finding.message.place for finding in new}
        kept = [message for message in kept if message.place not in gone]
    return found


def shortfalls(messages: Iterable[Message], repeated: Collection[Finding] = ()) -> list[Shortfall]:
    """What is missing to `MINIMUM` for each need that occurs, when `repeated` is left out."""
    kept = list(messages)
    gone = {finding.message.place for finding in repeated}
    counts = Counter((message.need, message.language) for message in kept if message.place not in gone)
    return [
        Shortfall(need, language, counts[need, language])
        for need in sorted({message.need for message in kept})
        for language, wanted in MINIMUM.items()
        if counts[need, language] < wanted
    ]


def data_problems() -> Iterator[str]:
    """Every finding and shortfall of the project's data, one line each, without a message's text.

    A model may be trained with data that have some: who adds a need begins with few messages.
    """
    messages = read_training()
    found = findings(messages, read_evaluated())
    yield from map(str, found)
    yield from map(str, shortfalls(messages, found))


def prune_list() -> Iterator[str]:
    """Every finding of the project's data with both texts; see `Finding.row`."""
    yield from (finding.row() for finding in findings(read_training(), read_evaluated()))


def _evaluated_too(messages: Sequence[Message], evaluated: Sequence[Message]) -> Iterator[Finding]:
    if not messages or not evaluated:
        return
    same = {_in_either_script(message): message for message in reversed(evaluated)}
    near = _likest(messages, evaluated)
    for index, message in enumerate(messages):
        if other := same.get(_in_either_script(message)):
            yield Finding(message, "the same text as", other)
        elif index in near:
            other_index, likeness = near[index]
            yield Finding(message, f"nearly the text ({likeness:.2f}) of", evaluated[other_index])


def _under_two_needs(messages: Sequence[Message]) -> Iterator[Finding]:
    first: dict[str, Message] = {}
    for message in messages:
        other = first.setdefault(_in_either_script(message), message)
        if other.need != message.need:
            yield Finding(message, "the same text under another need:", other)


def _duplicates(messages: Sequence[Message]) -> Iterator[Finding]:
    first: dict[str, Message] = {}
    for message in messages:
        other = first.setdefault(normal_form(message.text), message)
        if other is not message:
            yield Finding(message, "the same text as", other)


def _near_duplicates(messages: Sequence[Message]) -> Iterator[Finding]:
    """Within a need, each message that is nearly the same as an earlier one that stays."""
    for group in _by_need(messages):
        vectors = _vectors(message.text for message in group)
        likeness = (vectors @ vectors.T).tocsr()
        stays = [True] * len(group)
        for index, message in enumerate(group):
            row = slice(likeness.indptr[index], likeness.indptr[index + 1])
            for other, value in zip(likeness.indices[row], likeness.data[row], strict=True):
                if value >= NEARLY and other < index and stays[other]:
                    stays[index] = False
                    yield Finding(message, f"nearly the text ({value:.2f}) of", group[other])
                    break


def _by_need(messages: Iterable[Message]) -> Iterable[list[Message]]:
    groups: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.need].append(message)
    return groups.values()


def _vectors(texts: Iterable[str]) -> Any:
    """A sparse matrix (texts, hashed trigrams) with rows of length 1: a product of two is their cosines."""
    from sklearn.feature_extraction.text import HashingVectorizer

    trigrams = HashingVectorizer(
        analyzer="char", ngram_range=(3, 3), binary=True, alternate_sign=False, preprocessor=_spaced
    )
    return trigrams.transform(texts)


def _spaced(text: str) -> str:
    """The text with one space for whatever stands between words, and around: edges of words are trigrams too."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _NO_WORD.sub(" ", folded).strip()
    return f" {words or folded.strip()} "


def _likest(messages: Sequence[Message], others: Sequence[Message]) -> dict[int, tuple[int, float]]:
    """For the index of each message that is nearly another in either script, the likest's index and likeness."""
    left, right = (
        _vectors(to_simplified(message.text) for message in corpus) for corpus in (messages, others)
    )
    likeness = (left @ right.T).tocoo()
    near = likeness.data >= NEARLY
    pairs = sorted(zip(likeness.data[near], likeness.row[near], likeness.col[near], strict=True))
    return {int(row): (int(column), float(value)) for value, row, column in pairs}


def _series(messages: Sequence[Message]) -> Iterator[Finding]:
    """Each message past `LONGEST_SERIES` of those that share a frame around one slot."""
    for group in _by_need(messages):
        members: defaultdict[tuple[int, int, int], list[Message]] = defaultdict(list)
        for message in group:
            frames = _frames(message.text)
            full = next((frame for frame in frames if len(members[frame]) >= LONGEST_SERIES), None)
            if full is None:
                for frame in frames:
                    members[frame].append(message)
            else:
                yield Finding(message, "one more of a series with", members[full][0])


def _frames(text: str) -> list[tuple[int, int, int]]:
    """What is left of a text with each possible slot cut out, as hashes of what stands before and after it.

    A slot is 1 to `LONGEST_SLOT` tokens and at most half of what stands around it; a token is a word, a Han
    character or a number, and all numbers are one, so that a series that counts is found with two slots as well.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    tokens = ["0" if token[0].isdigit() else token for token in _TOKEN.findall(folded)]
    count = len(tokens)
    before, after = _running_hashes(tokens), _running_hashes(tokens[::-1])
    return [
        (start, before[start], after[count - end])
        for start in range(count)
        for end in range(start + 1, min(count, start + LONGEST_SLOT) + 1)
        if count - (end - start) >= max(SHORTEST_FRAME, 2 * (end - start))
    ]


def _running_hashes(tokens: Sequence[str]) -> list[int]:
    """The hash of each beginning of the tokens, the empty one first."""
    hashes = [0]
    for token in tokens:
        hashes.append(hash((hashes[-1], token)))
    return hashes
