"""Answers what waits of a chat: one turn after another, each ended in the store together with its answers.

Over a crash, what waited is answered by the next start. A turn whose end could not be stored is taken again: its
answer is given once; what it read into the case is read twice then, as if the person had repeated it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from actions.responses import responses
from bot.catalogs import translate
from bot.channels.telegram.batches import Batch, batches, is_sent_in_pieces
from bot.channels.telegram.ids import Senders
from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.outgoing import Act, Outgoing
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.turn import Answer, OnNewMessage, Turn
from bot.channels.turns import Turns
from bot.languages import negotiate
from bot.rate_limit import RateLimit
from bot.storage.telegram import TelegramStore

QUIET_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 3.0
TYPING_SECONDS: Final = 4.5
TYPING_AT_ONCE: Final = 16
_UNSEEN: Final = frozenset({Kind.GROUP, Kind.LEFT, Kind.FLOOD})


class Talks:
    """The talks of all chats.

    Args:
        store: where updates wait.
        senders: who is who.
        bot: to acknowledge presses, show that it types, and fetch files.
        sender: sends the answers.
        on_new_message: the dialogue.
        quiet: seconds of silence after which a message in pieces counts as whole.
    """

    def __init__(
        self,
        store: TelegramStore,
        senders: Senders,
        bot: Bot,
        sender: Sender,
        on_new_message: OnNewMessage,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._store, self._senders, self._bot, self._sender = store, senders, bot, sender
        self._on_new_message, self._quiet = on_new_message, quiet
        self._turns = Turns()
        self._arrived: dict[str, float] = {}
        self._taken: dict[str, Batch] = {}
        self._typing_tasks: set[asyncio.Task[None]] = set()
        self._typing_at_once = asyncio.Semaphore(TYPING_AT_ONCE)
        self._told_of_flood = RateLimit(1, 60.0)

    def wake(self, chat_id: int) -> None:
        """Something of a chat waits."""
        sender = self._senders.id(chat_id)
        self._arrived[sender] = asyncio.get_running_loop().time()
        if not self._turns.full(sender):
            self._turns.submit(sender, lambda: self._answer_all(sender), lambda: self._failed(sender))

    async def wake_idle(self) -> None:
        """Answer what waits and nobody is about to answer."""
        bodies = await asyncio.to_thread(self._store.waiting)
        for chat_id in {Incoming.load(body).chat_id for body in bodies}:
            if self._senders.id(chat_id) not in self._arrived:
                self.wake(chat_id)

    async def drain(self, seconds: float) -> None:
        """Let the turns that have begun end."""
        await self._turns.drain(seconds)

    async def _answer_all(self, sender: str) -> None:
        waiting = await self._waiting(sender)
        async with self._typing(waiting[-1:]):
            waiting = await self._whole(sender, waiting)
            self._arrived.pop(sender, None)
            for batch in batches(waiting):
                self._taken[sender] = batch
                answer = await self._answer(sender, batch.incoming)
                await self._end(sender, batch, answer)
        self._taken.pop(sender, None)

    async def _whole(self, sender: str, waiting: list[Incoming]) -> list[Incoming]:
        """What waits, once no more of it comes in."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_WAIT_SECONDS
        while waiting and is_sent_in_pieces(waiting):
            pause = min(self._arrived.get(sender, 0.0) + self._quiet, end) - loop.time()
            if pause <= 0:
                break
            await asyncio.sleep(pause)
            waiting = await self._waiting(sender)
        return waiting

    async def _waiting(self, sender: str) -> list[Incoming]:
        bodies = await asyncio.to_thread(self._store.waiting, sender)
        return [Incoming.load(body) for body in bodies]

    async def _end(self, sender: str, batch: Batch, answer: Answer) -> None:
        outgoing = [message.dump() for message in answer.outgoing]
        await asyncio.to_thread(self._store.answered, sender, batch.updates, outgoing, answer.noted)
        self._sender.wake(self._store.address(sender))

    async def _failed(self, sender: str) -> None:
        """The person is told, and what failed is not tried again: it would fail again."""
        self._arrived.pop(sender, None)
        batch = self._taken.pop(sender, None)
        if batch is not None:
            text = translate(responses()["utter_error"]["text"], negotiate(batch.incoming.language))
            await self._end(sender, batch, Answer([Outgoing(batch.incoming.chat_id, text=text)]))

    @asynccontextmanager
    async def _typing(self, waiting: Sequence[Incoming]) -> AsyncIterator[None]:
        """Show that the bot types, where it answers a person."""
        answered = asyncio.Event()
        for incoming in waiting:
            if incoming.kind not in _UNSEEN:
                task = asyncio.create_task(self._keep_typing(incoming.chat_id, answered))
                self._typing_tasks.add(task)
                task.add_done_callback(self._typing_tasks.discard)
        try:
            yield
        finally:
            answered.set()

    async def _keep_typing(self, chat_id: int, answered: asyncio.Event) -> None:
        """It is a courtesy: with many chats at once it gives way to the answers."""
        with contextlib.suppress(TelegramError):
            while not answered.is_set():
                if not self._typing_at_once.locked():
                    async with self._typing_at_once:
                        await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TYPING_SECONDS):
                        await answered.wait()

    async def _answer(self, sender: str, incoming: Incoming) -> Answer:
        if incoming.kind is Kind.GROUP:
            invitation = Outgoing(
                incoming.chat_id,
                Act.INVITE,
                message_id=incoming.message_id,
                language=negotiate(incoming.language),
            )
            return Answer([invitation])
        if incoming.kind is Kind.LEFT:
            await asyncio.to_thread(self._store.forget, self._store.address(sender))
            return Answer()
        if incoming.kind is Kind.FLOOD and self._told_of_flood.wait(sender):
            return Answer()
        chat = await asyncio.to_thread(self._store.meet, sender, incoming.chat_id, datetime.now(UTC))
        return await Turn(self._bot, self._on_new_message, sender, incoming, chat).answer()
