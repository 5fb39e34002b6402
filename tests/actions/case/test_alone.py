"""Who can write freely again says so in these words, and in no others."""

from __future__ import annotations

import pytest

from actions.case.alone import says_alone


@pytest.mark.parametrize(
    "text",
    ["1", "１", "ok 1", "1. what was that?", "好吧 1", "I'm alone now", "I hung up", "he's gone", "nobody is watching",
     "我挂了！！", "掛斷了", "走了 是我", "安全了 他走了 求你回我", "佢走咗", "我现在一个人"],
)  # fmt: skip
def test_these_say_so(text: str) -> None:
    assert says_alone(text)


@pytest.mark.parametrize(
    "text",
    ["", "yes", "ok", "100 dollars", "1 day ago", "1,000", "15", "is he gone?", "can I hang up",
     "我能不能挂", "他走了吗", "不要挂", "他还在"],
)  # fmt: skip
def test_these_do_not(text: str) -> None:
    assert not says_alone(text)
