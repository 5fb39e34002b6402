"""Where the intake service tells what happens to cases: ``POST /webhooks/intake/events`` of the contract.

202 once an event is stored, now or earlier. Anybody can reach this route, so nothing of a body is read before its
signature is found good. Refusals are RFC 9457 problem JSON and quote nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.intake.contract import CaseEvent
from actions.intake.database import OutboxError
from actions.intake.signature import BadSignature, verify
from bot.quiet import place
from bot.storage.inbox import Inbox, NoConversation

PATH: Final = "/webhooks/intake/events"
RETRY_AFTER_SECONDS: Final = 5
_MOST_FAULTS: Final = 100

logger = logging.getLogger(__name__)


def intake_events(
    secret: str, inbox: Inbox, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Blueprint:
    """The route.

    Args:
        secret: with which the service signs.
        inbox: where events go.
        clock: the time.
    """
    blueprint = Blueprint("intake_events")

    @blueprint.post(PATH)
    async def receive(request: Request) -> HTTPResponse:
        now = clock()
        try:
            id = verify(secret, request.headers, request.body, now)
        except BadSignature:
            return _problem(HTTPStatus.UNAUTHORIZED, "The signature is missing, wrong or too old.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        try:
            event = CaseEvent.model_validate_json(request.body)
        except ValidationError as error:
            return _unreadable(error)
        if str(event.event_id) != id.lower():
            fault = {"field": "event_id", "message": "must be the webhook-id"}
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The event does not follow the schema.", [fault])
        return await _take_in(inbox, event, now)

    return blueprint


async def _take_in(inbox: Inbox, event: CaseEvent, now: datetime) -> HTTPResponse:
    try:
        await asyncio.to_thread(inbox.take_in, event, now)
    except NoConversation:
        return _problem(HTTPStatus.NOT_FOUND, "No talk leads to this case any more.")
    except OutboxError as error:
        logger.error("an event could not be stored: %s", place(error))
        answer = _problem(HTTPStatus.SERVICE_UNAVAILABLE, "Nothing can be stored at the moment.")
        answer.headers["retry-after"] = str(RETRY_AFTER_SECONDS)
        return answer
    return response.empty(HTTPStatus.ACCEPTED.value)


def _unreadable(error: ValidationError) -> HTTPResponse:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _problem(HTTPStatus.BAD_REQUEST, "The body is not valid JSON.")
    errors = [
        {"field": ".".join(str(part) for part in fault["loc"])[:200], "message": fault["msg"][:500]}
        for fault in faults[:_MOST_FAULTS]
    ]
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The event does not follow the schema.", errors)


def _problem(status: HTTPStatus, title: str, errors: list[dict[str, str]] | None = None) -> HTTPResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status.value}
    if errors:
        body["errors"] = errors
    return response.json(body, status=status.value, content_type="application/problem+json")
