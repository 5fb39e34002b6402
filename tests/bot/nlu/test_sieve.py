"""The sieve passes over no pattern that matches."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.sieve import Sieve
from bot.nlu.signs import _fold, _sieve, lexicon
from bot.paths import EVALUATION


@given(st.text(alphabet="abcd 死活想要", max_size=12))
def test_alternatives_repeats_and_classes_are_not_passed_over(text: str) -> None:
    sieve = Sieve(
        re.compile(source)
        for source in (
            "ab|死",
            "(?:abc){1,2}d?",
            "[死活]a",
            "a{0,1}b",
            "(?!ab)c",
            "^想(?:要|死)?",
            "(?<=a)bc|d ",
        )
    )
    matching = [number for number, pattern in enumerate(sieve.patterns) if pattern.search(text)]
    possible = list(sieve.possible(text))
    assert set(matching) <= set(possible)
    assert possible == sorted(possible)


def test_no_cue_of_a_sign_that_matches_is_passed_over() -> None:
    cues = lexicon()
    texts = [json.loads(line)["text"] for line in (EVALUATION / "en.jsonl").read_text("utf-8").splitlines()]
    texts += [
        json.loads(line)["text"] for line in (EVALUATION / "zh-Hans.jsonl").read_text("utf-8").splitlines()
    ]
    seen = 0
    for text in map(_fold, texts[::3]):
        matching = {number for number, cue in enumerate(cues) if cue.pattern.search(text)}
        assert matching <= set(_sieve().possible(text))
        seen += len(matching)
    assert seen > 20
