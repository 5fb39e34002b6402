"""What can go wrong between the bot and Telegram, on request."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from enum import Enum

from aiohttp import web

from tests.telegram_api.refusals import Refused

BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n"


class Trouble(Enum):
    """Ways in which no proper answer comes."""

    BAD_GATEWAY = "502 of a proxy, in HTML"
    SILENCE = "no answer at all"
    RESET = "the connection breaks"


@dataclass
class Fault:
    """Something that goes wrong with the next matching requests.

    `carried_out` says that Telegram did what was asked and only the answer was lost: the one case in which a sender
    cannot know.
    """

    method: str
    what: Trouble | Refused
    times: int
    chat_id: int | None
    carried_out: bool

    def matches(self, method: str, chat_id: object) -> bool:
        """Whether a request meets it."""
        if self.times <= 0 or (self.chat_id is not None and self.chat_id != chat_id):
            return False
        return self.method == method or (self.method == "*" and method != "getUpdates")


async def answer(trouble: Trouble, request: web.Request, ended: asyncio.Event) -> web.StreamResponse:
    """Answer badly, or not."""
    if trouble is Trouble.BAD_GATEWAY:
        return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
    transport = request.transport
    if trouble is Trouble.SILENCE:
        while transport is not None and not transport.is_closing():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 0.1)
            if ended.is_set():
                break
    if transport is not None:
        transport.abort()
    return web.Response(status=500)
