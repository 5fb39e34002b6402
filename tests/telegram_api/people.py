"""The people who talk to the bot, and the groups they are in."""

from __future__ import annotations

import itertools
import json
import re
import time
from typing import TYPE_CHECKING, Any

from tests.telegram_api.about import member
from tests.telegram_api.entities import detected
from tests.telegram_api.refusals import forbidden
from tests.telegram_api.sending import FOLDERS, described
from tests.telegram_api.sent import Sent
from tests.telegram_api.state import Chat, Message, Press

if TYPE_CHECKING:
    from tests.telegram_api.server import BotApi

_press_numbers = itertools.count(3_000_000_000_000_000_001)


def _origin(of: User | str) -> dict[str, Any]:
    """Whose message a forwarded one is: a known user's, or a name where that person hides the account."""
    date = int(time.time()) - 3600
    if isinstance(of, User):
        return {"date": date, "type": "user", "sender_user": of.description}
    return {"date": date, "type": "hidden_user", "sender_user_name": of}


def _inaccessible(message: Message) -> Message:
    """What is left of a deleted message."""
    return {"chat": message["chat"], "message_id": message["message_id"], "date": 0}


class Group:
    """A group or supergroup."""

    def __init__(self, api: BotApi, chat: Chat) -> None:
        self._api = api
        self.chat = chat

    @property
    def id(self) -> int:
        """Its number."""
        return self.chat.id

    async def adds_the_bot(self, by: User) -> None:
        """Someone adds the bot."""
        self.chat.closed = None
        self._status(by, "member")
        self._service(by, {"new_chat_members": [self._api.state.bot]})

    async def removes_the_bot(self, by: User) -> None:
        """Someone throws the bot out."""
        self._status(by, "kicked")
        kind = self.chat.description["type"]
        self.chat.closed = forbidden(
            f"bot was kicked from the {kind if kind == 'supergroup' else 'group'} chat"
        )

    async def makes_the_bot_administrator(self, by: User) -> None:
        """The bot sees every message from now on."""
        self._status(by, "administrator")

    async def becomes_a_supergroup(self, by: User) -> None:
        """The group gets a new number; the old one leads there by an error only."""
        old = self.chat
        self.chat = self._api.state.migrate(old)
        self._service(by, {"migrate_to_chat_id": self.chat.id}, old)
        self._service(by, {"migrate_from_chat_id": old.id})

    def _status(self, by: User, status: str) -> None:
        by.tells_of_status(self.chat, status)

    def _service(self, by: User, content: Message, chat: Chat | None = None) -> None:
        stored = self._api.state.add_message(chat or self.chat, by.description, content)
        self._api.updates.add("message", dict(stored.message), ("chat", (chat or self.chat).id))


class User:
    """A person with Telegram."""

    def __init__(self, api: BotApi, chat: Chat, description: dict[str, Any]) -> None:
        self._api = api
        self.chat = chat
        self.description = description
        self._read = 0

    @property
    def id(self) -> int:
        """The number of the person and of the private chat."""
        return self.chat.id

    async def says(
        self, text: str, *, to: Group | None = None, reply_to: Sent | Message | None = None
    ) -> Message:
        """Write a text."""
        content: Message = {"text": text}
        if entities := detected(text):
            content["entities"] = entities
        return self._write(content, to, reply_to)

    async def starts(self, payload: str = "") -> Message:
        """Press Start, or follow a deep link with a payload (links carry nothing but these characters)."""
        assert re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload), f"no link carries {payload!r}"
        return await self.says(f"/start {payload}".strip())

    async def edits(self, message: Message, text: str) -> Message:
        """Change an own text."""
        chat = self._api.state.chats[message["chat"]["id"]]
        stored = chat.messages[message["message_id"]]
        stored.replace({"text": text, "entities": detected(text) or None, "edit_date": int(time.time())})
        if self._seen_by_bot(chat, stored.message):
            self._api.updates.add("edited_message", dict(stored.message), ("chat", chat.id))
        return stored.message

    async def presses(self, title: str, *, under: Sent | None = None, in_group: Group | None = None) -> Press:
        """Press a button, by default the newest of that title."""
        chat = in_group.chat if in_group else self.chat
        messages = (
            [under] if under else [Sent(stored) for stored in reversed(chat.sent()) if not stored.deleted]
        )
        for sent in messages:
            for button in (button for row in sent.rows for button in row):
                if button["text"] == title:
                    return self._press(button, sent)
        seen = [sent.buttons for sent in messages if sent.buttons]
        raise AssertionError(f"no button {title!r}; there are {json.dumps(seen, ensure_ascii=False)}")

    async def presses_again(self, press: Press, under: Sent) -> Press:
        """Press a button a second time although it may have gone: the app was slower than the thumb."""
        return self._press({"callback_data": press.data}, under)

    async def taps(self, title: str) -> Message:
        """Tap on the keyboard that the bot put in place of the person's own; it writes the title."""
        button = next((button for button in self._keyboard() if button["text"] == title), None)
        if button is None:
            raise AssertionError(f"no key {title!r}; there are {[key['text'] for key in self._keyboard()]}")
        asked = {"request_contact", "request_location"} & set(button)
        assert not asked, f"{title!r} asks for more than words: sends_contact, sends_location"
        return await self.says(title)

    async def sends(
        self,
        kind: str,
        content: bytes = b"bytes",
        *,
        name: str = "file.bin",
        mime_type: str = "application/octet-stream",
        caption: str = "",
        of: User | str | None = None,
        album: str = "",
        to: Group | None = None,
        **details: Any,
    ) -> Message:
        """Send a file: a document, photo, voice, sticker, video … (`of`: as a forward of someone's)."""
        file = self._api.state.add_file(content, name, mime_type, FOLDERS[kind])
        message: Message = {kind: described(file, kind, details)}
        if caption:
            message["caption"] = caption
        if album:
            message["media_group_id"] = album
        if of is not None:
            message["forward_origin"] = _origin(of)
        return self._write(message, to)

    async def posts(self, content: Message, *, to: Group | None = None) -> Message:
        """Send anything else that a Message may hold: a dice, a poll, a story …"""
        return self._write(content, to)

    async def sends_location(self, latitude: float, longitude: float) -> Message:
        """Share a place."""
        return self._write({"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_contact(self, phone_number: str, *, own: bool = True) -> Message:
        """Share a contact; one's own where the bot asked for it."""
        contact: dict[str, Any] = {"phone_number": phone_number, "first_name": self.description["first_name"]}
        return self._write({"contact": contact | ({"user_id": self.id} if own else {})})

    async def forwards(self, text: str, *, of: User | str = "Hidden", to: Group | None = None) -> Message:
        """Pass on what someone else wrote: a known user, or a name where that person hides the account."""
        content: Message = {"text": text, "forward_origin": _origin(of)}
        return self._write(content | ({"entities": detected(text)} if detected(text) else {}), to)

    async def blocks_the_bot(self) -> None:
        """Want no more of it."""
        self.tells_of_status(self.chat, "kicked")
        self.chat.closed = forbidden("bot was blocked by the user")

    async def unblocks_the_bot(self) -> None:
        """Take it back."""
        self.chat.closed = None
        self.tells_of_status(self.chat, "member")

    async def deletes_the_account(self) -> None:
        """Leave Telegram. The bot is not told."""
        self.chat.closed = forbidden("user is deactivated")

    async def reads(self, count: int = 1, patience: float = 20) -> list[Sent]:
        """The next messages of the bot that this person has not read; waits for them."""
        until = self._read + count
        await self._api.until(
            lambda: len(self.chat.sent()) >= until, patience, f"{self} to get {count} messages"
        )
        new = self._api.sent(self)[self._read : until]
        self._read = until
        return new

    async def hears(self, part: str, patience: float = 20) -> Sent:
        """The next unread message with these words in it; what comes before counts as read."""
        found: list[int] = []

        def there() -> bool:
            sent = self._api.sent(self)
            found[:] = [at for at in range(self._read, len(sent)) if part in sent[at].text]
            return bool(found)

        await self._api.until(there, patience, f"{self} to hear {part!r}")
        self._read = found[0] + 1
        return self._api.sent(self)[found[0]]

    def unread(self) -> list[Sent]:
        """What the bot said that was not read yet; reads it."""
        new = self._api.sent(self)[self._read :]
        self._read += len(new)
        return new

    def tells_of_status(self, chat: Chat, status: str) -> None:
        """What the bot learns about its place in a chat."""
        old, chat.bot_status = chat.bot_status, status
        bot = self._api.state.bot
        change = {
            "chat": chat.description,
            "from": self.description,
            "date": int(time.time()),
            "old_chat_member": member(bot, old),
            "new_chat_member": member(bot, status),
        }
        self._api.updates.add("my_chat_member", change, ("status", chat.id))

    def _write(
        self, content: Message, to: Group | None = None, reply_to: Sent | Message | None = None
    ) -> Message:
        chat = to.chat if to else self.chat
        if to and self.id not in chat.members:
            raise AssertionError(f"{self} is not in {to.chat.description['title']}")
        chat.opened = True
        if reply_to is not None:
            answered = reply_to.message if isinstance(reply_to, Sent) else reply_to
            content["reply_to_message"] = {
                key: answered[key] for key in answered if key != "reply_to_message"
            }
        stored = self._api.state.add_message(chat, self.description, content)
        if chat.closed is None and self._seen_by_bot(chat, stored.message):
            self._api.updates.add("message", dict(stored.message), ("chat", chat.id))
        return stored.message

    def _seen_by_bot(self, chat: Chat, message: Message) -> bool:
        """In groups a bot with privacy mode gets commands, mentions and replies to it only."""
        if chat.private or not self._api.state.privacy or chat.bot_status == "administrator":
            return True
        bot = self._api.state.bot
        text = str(message.get("text", message.get("caption", "")))
        command = text.split()[0] if text.startswith("/") else ""
        mine = command and ("@" not in command or command.endswith(f"@{bot['username']}"))
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]
        return bool(mine or replied or f"@{bot['username']}" in text)

    def _keyboard(self) -> list[dict[str, Any]]:
        for stored in reversed(self.chat.sent()):
            markup = stored.sent_with.get("reply_markup", {})
            if {"keyboard", "remove_keyboard"} & set(markup):
                return [key for row in markup.get("keyboard", []) for key in row]
        return []

    def _press(self, button: dict[str, Any], sent: Sent) -> Press:
        if "callback_data" not in button:
            raise AssertionError(f"{button['text']!r} opens something and tells the bot nothing")
        press = Press(str(next(_press_numbers)), self.id, button["callback_data"])
        self._api.state.presses[press.id] = press
        query = {
            "id": press.id,
            "from": self.description,
            "message": dict(sent.message) if not sent.deleted else _inaccessible(sent.message),
            "chat_instance": str(self.id * 7),
            "data": press.data,
        }
        self._api.updates.add("callback_query", query, ("press", self.id))
        return press

    def __str__(self) -> str:
        return str(self.description["first_name"])
