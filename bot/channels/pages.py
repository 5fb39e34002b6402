"""The chat page, its files, its settings and its strings, over HTTP."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from string import Template
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web_http import Problem
from bot.languages import LANGUAGES

ASSET_SUFFIXES = (".css", ".js", ".svg")
VERSION_LENGTH = 16
ONE_YEAR_SECONDS = 365 * 24 * 3600

Strings = Callable[[str], Mapping[str, str]]
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


def _(message: str) -> str:
    """Mark `message` for the catalogs; it is translated where it is used."""
    return message


# Neutral on purpose: a browser keeps the titles of pages it has shown.
TITLE = _("Chat")
NEEDS_JAVASCRIPT = _("This chat needs JavaScript. Please switch it on, or open this page in another browser.")


@dataclass(frozen=True)
class _Asset:
    body: bytes
    zipped: bytes
    content_type: str


def pages(
    web: Path, organisation: str, exit_url: str, allowed_origins: Iterable[str], strings: Strings
) -> Blueprint:
    """Build the blueprint of the chat page.

    It answers ``/`` and ``/chat`` (the page), ``/chat/assets/<version>/<file>`` (kept a year by browsers: the
    version is a hash of all files), ``/chat/config`` ({"exit_url", "organisation"}) and
    ``/chat/strings/<language>.json`` ({msgid: msgstr}; `bot.languages` codes, with ``_`` or ``-``).

    Args:
        web: directory of ``index.html`` and the files it names.
        organisation: shown at the top of the page.
        exit_url: the neutral page the quick exit leads to.
        allowed_origins: sites that may show the page in a frame.
        strings: gives the translations for a language of `bot.languages.LANGUAGES`.
    """
    site = _Site(web, organisation, exit_url, allowed_origins, strings)
    blueprint = Blueprint("pages")
    routes: dict[str, Handler] = {
        "/": site.page,
        "/chat": site.page,
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
        self, web: Path, organisation: str, exit_url: str, allowed_origins: Iterable[str], strings: Strings
    ) -> None:
        files = sorted(path for path in web.iterdir() if path.suffix in ASSET_SUFFIXES)
        self._assets = {path.name: _read_asset(path) for path in files}
        digest = hashlib.sha256(b"".join(self._assets[path.name].body for path in files))
        self._version = digest.hexdigest()[:VERSION_LENGTH]
        self._template = Template((web / "index.html").read_text(encoding="utf-8"))
        self._settings = {"exit_url": exit_url, "organisation": organisation}
        self._strings = strings
        self._headers = _security_headers(allowed_origins)

    async def page(self, request: Request) -> HTTPResponse:
        # Not stored: after a quick exit the browser must have nothing to show again.
        return response.html(
            self._template.substitute(
                version=self._version,
                title=TITLE,
                organisation=html.escape(self._settings["organisation"]),
                needs_javascript=self._in_all_languages(NEEDS_JAVASCRIPT),
            ),
            headers={**self._headers, "cache-control": "no-store"},
        )

    async def asset(self, request: Request, version: str, name: str) -> HTTPResponse:
        asset = self._assets.get(name)
        if asset is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
        current = version == self._version
        headers = {
            **self._headers,
            "cache-control": f"public, max-age={ONE_YEAR_SECONDS}, immutable" if current else "no-cache",
            "vary": "Accept-Encoding",
        }
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return response.raw(asset.body, headers=headers, content_type=asset.content_type)
        headers["content-encoding"] = "gzip"
        return response.raw(asset.zipped, headers=headers, content_type=asset.content_type)

    async def config(self, request: Request) -> HTTPResponse:
        return self._tagged_json(request, self._settings)

    async def translations(self, request: Request, name: str) -> HTTPResponse:
        language = name.removesuffix(".json").replace("-", "_")
        if language not in LANGUAGES:
            raise Problem(HTTPStatus.NOT_FOUND, "The chat does not speak this language.")
        return self._tagged_json(request, self._strings(language))

    def _tagged_json(self, request: Request, value: Mapping[str, str]) -> HTTPResponse:
        body = json.dumps(dict(value), ensure_ascii=False).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:VERSION_LENGTH]}"'
        headers = {**self._headers, "cache-control": "no-cache", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return response.empty(HTTPStatus.NOT_MODIFIED.value, headers=headers)
        return response.raw(body, headers=headers, content_type="application/json")

    def _in_all_languages(self, message: str) -> str:
        said = dict.fromkeys(self._strings(language).get(message, message) for language in LANGUAGES)
        return "<br>".join(html.escape(sentence) for sentence in said)


def _read_asset(path: Path) -> _Asset:
    content_type = guess_type(path.name)[0] or "application/octet-stream"
    if content_type.startswith("text/") or content_type.endswith("javascript"):
        content_type += "; charset=utf-8"
    body = path.read_bytes()
    return _Asset(body, gzip.compress(body, mtime=0), content_type)


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
