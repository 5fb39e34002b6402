"""The channel in a real server, beside the Bot API of `tests.telegram_api`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sanic import Sanic

from bot.channels.telegram.access import Door, door, make_bot
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.ids import Senders
from bot.channels.telegram.setup import remove_webhook, set_webhook
from bot.channels.telegram.turn import OnNewMessage
from bot.settings import Settings
from bot.storage.database import Seal
from bot.storage.telegram import TelegramStore
from tests.telegram_api import BotApi

Sanic.test_mode = True
KEY, PSEUDONYMS = Fernet.generate_key(), b"a key of pseudonyms"
QUIET = 0.2


def settings_for(api: BotApi, directory: Path, public_url: str = "") -> Settings:
    """Settings of a bot that talks to `api`; a webhook may be plain HTTP there."""
    settings = Settings(
        data_dir=directory,
        demo=True,
        telegram_token=SecretStr(api.token),
        telegram_api_url=api.base_url.removesuffix("/bot"),
        desk_port=_free_port(),
    )
    return settings.model_copy(update={"public_url": public_url})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(make: Callable[[str], Sanic]) -> AsyncIterator[str]:
    """Run an app made for its own address; gives the address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    host, port = listening.getsockname()
    address = f"http://{host}:{port}"
    server = await make(address).create_server(sock=listening, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield address
    finally:
        await server.before_stop()
        for connection in list(server.connections):
            connection.close()
        await server.close()
        await server.after_stop()


@asynccontextmanager
async def channel(
    api: BotApi,
    directory: Path,
    answer: OnNewMessage,
    *,
    webhook: bool = True,
    quiet: float = QUIET,
) -> AsyncIterator[Telegram]:
    """The channel alone, with `answer` as its dialogue, on the database of `directory`."""
    made: list[Telegram] = []

    def make(address: str) -> Sanic:
        settings = settings_for(api, directory, address)
        own: Door | None = door(settings) if webhook else None
        store = TelegramStore(settings.database, Seal(KEY, PSEUDONYMS))
        bot = make_bot(settings)
        made.append(Telegram(bot, store, Senders(b"senders"), own, timedelta(days=90), quiet))
        app = Sanic(f"test-{uuid4().hex}", configure_logging=False)
        app.blueprint(made[0].blueprint(answer), url_prefix="/webhooks/telegram")
        return app

    async with serving(make) as address:
        await point(api, directory, address if webhook else "")
        yield made[0]


async def point(api: BotApi, directory: Path, address: str) -> None:
    """Set the webhook, or remove it, as the command does."""
    settings = settings_for(api, directory, address)
    async with make_bot(settings) as bot:
        await (set_webhook if address else remove_webhook)(bot, settings)


async def settled(api: BotApi) -> None:
    """Wait until all updates were taken and nothing happens any more."""
    await api.delivered()
    await api.quiet()
    await asyncio.sleep(0)


async def until(there: Callable[[], bool], patience: float = 20) -> None:
    """Wait for something of the bot's own, of which the Bot API does not learn."""
    async with asyncio.timeout(patience):
        while not there():  # noqa: ASYNC110 - the bot tells no test of its progress
            await asyncio.sleep(0.01)


def at_rest(directory: Path) -> bytes:
    """Everything that the database of `directory` holds, its log too."""
    return b"".join(part.read_bytes() for part in sorted(directory.glob("bot.sqlite3*")))
