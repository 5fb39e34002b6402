"""What the dialogue says, on its way to the web chat."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.keepsake import TO_KEEP, file_name
from bot.channels.mailbox import Mailbox
from bot.languages import ENGLISH
from bot.nlg import ALONG

NAME = "webchat"
SENDER_PREFIX = "web:"


def sender_id(session: str) -> str:
    """Rasa's sender id of a web session."""
    return SENDER_PREFIX + session


class WebChatOutput(OutputChannel):
    """Puts what the bot says into the session's mailbox.

    Args:
        mailbox: where it goes.
        language: of the words, where the response itself does not name one.
    """

    def __init__(self, mailbox: Mailbox, language: str | None = None) -> None:
        self._mailbox = mailbox
        self._language = language

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in the domain's channel-specific responses."""
        return NAME

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Say `text`; ``metadata`` tells in which language, and what of `bot.nlg.ALONG` goes along."""
        await self._say(recipient_id, text, [], kwargs)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Say `text` with buttons; pressing one sends its title, whatever payload it has."""
        await self._say(recipient_id, text, buttons, kwargs)

    async def _say(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], extra: dict[str, Any]
    ) -> None:
        metadata = extra.get("metadata") or {}
        language = metadata.get("language") or self._language
        message = {
            "from": "bot",
            "text": text,
            "language": language and language.replace("_", "-"),
            "buttons": [{"title": button["title"]} for button in buttons],
        }
        message |= {name: metadata[name] for name in ALONG if metadata.get(name)}
        if extra.get("utter_action") == TO_KEEP:
            message["file"] = file_name(language or ENGLISH)
        session = recipient_id.removeprefix(SENDER_PREFIX)
        await self._mailbox.post(session, "message", message, once=metadata.get("once"))
