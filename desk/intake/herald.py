"""Sends the bot what happened to cases, for as long as it takes: in the order of each case, every event once.

Signed as in Standard Webhooks. What the bot will never take is told to the caseworkers by a private note.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import random
import threading
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import httpx
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from helpdesk.models import FollowUp

from desk.intake.models import CaseEvent

LEASE: Final = timedelta(minutes=1)
TIMEOUT_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 1.0
SHORTEST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
AT_ONCE: Final = 20
_DOUBLINGS: Final = 12
_JITTER: Final = random.SystemRandom()
_NEVER: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)

logger = logging.getLogger(__name__)


def send_due(client: httpx.Client) -> int:
    """Try everything that is due, each event once; how many the bot took."""
    due = [event.pk for event in _due(timezone.now())[:AT_ONCE]]
    return sum(_send(client, event_id) for event_id in due)


def run(stop: threading.Event) -> None:
    """Send until `stop` is set."""
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=settings.EVENTS_URL.startswith("https:")) as client:
        while not stop.is_set():
            close_old_connections()
            try:
                if send_due(client):
                    continue
            except Exception as error:
                # Only the kind: the message of a database can hold what was to be sent.
                logger.error("events cannot be sent: %s", type(error).__name__)
            stop.wait(PAUSE_SECONDS)
    close_old_connections()


def start() -> threading.Event | None:
    """Send beside the web server; returns what stops it, None when events go nowhere."""
    if not settings.EVENTS_URL:
        return None
    stop = threading.Event()
    threading.Thread(target=run, args=(stop,), name="herald", daemon=True).start()
    return stop


def signed(secret: str, event_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """The headers that prove where `body` comes from, and when it was sent."""
    content = f"{event_id}.{sent_at}.".encode() + body
    signature = base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode("ascii")
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{signature}",
    }


def _due(now: datetime) -> QuerySet[CaseEvent]:
    """The first event of each case that is still to be sent, where its time has come and nobody is sending it."""
    earlier = CaseEvent.objects.filter(
        case=OuterRef("case"), sequence__lt=OuterRef("sequence"), refused=False
    )
    return (
        CaseEvent.objects.filter(
            Q(lease_until=None) | Q(lease_until__lte=now), next_at__lte=now, refused=False
        )
        .filter(~Exists(earlier))
        .order_by("next_at")
    )


def _send(client: httpx.Client, event_id: object) -> bool:
    """Claim one event and send it; whether the bot has it."""
    now = timezone.now()
    if not _due(now).filter(pk=event_id).update(lease_until=now + LEASE):
        return False
    event = CaseEvent.objects.select_related("case").filter(pk=event_id).first()
    if event is None:
        return False
    status = _post(client, event)
    if status == HTTPStatus.ACCEPTED:
        event.delete()
        return True
    if status in _NEVER:
        _give_up(event, status)
    else:
        _later(event)
    logger.log(
        logging.ERROR if status in _NEVER or status == HTTPStatus.UNAUTHORIZED else logging.WARNING,
        "event %s of a case was not taken: %s",
        event.sequence,
        status or "no answer",
    )
    return False


def _post(client: httpx.Client, event: CaseEvent) -> int | None:
    """The status of the answer; None without one."""
    body = json.dumps(_body(event), ensure_ascii=False).encode()
    headers = signed(settings.EVENT_SECRET, str(event.pk), int(time.time()), body)
    try:
        return client.post(settings.EVENTS_URL, content=body, headers=headers).status_code
    except httpx.HTTPError:
        return None


def _body(event: CaseEvent) -> dict[str, object]:
    return {
        "event_id": str(event.pk),
        "case_id": str(event.case.case_id),
        "sequence": event.sequence,
        "kind": "status_changed" if event.text is None else "message",
        "status": event.status,
        "text": event.text,
        "occurred_at": event.occurred_at.isoformat().replace("+00:00", "Z"),
    }


def _later(event: CaseEvent) -> None:
    attempts = event.attempts + 1
    bound = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(attempts, _DOUBLINGS))
    pause = _JITTER.uniform(SHORTEST_PAUSE.total_seconds(), bound.total_seconds())
    next_at = timezone.now() + timedelta(seconds=pause)
    CaseEvent.objects.filter(pk=event.pk).update(attempts=attempts, next_at=next_at, lease_until=None)


@transaction.atomic
def _give_up(event: CaseEvent, status: int) -> None:
    """Set the event aside, and say so on the case where it carried an answer."""
    CaseEvent.objects.filter(pk=event.pk).update(refused=True, lease_until=None)
    if event.text is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        gone = _(
            "The talk with the bot is no longer there. Reach the person another way, if they agreed to one."
        )
        refused = _("The bot did not take it. Ask whoever runs it.")
        FollowUp.objects.create(
            ticket=event.case.ticket,
            date=timezone.now(),
            title=_("An answer did not reach the person"),
            comment=gone if status == HTTPStatus.NOT_FOUND else refused,
            public=False,
        )
