"""Many patterns over one text: only those are tried that the text's own pieces allow.

What a pattern cannot match without is read from its syntax, as Python parses it; letter case must not be ignored.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.nlu.han import HAN

_SYNTAX: Any = importlib.import_module("re._parser")
_PIECE = 3
_CLAUSES = 3

_Clause = frozenset[str]


class Sieve:
    """Patterns in order, of which only those are tried that the pieces of a text allow.

    A clause is a set of pieces, up to three characters each, of which any text matched by the pattern holds at
    least one. Up to three clauses of each pattern are looked up at once, as bits of whole numbers.
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self.patterns = tuple(patterns)
        self._rows: list[dict[str, int]] = [{} for _ in range(_CLAUSES)]
        self._open = [0] * _CLAUSES
        for number, pattern in enumerate(self.patterns):
            clauses = sorted(set(_clauses(_SYNTAX.parse(pattern.pattern))), key=_weight)
            for row in range(_CLAUSES):
                if row >= len(clauses):
                    self._open[row] |= 1 << number
                for piece in clauses[row] if row < len(clauses) else ():
                    self._rows[row][piece] = self._rows[row].get(piece, 0) | 1 << number

    def possible(self, text: str) -> Iterator[int]:
        """The numbers of the patterns that may match `text`, in order."""
        pieces = {text[start : start + size] for size in range(1, _PIECE + 1) for start in range(len(text))}
        left = -1
        for row, always in zip(self._rows, self._open, strict=True):
            allowed = always
            for piece in row.keys() & pieces:
                allowed |= row[piece]
            left &= allowed
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest


def _clauses(syntax: Any) -> list[_Clause]:
    """What a parsed pattern cannot match without; the pieces of one clause are alternatives."""
    clauses: list[_Clause] = []
    run = ""
    for kind, value in syntax:
        if kind is _SYNTAX.LITERAL:
            run += chr(value)
            continue
        clauses += _clauses_of_literal(run)
        run = ""
        repeated = kind in (_SYNTAX.MAX_REPEAT, _SYNTAX.MIN_REPEAT) and value[0] > 0
        if repeated or kind is _SYNTAX.SUBPATTERN:
            clauses += _clauses(value[-1])
        elif kind is _SYNTAX.IN and all(member is _SYNTAX.LITERAL for member, _ in value):
            clauses.append(frozenset(chr(character) for _, character in value))
        elif kind is _SYNTAX.BRANCH:
            branches = [_clauses(branch) for branch in value[-1]]
            if all(branches):
                clauses.append(_Clause().union(*(min(branch, key=_weight) for branch in branches)))
    return clauses + _clauses_of_literal(run)


def _clauses_of_literal(run: str) -> list[_Clause]:
    han = [_Clause({character}) for character in run if HAN.match(character)]
    size = min(len(run), _PIECE)
    pieces = [run[start : start + size] for start in range(len(run) - size + 1)] if run else []
    return han + [_Clause({piece}) for piece in pieces]


def _weight(clause: _Clause) -> tuple[int, list[str]]:
    """How little a clause keeps out: a Chinese character is rare, a single letter is in every message."""
    common = sum(1 if HAN.search(piece) else 4 ** (_PIECE - len(piece)) * 2 for piece in clause)
    return common, sorted(clause)
