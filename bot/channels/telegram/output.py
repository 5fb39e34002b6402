"""What the dialogue says, as messages for Telegram.

Nothing is sent here: what was said in a turn is collected, and queued with the end of the turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rasa.core.channels.channel import OutputChannel

from bot.catalogs import translate
from bot.channels.keepsake import TO_KEEP, file_name
from bot.channels.telegram import texts
from bot.channels.telegram.outgoing import Act, Outgoing
from bot.channels.telegram.splitting import split
from bot.languages import ENGLISH

NAME: Final = "telegram"
# What Telegram adds to a response of the domain.
_ASKS_NUMBER: Final = "utter_ask_contact_value_phone"
_ADDED: Final = {
    "utter_privacy": texts.PRIVACY,
    "utter_deleted": texts.STILL_SHOWN,
    _ASKS_NUMBER: texts.SHARE_NUMBER,
}


class TelegramOutput(OutputChannel):
    """Collects what is said in `said`."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in the domain's channel-specific responses."""
        return NAME

    @property
    def language(self) -> str | None:
        """The language of what was said last; None when nothing was."""
        return _language(self.said[-1]) if self.said else None

    @property
    def asks_number(self) -> bool:
        """Whether the person was asked for their phone number."""
        return any(said.get("utter_action") == _ASKS_NUMBER for said in self.said)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response: its text, buttons, metadata and name."""
        self.said.append(message)


def messages(chat_id: int, said: Iterable[Mapping[str, Any]]) -> list[Outgoing]:
    """Responses as messages, long ones in parts; the buttons stand below the last part."""
    return [message for response in said for message in _messages(chat_id, response)]


def _messages(chat_id: int, said: Mapping[str, Any]) -> Iterator[Outgoing]:
    text, name, language = said.get("text") or "", said.get("utter_action"), _language(said)
    titles = tuple(button["title"] for button in said.get("buttons") or ())
    *before, last = split(text) or [""]
    yield from (Outgoing(chat_id, text=part) for part in before)
    if last:
        yield Outgoing(chat_id, text=last, buttons=titles)
    if name == TO_KEEP:
        yield Outgoing(chat_id, Act.FILE, text=text, file_name=file_name(language))
    if name in _ADDED:
        yield Outgoing(chat_id, text=translate(_ADDED[name], language))


def _language(said: Mapping[str, Any]) -> str:
    language: str = (said.get("metadata") or {}).get("language") or ENGLISH
    return language
