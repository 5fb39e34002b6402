"""Answers of the contract that are not a success: problem details (RFC 9457), without content."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import JsonResponse

RETRY_AFTER_SECONDS = 5


def problem(
    status: HTTPStatus,
    title: str,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> JsonResponse:
    """Make the answer; `title` is for the operator of the bot and says nothing of the case."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status.value}
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


def unauthorised() -> JsonResponse:
    """The token is missing or wrong."""
    title = "The bearer token is missing or wrong."
    return problem(HTTPStatus.UNAUTHORIZED, title, headers={"WWW-Authenticate": "Bearer"})


def unavailable() -> JsonResponse:
    """Nothing can be stored at the moment."""
    title = "Nothing can be stored at the moment."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, title, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
