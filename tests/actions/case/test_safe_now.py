"""What counts as "I am safe", and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.safe_now import typed_safety

YES = [
    "I'm safe",
    "yes I am safe now",
    "safe for now",
    "I'm ok, my flatmate is with me",
    "no I'm not going to hurt myself",
    "I have no plan to die, I want the recall",
    "she is awake, she is holding me",
    "安全",
    "我室友在旁边，安全",
    "我没事，我老公陪着我",
    "不会做傻事的",
    "我冇話要死呀",
]
NO = ["I'm not safe", "not really safe here", "I don't feel safe", "不安全", "唔安全", "沒有安全"]
UNSURE = [
    "define safe",
    "safe? he is scaring me but I'm alone at home",
    "what do you mean by safe",
    "怎样才算安全",
    "is it safe?",
]
NEITHER = [
    "I just want it to stop",
    "you're pasting the same thing",
    "在武汉",
    "we live on the ninth floor",
    "",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "yes") for text in YES),
        *((text, "no") for text in NO),
        *((text, "unsure") for text in UNSURE),
        *((text, None) for text in NEITHER),
    ],
)
def test_an_answer_is_what_it_says(text: str, expected: str | None) -> None:
    assert typed_safety(text) == expected


@given(st.text(max_size=300))
def test_it_never_fails(text: str) -> None:
    assert typed_safety(text) in {"yes", "no", "unsure", None}
