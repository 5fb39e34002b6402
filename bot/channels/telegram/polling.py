"""Fetches updates where Telegram cannot reach the bot: started by hand, without a public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Bot, Update
from telegram.error import Conflict, TelegramError, TimedOut

from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.quiet import place

HELD_SECONDS: Final = 25
PAUSE_SECONDS: Final = 3.0
CONFLICT_PAUSE_SECONDS: Final = 30.0

logger = logging.getLogger(__name__)


async def poll(
    bot: Bot,
    receive: Callable[[Update], Awaitable[None]],
    *,
    held: int = HELD_SECONDS,
    pause: float = PAUSE_SECONDS,
    conflict_pause: float = CONFLICT_PAUSE_SECONDS,
) -> None:
    """Fetch updates until cancelled.

    An update is confirmed to Telegram, by asking for the next, only after `receive` has it: python-telegram-bot's own
    updater confirms what lies in its memory. A webhook that is set is left alone: removing it here would silence
    the server it belongs to.
    """
    offset: int | None = None
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=held, allowed_updates=ALLOWED_UPDATES)
            for update in updates:
                await receive(update)
                offset = update.update_id + 1
        except TimedOut:
            continue
        except Conflict:
            logger.error(
                "Telegram delivers elsewhere: a webhook is set (firstaid telegram remove-webhook) "
                "or another process fetches updates"
            )
            await asyncio.sleep(conflict_pause)
        except TelegramError as error:
            logger.warning("updates could not be fetched: %s", place(error))
            await asyncio.sleep(pause)
        except Exception as error:
            logger.error("an update could not be stored: %s", place(error))
            await asyncio.sleep(pause)
