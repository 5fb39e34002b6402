"""Carries what is in the outbox to the intake service, for as long as it takes."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from actions.intake.client import (
    IntakeClient,
    IntakeClosed,
    IntakeRejected,
    IntakeUnauthorised,
    IntakeUnavailable,
    IntakeUnknown,
)
from actions.intake.database import OutboxError
from actions.intake.outbox import FINAL_ERRORS, Delivery, ErrorKind, Outbox

AT_ONCE: Final = 4
"""Deliveries on their way at the same time."""

LONGEST_SLEEP: Final = timedelta(seconds=2)
"""Another process may file a case at any time, so the courier looks at least this often."""

logger = logging.getLogger(__name__)


class Courier:
    """Delivers from an outbox through a client. Several couriers may share one outbox."""

    def __init__(self, outbox: Outbox, client: IntakeClient) -> None:
        self._outbox = outbox
        self._client = client

    async def deliver_due(self, now: datetime) -> int:
        """Try everything that is due, each row once.

        Args:
            now: The time at the beginning; what passes meanwhile is added.

        Returns:
            Number of rows the service took.

        Raises:
            OutboxError: The store failed; claims that were open run out by themselves.
        """
        clock = _running_clock(now)
        taken = 0
        while results := await self._deliver_batch(clock):
            taken += sum(results)
        return taken

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; then the deliveries on their way are finished first."""
        while not stop.is_set():
            try:
                if await self._deliver_batch(_now):
                    continue
                pause = await self._pause(_now())
            except Exception as error:
                # Whatever it is, the loop goes on: nothing else would carry what waits.
                reason = str(error) if isinstance(error, OutboxError) else type(error).__name__
                logger.error("Intake outbox failed: %s", reason)
                pause = LONGEST_SLEEP
            try:
                async with asyncio.timeout(pause.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _pause(self, now: datetime) -> timedelta:
        soonest = await asyncio.to_thread(self._outbox.next_due)
        return LONGEST_SLEEP if soonest is None else min(LONGEST_SLEEP, max(soonest - now, timedelta()))

    async def _deliver_batch(self, clock: Callable[[], datetime]) -> list[bool]:
        """Claim and try a few rows; for each, whether the service took it."""
        batch = await asyncio.to_thread(self._outbox.due, clock(), AT_ONCE)
        attempts = (self._deliver(delivery, clock) for delivery in batch)
        results = await asyncio.gather(*attempts, return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise failures[0]
        return [result is True for result in results]

    async def _deliver(self, delivery: Delivery, clock: Callable[[], datetime]) -> bool:
        retry_after = None
        try:
            await self._send(delivery)
        except IntakeUnavailable as error:
            outcome, detail = ErrorKind.UNAVAILABLE, str(error)
            retry_after = None if error.retry_after is None else _seconds(error.retry_after)
        except IntakeUnauthorised as error:
            outcome, detail = ErrorKind.UNAUTHORISED, str(error)
        except IntakeRejected as error:
            outcome, detail = ErrorKind.REJECTED, str(error)
        except IntakeClosed as error:
            outcome, detail = ErrorKind.CLOSED, str(error)
        except IntakeUnknown as error:
            outcome, detail = ErrorKind.UNKNOWN, str(error)
        except Exception as error:
            # Whatever else goes wrong with one case must not keep the others from going out.
            outcome, detail = ErrorKind.INTERNAL, type(error).__name__
        else:
            await asyncio.to_thread(self._outbox.delivered, delivery.id)
            _log(delivery, logging.INFO, "delivered")
            return True
        await asyncio.to_thread(self._outbox.failed, delivery.id, clock(), outcome, retry_after)
        _log(delivery, _level(outcome), f"{outcome.value} ({detail})")
        return False

    async def _send(self, delivery: Delivery) -> None:
        try:
            # Half the lease: an attempt has ended long before another worker may take the row.
            async with asyncio.timeout(self._outbox.lease.total_seconds() / 2):
                if delivery.case is not None:
                    await self._client.put_case(delivery.case_id, delivery.case)
                elif delivery.message is not None:
                    await self._client.post_message(delivery.case_id, delivery.message)
                else:
                    await self._client.delete_case(delivery.case_id)
        except TimeoutError as error:
            raise IntakeUnavailable("took too long", repeatable=False) from error


def case_hash(case_id: UUID) -> str:
    """A short name of a case for logs, from which its id cannot be told."""
    return hashlib.sha256(case_id.bytes).hexdigest()[:12]


def _level(outcome: ErrorKind) -> int:
    needs_operator = outcome in FINAL_ERRORS or outcome in {ErrorKind.UNAUTHORISED, ErrorKind.INTERNAL}
    return logging.ERROR if needs_operator else logging.WARNING


def _log(delivery: Delivery, level: int, outcome: str) -> None:
    logger.log(level, "Intake %s of case %s: %s", delivery.kind, case_hash(delivery.case_id), outcome)


def _now() -> datetime:
    return datetime.now(UTC)


def _running_clock(start: datetime) -> Callable[[], datetime]:
    """The time `start`, running on with the loop's clock."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    return lambda: start + timedelta(seconds=loop.time() - begun)


def _seconds(value: float) -> timedelta:
    return timedelta(seconds=min(value, timedelta(days=1).total_seconds()))
