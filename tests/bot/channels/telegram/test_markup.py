"""Nothing in a text is markup, and what the other side wrote cannot be tapped."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.markup import to_html

WILD = st.text(st.sampled_from("<>&/\"'@#.:-_ abtme字 https://x.io"), max_size=120)


@given(st.one_of(WILD, st.text(max_size=120)))
def test_telegram_shows_exactly_the_text(text: str) -> None:
    html = to_html(text)
    assert unescape(re.sub(r"</?code>", "", html)) == unescape(re.sub(r"</?code>", "", _escaped(text)))
    assert not re.search(r"<(?!/?code>)", html)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "tappable",
    [
        "https://fake-exchange.top/pay?a=1&b=2",
        "fake-exchange.top",
        "t.me/recovery_agent",
        "tg://resolve?domain=x",
        "@recovery_agent",
        "/delete",
        "#bitcoin",
    ],
)
def test_what_is_not_the_registrys_cannot_be_tapped(tappable: str) -> None:
    shown = tappable.replace("&", "&amp;")
    assert to_html(f"they said: {tappable}") == f"they said: <code>{shown}</code>"


@pytest.mark.parametrize("ours", ["https://www.ic3.gov", "ic3.gov", "https://www.ic3.gov/Home"])
def test_an_office_of_the_registry_can(ours: str) -> None:
    assert to_html(f"report at {ours} today") == f"report at {ours} today"


def test_a_host_that_only_looks_like_one_cannot() -> None:
    assert "<code>" in to_html("https://ic3.gov.evil.top/")
    assert "<code>" in to_html("https://ic3.gov@evil.top/")


@pytest.mark.parametrize("plain", ["50,000 USD", "3.14", "and/or", "24/7", "a@b", "$50,000", "1. Call"])
def test_ordinary_words_stay(plain: str) -> None:
    assert to_html(plain) == plain
