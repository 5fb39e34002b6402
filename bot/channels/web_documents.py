"""Files of the web chat, fetched by links: a browser saves from a link what it would not save from a script.

A link names one message of one session and is good for a minute. It is signed, so nobody can make one for another's
message, and it stops working when its session ends. Nothing is stored for it: the file is the message itself.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer
from sanic import response
from sanic.response import HTTPResponse

from bot.channels.keepsake import content
from bot.channels.mailbox import Mailbox
from bot.channels.web_http import Problem

GOOD_FOR_SECONDS = 60
_PLAIN_NAME = "my-case.txt"


class Documents:
    """Gives links to files and the files to links.

    Args:
        key: the secret that signs links.
        mailbox: where the messages are.
        good_for: seconds a link can be used.
    """

    def __init__(self, key: str, mailbox: Mailbox, good_for: int = GOOD_FOR_SECONDS) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="webchat-document")
        self._mailbox = mailbox
        self._good_for = good_for

    async def link(self, session: str, message: object) -> HTTPResponse:
        """Answer 201 with ``path`` (below the channel's prefix) and ``expires_in`` for a message's file.

        Raises:
            Problem: 404 when the session has no such message, or it is no file.
        """
        if not isinstance(message, int) or await self._file(session, message) is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file in this talk.")
        ticket = self._serializer.dumps([session, message])
        grant = {"path": f"documents?ticket={_text(ticket)}", "expires_in": self._good_for}
        return response.json(grant, status=HTTPStatus.CREATED.value)

    async def fetch(self, ticket: str) -> HTTPResponse:
        """Answer with the file of a link.

        Raises:
            Problem: 404 when the link is not ours, too old, or its talk has ended.
        """
        try:
            session, message = self._serializer.loads(ticket, max_age=self._good_for)
        except (BadData, ValueError, TypeError):
            raise _gone() from None
        file = await self._file(session, message)
        if file is None:
            raise _gone()
        name, body = file
        return response.raw(
            body,
            content_type="text/plain; charset=utf-8",
            headers={
                "content-disposition": f"attachment; filename=\"{_PLAIN_NAME}\"; filename*=UTF-8''{quote(name)}",
                "content-security-policy": "default-src 'none'; sandbox",
                "x-content-type-options": "nosniff",
                "referrer-policy": "no-referrer",
                "cache-control": "no-store",
            },
        )

    async def _file(self, session: str, message: int) -> tuple[str, bytes] | None:
        event = await self._mailbox.event(session, message)
        if event is None or "file" not in event.data:
            return None
        return event.data["file"], content(event.data["text"])


def _gone() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "This link is no longer good; ask for the file again in the chat.")


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode("ascii")
