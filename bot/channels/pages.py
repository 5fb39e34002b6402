"""The chat page, the widget, the operators' page and the example site, with their files and strings, over HTTP."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

from babel.messages.extract import extract
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.embed_page import embed_texts
from bot.channels.snippet import BadChoice, snippet
from bot.channels.web_files import SCRIPT_NAME, File, Widgets, read_assets, version_of
from bot.channels.web_http import Origins, Problem
from bot.languages import LANGUAGES, negotiate

ONE_YEAR_SECONDS = 365 * 24 * 3600

Strings = Callable[[str], Mapping[str, str]]
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


def _(message: str) -> str:
    """Mark `message` for the catalogs; it is translated where it is used."""
    return message


# Neutral on purpose: a browser keeps the titles of pages it has shown.
TITLE = _("Chat")
NEEDS_JAVASCRIPT = _("This chat needs JavaScript. Please switch it on, or open this page in another browser.")


def pages(
    web: Path,
    organisation: str,
    exit_url: str,
    allowed_origins: Iterable[str],
    strings: Strings,
    kept: Path | None = None,
) -> Blueprint:
    """Build the blueprint of everything the chat shows.

    It answers ``/`` and ``/chat`` (the page), ``/embed`` (where an operator makes a snippet), ``/demo`` (an example
    site), ``/widget/<version>/first-aid-chat.js`` and ``/chat/assets/<version>/<file>`` (kept a year by browsers: the
    version is a hash), ``/chat/config`` ({"exit_url", "organisation"}) and ``/chat/strings/<language>.json``
    ({msgid: msgstr}; `bot.languages` codes, with ``_`` or ``-``).

    Args:
        web: directory of the pages, the modules and the files they name.
        organisation: shown at the top of the chat.
        exit_url: the neutral page the quick exit leads to.
        allowed_origins: sites that may load the widget, or show the page in a frame.
        strings: gives the translations for a language of `bot.languages.LANGUAGES`.
        kept: directory for the scripts of earlier releases, which sites pin by hash.
    """
    site = _Site(web, {"exit_url": exit_url, "organisation": organisation}, allowed_origins, strings, kept)
    blueprint = Blueprint("pages")
    routes: dict[str, Handler] = {
        "/": site.page,
        "/chat": site.page,
        "/embed": site.embed,
        "/embed/snippet": site.snippet,
        "/demo": site.demo,
        f"/widget/<version:str>/{SCRIPT_NAME}": site.widget,
        "/chat/assets/<version:str>/<name:str>": site.asset,
        "/chat/config": site.config,
        "/chat/strings/<name:str>": site.translations,
    }
    for number, (path, handler) in enumerate(routes.items()):
        blueprint.add_route(_endpoint(handler), path, methods=["GET", "HEAD"], name=f"page_{number}")
    return blueprint


def _endpoint(handler: Handler) -> Handler:
    # A function of its own: Sanic writes an attribute on it, which a bound method does not allow.
    async def endpoint(request: Request, **parts: str) -> HTTPResponse:
        try:
            return await handler(request, **parts)
        except Problem as problem:
            return problem.response()

    return endpoint


class _Site:
    def __init__(
        self,
        web: Path,
        settings: Mapping[str, str],
        allowed_origins: Iterable[str],
        strings: Strings,
        kept: Path | None,
    ) -> None:
        allowed = list(allowed_origins)
        self._assets = read_assets(web)
        self._version = version_of(b"".join(asset.body for asset in self._assets.values()))
        self._widgets = Widgets(web, kept)
        self._templates = {
            path.stem: Template(path.read_text(encoding="utf-8")) for path in web.glob("*.html")
        }
        self._settings = settings
        self._strings = strings
        self._said = said_by(self._widgets.current.body)
        self._origins = Origins(allowed)
        self._headers = _security_headers(allowed)

    async def page(self, request: Request) -> HTTPResponse:
        # Not stored: after a quick exit the browser must have nothing to show again.
        values = {"title": TITLE, "needs_javascript": self._in_all_languages(NEEDS_JAVASCRIPT)}
        return self._html("index", values)

    async def embed(self, request: Request) -> HTTPResponse:
        language = negotiate(request.args.get("lang") or request.headers.get("accept-language", ""))
        known = self._strings(language)
        texts = {name: html.escape(known.get(text, text)) for name, text in embed_texts().items()}
        return self._html("embed", {**texts, "language": language.replace("_", "-")})

    async def snippet(self, request: Request) -> HTTPResponse:
        choices = {name: request.args.get(name, "") for name in ("language", "color", "position", "greeting")}
        base, pinned = request.args.get("base", ""), request.args.get("pinned", "") == "yes"
        try:
            text = snippet(base, self._widgets.current, choices, pinned=pinned)
        except BadChoice as fault:
            raise Problem(HTTPStatus.BAD_REQUEST, f"{fault}.") from None
        return response.text(text, headers={**self._headers, "cache-control": "no-store"})

    async def demo(self, request: Request) -> HTTPResponse:
        return self._html("demo", {})

    async def widget(self, request: Request, version: str) -> HTTPResponse:
        file = self._widgets.get(version)
        if file is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such version of the chat.")
        tag = f'"{file.version}"'
        headers = {**self._shared(request), "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return response.empty(
                HTTPStatus.NOT_MODIFIED.value, headers={**headers, "cache-control": "no-cache"}
            )
        return self._file(request, file, headers, fixed=version == file.version)

    async def asset(self, request: Request, version: str, name: str) -> HTTPResponse:
        asset = self._assets.get(name)
        if asset is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
        return self._file(request, asset, self._headers, fixed=version == self._version)

    async def config(self, request: Request) -> HTTPResponse:
        return self._tagged_json(request, self._settings)

    async def translations(self, request: Request, name: str) -> HTTPResponse:
        language = name.removesuffix(".json").replace("-", "_")
        if language not in LANGUAGES:
            raise Problem(HTTPStatus.NOT_FOUND, "The chat does not speak this language.")
        known = self._strings(language)
        return self._tagged_json(request, {said: known[said] for said in self._said if said in known})

    def _html(self, name: str, values: Mapping[str, str]) -> HTTPResponse:
        page = self._templates[name].substitute(
            values,
            version=self._version,
            widget=self._widgets.current.version,
            organisation=html.escape(self._settings["organisation"]),
        )
        return response.html(page, headers={**self._headers, "cache-control": "no-store"})

    def _shared(self, request: Request) -> dict[str, str]:
        """Headers of what sites on the list load; a cache must not show their copy to others."""
        return {**self._headers, **self._origins.headers(request), "vary": "Origin, Accept-Encoding"}

    def _file(self, request: Request, file: File, headers: Mapping[str, str], *, fixed: bool) -> HTTPResponse:
        headers = {
            "vary": "Accept-Encoding",
            **headers,
            "cache-control": f"public, max-age={ONE_YEAR_SECONDS}, immutable" if fixed else "no-cache",
        }
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return response.raw(file.body, headers=headers, content_type=file.content_type)
        headers["content-encoding"] = "gzip"
        return response.raw(file.zipped, headers=headers, content_type=file.content_type)

    def _tagged_json(self, request: Request, value: Mapping[str, str]) -> HTTPResponse:
        body = json.dumps(dict(value), ensure_ascii=False).encode()
        tag = f'"{version_of(body)}"'
        headers = {**self._shared(request), "cache-control": "no-cache", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return response.empty(HTTPStatus.NOT_MODIFIED.value, headers=headers)
        return response.raw(body, headers=headers, content_type="application/json")

    def _in_all_languages(self, message: str) -> str:
        said = dict.fromkeys(self._strings(language).get(message, message) for language in LANGUAGES)
        return "<br>".join(html.escape(sentence) for sentence in said)


def said_by(script: bytes) -> list[str]:
    """What a script says itself: the msgids of its ``_()`` calls."""
    found = extract("javascript", BytesIO(script), keywords={"_": None})
    return sorted({message for _, message, *_rest in found if isinstance(message, str)})


def _security_headers(allowed_origins: Iterable[str]) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(["'self'", *allowed_origins]),
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
