"""How updates reach the bot: a queue that both ways of delivery empty.

By webhook the real server keeps one lane a chat: the next update of a lane goes out when the one before was answered
with 2xx; lanes go out side by side, up to `max_connections`. Button presses have lanes of their own, one a person, so a
press may overtake a message. What failed is sent again at once, then after 2, 4, 8 … seconds up to a minute; here a
second of that schedule lasts `pace` seconds.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.telegram_api.refusals import Refused, conflict
from tests.telegram_api.table import fault_in

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
LONGEST_DELAY = 60
SECRET = "X-Telegram-Bot-Api-Secret-Token"

Lane = tuple[str, int]


@dataclass
class Update:
    """One update and where it stands."""

    body: dict[str, Any]
    lane: Lane
    repeats: int = 0

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.body["update_id"])


@dataclass
class Webhook:
    """Where updates are sent."""

    url: str
    secret_token: str | None
    max_connections: int
    set_with: dict[str, Any]
    last_error: str | None = None
    last_error_date: int = 0

    def same_as(self, other: Webhook) -> bool:
        """Whether setting the other one changes nothing."""
        return (self.url, self.secret_token, self.max_connections) == (
            other.url,
            other.secret_token,
            other.max_connections,
        )

    def failed(self, error: str) -> None:
        """Note what getWebhookInfo tells."""
        self.last_error = error
        self.last_error_date = int(time.time())


@dataclass
class Delivery:
    """One attempt to hand an update over: the status, or None where no answer came."""

    update_id: int
    status: int | None


@dataclass
class Updates:
    """The queue, and who empties it."""

    pace: float
    timeout: float
    changed: Callable[[], None]
    waiting: dict[int, Update] = field(default_factory=dict)
    history: dict[int, Update] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook | None = None
    held: list[Update] | None = None
    repeat_next: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(640_000_001))
    _lanes: dict[Lane, deque[Update]] = field(default_factory=dict)
    _workers: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    _poll: asyncio.Future[None] | None = None
    _session: aiohttp.ClientSession | None = None
    _connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))

    def add(self, kind: str, payload: dict[str, Any], lane: Lane) -> int | None:
        """Queue an update; None where the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed else kind in UNASKED:
            return None
        update = Update({"update_id": next(self._numbers), kind: payload}, lane)
        fault = fault_in("Update", update.body)
        if fault is not None:
            raise AssertionError(f"this server made an update that the table does not know: {fault}")
        if self.repeat_next:
            self.repeat_next -= 1
            update.repeats = 1
        self.history[update.id] = update
        if self.held is not None:
            self.held.append(update)
        else:
            self._queue(update)
        return update.id

    def release(self, *, reverse: bool) -> None:
        """Let go what was held."""
        held, self.held = self.held or [], None
        for update in reversed(held) if reverse else held:
            self._queue(update)

    def _queue(self, update: Update) -> None:
        self.waiting[update.id] = update
        if self.webhook is not None:
            self._send_later(update)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self.changed()

    async def set_webhook(self, webhook: Webhook) -> None:
        """Start sending, also what waited."""
        self._end_poll(conflict("terminated by setWebhook request"))
        await self._stop_sending()
        self.webhook = webhook
        self._connections = asyncio.Semaphore(webhook.max_connections)
        for update in list(self.waiting.values()):
            self._send_later(update)

    async def delete_webhook(self) -> None:
        """Stop sending; what was not acknowledged stays."""
        await self._stop_sending()
        self.webhook = None

    def drop(self) -> None:
        """Forget what waits."""
        self.waiting.clear()
        self._lanes.clear()

    async def poll(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """getUpdates."""
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._end_poll(
            conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        )
        if offset > 0:
            self._confirm(offset)
        elif offset < 0:
            self.waiting = {id: self.waiting[id] for id in list(self.waiting)[offset:]}
        if not self.waiting and seconds > 0:
            self._poll = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(self._poll, seconds)
            except TimeoutError:
                return []
        batch = list(self.waiting.values())[:limit]
        self.deliveries += [Delivery(update.id, 200) for update in batch]
        return [update.body for update in batch]

    def _confirm(self, offset: int) -> None:
        for update in [update for update in self.waiting.values() if update.id < offset]:
            if update.repeats:
                update.repeats -= 1
            else:
                del self.waiting[update.id]
        self.changed()

    def _end_poll(self, reason: Refused) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(reason)

    def _send_later(self, update: Update) -> None:
        self._lanes.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._workers:
            self._workers[update.lane] = asyncio.create_task(self._send_lane(update.lane))

    async def _send_lane(self, lane: Lane) -> None:
        failures = 0
        while queue := self._lanes.get(lane):
            update = queue[0]
            async with self._connections:
                status, retry_after = await self.post(update.body)
            if status is not None and 200 <= status < 300:
                failures = 0
                if update.repeats:
                    update.repeats -= 1
                    continue
                if queue and queue[0] is update:
                    queue.popleft()
                    self.waiting.pop(update.id, None)
                self.changed()
                continue
            failures += 1
            self.changed()
            delay = retry_after or (min(2 ** (failures - 1), LONGEST_DELAY) if failures > 1 else 0)
            await asyncio.sleep(delay * self.pace)
        self._lanes.pop(lane, None)
        del self._workers[lane]

    async def post(self, body: dict[str, Any], secret: str | None = None) -> tuple[int | None, int]:
        """Send one update to the webhook; its status (None: no answer) and its Retry-After."""
        webhook = self.webhook
        assert webhook is not None, "no webhook is set"
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(self.timeout))
        token = webhook.secret_token if secret is None else secret
        headers = {SECRET: token} if token else {}
        status: int | None = None
        retry_after = 0
        try:
            async with self._session.post(webhook.url, json=body, headers=headers) as answer:
                status = answer.status
                retry_after = int(answer.headers.get("Retry-After", "0"))
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            webhook.failed("Webhook connection closed")
        if status is not None and not 200 <= status < 300:
            webhook.failed(f"Wrong response from the webhook: {status}")
        self.deliveries.append(Delivery(int(body["update_id"]), status))
        return status, retry_after

    async def _stop_sending(self) -> None:
        workers = list(self._workers.values())
        self._workers.clear()
        self._lanes.clear()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def close(self) -> None:
        """End everything under way."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        await self._stop_sending()
        if self._session is not None:
            await self._session.close()
