"""Formatting is read as Telegram reads it."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram_api.entities import CannotParse, detected, parse, units


def test_html() -> None:
    text, entities = parse(
        'a <b>c</b> &lt;3 <a href="https://x.org/?a=1&amp;b">小</a> 😀<i>k</i> &amp &copy;', "HTML"
    )
    assert text == "a c <3 小 😀k & &copy;"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 1},
        {"type": "text_link", "offset": 7, "length": 1, "url": "https://x.org/?a=1&b"},
        {"type": "italic", "offset": 11, "length": 1},
    ]


def test_outer_entities_come_first() -> None:
    assert [entity["type"] for entity in parse("<b><i>a</i>b</b>", "HTML")[1]] == ["bold", "italic"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("loss < 5", 'Unsupported start tag "" at byte offset 5'),
        ("多 <div>x</div>", 'Unsupported start tag "div" at byte offset 4'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html(text: str, error: str) -> None:
    with pytest.raises(CannotParse, match=f"^{re.escape(error)}$"):
        parse(text, "HTML")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_html_is_shown_as_written(text: str) -> None:
    assert parse(html.escape(text, quote=False), "HTML") == (text, [])


def test_markdown() -> None:
    text, entities = parse(
        "*b* _i_ __u__ ~s~ ||p|| `c` [t](https://x.org/\\)) 1\\.\n>q\n```py\nx```", "MarkdownV2"
    )
    assert text == "b i u s p c t 1.\nq\nx"
    kinds = [entity["type"] for entity in entities]
    assert kinds == [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "text_link",
        "blockquote",
        "pre",
    ]
    assert entities[6]["url"] == "https://x.org/)"
    assert entities[8]["language"] == "py"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("小 *x", "Can't find end of Bold entity at byte offset 4"),
        ("[x](https://x", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_broken_markdown(text: str, error: str) -> None:
    with pytest.raises(CannotParse, match=f"^{re.escape(error)}$"):
        parse(text, "MarkdownV2")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_markdown_is_shown_as_written(text: str) -> None:
    from telegram.helpers import escape_markdown

    assert parse(escape_markdown(text, version=2), "MarkdownV2") == (text, [])


def test_lengths_are_counted_in_utf_16() -> None:
    assert [units(text) for text in ("a", "小", "😀")] == [1, 1, 2]


def test_commands_mentions_and_addresses_are_found() -> None:
    found = detected("😀 /start@my_bot see https://x.org and @someone, not a/b or me@x.org")
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == [
        ("bot_command", 3, 13),
        ("url", 21, 13),
        ("mention", 39, 8),
    ]
