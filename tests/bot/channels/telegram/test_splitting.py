"""Long texts: nothing lost, nothing too long, no character cut in two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.splitting import split, units

MIXED = st.text(st.sampled_from("ab .,!?\n。！？，；“”👍🏽👩‍👧é字數٣\u200d"), max_size=400)


def bare(text: str) -> str:
    """The text without its spaces, which a cut may take."""
    return re.sub(r"\s", "", text)


@given(st.one_of(MIXED, st.text(max_size=300)), st.integers(2, 60))
def test_every_part_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert bare("".join(parts)) == bare(text)


@given(MIXED)
def test_a_text_that_fits_stays_whole(text: str) -> None:
    assert split(text) == ([text.strip()] if text.strip() else [])


def test_an_emoji_counts_twice() -> None:
    assert units("a字👍") == 4
    assert split("👍" * 5, 4) == ["👍👍", "👍👍", "👍"]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("First one.\n\nSecond one. Third.", 25, ["First one.", "Second one. Third."]),
        ("One sentence. Another one! A third?", 30, ["One sentence. Another one!", "A third?"]),
        ("先打给银行。再去报案！最后找人。", 12, ["先打给银行。再去报案！", "最后找人。"]),
        ("他说“别告诉任何人。”然后挂了电话", 12, ["他说“别告诉任何人。”", "然后挂了电话"]),
        ("one two three four", 9, ["one two", "three", "four"]),
        ("version 3.14 is out", 13, ["version 3.14", "is out"]),
    ],
)
def test_it_cuts_where_a_reader_pauses(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts
