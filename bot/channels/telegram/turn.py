"""One turn of a talk: what is sent for an update, and what is noted of the chat."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rasa.core.channels.channel import UserMessage
from telegram import Bot
from telegram.error import TelegramError

from bot.catalogs import translate
from bot.channels.telegram import texts
from bot.channels.telegram.commands import RESUME, START, words_of
from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.outgoing import Act, Outgoing
from bot.channels.telegram.output import NAME, TelegramOutput, messages
from bot.channels.telegram.sender import FROM_GROUP
from bot.channels.telegram.splitting import LIMIT, units
from bot.languages import CHINESE, ENGLISH, SIMPLIFIED, negotiate
from bot.quiet import place
from bot.storage.telegram import Chat

CHOSEN_MARK: Final = "✓"

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


@dataclass
class Answer:
    """What one turn leads to.

    Attributes:
        outgoing: what is sent.
        noted: new values of `Chat` by name.
    """

    outgoing: list[Outgoing] = field(default_factory=list)
    noted: dict[str, Any] = field(default_factory=dict)


class Turn:
    """One turn in a private chat.

    Args:
        bot: to acknowledge a press and fetch a file.
        on_new_message: the dialogue.
        sender: who it is to the dialogue.
        incoming: what the person did.
        chat: as it was kept.
    """

    def __init__(
        self, bot: Bot, on_new_message: OnNewMessage, sender: str, incoming: Incoming, chat: Chat
    ) -> None:
        self._bot, self._on_new_message = bot, on_new_message
        self._sender, self._incoming, self._chat = sender, incoming, chat
        self._language = chat.language or negotiate(incoming.language)
        self._answer = Answer()

    async def answer(self) -> Answer:
        """What is sent, and what is noted of the chat."""
        match self._incoming.kind:
            case Kind.TEXT:
                await self._converse(self._incoming.text)
                self._answer.noted["heard"] = self._incoming.message_id
            case Kind.FORWARD:
                await self._converse(self._incoming.text, evidence=True)
            case Kind.EDIT:
                await self._edit()
            case Kind.COMMAND:
                await self._command()
            case Kind.PRESS:
                await self._press()
            case Kind.FILE:
                await self._file()
            case Kind.CONTACT:
                await self._contact()
            case Kind.STICKER if self._incoming.text:
                await self._converse(self._incoming.text)
            case kind:
                self._line(texts.LINES[kind])
                if self._incoming.text:
                    await self._converse(self._incoming.text)
        return self._answer

    async def _edit(self) -> None:
        if self._incoming.message_id != self._chat.heard:
            self._line(texts.EDITED_EARLIER)
            return
        await self._converse(self._incoming.text, edited=True)
        self._answer.noted["heard"] = self._incoming.message_id

    async def _command(self) -> None:
        name, argument = self._incoming.command, self._incoming.text
        if name == START:
            group = "" if argument == FROM_GROUP else argument
            if self._chat.language:
                await self._converse(translate(texts.HELLO, self._language), referred_by=group)
            else:
                await self._converse("", begin=True, referred_by=group)
        elif name == RESUME and not argument:
            self._line(texts.NO_CODE)
        else:
            await self._converse(argument if name == RESUME else words_of(name, self._language))

    async def _press(self) -> None:
        title, message_id = self._incoming.text, self._incoming.message_id
        if not title or message_id != self._chat.buttons_at:
            await self._acknowledge(translate(texts.ANSWERED_ALREADY, self._language))
            if title:
                self._answer.outgoing.append(
                    Outgoing(self._incoming.chat_id, Act.CLEAR, message_id=message_id)
                )
            return
        await self._acknowledge()
        self._answer.outgoing.append(self._chosen(f"{self._incoming.question}\n{CHOSEN_MARK} {title}"))
        self._chat = replace(self._chat, buttons_at=None)
        self._answer.noted["buttons_at"] = None
        await self._converse(title)

    async def _acknowledge(self, text: str | None = None) -> None:
        """Tell Telegram that a press was heard; after some minutes it no longer wants to know."""
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(self._incoming.callback_id, text)

    def _chosen(self, text: str) -> Outgoing:
        """The question with its answer in the place of its buttons, or just without them where that is too long."""
        fits = units(text) <= LIMIT
        return Outgoing(
            self._incoming.chat_id,
            Act.CHOSEN if fits else Act.CLEAR,
            text=text if fits else "",
            message_id=self._incoming.message_id,
        )

    async def _file(self) -> None:
        if not self._incoming.file_id:
            self._line(texts.LINES[Kind.FILE])
        elif text := await file_text(self._bot, self._incoming.file_id):
            await self._converse(text, evidence=True)
        else:
            self._line(texts.FILE_NOT_FETCHED if text is None else texts.LINES[Kind.FILE])
        if self._incoming.text:
            await self._converse(self._incoming.text)

    async def _contact(self) -> None:
        if self._incoming.text and self._chat.asks_number:
            await self._converse(self._incoming.text)
        else:
            self._line(texts.LINES[Kind.CONTACT])

    def _line(self, text: str) -> None:
        """Say one of the channel's own texts; a question that is open stays so."""
        said = translate(text, self._language)
        self._answer.outgoing.append(Outgoing(self._incoming.chat_id, text=said))

    async def _converse(self, text: str, **metadata: Any) -> None:
        """One turn of the dialogue, and what follows from it for the chat."""
        output = TelegramOutput()
        await self._on_new_message(
            UserMessage(
                text,
                output,
                self._sender,
                input_channel=NAME,
                message_id=str(self._incoming.update_id),
                metadata={"language": self._incoming.language, **metadata},
            )
        )
        chat_id = self._incoming.chat_id
        if self._chat.buttons_at is not None:
            clear = Outgoing(chat_id, Act.CLEAR, message_id=self._chat.buttons_at)
            self._answer.outgoing.insert(0, clear)
            self._chat = replace(self._chat, buttons_at=None)
            self._answer.noted["buttons_at"] = None
        self._answer.outgoing += messages(chat_id, output.said)
        self._answer.noted |= {"heard": None, "asks_number": output.asks_number}
        if output.language:
            self._answer.noted["language"] = output.language
            self._translate_menu(output.language)

    def _translate_menu(self, language: str) -> None:
        """Telegram knows one Chinese: where its commands are not in the talk's language, the chat gets its own list."""
        chinese = negotiate(self._incoming.language) in CHINESE
        if language != (self._chat.menu or (SIMPLIFIED if chinese else ENGLISH)):
            self._answer.outgoing.append(Outgoing(self._incoming.chat_id, Act.MENU, language=language))
            self._answer.noted["menu"] = language
            self._chat = replace(self._chat, menu=language)


async def file_text(bot: Bot, file_id: str) -> str | None:
    """The content of a text file; None when it could not be fetched."""
    try:
        file = await bot.get_file(file_id)
        content = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        logger.warning("a file could not be fetched: %s", place(error))
        return None
    return _decode(content)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return ""
