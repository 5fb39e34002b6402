"""The web chat: messages in by POST, everything the bot says out as server-sent events.

Routes, below the prefix the blueprint is mounted on:

========  =====================  ==============================================================
POST      ``/session``           ``{language?}``: opens a session, 201 with its token
POST      ``/session/renew``     a fresh token for the same session
POST      ``/session/language``  ``{language, client_id?}``: 202 with a token of that language
DELETE    ``/session``           the person leaves: buffer and waiting messages are forgotten
POST      ``/messages``          ``{text, client_id, time_zone?, step?, evidence?}``: 202, answered by ``/events``
GET       ``/events``            the stream; ``Last-Event-ID`` asks for what was missed; ``?brief=1`` ends it after one
                                 event, or a time of silence, for those behind a proxy that keeps streams back
POST      ``/documents``         ``{id}`` of a message with a ``file``: 201 with a link to it, ``{path, expires_in}``
GET       ``/documents``         ``?ticket=…``, as that link says: the file, for a minute
========  =====================  ==============================================================

All but the first and the last want ``Authorization: Bearer <token>``, from the site that opened the session. Refusals
are RFC 9457 problem JSON. ``step`` {name, done} is a step of the plan that was ticked, or no longer is; ``evidence`` is
true when the words are the other side's.

Events are ``message`` {id, from, text, language, buttons: [{title}], until?, checklist?: [{name, line, title, done,
tick, untick}], file?}, ``typing`` {on}, ``read`` {client_id} and ``failed`` {client_id}: that message could not be
answered and may be sent again under a new id.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.mailbox import Event, Mailbox, MemoryMailbox
from bot.channels.turns import Turns
from bot.channels.web_documents import Documents
from bot.channels.web_http import Origins, Problem, read_json
from bot.channels.web_output import NAME, SENDER_PREFIX, WebChatOutput, sender_id
from bot.channels.web_session import BadToken, Session, Tokens, new_session
from bot.languages import OWN_NAMES, negotiate
from bot.rate_limit import RateLimit

MESSAGES_PER_MINUTE = 60
SESSIONS_PER_MINUTE = 60
HEARTBEAT_SECONDS = 15.0
DRAIN_SECONDS = 10.0
RETRY_AFTER_BACKLOG_SECONDS = 5

NOTHING_MORE: Mapping[str, Any] = MappingProxyType({"time_zone": ""})

Begin = Callable[[str, str], Awaitable[None]]
Forget = Callable[[str], Awaitable[None]]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse | None]]


async def _keep(session: str) -> None:
    """Forget nothing beyond the buffer."""


class WebChat(InputChannel):
    """Rasa input channel for the chat page and the widget.

    Args:
        signing_key: secret that signs session tokens.
        allowed_origins: sites besides the chat's own that may use it.
        begin: awaited with the session id and language (one of `bot.languages.LANGUAGES`) as the first turn
            of each new session; speak through `get_output_channel` to ``sender_id(session)``.
        mailbox: where events wait for the page; this process's memory unless given.
        forget: awaited with the session id when the person leaves for good: nobody could come back to the talk.
        heartbeat: seconds of silence after which a comment keeps the stream open; must stay below Sanic's
            ``RESPONSE_TIMEOUT``.
    """

    def __init__(
        self,
        signing_key: str,
        allowed_origins: Iterable[str],
        begin: Begin,
        *,
        mailbox: Mailbox | None = None,
        heartbeat: float = HEARTBEAT_SECONDS,
        forget: Forget = _keep,
    ) -> None:
        self._tokens = Tokens(signing_key)
        self._origins = Origins(allowed_origins)
        self._begin = begin
        self._forget = forget
        self._mailbox: Mailbox = MemoryMailbox() if mailbox is None else mailbox
        self._documents = Documents(signing_key, self._mailbox)
        self._heartbeat = heartbeat
        self._turns = Turns()
        self._messages = RateLimit(MESSAGES_PER_MINUTE, 60.0)
        self._openings = RateLimit(SESSIONS_PER_MINUTE, 60.0)

    @classmethod
    def name(cls) -> str:
        """The channel's name and URL prefix."""
        return NAME

    def get_output_channel(self) -> OutputChannel:
        """A way to speak first: greetings, check-ins, a caseworker's reply."""
        return WebChatOutput(self._mailbox)

    async def present(self, sender_id: str) -> bool:
        """Whether the page of `sender_id` is open: what is said now would be heard."""
        return await self._mailbox.followed(sender_id.removeprefix(SENDER_PREFIX))

    async def deliver(self, sender_id: str, said: Mapping[str, Any]) -> bool:
        """Say a response to `sender_id` unasked; whether their page is there to hear it."""
        if not await self.present(sender_id):
            return False
        await self.get_output_channel().send_response(sender_id, dict(said))
        return True

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes; messages go to `on_new_message`, one at a time within a session."""
        self._on_new_message = on_new_message
        blueprint = Blueprint(NAME)
        routes: dict[str, dict[str, Handler]] = {
            "/session": {"POST": self._open, "DELETE": self._leave},
            "/session/renew": {"POST": self._renew},
            "/session/language": {"POST": self._switch_language},
            "/messages": {"POST": self._receive},
            "/events": {"GET": self._events},
            "/documents": {"POST": self._link, "GET": self._fetch},
        }
        for path, handlers in routes.items():
            for method, handler in handlers.items():
                route = path.strip("/").replace("/", "_") + "_" + method.lower()
                blueprint.add_route(
                    self._endpoint(handler), path, methods=[method], name=route, stream=method == "POST"
                )
            blueprint.add_route(
                self._endpoint(self._preflight(", ".join(handlers))),
                path,
                methods=["OPTIONS"],
                name=path.strip("/").replace("/", "_") + "_options",
            )
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    def _endpoint(self, handler: Handler) -> Handler:
        async def endpoint(request: Request) -> HTTPResponse | None:
            try:
                self._origins.check(request)
                answer = await handler(request)
            except Problem as problem:
                answer = problem.response()
            if answer is not None:
                answer.headers.update(self._origins.headers(request))
                answer.headers.setdefault("cache-control", "no-store")
            return answer

        return endpoint

    def _preflight(self, methods: str) -> Handler:
        async def preflight(request: Request) -> HTTPResponse:
            return self._origins.preflight(request, methods)

        return preflight

    async def _session(self, request: Request) -> Session:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            session = self._tokens.read(token.strip() if scheme.lower() == "bearer" else "")
        except BadToken:
            session = None
        if (
            session is None
            or session.origin != self._origins.foreign(request)
            or await self._mailbox.ended(session.id)
        ):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "The session token is missing, expired or not ours; open a new session.",
                {"www-authenticate": "Bearer"},
            )
        return session

    def _grant(self, session: Session, status: HTTPStatus) -> HTTPResponse:
        grant = {
            "token": self._tokens.issue(session),
            "session": session.id,
            "expires_in": self._tokens.max_age,
        }
        return response.json(grant, status=status.value)

    async def _open(self, request: Request) -> HTTPResponse:
        body = await read_json(request)
        language = _string(body, "language", default="")
        _refuse_if_waiting(self._openings.wait(request.remote_addr or request.ip))
        session = new_session(negotiate(language), self._origins.foreign(request))

        async def greet() -> None:
            await self._begin(session.id, session.language)

        self._submit(session, None, greet)
        return self._grant(session, HTTPStatus.CREATED)

    async def _renew(self, request: Request) -> HTTPResponse:
        return self._grant(await self._session(request), HTTPStatus.OK)

    async def _leave(self, request: Request) -> HTTPResponse:
        session = await self._session(request)
        self._turns.drop(session.id)
        await self._mailbox.end(session.id)
        await self._forget(session.id)
        return response.empty()

    async def _switch_language(self, request: Request) -> HTTPResponse:
        session = await self._session(request)
        body = await read_json(request)
        language = negotiate(_string(body, "language"))
        client_id = _client_id(body) if "client_id" in body else str(uuid4())
        switched = Session(session.id, language, session.origin)
        await self._take(switched, OWN_NAMES[language], client_id)
        return self._grant(switched, HTTPStatus.ACCEPTED)

    async def _receive(self, request: Request) -> HTTPResponse:
        session = await self._session(request)
        body = await read_json(request)
        client_id = _client_id(body)
        told = {"time_zone": _string(body, "time_zone", default=""), **_step(body)}
        if body.get("evidence") is True:
            told["evidence"] = True
        await self._take(session, _string(body, "text"), client_id, told)
        return response.json({"client_id": client_id}, status=HTTPStatus.ACCEPTED.value)

    async def _take(
        self, session: Session, text: str, client_id: str, told: Mapping[str, Any] = NOTHING_MORE
    ) -> None:
        _refuse_if_waiting(self._messages.wait(session.id))
        if self._turns.full(session.id):
            _refuse_if_waiting(RETRY_AFTER_BACKLOG_SECONDS)
        if await self._mailbox.claim(session.id, client_id):
            self._submit(session, client_id, lambda: self._turn(session, text, client_id, told))

    async def _turn(self, session: Session, text: str, client_id: str, told: Mapping[str, Any]) -> None:
        if await self._mailbox.ended(session.id):
            return
        await self._mailbox.post(session.id, "read", {"client_id": client_id}, latest_only=True)
        await self._on_new_message(
            UserMessage(
                text=text,
                output_channel=WebChatOutput(self._mailbox, session.language),
                sender_id=sender_id(session.id),
                input_channel=self.name(),
                message_id=client_id,
                metadata={"language": session.language, **told},
            )
        )
        # Somebody may leave by another worker while this one still has their turn.
        if await self._mailbox.ended(session.id):
            await self._forget(session.id)

    def _submit(self, session: Session, client_id: str | None, turn: Callable[[], Awaitable[None]]) -> None:
        async def typing(on: bool) -> None:
            await self._mailbox.post(session.id, "typing", {"on": on}, latest_only=True)

        async def typed_turn() -> None:
            await typing(True)
            await turn()
            await typing(False)

        async def failed() -> None:
            await typing(False)
            await self._mailbox.post(session.id, "failed", {"client_id": client_id})

        self._turns.submit(session.id, typed_turn, failed)

    async def _events(self, request: Request) -> None:
        session = await self._session(request)
        last, brief = request.headers.get("last-event-id", ""), "brief" in request.args
        stream = await request.respond(
            content_type="text/event-stream",
            headers={
                **self._origins.headers(request),
                "cache-control": "no-store, no-transform",
                "x-accel-buffering": "no",
            },
        )
        await stream.send(": open\n\n")
        after = int(last) if last.isascii() and last.isdigit() else None
        async for event in self._mailbox.follow(session.id, after, self._heartbeat):
            _stop_if_gone(request)
            await stream.send(_encode(event) if event else ": still here\n\n")
            if brief:
                break
        _stop_if_gone(request)
        await stream.eof()

    async def _link(self, request: Request) -> HTTPResponse:
        session = await self._session(request)
        body = await read_json(request)
        _refuse_if_waiting(self._messages.wait(session.id))
        return await self._documents.link(session.id, body.get("id"))

    async def _fetch(self, request: Request) -> HTTPResponse:
        return await self._documents.fetch(request.args.get("ticket", ""))

    async def _stop(self, *_: Any) -> None:
        await self._turns.drain(DRAIN_SECONDS)
        await self._mailbox.close()


def _stop_if_gone(request: Request) -> None:
    # Sanic's own `send` does so too, but fails when the transport is already taken away.
    transport: Any = request.transport
    if transport is None or transport.is_closing():
        raise asyncio.CancelledError


def _encode(event: Event) -> str:
    data = json.dumps({"id": event.id, **event.data}, ensure_ascii=False)
    return f"id: {event.id}\nevent: {event.name}\ndata: {data}\n\n"


def _string(body: dict[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise Problem(HTTPStatus.BAD_REQUEST, f"The field '{name}' must be a string.")
    # JSON can escape half a character, which no stream can carry on.
    return value.encode("utf-8", "replace").decode("utf-8")


def _step(body: dict[str, Any]) -> dict[str, Any]:
    """The step that a message ticks, as metadata of its turn."""
    step = body.get("step")
    if step is None:
        return {}
    if not isinstance(step, dict) or not isinstance(step.get("done"), bool):
        raise Problem(HTTPStatus.BAD_REQUEST, "The field 'step' must be an object with 'name' and 'done'.")
    return {"step": {"name": _string(step, "name"), "done": step["done"]}}


def _client_id(body: dict[str, Any]) -> str:
    try:
        return str(UUID(_string(body, "client_id")))
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "The field 'client_id' must be a UUID.") from None


def _refuse_if_waiting(seconds: int) -> None:
    if seconds:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"Too many requests; try again in {seconds} seconds.",
            {"retry-after": str(seconds)},
        )
