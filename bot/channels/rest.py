"""Rasa's REST channel for scripts and tests: the same route and bodies, with a door.

``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …}`` answers with a list of
``{"recipient_id", "text", "buttons"}``. A sender id is all it takes to go on with a conversation, so it is open
to loopback alone, or to whoever has the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web_http import Problem, read_json

LONGEST_SENDER = 255
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


class Collected(CollectingOutputChannel):
    """Collects what is said, each message whole: Rasa's own splits a text at blank lines."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep one message."""
        await self._persist_message(self._message(recipient_id, text=text))


class Rest(InputChannel):
    """The REST input channel.

    Args:
        token: required as ``Authorization: Bearer`` when set; when empty, only loopback may ask.
    """

    def __init__(self, token: str = "") -> None:
        self._token = token

    @classmethod
    def name(cls) -> str:
        """The channel's name and URL prefix."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one route."""
        blueprint = Blueprint("rest")

        @blueprint.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                self._admit(request)
                body = await read_json(request)
                sender, text = _text(body, "sender"), _text(body, "message")
            except Problem as problem:
                return problem.response()
            if not 0 < len(sender) <= LONGEST_SENDER:
                return Problem(
                    HTTPStatus.BAD_REQUEST, f"The field 'sender' must have 1 to {LONGEST_SENDER} characters."
                ).response()
            metadata = body.get("metadata")
            output = Collected()
            await on_new_message(
                UserMessage(
                    text,
                    output,
                    f"rest:{sender}",
                    input_channel=self.name(),
                    metadata=metadata if isinstance(metadata, dict) else {},
                )
            )
            return response.json([{**said, "recipient_id": sender} for said in output.messages])

        return blueprint

    def _admit(self, request: Request) -> None:
        if self._token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), self._token.encode()):
                raise Problem(
                    HTTPStatus.UNAUTHORIZED, "This channel needs its token.", {"www-authenticate": "Bearer"}
                )
        elif not is_local(request):
            raise Problem(HTTPStatus.FORBIDDEN, "Without a token this channel is open to this machine alone.")


def is_local(request: Request) -> bool:
    """From loopback, and not passed on by a proxy that itself is on loopback."""
    return ip_address(request.ip).is_loopback and not any(name in request.headers for name in _PROXY_HEADERS)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise Problem(HTTPStatus.BAD_REQUEST, f"The field '{name}' must be a string.")
    return value
