"""What the web chat's HTTP routes share: problems as answers, bodies within limits, origins."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from sanic import response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

MAX_BODY_BYTES = 64 * 1024
# A body somewhat too large is read to its end, so that its sender gets to read the refusal.
MAX_DRAINED_BYTES = 4 * 1024 * 1024
PREFLIGHT_SECONDS = 600


class Problem(Exception):
    """A refusal, answered as RFC 9457 problem JSON.

    Args:
        status: the HTTP status.
        detail: one sentence for whoever builds on the API; it must not quote the request.
        headers: further response headers.
    """

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> HTTPResponse:
        """The answer to send."""
        return response.json(
            {
                "type": "about:blank",
                "title": self.status.phrase,
                "status": self.status.value,
                "detail": self.detail,
            },
            status=self.status.value,
            headers=self.headers,
            content_type="application/problem+json",
        )


async def read_json(request: Request) -> dict[str, Any]:
    """Read a JSON object from the body of a streaming route.

    Raises:
        Problem: 415 for another content type, 413 above `MAX_BODY_BYTES`, 400 for anything but an object.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json.")
    body = await _read_body(request)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    return value


async def _read_body(request: Request) -> bytes:
    too_large = Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may have at most {MAX_BODY_BYTES} bytes."
    )
    stream: Any = request.stream
    stream.request_max_size = MAX_DRAINED_BYTES
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in stream:
            size += len(chunk)
            if size <= MAX_BODY_BYTES:
                chunks.append(chunk)
    except PayloadTooLarge:
        raise too_large from None
    if size > MAX_BODY_BYTES:
        raise too_large
    return b"".join(chunks)


class Origins:
    """Which sites may talk to the chat: its own, and those on the list.

    A browser names the asking site in `Origin` and no script can change that. A request without the header
    comes from no foreign page and still needs its token.

    Args:
        allowed: origins such as ``https://group.example``, besides the chat's own.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def check(self, request: Request) -> None:
        """Raise a 403 `Problem` when the request was made by a page of a site that is not allowed."""
        origin = request.headers.get("origin", "").lower()
        if origin and origin not in self.allowed and not _same_origin(origin, request):
            raise Problem(
                HTTPStatus.FORBIDDEN, "This site is not on the list of sites that may use the chat."
            )

    def foreign(self, request: Request) -> str:
        """The site on the list that asks; empty for the chat's own pages and for what is no browser."""
        origin: str = request.headers.get("origin", "").lower()
        return origin if origin in self.allowed and not _same_origin(origin, request) else ""

    def headers(self, request: Request) -> dict[str, str]:
        """The CORS headers of an answer; empty for the chat's own pages and for strangers."""
        origin = request.headers.get("origin", "")
        if origin.lower() not in self.allowed:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "Retry-After",
            "vary": "Origin",
        }

    def preflight(self, request: Request, methods: str) -> HTTPResponse:
        """Answer a CORS preflight for `methods`."""
        self.check(request)
        return response.empty(
            headers={
                **self.headers(request),
                "access-control-allow-methods": methods,
                "access-control-allow-headers": "Authorization, Content-Type, Last-Event-ID",
                "access-control-max-age": str(PREFLIGHT_SECONDS),
            }
        )


def _same_origin(origin: str, request: Request) -> bool:
    # The scheme is left out: behind a proxy that ends TLS the server does not see it.
    return (
        request.headers.get("sec-fetch-site") == "same-origin"
        or urlsplit(origin).netloc == request.headers.get("host", "").lower()
    )
