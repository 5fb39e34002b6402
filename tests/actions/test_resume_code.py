"""Resume codes: beyond guessing, read however they are typed, never seen where there is none."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from pathlib import Path
from random import choices
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from actions.intake.contract import REFERENCE_ALPHABET
from actions.resume_code import GROUP, LENGTH, is_distinct, new_code, shown, typed_code, with_check_character
from bot.paths import NLU

RANDOM = st.text(REFERENCE_ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
CODES = RANDOM.map(with_check_character).filter(is_distinct)
SEPARATORS = st.sampled_from(["", " ", "-", " - ", "–", "—", "\u2011", ".", "\n", "\u3000", "－"])
AROUND = st.sampled_from(
    [
        "",
        "my code is ",
        "here it is:\n",
        "我的代码是",
        "我的代碼：",
        "代码 ",
        "they gave me ",
        "(",
        "“",
        "code:",
        "🙂",
    ]
)
AFTER = st.sampled_from(["", ".", "！", " thanks", "，谢谢", "謝謝", ")", "”", "\nwhat now?"])
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
STYLES = st.sampled_from([str, str.lower, str.title, lambda text: text.translate(WIDE)])


def test_a_code_has_over_80_random_bits_of_the_reference_alphabet() -> None:
    drawn = [new_code() for _ in range(2_000)]
    assert len(set(drawn)) == len(drawn)
    assert {len(code) for code in drawn} == {LENGTH}
    for place in range(LENGTH):
        assert {code[place] for code in drawn} == set(REFERENCE_ALPHABET)
    of_all = [with_check_character("".join(choices(REFERENCE_ALPHABET, k=LENGTH - 1))) for _ in range(2_000)]
    given_away = -math.log2(sum(map(is_distinct, of_all)) / len(of_all))
    assert (LENGTH - 1) * math.log2(len(REFERENCE_ALPHABET)) - given_away > 82


@pytest.mark.parametrize("code", ["K7BJHJ9Y6CTBCJ8GX6", "THEMANGAVETHEM234P", "222333444555666777"])
def test_what_could_pass_for_something_else_is_not_given_as_a_code(code: str) -> None:
    assert not is_distinct(code)


@given(CODES)
def test_a_code_is_shown_in_short_groups(code: str) -> None:
    assert re.fullmatch(
        rf"(?:[{REFERENCE_ALPHABET}]{{{GROUP}}}-){{5}}[{REFERENCE_ALPHABET}]{{{GROUP}}}", shown(code)
    )
    assert typed_code(shown(code)) == code


@given(CODES, st.lists(SEPARATORS, min_size=LENGTH - 1, max_size=LENGTH - 1), AROUND, AFTER, STYLES)
def test_a_code_is_found_however_it_is_typed(
    code: str, separators: list[str], before: str, after: str, style: Any
) -> None:
    typed = "".join(a + b for a, b in zip(code, [*separators, ""], strict=True))
    assert typed_code(before + style(typed) + after) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(string.ascii_uppercase + string.digits))
def test_a_slip_is_no_other_code_but_is_still_meant_as_one(code: str, place: int, slip: str) -> None:
    assume(code[place] != slip)
    wrong = code[:place] + slip + code[place + 1 :]
    for text in (shown(wrong), f"my code is {shown(wrong)}", wrong.lower(), code[:-1], code + "7"):
        assert typed_code(text) not in {None, code}, text


@given(
    CODES,
    st.sampled_from(["https://t.me/{}", "{}@example.org", "?id={}", "{}/x", "A-{}", "{}-Z7", "AB{}", "{}9X"]),
)
def test_a_part_of_something_longer_is_no_code(code: str, longer: str) -> None:
    for typed in (code, shown(code)):
        assert typed_code("it said " + longer.format(typed)) is None


@given(st.text(max_size=200))
def test_it_never_fails_and_names_only_what_was_typed(text: str) -> None:
    typed = typed_code(text)
    if typed is not None:
        assert typed in re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())


@given(
    st.one_of(
        st.from_regex(r"\A0x[0-9a-fA-F]{40}\Z"),
        st.from_regex(r"\A0x[0-9a-f]{64}\Z"),
        st.from_regex(r"\A[0-9a-f]{64}\Z"),
        st.from_regex(r"\AT[1-9A-HJ-NP-Za-km-z]{33}\Z"),
        st.from_regex(r"\Abc1q[02-9ac-hj-np-z]{38}\Z"),
        st.from_regex(r"\A[13][1-9A-HJ-NP-Za-km-z]{25,33}\Z"),
        st.from_regex(r"\A[1-9A-HJ-NP-Za-km-z]{43,44}\Z"),
        st.from_regex(r"\A[A-Z]{2}[0-9]{2}( [0-9]{4}){4,5}\Z"),
        st.from_regex(r"\A[2-6][0-9]{3}( [0-9]{4}){3}\Z"),
        st.from_regex(r"\A[0-9]{17}[0-9X]\Z"),
        st.from_regex(r"\A\+?[0-9]{1,3}([ -][0-9]{3}){2,4}\Z"),
        st.uuids().map(str),
        st.from_regex(r"\A[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\Z"),
        st.from_regex(r"\A[0-9A-Z]{4}( [0-9A-Z]{4}){4}\Z"),
    ),
    st.sampled_from(["{}", "I sent it to {} yesterday", "他给我的是{}，对吗", "{}\n{}"]),
)
def test_an_address_a_hash_or_a_number_is_no_code(number: str, sentence: str) -> None:
    assert typed_code(sentence.format(number, number)) is None


def test_no_message_of_the_training_data_holds_a_code() -> None:
    blocks = [block for path in NLU.rglob("*.yml") for block in _blocks(path)]
    messages = [line.removeprefix("- ") for block in blocks for line in block["examples"].splitlines()]
    assert len(messages) > 20_000
    assert [message for message in messages if typed_code(message)] == []


def _blocks(path: Path) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return blocks
