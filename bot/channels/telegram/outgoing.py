"""What the bot sends to Telegram, as it waits in the outbox."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Act(StrEnum):
    """What is to be done."""

    SAY = "say"
    FILE = "file"
    CLEAR = "clear"
    CHOSEN = "chosen"
    MENU = "menu"
    INVITE = "invite"


@dataclass(frozen=True)
class Outgoing:
    """One request to the Bot API.

    Attributes:
        act: ``say`` a text; send a text as a ``file``; ``clear`` away the buttons of a message, or show which one was
            ``chosen``; the ``menu`` of commands in a language; ``invite`` somebody in a group to a private talk.
        message_id: of the message whose buttons go, or that is replied to.
        buttons: titles below the text.
        file_name: of the file.
        language: of the menu.
    """

    chat_id: int
    act: Act = Act.SAY
    text: str = ""
    message_id: int = 0
    buttons: tuple[str, ...] = ()
    file_name: str = ""
    language: str = ""

    def dump(self) -> bytes:
        """As bytes, to be stored."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "replace")

    @classmethod
    def load(cls, stored: bytes) -> Outgoing:
        """From `dump`."""
        values = json.loads(stored)
        return cls(**{**values, "act": Act(values["act"]), "buttons": tuple(values["buttons"])})
