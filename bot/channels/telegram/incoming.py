"""What a person did on Telegram, without what the bot does not need to know of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What it is; the answer depends on it."""

    TEXT = "text"
    FORWARD = "forward"
    EDIT = "edit"
    COMMAND = "command"
    PRESS = "press"
    STICKER = "sticker"
    PICTURE = "picture"
    VOICE = "voice"
    FILE = "file"
    PLACE = "place"
    CONTACT = "contact"
    OTHER = "other"
    FLOOD = "flood"
    GROUP = "group"
    LEFT = "left"


@dataclass(frozen=True)
class Incoming:
    """One update.

    Attributes:
        text: the words: typed, forwarded, under a picture, on the button pressed, or after a command.
        language: the language of the person's Telegram.
        command: its name without the slash.
        question: the text of the message whose button was pressed.
        callback_id: to be acknowledged, for a press.
        file_id: of a text file that is small enough to be read.
    """

    update_id: int
    kind: Kind
    chat_id: int
    message_id: int = 0
    text: str = ""
    language: str = ""
    command: str = ""
    question: str = ""
    callback_id: str = ""
    file_id: str = ""

    def dump(self) -> bytes:
        """As bytes, to be stored."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "replace")

    @classmethod
    def load(cls, stored: bytes) -> Incoming:
        """From `dump`."""
        values = json.loads(stored)
        return cls(**{**values, "kind": Kind(values["kind"])})
