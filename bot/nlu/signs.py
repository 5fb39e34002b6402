"""Which warning signs a message tells of, in the person's own words.

The signs are the questions of ``data/registry/red_flags``; how people say them is in ``data/lexicon/signs.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.entities.text import fold, lower
from bot.nlu.han import HAN
from bot.nlu.sieve import Sieve
from bot.paths import LEXICON

SIGNS = LEXICON / "signs.yml"

LONGEST_QUOTE = 60
"""Latin characters in a quote at most; a Chinese character counts as `HAN_WIDTH` of them (24 fill a quote)."""
HAN_WIDTH = 2.5

_LATIN = re.compile(r"[a-z]")
_VARIANTS = str.maketrans("帐畀著", "账俾着", "")
_INNER_POINT = re.compile(r"(?<=[a-z0-9])\.(?=[a-z0-9])")
_INNER_POINT_STAND_IN = "·"

_TERM = re.compile(r"\{([^\W\d]\w*)\}")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
_BETWEEN_WORDS = r"(?!(?<=[a-z])[a-z])"
_GAPS = {
    needs_han: rf"{_BETWEEN_WORDS}[^.!?。\n]{{0,{width}}}?{_BETWEEN_WORDS}"
    for needs_han, width in ((False, 40), (True, 16))
}
_REST_OF_WORD = "[a-z]{0,10}"
_NOT_INSIDE_WORD = r"(?!(?<=[a-z0-9])[a-z0-9])"
_LINE_JOIN = re.compile(r"(?<=\|)\s+")
_MARKERS = re.compile(r"[…~]|\\.")

_BEFORE = 60
"""How far back from a match a denial is looked for."""
_DENIAL = re.compile(
    r"(?<![a-z])(?:(?:nobody|no ?one|none of them|never|not|without(?: paying)?|no need"
    r"|(?:did|do|does|was|were|is|has|have|had)n'?t)"
    r"(?: (?:once|ever|even|really|actually|been|yet|have|has|had|to|being|be|me|us|my|i|he|she|they|any|an?|the"
    r"|asks?|asked|told|tells?|wants|wanted|requires?|required|needs?|needed|request(?:ed)?|made|makes?"
    r"|demand(?:ed)?|charged?|forced?|says?|said|mentioned|for|about|money|funds"
    r"|to (?:pay|send|deposit|put in|transfer|move|buy|share|give|read|install))){0,7}"
    r"|no(?: upfront| extra)?) ?$"
)
_DENIAL_HAN = re.compile(
    r"(?:(?<!有)没有?|从未|从来未|未曾?|冇|无)(?:任何)?(?:人|谁|边个)?(?:让|叫|要求|要|跟|问|逼|提|说|催|俾|话|需)"
    r"[^，。！？,.!?\n]{0,6}$"
    r"|(?:(?<!有)没有?|冇|从未)(?:任何|什么|乜嘢)?$"
    r"|(?:不用|不需要?|无需|毋须|唔使|不必|唔需要)(?:先|再)?$"
)

_DENIED_WITHIN = re.compile(
    r"(?:nobody|no ?one|never|not|(?:did|do|does|was|were|is|has|have|had)n'?t)"
    r" (?:once |even |ever |been )?(?:ask|need|have to|had to|charg|requir|demand)"
    r"|(?:不用|不需要?|无需|唔使)(?:先|再)?[交付缴给充俾]|(?<!有)没有?人?(?:让|叫|要求)|冇人?叫"
)

_BOUNDARY = re.compile(
    r"[;!?，。；：！？、\n\"()（）「」『』—…]|[,.:](?![a-z0-9])"
    r"|(?<![a-z0-9])(?:and then|and|but|so|because|cos|then|or|plus|while|which) "
    r"|但是|可是|不过|(?<!不)但|然后|后来|结果|所以|因为|而且|跟住|于是"
)
_LATIN_WORDS_END = re.compile(r"(?<![^ ])[a-z0-9'$£€%·-]{1,20} $")
_POSSESSIVE = re.compile(r"'[a-z]{1,2}(?![a-z0-9])")


class SignLexiconError(ValueError):
    """The lexicon of signs cannot be used; the message names the file, the entry and the cue."""


@dataclass(frozen=True)
class Sign:
    """A warning sign somebody told of.

    Attributes:
        id: question of a red-flag file of the registry, such as ``pig_butchering_3``.
        quote: the clause that says it, as typed: ``text[start:end]``.
        start: offset of the quote in the message.
        end: offset after the quote.
    """

    id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class Cue:
    """One way to say a sign, and the ids of the signs it tells of."""

    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    needs_han: bool


def find_signs(text: str) -> list[Sign]:
    """Find the warning signs `text` tells of: each once, in the order they are told.

    What is denied ("nobody asked me to …") does not count. The cost is linear in the length of the text.
    """
    folded = _fold(text)
    has_han, has_latin = bool(HAN.search(folded)), bool(_LATIN.search(folded))
    spans: dict[str, tuple[int, int]] = {}
    cues, sieve = lexicon(), _sieve()
    for number in sieve.possible(folded):
        cue = cues[number]
        if not (has_han if cue.needs_han else has_latin):
            continue
        if all(sign in spans for sign in cue.signs):
            continue
        span = _first_claim(cue.pattern, folded)
        if span is not None:
            for sign in cue.signs:
                spans.setdefault(sign, span)
    ordered = sorted(spans.items(), key=lambda found: found[1])
    return [_sign(sign, span, text, folded) for sign, span in ordered]


@cache
def _sieve() -> Sieve:
    return Sieve(cue.pattern for cue in lexicon())


@cache
def lexicon(path: Path = SIGNS) -> tuple[Cue, ...]:
    """Compile the cues of a lexicon file.

    Raises:
        OSError: the file cannot be read.
        SignLexiconError: it is malformed; the message names the entry.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SignLexiconError(f"{path.name}: {error}") from error
    if not isinstance(content, Mapping) or set(content) != {"terms", "signs"}:
        raise SignLexiconError(f"{path.name}: expected the keys terms and signs")
    terms = _terms(content["terms"], path.name)
    signs_of: dict[str, list[str]] = {}
    for sign, cue in _cues(content["signs"], path.name):
        signs_of.setdefault(cue, []).append(sign)
    return tuple(
        _compile(cue, tuple(dict.fromkeys(signs)), terms, path.name) for cue, signs in signs_of.items()
    )


def _fold(text: str) -> str:
    """`text` as the cues read it, character for character: Simplified, lower case, points inside words hidden."""
    return _INNER_POINT.sub(_INNER_POINT_STAND_IN, lower(fold(text)).translate(_VARIANTS))


def _terms(content: Any, file: str) -> dict[str, str]:
    if not isinstance(content, Mapping):
        raise SignLexiconError(f"{file}: terms is not a mapping")
    terms: dict[str, str] = {}
    for name, value in content.items():
        if not isinstance(value, str):
            raise SignLexiconError(f"{file}: term {name}: not a text")
        one_line = _LINE_JOIN.sub("", value)
        terms[str(name)] = f"(?:{_with_terms(one_line, terms, f'{file}: term {name}')})"
    return terms


def _cues(content: Any, file: str) -> Iterator[tuple[str, str]]:
    if not isinstance(content, list):
        raise SignLexiconError(f"{file}: signs is not a list")
    for number, entry in enumerate(content, 1):
        if not isinstance(entry, Mapping) or set(entry) != {"sign", "cues"}:
            raise SignLexiconError(f"{file}: entry {number}: expected the keys sign and cues")
        sign, cues = entry["sign"], entry["cues"]
        if not isinstance(sign, str) or not isinstance(cues, list) or not cues:
            raise SignLexiconError(f"{file}: entry {number} ({sign}): expected an id and at least one cue")
        for cue in cues:
            if not isinstance(cue, str):
                raise SignLexiconError(f"{file}: entry {number} ({sign}): cue {cue!r} is not a text")
            yield sign, cue


def _with_terms(source: str, terms: Mapping[str, str], where: str) -> str:
    def term(match: re.Match[str]) -> str:
        if match[1] not in terms:
            raise SignLexiconError(f"{where}: unknown term {match[0]}")
        return terms[match[1]]

    return _TERM.sub(term, source)


def _compile(cue: str, signs: tuple[str, ...], terms: Mapping[str, str], file: str) -> Cue:
    where = f"{file}: {signs[0]}: cue {cue!r}"
    source = _with_terms(cue, terms, where)
    if _UNBOUNDED.search(source):
        raise SignLexiconError(f"{where}: unbounded repeat")
    if lower(fold(source)).translate(_VARIANTS) != source:
        raise SignLexiconError(f"{where}: not in lower case and Simplified characters")
    needs_han = bool(HAN.search(source))
    expansions = {"…": _GAPS[needs_han], "~": _REST_OF_WORD}
    expanded = _MARKERS.sub(lambda marker: expansions.get(marker[0], marker[0]), source)
    try:
        pattern = re.compile(f"(?:{expanded}){_NOT_INSIDE_WORD}", re.ASCII)
    except re.error as error:
        raise SignLexiconError(f"{where}: {error}") from error
    if pattern.search(""):
        raise SignLexiconError(f"{where}: matches nothing at all")
    return Cue(pattern, signs, needs_han)


def _first_claim(pattern: re.Pattern[str], folded: str) -> tuple[int, int] | None:
    """The first match that begins at a word and is not denied."""
    position = 0
    while match := pattern.search(folded, position):
        start, end = match.span()
        if not _inside_word(folded, start) and not _denied(folded, start, end):
            return start, end
        position = start + 1
    return None


def _inside_word(folded: str, start: int) -> bool:
    return start > 0 and _is_latin(folded[start]) and _is_latin(folded[start - 1])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _denied(folded: str, start: int, end: int) -> bool:
    before = folded[max(0, start - _BEFORE) : start]
    return bool(
        _DENIAL.search(before) or _DENIAL_HAN.search(before) or _DENIED_WITHIN.search(folded, start, end)
    )


def _sign(sign: str, span: tuple[int, int], text: str, folded: str) -> Sign:
    start, end = _quote_span(folded, *span)
    return Sign(sign, text[start:end], start, end)


def _quote_span(folded: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a match, as much of it in whole words as a quote holds."""
    if ending := _POSSESSIVE.match(folded, end):
        end = ending.end()
    clause_start, clause_end = _clause_start(folded, start), _clause_end(folded, end)
    for span in ((clause_start, clause_end), (clause_start, end), (start, clause_end), (start, end)):
        if _fits(folded, *span):
            first = _extended(folded, clause_start, *span)
            return _stripped(folded, first, span[1])
    return _stripped(folded, start, _last_word_end(folded, start, end))


def _clause_start(folded: str, start: int) -> int:
    window = max(0, start - LONGEST_QUOTE - 1)
    ends = [boundary.end() for boundary in _BOUNDARY.finditer(folded, window, start)]
    return ends[-1] if ends else window


def _clause_end(folded: str, end: int) -> int:
    window = min(len(folded), end + LONGEST_QUOTE + 1)
    boundary = _BOUNDARY.search(folded, end, window)
    return boundary.start() if boundary else window


def _fits(folded: str, start: int, end: int) -> bool:
    han = len(HAN.findall(folded, start, end))
    return end - start + (HAN_WIDTH - 1) * han <= LONGEST_QUOTE


def _extended(folded: str, clause_start: int, start: int, end: int) -> int:
    """Where the quote begins when it takes in the Latin words before `start` that still fit."""
    while before := _LATIN_WORDS_END.search(folded, clause_start, start):
        if not _fits(folded, before.start(), end):
            break
        start = before.start()
    return start


def _last_word_end(folded: str, start: int, end: int) -> int:
    """Where whole words that fit a quote end; inside a word only when the first one is too long."""
    cut = end
    while not _fits(folded, start, cut):
        cut -= 1
    whole = cut
    while whole > start and _is_latin(folded[whole - 1]) and _is_latin(folded[whole]):
        whole -= 1
    return whole if whole > start else cut


def _stripped(folded: str, start: int, end: int) -> tuple[int, int]:
    clause = folded[start:end]
    return start + len(clause) - len(clause.lstrip()), end - len(clause) + len(clause.rstrip())
