"""Sends the check-ins that are due, each once, when its recipient can be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol, runtime_checkable

from actions.responses import responses
from bot.background import repeat
from bot.nlg import speak
from bot.quiet import place
from bot.storage.check_ins import LEASE, CheckInQueue, Due

PAUSE_SECONDS: Final = 2.0

logger = logging.getLogger(__name__)


@runtime_checkable
class SpeaksFirst(Protocol):
    """A channel through which the bot can write to a person unasked."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""

    async def present(self, sender_id: str) -> bool:
        """Whether a message would reach `sender_id` now."""

    async def deliver(self, sender_id: str, said: Mapping[str, Any]) -> bool:
        """Say a response to `sender_id`; whether it reached them.

        ``metadata: {once}``, where it stands, is a number: of two responses with the same one the person gets one, as
        far as the channel can know over a restart.
        """


class CheckInSender:
    """Sends from a queue through channels. Several senders may share one queue.

    Args:
        queue: what waits.
        channels: where they go. A check-in for another channel waits until it expires.
        clock: the time.
    """

    def __init__(
        self,
        queue: CheckInQueue,
        channels: Iterable[SpeaksFirst],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._queue = queue
        self._channels = {channel.name(): channel for channel in channels}
        self._clock = clock

    async def send_due(self) -> int:
        """Send what is due to everyone who can be reached now; how many were sent.

        Raises:
            OutboxError: The store failed; a claim that was open runs out by itself.
        """
        sent = 0
        for due in await asyncio.to_thread(self._queue.due, self._clock()):
            channel = self._channels.get(due.recipient.channel)
            if channel is not None and await self._send(due, channel):
                sent += 1
        return sent

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set."""
        await repeat(self.send_due, stop, pause=PAUSE_SECONDS, failed="check-ins could not be sent")

    async def _send(self, due: Due, channel: SpeaksFirst) -> bool:
        """Send one; what does not reach the person is tried again when the claim has run out."""
        if not await channel.present(due.recipient.sender_id):
            return False
        if not await asyncio.to_thread(self._queue.claim, due.id, self._clock()):
            return False
        said = speak(responses()[f"utter_check_in_{due.kind}"], due.recipient.language, {})
        try:
            # Half the lease: an attempt has ended long before another worker may take the row.
            async with asyncio.timeout(LEASE.total_seconds() / 2):
                delivered = await channel.deliver(due.recipient.sender_id, said)
        except Exception as error:
            logger.error("a check-in could not be sent: %s", place(error))
            return False
        if delivered:
            await asyncio.to_thread(self._queue.sent, due.id)
        return delivered
