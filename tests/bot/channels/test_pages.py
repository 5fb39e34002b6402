"""The chat page over real HTTP: what is served, how long it is kept, what protects it."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from babel.messages.extract import extract_from_dir

from bot.catalogs import translations
from bot.channels.pages import NEEDS_JAVASCRIPT, pages
from bot.channels.snippet import snippet
from bot.channels.web_files import read_widget, version_of
from bot.paths import WEB
from tests.bot.channels.web_chat_server import FRIEND, serving

pytestmark = pytest.mark.asyncio
EXIT = "https://weather.example/"
ORGANISATION = 'Helpers & "Friends" <b>'


def strings(language: str) -> dict[str, str]:
    """A catalog with two sentences."""
    said = {NEEDS_JAVASCRIPT: f"needs JavaScript ({language})", "Send": f"Send ({language})"}
    return said if language != "en" else {}


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
    for page in ("/", "/embed", "/demo"):
        names.feed((await site.get(page)).text)
    assert len(set(names.loads)) >= 4
    for name in names.loads:
        answer = await site.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        plain = await site.get(name, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content
    asset = next(name for name in names.loads if "assets" in name)
    stale = await site.get(re.sub("assets/[^/]+", "assets/old", asset))
    assert stale.headers["cache-control"] == "no-cache"


async def test_all_that_a_visitor_loads_is_within_twenty_kilobytes() -> None:
    size = 0
    blueprint = pages(WEB, ORGANISATION, EXIT, [FRIEND], translations)
    async with serving((blueprint, "")) as base, httpx.AsyncClient(base_url=base) as client:
        async with client.stream("GET", "/widget/latest/first-aid-chat.js") as script:
            size += int(script.headers["content-length"])
        said = [(await client.get(f"/chat/strings/{name}.json")).content for name in ("zh_Hans", "zh_Hant")]
        size += max(len(gzip.compress(each)) for each in said)
        size += len((await client.get("/chat/config")).content)
    assert 10 * 1024 < size <= 20 * 1024


async def test_only_sites_on_the_list_may_load_the_chat(site: httpx.AsyncClient) -> None:
    version = read_widget(WEB).version
    for path in (f"/widget/{version}/first-aid-chat.js", "/chat/config", "/chat/strings/zh_Hans.json"):
        friend = await site.get(path, headers={"Origin": FRIEND})
        assert friend.headers["access-control-allow-origin"] == FRIEND, path
        for origin in ("https://evil.example", "null", FRIEND + ".evil.example"):
            answer = await site.get(path, headers={"Origin": origin})
            assert "access-control-allow-origin" not in answer.headers, path
            assert "Origin" in answer.headers["vary"], path


async def test_the_newest_script_is_asked_for_anew_and_a_version_never(site: httpx.AsyncClient) -> None:
    latest = await site.get("/widget/latest/first-aid-chat.js")
    assert latest.headers["cache-control"] == "no-cache"
    again = await site.get(
        "/widget/latest/first-aid-chat.js", headers={"If-None-Match": latest.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    fixed = await site.get(f"/widget/{latest.headers['etag'].strip(chr(34))}/first-aid-chat.js")
    assert "immutable" in fixed.headers["cache-control"]
    assert fixed.content == latest.content
    assert (await site.get("/widget/0123456789abcdef/first-aid-chat.js")).status_code == 404


async def test_a_script_that_sites_pinned_is_still_there_after_an_update(tmp_path: Path) -> None:
    earlier = b"// an earlier release"
    name = version_of(earlier)
    (tmp_path / f"{name}.js").write_bytes(earlier)
    blueprint = pages(WEB, ORGANISATION, EXIT, [FRIEND], strings, tmp_path)
    async with serving((blueprint, "")) as base, httpx.AsyncClient(base_url=base) as client:
        old = await client.get(f"/widget/{name}/first-aid-chat.js")
        assert old.content == earlier
        assert "immutable" in old.headers["cache-control"]
        assert (await client.get("/widget/..%2fsecret/first-aid-chat.js")).status_code == 404
    assert (tmp_path / f"{read_widget(WEB).version}.js").exists()


async def test_the_operators_page_speaks_and_gives_the_line(site: httpx.AsyncClient) -> None:
    widget = read_widget(WEB)
    asked = {"base": "https://chat.example", "language": "zh-Hant", "greeting": '"><script>', "pinned": "yes"}
    line = (await site.get("/embed/snippet", params=asked)).text
    assert line == snippet("https://chat.example", widget, asked)
    assert f'integrity="{widget.integrity}"' in line
    assert "<script>" not in line
    refused = await site.get("/embed/snippet", params={**asked, "color": "red;"})
    assert (refused.status_code, refused.json()["status"]) == (400, 400)
    assert "language" in (await site.get("/embed")).text


async def test_only_the_pages_own_files_are_served(site: httpx.AsyncClient) -> None:
    for path in (
        "index.html",
        "jsconfig.json",
        "chat.js",
        "nothing.js",
        "..%2f..%2fsettings.py",
        "%2e%2e/settings.py",
    ):
        assert (await site.get(f"/chat/assets/x/{path}")).status_code == 404, path


async def test_settings_and_strings(site: httpx.AsyncClient) -> None:
    config = await site.get("/chat/config")
    assert config.json() == {"exit_url": EXIT, "organisation": ORGANISATION}
    assert (await site.get("/chat/strings/en.json")).json() == {}
    for name in ("zh_Hant", "zh-Hant"):
        # Only what the chat itself says goes out, not the bot's whole catalog.
        assert (await site.get(f"/chat/strings/{name}.json")).json() == {"Send": "Send (zh_Hant)"}
    missing = await site.get("/chat/strings/xx.json")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    again = await site.get("/chat/config", headers={"If-None-Match": config.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_no_address_of_anyone_is_typed_into_the_page() -> None:
    for path in WEB.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/|group\.example)", text), path
        assert not re.search(r"\b\d{3,}[- ]\d{3,}", text), path


async def test_every_string_of_the_page_is_extracted_for_the_catalogs() -> None:
    found = {message for _, _, message, _, _ in extract_from_dir(WEB, [("**.js", "javascript")])}
    assert "Send" in found
    for language in ("zh_Hans", "zh_Hant"):
        assert found <= set(translations(language)), language
