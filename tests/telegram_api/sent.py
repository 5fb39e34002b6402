"""What the bot said, as a test looks at it."""

from __future__ import annotations

from typing import Any

from tests.telegram_api.state import Message, StoredMessage


class Sent:
    """A message of the bot's, as it stands now."""

    def __init__(self, stored: StoredMessage) -> None:
        self._stored = stored

    @property
    def message(self) -> Message:
        """The whole message, as the Bot API shows it."""
        return self._stored.message

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self.message["message_id"])

    @property
    def text(self) -> str:
        """Its text or caption, without formatting."""
        return str(self.message.get("text", self.message.get("caption", "")))

    @property
    def entities(self) -> list[dict[str, Any]]:
        """Its formatting."""
        return [*self.message.get("entities", []), *self.message.get("caption_entities", [])]

    @property
    def rows(self) -> list[list[dict[str, Any]]]:
        """The buttons under it."""
        return list(self.message.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons under it."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def keyboard(self) -> list[str]:
        """The titles of the keyboard it put in place of the person's own."""
        rows = self._stored.sent_with.get("reply_markup", {}).get("keyboard", [])
        return [button["text"] for row in rows for button in row]

    @property
    def document(self) -> bytes | None:
        """The content of the file it carries."""
        return self._stored.file.content if self._stored.file else None

    @property
    def file_name(self) -> str | None:
        """The name of the file it carries."""
        return self._stored.file.name if self._stored.file else None

    @property
    def sent_with(self) -> dict[str, Any]:
        """The parameters it was sent with."""
        return self._stored.sent_with

    @property
    def versions(self) -> list[Message]:
        """What it was before each edit."""
        return self._stored.versions

    @property
    def deleted(self) -> bool:
        """Whether it was taken back."""
        return self._stored.deleted

    def __repr__(self) -> str:
        return f"<Sent {self.id} {self.text!r} {self.buttons}>"
