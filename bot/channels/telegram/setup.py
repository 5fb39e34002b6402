"""``firstaid telegram``: what is set once at Telegram, by hand, and never by a start of the bot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.catalogs import translate
from bot.channels.telegram import texts
from bot.channels.telegram.access import PREFIX, door, make_bot
from bot.channels.telegram.commands import listed
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from bot.quiet import be_quiet
from bot.settings import Settings, SettingsError

FAILED: Final = 1
MOST_CONNECTIONS: Final = 40
_CHINESE: Final = "zh"

Step = Callable[[Bot, Settings], Awaitable[str]]


def set_up(what: str, settings: Settings) -> int:
    """Do one of ``set-webhook``, ``remove-webhook``, ``describe``, ``status``; 1 when Telegram could not be asked.

    Raises:
        SettingsError: a setting that it needs is missing, or Telegram does not know the token.
    """
    be_quiet()
    if not settings.telegram_token.get_secret_value():
        raise SettingsError("FIRSTAID_TELEGRAM_TOKEN is not set")
    try:
        print(asyncio.run(_with_bot(_STEPS[what], settings)))
    except InvalidToken:
        raise SettingsError("FIRSTAID_TELEGRAM_TOKEN: Telegram does not know this token") from None
    except TelegramError as error:
        print(f"firstaid: Telegram could not be asked: {type(error).__name__}", file=sys.stderr)
        return FAILED
    return 0


async def _with_bot(step: Step, settings: Settings) -> str:
    async with make_bot(settings) as bot:
        return await step(bot, settings)


async def set_webhook(bot: Bot, settings: Settings) -> str:
    """Let Telegram deliver to this installation; what waits there is delivered too."""
    if not settings.public_url:
        raise SettingsError("FIRSTAID_PUBLIC_URL is not set")
    own = door(settings)
    await bot.set_webhook(
        f"{settings.public_url}{PREFIX}{own.path}",
        secret_token=own.secret,
        allowed_updates=ALLOWED_UPDATES,
        max_connections=MOST_CONNECTIONS,
        drop_pending_updates=False,
    )
    return f"@{bot.username}: Telegram delivers to {settings.public_url}"


async def remove_webhook(bot: Bot, settings: Settings) -> str:
    """Let Telegram keep what comes in, for a day, until it is fetched or a webhook is set again."""
    await bot.delete_webhook(drop_pending_updates=False)
    return f"@{bot.username}: the webhook is removed; what comes in waits at Telegram for a day"


async def describe(bot: Bot, settings: Settings) -> str:
    """Set the list of commands and the descriptions in three languages.

    Telegram tells languages apart by two letters and so knows one Chinese: there the descriptions come in both scripts,
    the commands in Simplified, and a talk in Traditional gets its own list (see `talks`).
    """
    await bot.set_my_commands(listed(ENGLISH))
    await bot.set_my_commands(listed(SIMPLIFIED), language_code=_CHINESE)
    await bot.set_my_description(texts.DESCRIPTION)
    await bot.set_my_description(_in_both_scripts(texts.DESCRIPTION, "\n\n"), language_code=_CHINESE)
    await bot.set_my_short_description(texts.SHORT_DESCRIPTION)
    await bot.set_my_short_description(
        _in_both_scripts(texts.SHORT_DESCRIPTION, "\n"), language_code=_CHINESE
    )
    return f"@{bot.username}: commands and descriptions are set"


def _in_both_scripts(text: str, between: str) -> str:
    return between.join(translate(text, language) for language in (SIMPLIFIED, TRADITIONAL))


async def status(bot: Bot, settings: Settings) -> str:
    """How updates come, how many wait, and what went wrong last."""
    info = await bot.get_webhook_info()
    lines = [
        f"@{bot.username}: "
        + (f"Telegram delivers to {_host(info.url)}" if info.url else "no webhook is set"),
        f"waiting at Telegram: {info.pending_update_count}",
    ]
    if info.last_error_date:
        lines.append(f"last failure: {info.last_error_date:%Y-%m-%d %H:%M} UTC, {info.last_error_message}")
    return "\n".join(lines)


def _host(url: str) -> str:
    """The address without its path, which is a secret."""
    return url.partition(PREFIX)[0]


_STEPS: Final[dict[str, Step]] = {
    "set-webhook": set_webhook,
    "remove-webhook": remove_webhook,
    "describe": describe,
    "status": status,
}
