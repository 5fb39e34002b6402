"""Fixtures of the web chat: see `web_chat_server`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest_asyncio

from bot.channels.mailbox import MemoryMailbox
from bot.channels.web_output import sender_id
from bot.channels.webchat import WebChat
from tests.bot.channels.web_chat_server import FRIEND, KEY, Chat, Echo, StartChat, serving


@pytest_asyncio.fixture
async def start_chat() -> AsyncIterator[StartChat]:
    """Starts web chats; keyword arguments go to `WebChat`."""
    async with AsyncExitStack() as running:

        async def start(**options: Any) -> Chat:
            echo, mailbox = Echo(), options.pop("mailbox", None) or MemoryMailbox()
            begun: list[tuple[str, str]] = []

            async def begin(session: str, language: str) -> None:
                begun.append((session, language))
                await channel.get_output_channel().send_text_message(sender_id(session), "hello")

            channel = WebChat(KEY, [FRIEND], begin, mailbox=mailbox, **options)
            base = await running.enter_async_context(serving((channel.blueprint(echo), "/webhooks/webchat")))
            http = await running.enter_async_context(
                httpx.AsyncClient(base_url=f"{base}/webhooks/webchat", timeout=20)
            )
            return Chat(http, echo, mailbox, begun)

        yield start


@pytest_asyncio.fixture
async def chat(start_chat: StartChat) -> Chat:
    """A running web chat."""
    return await start_chat()
