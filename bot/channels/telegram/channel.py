"""The input channel: updates by webhook or by polling, answers by the outbox.

``POST /webhooks/telegram/<path>`` takes one update from Telegram: 200 once it is stored, 403 without the secret, 503
while it cannot be stored, after which Telegram sends it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.access import SECRET_HEADER, Door
from bot.channels.telegram.ids import Senders
from bot.channels.telegram.incoming import Kind
from bot.channels.telegram.output import NAME, messages
from bot.channels.telegram.polling import poll
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.talks import QUIET_SECONDS, Talks
from bot.channels.telegram.turn import OnNewMessage
from bot.channels.telegram.updates import read_update
from bot.quiet import place
from bot.rate_limit import RateLimit
from bot.storage.telegram import TelegramStore

MESSAGES_PER_MINUTE: Final = 240
DRAIN_SECONDS: Final = 10.0
TRY_AGAIN_SECONDS: Final = 5.0
CLEANING_SECONDS: Final = 3600.0
LOOK_ROUND_SECONDS: Final = 5.0

logger = logging.getLogger(__name__)


class Telegram(InputChannel):
    """Rasa input channel for Telegram; `is_up` once it answers.

    Args:
        bot: the client of the Bot API.
        store: what is kept.
        senders: who is who.
        door: where Telegram delivers; None to fetch updates instead.
        keep: how long a chat may be silent before its number is forgotten.
        quiet: see `Talks`.
    """

    def __init__(
        self,
        bot: Bot,
        store: TelegramStore,
        senders: Senders,
        door: Door | None,
        keep: timedelta,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._bot, self._store, self._senders, self._door = bot, store, senders, door
        self._keep, self._quiet = keep, quiet
        self._sender = Sender(store, bot)
        self._talks: Talks | None = None
        self._life: asyncio.Task[None] | None = None
        self.is_up = False
        self._rate = RateLimit(MESSAGES_PER_MINUTE, 60.0)

    @classmethod
    def name(cls) -> str:
        """The channel's name and URL prefix."""
        return NAME

    def get_output_channel(self) -> OutputChannel | None:
        """None: to speak first, use `deliver`, which lasts over a restart."""
        return None

    async def present(self, sender_id: str) -> bool:
        """Whether `sender_id` can be written to."""
        return await asyncio.to_thread(self._store.chat, sender_id) is not None

    async def deliver(self, sender_id: str, said: Mapping[str, Any]) -> bool:
        """Say a response to `sender_id` unasked; whether it will reach them: it is queued then, and lasts."""
        chat = await asyncio.to_thread(self._store.chat, sender_id)
        if chat is None:
            return False
        outgoing = [message.dump() for message in messages(chat.chat_id, [said])]
        await asyncio.to_thread(self._store.say, sender_id, outgoing)
        self._sender.wake(self._store.address(sender_id))
        return True

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The route of the webhook, if there is one, and the channel's start and end."""
        self._talks = Talks(self._store, self._senders, self._bot, self._sender, on_new_message, self._quiet)
        blueprint = Blueprint(NAME)
        if self._door is not None:
            blueprint.add_route(self._webhook(self._door), f"/{self._door.path}", methods=["POST"])
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    def _webhook(self, door: Door) -> Callable[[Request], Awaitable[HTTPResponse]]:
        async def webhook(request: Request) -> HTTPResponse:
            if not door.opens(request.headers.get(SECRET_HEADER)):
                return response.empty(403)
            if not self.is_up:
                return response.empty(503)
            try:
                update = Update.de_json(request.json, self._bot)
            except Exception as error:
                # Sent again it would be no better, and would hold up everything behind it.
                logger.error("an update could not be read: %s", place(error))
                return response.empty(200)
            try:
                await self.receive(update)
            except Exception as error:
                logger.error("an update could not be stored: %s", place(error))
                return response.empty(503)
            return response.empty(200)

        return webhook

    async def receive(self, update: Update) -> None:
        """Keep an update and have it answered; one that came before is passed over.

        Raises:
            OutboxError: it is not kept.
        """
        assert self._talks is not None
        incoming = read_update(update, self._bot.bot)
        if incoming is None:
            return
        sender = self._senders.id(incoming.chat_id)
        if self._rate.wait(sender):
            incoming = replace(incoming, kind=Kind.FLOOD, text="")
        now = datetime.now(UTC)
        if await asyncio.to_thread(self._store.take_in, incoming.update_id, sender, incoming.dump(), now):
            self._talks.wake(incoming.chat_id)

    async def _start(self, *_: Any) -> None:
        self._life = asyncio.create_task(self._live())

    async def _stop(self, *_: Any) -> None:
        assert self._talks is not None
        assert self._life is not None
        self.is_up = False
        self._life.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._life
        await self._talks.drain(DRAIN_SECONDS)
        await self._sender.stop()
        with contextlib.suppress(TelegramError):
            await self._bot.shutdown()

    async def _live(self) -> None:
        """Come up when Telegram can be reached, go on with what an earlier run left, then take updates."""
        assert self._talks is not None
        if not await self._come_up():
            return
        self._sender.start()
        self.is_up = True
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_round(self._talks))
            tasks.create_task(self._clean())
            if self._door is None:
                tasks.create_task(poll(self._bot, self.receive))

    async def _come_up(self) -> bool:
        while True:
            try:
                await self._bot.initialize()
                return True
            except InvalidToken:
                logger.error("FIRSTAID_TELEGRAM_TOKEN: Telegram does not know this token")
                return False
            except TelegramError as error:
                logger.warning("Telegram cannot be reached: %s", place(error))
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _look_round(self, talks: Talks) -> None:
        """Take up what nobody answers: left by an earlier run, or by a database that failed for a moment."""
        while True:
            try:
                await talks.wake_idle()
            except Exception as error:
                logger.error("waiting updates could not be read: %s", place(error))
            await asyncio.sleep(LOOK_ROUND_SECONDS)

    async def _clean(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._store.clean, datetime.now(UTC), self._keep)
            except Exception as error:
                logger.error("old chats could not be forgotten: %s", place(error))
            await asyncio.sleep(CLEANING_SECONDS)
