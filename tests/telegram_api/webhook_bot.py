"""A bot's side of a webhook that does as it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Self

from aiohttp import web

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class WebhookBot:
    """Keeps what was delivered; answers 200 unless another status is waiting in `statuses`."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: deque[int] = deque()
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""
        self._arrived = asyncio.Condition()

    @property
    def texts(self) -> list[str]:
        """What people wrote, in the order of arrival."""
        return [body["message"]["text"] for body in self.bodies if "message" in body]

    async def got(self, count: int) -> None:
        """Wait for so many deliveries."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: len(self.bodies) >= count)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        async with self._arrived:
            self.bodies.append(await request.json())
            self.secrets.append(request.headers.get(SECRET))
            self._arrived.notify_all()
        await self.gate.wait()
        return web.Response(status=self.statuses.popleft() if self.statuses else 200)
