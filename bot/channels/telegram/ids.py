"""Who somebody is to the bot: a keyed hash of the chat, never the chat itself."""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "tg:"


class Senders:
    """Rasa's sender ids of Telegram chats.

    Args:
        key: keys the hash; without it no sender id leads back to a chat.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def id(self, chat_id: int) -> str:
        """The sender id of a chat."""
        return PREFIX + hmac.new(self._key, str(chat_id).encode(), hashlib.sha256).hexdigest()
