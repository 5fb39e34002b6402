"""What Telegram knows: the bot, people, chats, messages, files, button presses."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_api.refusals import Refused, bad_request, forbidden, migrated

Message = dict[str, Any]

# Telegram's ids no longer fit into 32 bits; neither do these.
FIRST_USER = 5_100_000_001
FIRST_GROUP = 4_900_000_001
FIRST_SUPERGROUP = 1_002_000_000_001
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024


@dataclass
class StoredFile:
    """A file on Telegram's side."""

    file_id: str
    name: str
    content: bytes
    mime_type: str
    path: str

    def description(self) -> dict[str, Any]:
        """What every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": "u" + self.file_id[-8:],
            "file_size": len(self.content),
        }


@dataclass
class StoredMessage:
    """A message in a chat, with what became of it."""

    message: Message
    by_bot: bool
    file: StoredFile | None = None
    versions: list[Message] = field(default_factory=list)
    deleted: bool = False
    sent_with: dict[str, Any] = field(default_factory=dict)

    def replace(self, changes: Message) -> None:
        """Keep the old version and change the message."""
        self.versions.append(dict(self.message))
        for key, value in changes.items():
            if value is None:
                self.message.pop(key, None)
            else:
                self.message[key] = value


@dataclass
class Chat:
    """A chat as the bot sees it."""

    description: dict[str, Any]
    opened: bool = False
    closed: Refused | None = None
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    bot_status: str = "member"
    own_numbers: itertools.count[int] | None = None

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.description["id"])

    @property
    def private(self) -> bool:
        """Whether it is a talk of two."""
        return bool(self.description["type"] == "private")

    def sent(self) -> list[StoredMessage]:
        """What the bot said here, oldest first."""
        return [stored for stored in self.messages.values() if stored.by_bot]


@dataclass
class Press:
    """A button press that waits for its answer."""

    id: str
    user_id: int
    data: str
    expired: bool = False
    answer: dict[str, Any] | None = None


class State:
    """Everything of one bot's world."""

    def __init__(self, username: str, *, privacy: bool) -> None:
        self.bot: dict[str, Any] = {
            "id": 7_200_000_001,
            "is_bot": True,
            "first_name": "Test bot",
            "username": username,
        }
        self.privacy = privacy
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.commands: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.menu_button: dict[str, Any] = {"type": "default"}
        self._message_numbers = itertools.count(101)
        self._file_numbers = itertools.count(1)

    def me(self) -> dict[str, Any]:
        """The answer to getMe."""
        return self.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def chat_to_read(self, chat_id: object) -> Chat:
        """A chat the bot may look at."""
        if isinstance(chat_id, str):
            wanted = chat_id.removeprefix("@")
            known = (chat for chat in self.chats.values() if chat.description.get("username") == wanted)
            chat = next((chat for chat in known if not chat.private), None)
        else:
            chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def chat_to_write(self, chat_id: object) -> Chat:
        """A chat the bot may write to now."""
        chat = self.chat_to_read(chat_id)
        if chat.closed is not None:
            raise chat.closed
        if chat.private and not chat.opened:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def own_message(self, chat_id: object, message_id: object, purpose: str) -> StoredMessage:
        """A message of the bot's own."""
        chat = self.chat_to_read(chat_id)
        stored = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if stored is None or stored.deleted:
            raise Refused(400, f"Bad Request: message to {purpose} not found")
        if chat.closed is not None:
            raise chat.closed
        if purpose == "edit" and not stored.by_bot:
            raise bad_request("message can't be edited")
        return stored

    def add_message(
        self, chat: Chat, sender: dict[str, Any], content: Message, *, by_bot: bool = False
    ) -> StoredMessage:
        """Put a message into a chat. Private chats and basic groups count together, as the real ones do."""
        message: Message = {
            "message_id": next(chat.own_numbers or self._message_numbers),
            "from": sender,
            "chat": chat.description,
            "date": int(time.time()),
        } | content
        stored = StoredMessage(message, by_bot)
        chat.messages[int(message["message_id"])] = stored
        return stored

    def add_file(self, content: bytes, name: str, mime_type: str, folder: str = "documents") -> StoredFile:
        """Keep a file."""
        number = next(self._file_numbers)
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        file = StoredFile(
            f"BQACAgUAAxkBAAM{number:08}", name, content, mime_type, f"{folder}/file_{number}{suffix}"
        )
        self.files[file.file_id] = file
        return file

    def migrate(self, chat: Chat) -> Chat:
        """Turn a group into a supergroup with a new number."""
        taken = sum(known.description["type"] == "supergroup" for known in self.chats.values())
        bigger = Chat(
            {"id": -(FIRST_SUPERGROUP + taken), "type": "supergroup", "title": chat.description["title"]},
            opened=True,
            members=chat.members,
            bot_status=chat.bot_status,
            own_numbers=itertools.count(1),
        )
        self.chats[bigger.id] = bigger
        chat.closed = migrated(bigger.id)
        return bigger
