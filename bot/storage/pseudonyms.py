"""What stands for a sender's id in the database."""

from __future__ import annotations

import hashlib
import hmac


def pseudonym(key: bytes, sender_id: str) -> str:
    """A keyed hash of `sender_id`: the same for the same key, and not to be reversed without it."""
    return hmac.new(key, sender_id.encode(), hashlib.sha256).hexdigest()
