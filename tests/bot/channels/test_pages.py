"""The chat page over real HTTP: what is served, how long it is kept, what protects it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest
import pytest_asyncio
from babel.messages.extract import extract_from_dir

from bot.catalogs import translations
from bot.channels.pages import NEEDS_JAVASCRIPT, pages
from bot.paths import WEB
from tests.bot.channels.web_chat_server import FRIEND, serving

pytestmark = pytest.mark.asyncio
EXIT = "https://weather.example/"
ORGANISATION = 'Helpers & "Friends" <b>'


def strings(language: str) -> dict[str, str]:
    """A catalog with one sentence."""
    return {NEEDS_JAVASCRIPT: f"needs JavaScript ({language})"} if language != "en" else {}


@pytest_asyncio.fixture
async def site() -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running site."""
    blueprint = pages(WEB, ORGANISATION, EXIT, [FRIEND], strings)
    async with serving((blueprint, "")) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


class Names(HTMLParser):
    """Collects what a page loads, and anything a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the files and the inline code of a tag."""
        given = dict(attrs)
        if tag in {"script", "link", "img"}:
            self.loads.append(given.get("src") or given.get("href") or "")
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_the_page_is_served_and_not_kept(site: httpx.AsyncClient, path: str) -> None:
    page = await site.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert "Helpers &amp; &quot;Friends&quot; &lt;b&gt;" in page.text
    assert "needs JavaScript (zh_Hans)" in page.text
    assert "needs JavaScript (zh_Hant)" in page.text
    assert (await site.head(path)).status_code == 200


async def test_a_strict_policy_guards_every_answer_and_the_page_obeys_it(site: httpx.AsyncClient) -> None:
    for path in ("/", "/chat/config", "/chat/strings/en.json"):
        headers = (await site.get(path)).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == f"'self' {FRIEND}"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    names = Names()
    names.feed((await site.get("/")).text)
    assert names.inline == []
    assert not any("//" in name for name in names.loads)


async def test_files_are_kept_a_year_under_a_name_that_changes_with_them(site: httpx.AsyncClient) -> None:
    names = Names()
    names.feed((await site.get("/")).text)
    assert len(names.loads) >= 3
    for name in names.loads:
        answer = await site.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        plain = await site.get(name, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content
        assert (await site.get(re.sub("assets/[^/]+", "assets/old", name))).headers[
            "cache-control"
        ] == "no-cache"


async def test_all_modules_of_the_page_are_within_twenty_kilobytes(site: httpx.AsyncClient) -> None:
    version = re.search(r"assets/(\w+)/", (await site.get("/")).text)
    assert version is not None
    size = 0
    for path in WEB.iterdir():
        if path.suffix in {".js", ".css", ".svg"}:
            async with site.stream("GET", f"/chat/assets/{version[1]}/{path.name}") as answer:
                size += int(answer.headers["content-length"])
    assert 0 < size <= 20 * 1024


async def test_only_the_pages_own_files_are_served(site: httpx.AsyncClient) -> None:
    for path in ("index.html", "jsconfig.json", "nothing.js", "..%2f..%2fsettings.py", "%2e%2e/settings.py"):
        assert (await site.get(f"/chat/assets/x/{path}")).status_code == 404, path


async def test_settings_and_strings(site: httpx.AsyncClient) -> None:
    config = await site.get("/chat/config")
    assert config.json() == {"exit_url": EXIT, "organisation": ORGANISATION}
    assert (await site.get("/chat/strings/en.json")).json() == {}
    for name in ("zh_Hant", "zh-Hant"):
        assert list((await site.get(f"/chat/strings/{name}.json")).json().values()) == [
            "needs JavaScript (zh_Hant)"
        ]
    missing = await site.get("/chat/strings/xx.json")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    again = await site.get("/chat/config", headers={"If-None-Match": config.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_no_address_of_anyone_is_typed_into_the_page() -> None:
    for path in WEB.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/)", text), path
        assert not re.search(r"\b\d{3,}[- ]\d{3,}", text), path


async def test_every_string_of_the_page_is_extracted_for_the_catalogs() -> None:
    found = {message for _, _, message, _, _ in extract_from_dir(WEB, [("**.js", "javascript")])}
    assert "Send" in found
    for language in ("zh_Hans", "zh_Hant"):
        assert found <= set(translations(language)), language
