"""Tells people what is heard of their cases: in order, when they can be reached, each once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from rasa.shared.core.events import SlotSet

from actions import caseworker
from actions.case.model import Case
from actions.responses import responses
from actions.turn import Said
from bot.assistant import Assistant
from bot.background import repeat
from bot.check_ins import SpeaksFirst
from bot.nlg import speak
from bot.quiet import place
from bot.storage.inbox import LEASE, Inbox, Waiting

PAUSE_SECONDS: Final = 2.0

logger = logging.getLogger(__name__)


class CaseNews:
    """Tells from an inbox through channels, between the turns of a conversation.

    Args:
        assistant: whose conversations they are.
        inbox: what waits.
        channels: where it goes. What is for another channel waits.
        clock: the time.
    """

    def __init__(
        self,
        assistant: Assistant,
        inbox: Inbox,
        channels: Iterable[SpeaksFirst],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._assistant = assistant
        self._inbox = inbox
        self._channels = {channel.name(): channel for channel in channels}
        self._clock = clock

    async def tell_waiting(self) -> int:
        """Tell everyone who can be reached now the next that is heard of their case; how many events were told.

        Raises:
            OutboxError: The store failed; a claim that was open runs out by itself.
        """
        told = 0
        for waiting in await asyncio.to_thread(self._inbox.waiting, self._clock()):
            try:
                told += await self._tell(waiting)
            except Exception as error:
                logger.error("news of a case could not be told: %s", place(error))
        return told

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop` is set."""
        await repeat(self.tell_waiting, stop, pause=PAUSE_SECONDS, failed="news of cases could not be told")

    async def _tell(self, waiting: Waiting) -> bool:
        """Tell one event; what does not reach the person is tried again."""
        sender_id, store = waiting.recipient.sender_id, self._assistant.tracker_store
        async with self._assistant.between_turns(sender_id):
            tracker = await store.retrieve(sender_id)
            kept = tracker.get_slot("case") if tracker is not None else None
            if tracker is None or kept is None:
                return False
            case = Case.model_validate(kept)
            if caseworker.must_wait(case):
                return False
            said = caseworker.hear(case, waiting.event)
            if said is not None and not await self._say(waiting, said, case.language):
                return False
            tracker.update(SlotSet("case", case.model_dump(mode="json")))
            await store.save(tracker)
            await asyncio.to_thread(self._inbox.told, waiting.event)
        return True

    async def _say(self, waiting: Waiting, said: Said, language: str) -> bool:
        channel = self._channels.get(waiting.recipient.channel)
        sender_id = waiting.recipient.sender_id
        if channel is None or not await channel.present(sender_id):
            return False
        number = await asyncio.to_thread(self._inbox.claim, waiting.id, self._clock())
        if number is None:
            return False
        spoken: dict[str, Any] = speak(responses()[said.response], language, said.values)
        spoken["metadata"]["once"] = number
        # Half the lease: an attempt has ended long before another worker may take the row.
        async with asyncio.timeout(LEASE.total_seconds() / 2):
            return await channel.deliver(sender_id, spoken)
