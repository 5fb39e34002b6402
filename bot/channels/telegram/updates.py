"""Reads an update of the Bot API: what a person did, or nothing that the bot answers.

In a group only what is addressed to the bot counts, and of that nothing but that it was.
"""

from __future__ import annotations

from typing import Final

from telegram import CallbackQuery, Message, MessageEntity, MessageOriginUser, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.incoming import Incoming, Kind

ALLOWED_UPDATES: Final = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
]
LARGEST_FILE_BYTES: Final = 256 * 1024
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_NAMING: Final[list[str | None]] = [
    MessageEntity.MENTION,
    MessageEntity.TEXT_MENTION,
    MessageEntity.BOT_COMMAND,
]


def read_update(update: Update, me: User) -> Incoming | None:
    """What a person did; None when there is nothing to answer.

    Args:
        update: from Telegram.
        me: the bot itself.
    """
    if update.callback_query:
        return _press(update, update.callback_query)
    if update.my_chat_member:
        return _left(update)
    if update.edited_message:
        return _edit(update, update.edited_message)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if message.chat.type in _GROUPS:
        return _incoming(update, message, Kind.GROUP) if _addressed(message, me) else None
    return _private(update, message) if message.chat.type == ChatType.PRIVATE else None


def _incoming(update: Update, message: Message, kind: Kind, text: str = "", **more: str) -> Incoming:
    language = (update.effective_user.language_code if update.effective_user else None) or ""
    return Incoming(
        update.update_id, kind, message.chat.id, message.message_id, text=text, language=language, **more
    )


def _private(update: Update, message: Message) -> Incoming | None:
    words = message.text or message.caption or ""
    if words and _is_forwarded(message):
        return _incoming(update, message, Kind.FORWARD, words)
    if message.text:
        return _command(update, message) or _incoming(update, message, Kind.TEXT, message.text)
    if message.document and not message.animation:
        return _incoming(update, message, Kind.FILE, words, file_id=_readable_file(message))
    if message.contact:
        own = message.from_user is not None and message.contact.user_id == message.from_user.id
        number = message.contact.phone_number if own else ""
        return _incoming(update, message, Kind.CONTACT, number and "+" + number.lstrip("+"))
    if message.sticker:
        return _incoming(update, message, Kind.STICKER, message.sticker.emoji or "")
    kind = _attached(message)
    return _incoming(update, message, kind, words) if kind else None


def _attached(message: Message) -> Kind | None:
    """The kind of what is attached; None for a notice of Telegram's own, such as a pinned message."""
    if message.photo or message.video or message.animation or message.story or message.paid_media:
        return Kind.PICTURE
    if message.voice or message.audio or message.video_note:
        return Kind.VOICE
    if message.location or message.venue:
        return Kind.PLACE
    return Kind.OTHER if message.effective_attachment else None


def _is_forwarded(message: Message) -> bool:
    """Whether these are somebody else's words."""
    origin = message.forward_origin
    if origin is None:
        return False
    return not (isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user)


def _command(update: Update, message: Message) -> Incoming | None:
    """A command of ours; any other text with a slash is a text."""
    assert message.text is not None
    head, _, argument = message.text.partition(" ")
    name = head.partition("@")[0].removeprefix("/").lower()
    if not head.startswith("/") or name not in COMMANDS:
        return None
    return _incoming(update, message, Kind.COMMAND, argument.strip(), command=name)


def _readable_file(message: Message) -> str:
    """The id of a plain text of a size that is read, such as an exported chat."""
    document = message.document
    assert document is not None
    small = document.file_size is not None and document.file_size <= LARGEST_FILE_BYTES
    return document.file_id if small and document.mime_type == "text/plain" else ""


def _press(update: Update, query: CallbackQuery) -> Incoming | None:
    """A press; without a title when Telegram no longer gives the message to which the button belongs."""
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return None
    message = query.message if isinstance(query.message, Message) else None
    rows = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
    buttons = (button for row in rows for button in row)
    return Incoming(
        update.update_id,
        Kind.PRESS,
        query.message.chat.id,
        query.message.message_id,
        text=next((button.text for button in buttons if button.callback_data == query.data), ""),
        language=query.from_user.language_code or "",
        question=(message.text if message else None) or "",
        callback_id=query.id,
    )


def _edit(update: Update, message: Message) -> Incoming | None:
    if message.chat.type != ChatType.PRIVATE or not message.text or _is_forwarded(message):
        return None
    return _incoming(update, message, Kind.EDIT, message.text)


def _left(update: Update) -> Incoming | None:
    change = update.my_chat_member
    assert change is not None
    blocked = change.new_chat_member.status == ChatMemberStatus.BANNED
    if change.chat.type != ChatType.PRIVATE or not blocked:
        return None
    return Incoming(update.update_id, Kind.LEFT, change.chat.id)


def _addressed(message: Message, me: User) -> bool:
    """Whether a message in a group names the bot, is a command to it, or answers it."""
    answered = message.reply_to_message
    if answered is not None and answered.from_user == me:
        return True
    named = {**message.parse_entities(_NAMING), **message.parse_caption_entities(_NAMING)}
    at_me = f"@{me.username}".lower()
    return any(entity.user == me or text.lower().endswith(at_me) for entity, text in named.items())
