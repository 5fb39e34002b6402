"""How the Bot API says no, word for word where its wording is known."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer with `ok: false`.

    A mistake is a refusal that a correct bot never causes; others (blocked, flood, migrated, an old query) happen to
    every bot and have to be handled.
    """

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None, *, mistake: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.mistake = mistake

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(description: str) -> Refused:
    """A mistake in the request."""
    return Refused(400, f"Bad Request: {description}", mistake=True)


def out_of_date(description: str) -> Refused:
    """A request that came too late, or twice; no mistake in itself."""
    return Refused(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refused:
    """What a person or a group does not allow the bot."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """Two ways of getting updates at once."""
    return Refused(409, f"Conflict: {description}")


def too_many_requests(retry_after: int) -> Refused:
    """The flood limit."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def migrated(chat_id: int) -> Refused:
    """A group that is a supergroup now."""
    return Refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": chat_id},
    )
