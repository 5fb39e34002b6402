"""The line that operators copy."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.snippet import MAX_GREETING, BadChoice, snippet
from bot.channels.web_files import read_widget
from bot.paths import WEB

WIDGET = read_widget(WEB)
BASE = "https://chat.example"


class Tags(HTMLParser):
    """Collects the tags of a text as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        self.tags.append((tag, dict(attrs)))


def test_a_pinned_line_names_the_script_and_its_hash() -> None:
    ((tag, attributes),) = Tags(snippet(BASE + "/", WIDGET, {"position": "left", "color": "#0F5c5C"})).tags
    digest = base64.b64encode(hashlib.sha384(WIDGET.body).digest()).decode()
    assert tag == "script"
    assert attributes == {
        "type": "module",
        "src": f"{BASE}/widget/{WIDGET.version}/first-aid-chat.js",
        "integrity": f"sha384-{digest}",
        "crossorigin": "anonymous",
        "data-color": "#0F5c5C",
        "data-position": "left",
    }


def test_a_line_that_follows_updates_names_no_hash() -> None:
    ((_, attributes),) = Tags(snippet(BASE, WIDGET, {}, pinned=False)).tags
    assert attributes == {"type": "module", "src": f"{BASE}/widget/latest/first-aid-chat.js"}


@given(st.text(max_size=MAX_GREETING))
def test_no_greeting_leaves_its_attribute(greeting: str) -> None:
    ((tag, attributes),) = Tags(snippet(BASE, WIDGET, {"greeting": greeting})).tags
    assert tag == "script"
    read = attributes.get("data-greeting") or ""
    assert re.sub(r"\s", "", read) == re.sub(r"\s", "", greeting) or "\0" in greeting


@pytest.mark.parametrize(
    ("base", "choices"),
    [
        ('https://chat.example"><script>', {}),
        ("javascript:alert(1)", {}),
        ("", {}),
        (BASE, {"language": "fr"}),
        (BASE, {"color": "red"}),
        (BASE, {"position": "top"}),
        (BASE, {"greeting": "x" * (MAX_GREETING + 1)}),
    ],
)
def test_what_is_no_choice_is_refused(base: str, choices: dict[str, str]) -> None:
    with pytest.raises(BadChoice):
        snippet(base, WIDGET, choices)
