"""A server, and a client that sends whatever it is told to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.telegram_api import BotApi

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as client:
        yield client


@pytest.fixture
def ask(api: BotApi, client: httpx.AsyncClient) -> Ask:
    """Call a method with JSON parameters."""

    async def asked(method: str, **parameters: Any) -> dict[str, Any]:
        answer = await client.post(f"{api.base_url}{api.token}/{method}", json=parameters)
        body: dict[str, Any] = answer.json()
        assert body["ok"] == (answer.status_code == 200)
        assert body.get("error_code", 200) == answer.status_code
        return body

    return asked
