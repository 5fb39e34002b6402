"""Work that goes on beside the talks until the server ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from bot.quiet import place

logger = logging.getLogger(__name__)


async def repeat(
    work: Callable[[], Awaitable[object]], stop: asyncio.Event, *, pause: float, failed: str
) -> None:
    """Do `work` until `stop` is set: again at once while it finds something to do, otherwise after a pause.

    Args:
        work: returns something true when there may be more to do.
        stop: ends it; what is being done is finished first.
        pause: in seconds.
        failed: what is logged when `work` raises, which ends nothing.
    """
    while not stop.is_set():
        try:
            if await work():
                continue
        except Exception as error:
            logger.error("%s: %s", failed, place(error))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
