"""What goes wrong on request goes wrong as it would."""

import httpx
import pytest

from tests.telegram_api import BotApi
from tests.telegram_api.conftest import Ask
from tests.telegram_api.faults import Trouble


async def test_a_flood_limit_for_one_chat(api: BotApi, ask: Ask) -> None:
    mei, joe = api.user("Mei"), api.user("Joe")
    await mei.starts()
    await joe.starts()
    api.floods(retry_after=3, to=mei)
    assert (await ask("sendMessage", chat_id=joe.id, text="a"))["ok"]
    assert await ask("sendMessage", chat_id=mei.id, text="a") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert api.sent(mei) == []
    assert (await ask("sendMessage", chat_id=mei.id, text="a"))["ok"]
    assert [call.status for call in api.called("sendMessage")] == [200, 429, 200]


async def test_a_proxy_that_cannot_reach_telegram(api: BotApi, client: httpx.AsyncClient) -> None:
    api.fails("*", Trouble.BAD_GATEWAY, times=2)
    for _ in range(2):
        answer = await client.get(f"{api.base_url}{api.token}/getMe")
        assert answer.status_code == 502
        assert "<title>502 Bad Gateway</title>" in answer.text
    assert (await client.get(f"{api.base_url}{api.token}/getMe")).json()["result"]["is_bot"] is True


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_broken_connection(api: BotApi, client: httpx.AsyncClient, carried_out: bool) -> None:
    mei = api.user("Mei")
    await mei.starts()
    api.fails("sendMessage", Trouble.RESET, carried_out=carried_out)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(f"{api.base_url}{api.token}/sendMessage", json={"chat_id": mei.id, "text": "a"})
    assert [sent.text for sent in api.sent(mei)] == (["a"] if carried_out else [])
    assert not api.called("sendMessage")[0].ok


async def test_no_answer(api: BotApi, client: httpx.AsyncClient) -> None:
    api.fails("getMe", Trouble.SILENCE)
    with pytest.raises(httpx.ReadTimeout):
        await client.get(f"{api.base_url}{api.token}/getMe", timeout=0.2)
    assert (await client.get(f"{api.base_url}{api.token}/getMe")).status_code == 200


async def test_nobody_there_for_a_while(api: BotApi, client: httpx.AsyncClient) -> None:
    await api.goes_away()
    with pytest.raises(httpx.ConnectError):
        await client.get(f"{api.base_url}{api.token}/getMe")
    await api.comes_back()
    assert (await client.get(f"{api.base_url}{api.token}/getMe")).status_code == 200


async def test_updates_whose_answer_was_lost_come_again(
    api: BotApi, ask: Ask, client: httpx.AsyncClient
) -> None:
    await api.user("Mei").says("hello")
    api.fails("getUpdates", Trouble.RESET, carried_out=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(f"{api.base_url}{api.token}/getUpdates")
    assert len((await ask("getUpdates"))["result"]) == 1
