"""A yes, a no or a not-sure in typed words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.message import Message
from actions.case.yes_or_no import agreed, clear_yes_or_no, yes_or_no

YES = [
    "yes",
    "Yes, I did",
    "yeah",
    "ok",
    "sure",
    "y",
    "是的",
    "是",
    "对",
    "對啊",
    "有",
    "嗯嗯",
    "好的",
    "没错",
    "係",
    "冇問題",
]
NO = [
    "no",
    "No, nothing",
    "nope",
    "not yet",
    "not really",
    "不是",
    "没有",
    "沒有",
    "不行",
    "唔係",
    "冇",
    "否",
]
UNSURE = [
    "not sure",
    "I'm not sure",
    "maybe",
    "don't know",
    "I don't know",
    "no idea",
    "不知道",
    "我不确定",
    "唔知",
    "說不準",
]
NEITHER = [
    "对不起", "對方說要付款", "有什么风险", "是不是骗子", "好像有", "好多钱没了", "可以退吗", "不过我有问题",
    "不好意思", "行吗", "得到什么", "yesterday", "nothing", "notable", "okra", "surely", "", "…",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((t, "yes") for t in YES),
        *((t, "no") for t in NO),
        *((t, "unsure") for t in UNSURE),
        *((t, None) for t in NEITHER),
    ],
)
def test_a_typed_yes_no_or_not_sure(text: str, expected: str | None) -> None:
    assert yes_or_no(Message(text, "nlu_fallback")) == expected


@pytest.mark.parametrize(("need", "expected"), [("affirm", "yes"), ("deny", "no"), ("unsure", "unsure")])
def test_what_the_model_reads_as_an_answer_counts(need: str, expected: str) -> None:
    assert yes_or_no(Message("whatever words", need)) == expected


@pytest.mark.parametrize("chosen", ["yes", "no", "unsure"])
def test_a_pressed_button_counts_whatever_the_model_reads(chosen: str) -> None:
    assert yes_or_no(Message("…", "out_of_scope", chosen=chosen)) == chosen


def test_a_need_of_its_own_is_no_yes() -> None:
    assert yes_or_no(Message("yes and I want to die", "crisis")) is None
    assert clear_yes_or_no(Message("yes and I want to die", "crisis")) is None


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes.",
        "yes please",
        "Yes, delete it",
        "ok delete everything",
        "是",
        "是的",
        "好的，删除",
        "嗯",
        "對，刪掉吧",
        "係",
    ],
)
def test_a_clear_yes(text: str) -> None:
    assert clear_yes_or_no(Message(text, "nlu_fallback")) == "yes"


@pytest.mark.parametrize("text", [*NO, *UNSURE, "no, keep it", "不要删"])
def test_everything_that_begins_with_no_or_doubt_is_a_clear_no(text: str) -> None:
    assert clear_yes_or_no(Message(text, "affirm")) == "no"


@pytest.mark.parametrize(
    "text",
    [*NEITHER, "ok but wait", "yes they took it all", "好像不要", "go on then", "是的我被骗了", "what?"],
)
def test_anything_else_is_no_clear_answer_even_if_it_is_read_as_one(text: str) -> None:
    assert clear_yes_or_no(Message(text, "affirm")) is None


def test_a_pressed_button_is_a_clear_answer() -> None:
    assert clear_yes_or_no(Message("…", "nlu_fallback", chosen="yes")) == "yes"
    assert clear_yes_or_no(Message("…", "affirm", chosen="no")) == "no"


@given(st.text(max_size=20), st.sampled_from(["affirm", "inform", "nlu_fallback", None]))
def test_no_wild_text_is_a_clear_yes_unless_it_begins_with_one(text: str, need: str | None) -> None:
    if clear_yes_or_no(Message(text, need)) == "yes":
        assert text.strip().lower().startswith(("y", "ok", "sure", *"是对對好嗯可行係得"))


@pytest.mark.parametrize(
    ("text", "need", "expected"),
    [
        ("yes but don't tell my daughter", "deny", "yes"),
        ("ok no thx", "deny", "no"),
        ("no i don't understand, what is a caseworker", "deny", None),
        ("no", "deny", "no"),
    ],
)
def test_a_yes_to_passing_on_is_what_was_said(text: str, need: str, expected: str | None) -> None:
    assert agreed(Message(text, need)) == expected
