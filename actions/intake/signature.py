"""Whether an event comes from the intake service: signed as in Standard Webhooks, and fresh.

What is signed is id, time of sending and body, so that none of them can be exchanged; the time bounds how long a copy
that somebody kept could be sent again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE: Final = timedelta(minutes=5)
_VERSION: Final = "v1,"
_LONGEST_TIME: Final = 20


class BadSignature(Exception):
    """The signature is missing or wrong, or too old or from the future."""


def sign(secret: str, id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The headers under which `body` is sent."""
    timestamp = str(int(sent_at.timestamp()))
    return {ID: id, TIMESTAMP: timestamp, SIGNATURE: _signature(secret, id, timestamp, body)}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id under which `body` was sent.

    Raises:
        BadSignature: it was not signed with `secret` within `TOLERANCE` of `now`.
    """
    id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIME):
        raise BadSignature
    expected = _signature(secret, id, timestamp, body).encode()
    given = headers.get(SIGNATURE, "").split()
    signed = [hmac.compare_digest(expected, signature.encode("utf-8", "replace")) for signature in given]
    if not any(signed) or abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature
    return id


def _signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    content = f"{id}.{timestamp}.".encode("utf-8", "replace") + body
    return _VERSION + base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode("ascii")
