"""How a person wants to be reached."""

from __future__ import annotations

import pytest

from actions.case.contact_way import is_only_a_way_to_reach, way_to_reach


@pytest.mark.parametrize(
    ("text", "way"), [("就在这里联系", "chat"), ("in this chat please", "chat"), ("邮件", "email")]
)
def test_the_chat_itself_is_a_way_to_be_reached(text: str, way: str) -> None:
    assert way_to_reach(text) == way


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("by phone", True),
        ("请打电话", True),
        ("電話", True),
        ("不要打电话", False),
        ("我的手机被收了", False),
    ],
)
def test_a_way_and_nothing_else(text: str, only: bool) -> None:
    assert is_only_a_way_to_reach(text) is only
