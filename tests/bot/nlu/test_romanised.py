"""Chinese in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.romanised import JYUTPING, PINYIN, romanised, without_marks


@pytest.mark.parametrize(
    "text",
    [
        "wo bei pian le",
        "WO BEI PIAN LE",
        "wobeipianle zenmeban",
        "zenme lianxi yinhang",
        "wo3 bei4 pian4 le5",
        "Wǒ bèi piàn le",
        "duìfāng yào wǒ fù bǎozhèngjīn",
        "wo yong Zelle zhuan le gei ta",
        "wo bei scam le",
        "peng you jie shao qu xi gang",
        "nü'er bei pian le",
    ],
)
def test_mandarin_in_pinyin(text: str) -> None:
    assert romanised(text.split()) == PINYIN


@pytest.mark.parametrize(
    "text", ["ngo bei yan ngaak jor", "ngo5 bei2 jan4 ngaak1 zo2", "ngo soeng bou ging", "keoi ngaak zo ngo"]
)
def test_cantonese_as_it_is_spelt(text: str) -> None:
    assert romanised(text.split()) == JYUTPING


@pytest.mark.parametrize(
    "text",
    [
        "he can ban me",
        "she ran to a man",
        "long time no see",
        "Wang Xiaoming",
        "li wei",
        "Lin Xiaoyu and Zhao Min run the group",
        "toi bi lua dao qua mang",
        "saya bisa bantu dia",
        "watashi wa damasareta tasukete",
        "no me da la gana",
        "je ne sais pas quoi faire",
        "ok",
        "",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert romanised(text.split()) is None


@pytest.mark.parametrize(
    ("word", "plain"), [("Đến", "den"), ("nǚ", "nu"), ("HELP", "help"), ("l’argent", "l'argent")]
)
def test_marks_are_taken_off(word: str, plain: str) -> None:
    assert without_marks(word) == plain


@given(st.lists(st.text(min_size=1)))
def test_any_words_can_be_asked_about(words: list[str]) -> None:
    assert romanised(words) in {None, PINYIN, JYUTPING}
