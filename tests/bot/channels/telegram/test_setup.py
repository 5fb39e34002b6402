"""``firstaid telegram``: what is set at Telegram, and that nothing is thrown away there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.telegram.access import PREFIX, door, make_bot
from bot.channels.telegram.setup import _STEPS, remove_webhook, set_up, set_webhook, status
from bot.cli import SETTING_FAULT, main
from bot.settings import Settings, SettingsError
from tests.bot.channels.telegram.running_channel import settings_for
from tests.telegram_api import BotApi

ADDRESS = "http://127.0.0.1:9"


def test_the_door_cannot_be_guessed_and_goes_with_key_and_token(tmp_path: Path) -> None:
    def made(token: str, key: str = "k" * 20) -> tuple[str, str]:
        own = door(Settings(data_dir=tmp_path, telegram_token=SecretStr(token), secret_key=SecretStr(key)))
        return own.path, own.secret

    doors = [made("1:a"), made("2:a"), made("1:a", "l" * 20)]
    assert len({part for own in doors for part in own}) == 6
    for path, secret in doors:
        # The characters Telegram allows in a secret; 43 of them are 256 bits.
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", path)
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secret)
    assert made("1:a") == made("1:a")


def test_a_door_opens_to_its_secret_alone(tmp_path: Path) -> None:
    own = door(Settings(data_dir=tmp_path, demo=True, telegram_token=SecretStr("1:a")))
    assert own.opens(own.secret)
    for given in (None, "", own.secret[:-1], own.secret + "x", "ümläut", "\ud800"):
        assert not own.opens(given)
    assert own.secret not in repr(own)


async def test_a_webhook_is_set_with_its_secret_and_removed_without_loss(tmp_path: Path) -> None:
    async with BotApi() as api:
        settings = settings_for(api, tmp_path, ADDRESS)
        async with make_bot(settings) as bot:
            said = await set_webhook(bot, settings)
            asked = api.called("setWebhook")[0].parameters
            own = door(settings)
            assert asked["url"] == f"{ADDRESS}{PREFIX}{own.path}"
            assert asked["secret_token"] == own.secret
            assert asked["allowed_updates"] == [
                "message",
                "edited_message",
                "callback_query",
                "my_chat_member",
            ]
            seen = await status(bot, settings)
            await remove_webhook(bot, settings)
            assert "no webhook is set" in await status(bot, settings)
        for call in (*api.called("setWebhook"), *api.called("deleteWebhook")):
            assert not call.parameters.get("drop_pending_updates")
        for secret in (own.path, own.secret, api.token):
            assert secret not in said + seen


async def test_without_a_public_address_no_webhook_is_set(tmp_path: Path) -> None:
    async with BotApi() as api:
        settings = settings_for(api, tmp_path)
        async with make_bot(settings) as bot:
            with pytest.raises(SettingsError, match="FIRSTAID_PUBLIC_URL"):
                await set_webhook(bot, settings)


def test_without_a_token_the_command_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRSTAID_DATA_DIR", str(tmp_path))
    assert main(["telegram", "status"]) == SETTING_FAULT
    assert capsys.readouterr().err == "firstaid: FIRSTAID_TELEGRAM_TOKEN is not set\n"


def test_telegram_away_is_one_line_without_the_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        data_dir=tmp_path, demo=True, telegram_token=SecretStr("1:secret"), telegram_api_url=ADDRESS
    )
    for what in _STEPS:
        assert set_up(what, settings) == 1
        printed = capsys.readouterr()
        assert printed.err.startswith("firstaid: Telegram could not be asked: ")
        assert "secret" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRSTAID_TELEGRAM_TOKEN", "no token"),
        ("FIRSTAID_TELEGRAM_TOKEN", "12345"),
        ("FIRSTAID_PUBLIC_URL", "http://help.example"),
        ("FIRSTAID_PUBLIC_URL", "https://help.example/path"),
    ],
)
def test_a_broken_setting_is_named_and_not_shown(
    name: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FIRSTAID_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert main(["telegram", "status"]) == SETTING_FAULT
    err = capsys.readouterr().err
    assert err.startswith(f"firstaid: {name}: ")
    assert value not in err
