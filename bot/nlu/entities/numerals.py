"""Amounts in words and figures, English and Chinese."""

import re
from dataclasses import dataclass
from decimal import Decimal

import cn2an

MAGNITUDES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "grand": Decimal(1_000),
    "lakh": Decimal(100_000),
    "lac": Decimal(100_000),
    "crore": Decimal(10_000_000),
    "k": Decimal(1_000),
    "w": Decimal(10_000),
    "million": Decimal(1_000_000),
    "mil": Decimal(1_000_000),
    "mio": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
}
FEW = 2
"""What "a few" and "几" count for: the least they can mean."""

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_FEW = {"couple": FEW, "few": FEW, "several": FEW}
_VALUES = {**_SMALL, **_TENS, **_FEW, "a": 1, "an": 1, "tens": 10, "dozen": 12}
_SCALES = {
    "hundred": 100,
    "hundreds": 100,
    "thousand": 1_000,
    "thousands": 1_000,
    "grand": 1_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "crore": 10_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "billion": 1_000_000_000,
}
_FILLERS = frozenset({"and", "of"})
_VAGUE = frozenset({*_FEW, "tens", "hundreds", "thousands", "millions"})
_HALF = "half"
_A_HALF = re.compile(r"\ban? half\b")
_POINT = "point"
_MAX_TOKENS = 12

_WORDS = sorted({*_VALUES, *_SCALES, _HALF}, key=len, reverse=True)
ENGLISH_NUMBER = rf"(?:{'|'.join(_WORDS)})(?:[ -](?:(?:and|of|point)[ ])?(?:{'|'.join(_WORDS)})(?![a-z]))*+"
"""Pattern of a number in English words, in lower case."""

CHINESE_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖廿卅"
CHINESE_UNITS = "十百千万亿拾佰仟"
_ARABIC = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
_SOME = frozenset("几数")
_RANGE = re.compile(r"([一二两三四五六七八九])[一二两三四五六七八九](?=[十百千万亿])")
_POINT_BEFORE_UNIT = re.compile(
    r"^([\d零〇一二两三四五六七八九]+)点([\d零〇一二两三四五六七八九]+)([百千万亿])$"
)
_BIG = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_MAX_CHINESE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Number:
    """A number and whether its words only say about how much."""

    value: Decimal
    approximate: bool = False


def english(words: str) -> Number | None:
    """Read "two hundred and fifty thousand", "half a million", "a grand and a half", "one point three mil".

    Args:
        words: What `ENGLISH_NUMBER` matched.

    Returns:
        The number; ``None`` when the words don't make one up. Vague words count for the least they mean.
    """
    tokens = [token for token in re.split(r"[ -]", _A_HALF.sub(_HALF, words)) if token not in _FILLERS]
    half = tokens[:1] == [_HALF]
    if len(tokens) > _MAX_TOKENS or len(tokens) == half or _HALF in tokens[1:3] * half:
        return None
    total, group, scale, place = Decimal(0), Decimal(0), Decimal(1), Decimal(0)
    for token in tokens[half:]:
        multiple = _SCALES.get(token)
        if multiple:
            scale, place = Decimal(multiple), Decimal(0)
            group = max(group, Decimal(1)) * scale
            if multiple > _SCALES["hundred"]:
                total, group = total + group, Decimal(0)
        elif token == _HALF:
            group += (scale if scale > 1 and not group % scale else Decimal(1)) / 2
        elif token == _POINT:
            place = Decimal("0.1")
        elif place:
            group, place = group + _VALUES[token] * place, place / 10
        else:
            group = _join(group, token)
    value = total + group
    return Number(value / 2 if half else value, approximate=not _VAGUE.isdisjoint(tokens))


def _join(group: Decimal, token: str) -> Decimal:
    value = Decimal(_VALUES[token])
    if token in _FEW and group == 1:
        return value
    return group + value


def chinese(numeral: str) -> Number | None:
    """Read "三万五" (35000), "3万5", "三点五万", "三四千" (at least 3000), "几十万", in Simplified
    characters.

    Returns:
        The number; ``None`` when the characters don't make one up.
    """
    if len(numeral) > _MAX_CHINESE_LENGTH:
        return None
    exact = _RANGE.sub(r"\1", numeral)
    vague = exact != numeral or exact[:1] in _SOME
    if exact[:1] in _SOME:
        exact = f"{FEW}{exact[1:]}"
    if exact[:1] in _BIG:
        exact = f"1{exact}"
    value = _with_decimal_point(exact)
    return None if value is None else Number(value, vague)


def _with_decimal_point(numeral: str) -> Decimal | None:
    match = _POINT_BEFORE_UNIT.match(numeral)
    if match is None:
        return _cn2an(numeral)
    number = _cn2an("".join(_ARABIC.get(char, char) for char in f"{match[1]}.{match[2]}"))
    return None if number is None else number * _BIG[match[3]]


def _cn2an(numeral: str) -> Decimal | None:
    try:
        return Decimal(str(cn2an.cn2an(numeral, "smart")))
    except (ValueError, KeyError, IndexError, ArithmeticError):
        return None
