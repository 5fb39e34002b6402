"""Delivers what waits in the outbox: the messages of a chat in order, every chat by itself.

A message is claimed before it is sent and deleted after. At one point nobody can know: when the connection breaks, or
this process dies, after Telegram may have taken a message and before that was noted. The Bot API has no way to ask.
Such a message is sent again: **at least once**, since a line for a crisis that comes twice harms nobody and one that
never comes may. Everywhere else a message goes out exactly once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.helpers import create_deep_linked_url

from actions.intake.outbox import backoff
from bot.catalogs import translate
from bot.channels.keepsake import content
from bot.channels.telegram import texts
from bot.channels.telegram.commands import listed
from bot.channels.telegram.markup import to_html
from bot.channels.telegram.outgoing import Act, Outgoing
from bot.languages import ENGLISH
from bot.quiet import place
from bot.storage.telegram import Claim, TelegramStore

LONGEST_PAUSE: Final = timedelta(minutes=1)
LOOK_ROUND_SECONDS: Final = 5.0
# Fewer than there are connections: a message that waited for one would count as not sent.
AT_ONCE: Final = 32
FROM_GROUP: Final = "group"
_GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid", "bot was kicked")
_PLAIN = LinkPreviewOptions(is_disabled=True)

logger = logging.getLogger(__name__)

Next = Claim | timedelta | None


class Sender:
    """Sends from the outbox by `bot`.

    Args:
        store: the outbox.
        bot: initialised before `start`.
        clock: the time.
    """

    def __init__(
        self, store: TelegramStore, bot: Bot, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store, self._bot, self._clock = store, bot, clock
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()
        self._stopping = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._round: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Send what waits, from an earlier run too, until `stop`."""
        self._round = asyncio.create_task(self._look_round())

    async def stop(self) -> None:
        """End after the messages that are on their way; the others wait for the next start."""
        self._stopping.set()
        tasks = [*self._workers.values(), *filter(None, [self._round])]
        if tasks:
            await asyncio.wait(tasks)

    def wake(self, address: str) -> None:
        """Something was queued for a chat."""
        self._more.add(address)
        if self._round is not None and address not in self._workers and not self._stopping.is_set():
            self._workers[address] = asyncio.create_task(self._work(address))

    async def _look_round(self) -> None:
        """Find what nobody told of: left by an earlier run, or by a database that failed for a moment."""
        while not self._stopping.is_set():
            try:
                for address in await asyncio.to_thread(self._store.addresses):
                    self.wake(address)
            except Exception as error:
                logger.error("the outbox could not be read: %s", place(error))
            await self._pause(LOOK_ROUND_SECONDS)

    async def _work(self, address: str) -> None:
        try:
            while address in self._more and not self._stopping.is_set():
                self._more.discard(address)
                await self._empty(address)
        except Exception as error:
            logger.error("a message could not be sent: %s", place(error))
        finally:
            del self._workers[address]

    async def _empty(self, address: str) -> None:
        following = await self._claim(address)
        while following is not None and not self._stopping.is_set():
            if isinstance(following, timedelta):
                await self._pause(following.total_seconds())
                following = await self._claim(address)
            else:
                following = await self._attempt(following, address)

    async def _claim(self, address: str) -> Next:
        return await asyncio.to_thread(self._store.claim, address, self._clock())

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _attempt(self, claim: Claim, address: str) -> Next:
        """Send one; gives what comes next."""
        outgoing = Outgoing.load(claim.body)
        try:
            async with self._at_once:
                message_id = await self._send(outgoing)
        except RetryAfter as error:
            return await self._put_off(claim, address, _wait(error))
        except TelegramError as error:
            if _is_gone(error):
                await asyncio.to_thread(self._store.forget, address)
                return None
            if not isinstance(error, BadRequest):
                pause = min(backoff(claim.attempts + 1), LONGEST_PAUSE)
                return await self._put_off(claim, address, pause)
            logger.warning("Telegram refused a request to %s", outgoing.act)
            message_id = None
        return await self._sent(claim, address, outgoing, message_id)

    async def _put_off(self, claim: Claim, address: str, pause: timedelta) -> Next:
        await asyncio.to_thread(self._store.put_off, claim, self._clock() + pause)
        return await self._claim(address)

    async def _sent(self, claim: Claim, address: str, outgoing: Outgoing, message_id: int | None) -> Next:
        """Note it; a question's buttons replace those of the one before."""
        buttons_at = message_id if outgoing.buttons else None
        before, following = await asyncio.to_thread(
            self._store.sent, claim, address, self._clock(), buttons_at
        )
        if before is not None:
            clear = Outgoing(outgoing.chat_id, Act.CLEAR, message_id=before)
            with contextlib.suppress(TelegramError):
                await self._send(clear)
        return following

    async def _send(self, outgoing: Outgoing) -> int | None:
        """Do it; the message that was sent."""
        try:
            return await self._do(outgoing)
        except ChatMigrated as error:
            return await self._do(replace(outgoing, chat_id=error.new_chat_id))

    async def _do(self, outgoing: Outgoing) -> int | None:
        chat_id, message_id = outgoing.chat_id, outgoing.message_id
        match outgoing.act:
            case Act.SAY:
                return await self._say(outgoing)
            case Act.FILE:
                file = InputFile(content(outgoing.text), filename=outgoing.file_name)
                await self._bot.send_document(chat_id, file)
            case Act.CLEAR:
                await self._bot.edit_message_reply_markup(chat_id, message_id)
            case Act.CHOSEN:
                await self._bot.edit_message_text(
                    to_html(outgoing.text),
                    chat_id,
                    message_id,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_PLAIN,
                )
            case Act.MENU:
                scope = BotCommandScopeChat(chat_id)
                await self._bot.set_my_commands(listed(outgoing.language), scope)
            case Act.INVITE:
                await self._invite(outgoing)
        return None

    async def _say(self, outgoing: Outgoing) -> int:
        keyboard = keyboard_of(outgoing.buttons)
        try:
            message = await self._bot.send_message(
                outgoing.chat_id,
                to_html(outgoing.text),
                parse_mode=ParseMode.HTML,
                link_preview_options=_PLAIN,
                reply_markup=keyboard,
            )
        except BadRequest as error:
            if _is_gone(error):
                raise
            # Whatever it found wrong with the markup: the words count.
            message = await self._bot.send_message(outgoing.chat_id, outgoing.text, reply_markup=keyboard)
        return message.message_id

    async def _invite(self, outgoing: Outgoing) -> None:
        language = outgoing.language or ENGLISH
        link = create_deep_linked_url(self._bot.username, FROM_GROUP)
        button = InlineKeyboardButton(translate(texts.GROUP_BUTTON, language), url=link)
        await self._bot.send_message(
            outgoing.chat_id,
            translate(texts.GROUP, language),
            reply_markup=InlineKeyboardMarkup([[button]]),
            reply_parameters=ReplyParameters(outgoing.message_id, allow_sending_without_reply=True),
        )


def keyboard_of(titles: tuple[str, ...]) -> InlineKeyboardMarkup | None:
    """Buttons below one another; what a press sends is a button's place, its title is read from the message itself."""
    if not titles:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(title, callback_data=str(place))] for place, title in enumerate(titles)]
    )


def _is_gone(error: TelegramError) -> bool:
    """Whether nobody is there to read: blocked, deleted, never begun, or thrown out of a group."""
    return isinstance(error, Forbidden) or any(sign in error.message.lower() for sign in _GONE)


def _wait(error: RetryAfter) -> timedelta:
    asked = error.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)
