"""Settings: each fault is one line that names it; secrets are made in demo mode alone."""

from __future__ import annotations

import os
import stat
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.paths import ROOT
from bot.settings import MINIMUM_SECRET_LENGTH, Settings, SettingsError, read_settings

LONG = "x" * MINIMUM_SECRET_LENGTH


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("FIRSTAID_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRSTAID_DEMO", "perhaps"),
        ("FIRSTAID_PORT", "0"),
        ("FIRSTAID_PORT", "65536"),
        ("FIRSTAID_PORT", "http"),
        ("FIRSTAID_DESK_PORT", "-1"),
        ("FIRSTAID_SECRET_KEY", "x" * (MINIMUM_SECRET_LENGTH - 1)),
        ("FIRSTAID_INTAKE_TOKEN", "short"),
        ("FIRSTAID_REST_TOKEN", "short"),
        ("FIRSTAID_REDIS_URL", "localhost:6379"),
        ("FIRSTAID_WEB_ORIGINS", "https://group.example"),
        ("FIRSTAID_WEB_ORIGINS", '{"a": 1}'),
    ],
)
def test_a_broken_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert line.startswith(f"{name}:")
    assert len(line.splitlines()) == 1
    if value == "short":
        assert value not in line.split(":", 1)[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRSTAID_SECRET_KEY", LONG),
        ("FIRSTAID_INTAKE_TOKEN", LONG),
        ("FIRSTAID_DATABASE_URL", "postgresql://db/bot"),
        ("FIRSTAID_INTAKE_URL", "https://intake.example"),
        ("FIRSTAID_HOST", "0.0.0.0"),
        ("FIRSTAID_DEMO", "0"),
    ],
)
def test_what_is_set_up_or_open_to_others_is_no_demo(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert read_settings().demo is False


def test_what_is_left_out_has_its_value_and_a_newcomer_is_in_demo_mode() -> None:
    settings = read_settings()
    assert (settings.demo, settings.host, settings.port) == (True, "127.0.0.1", 8080)
    assert settings.data_dir == ROOT / "var"
    assert settings.model_dir == settings.data_dir / "models"
    assert settings.database == f"sqlite:///{settings.data_dir / 'bot.sqlite3'}"
    assert settings.intake_base_url == "http://127.0.0.1:8081"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRSTAID_DATA_DIR", "below")
    monkeypatch.setenv("FIRSTAID_WEB_ORIGINS", '["https://group.example"]')
    monkeypatch.setenv("FIRSTAID_DATABASE_URL", "postgresql://db/bot")
    monkeypatch.setenv("FIRSTAID_INTAKE_URL", "https://intake.example")
    settings = read_settings()
    assert settings.data_dir == tmp_path / "below"
    assert settings.web_origins == ["https://group.example"]
    assert settings.database == "postgresql://db/bot"
    assert settings.intake_base_url == "https://intake.example"


@pytest.mark.parametrize("name", ["secret_key", "intake_token"])
def test_outside_demo_mode_a_missing_secret_is_named(tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path, demo=False)
    with pytest.raises(SettingsError, match=f"^FIRSTAID_{name.upper()} is not set"):
        settings.secret(name)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_is_set_is_used(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, demo=True, secret_key=SecretStr(LONG)).secret("secret_key") == LONG
    assert list(tmp_path.iterdir()) == []


def test_demo_mode_makes_its_secrets_once_for_the_owner_alone(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path, demo=True)
    key, token = first.secret("secret_key"), first.secret("intake_token")
    assert key != token
    assert min(len(key), len(token)) >= MINIMUM_SECRET_LENGTH
    for name in ("secret_key", "intake_token"):
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert Settings(data_dir=tmp_path, demo=True).secret("secret_key") == key


def test_no_secret_is_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "INTAKE_TOKEN", "REST_TOKEN"):
        monkeypatch.setenv(f"FIRSTAID_{name}", f"hidden-{name}-hidden")
    settings = read_settings()
    assert "hidden" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_each_purpose_has_a_key_of_its_own() -> None:
    one = Settings(secret_key=SecretStr(LONG))
    other = Settings(secret_key=SecretStr("y" * MINIMUM_SECRET_LENGTH))
    keys = {one.derived_key("a"), one.derived_key("b"), other.derived_key("a")}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    assert one.derived_key("a") in keys
    assert len(urlsafe_b64decode(one.fernet_key())) == 32


def test_env_example_explains_every_setting_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(
        line.removeprefix("# ").split("=", 1)
        for line in example.splitlines()
        if line.startswith("# FIRSTAID_")
    )
    missing = {f"FIRSTAID_{name.upper()}" for name in Settings.model_fields} - shown.keys()
    assert not missing
    monkeypatch.chdir(ROOT)
    without = read_settings()
    for name, value in shown.items():
        if value:
            monkeypatch.setenv(name, value)
    assert read_settings() == without
