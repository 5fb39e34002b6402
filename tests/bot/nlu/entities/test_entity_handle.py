"""The names people go by on chat platforms."""

from datetime import UTC, datetime

import pytest

from bot.nlu.entities import extract

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def handles(text: str) -> list[tuple[str, str | None]]:
    values = [entity.value for entity in extract(text, NOW) if entity.kind == "handle"]
    return [(value["name"], value["platform"]) for value in values]


@pytest.mark.parametrize(
    ("text", "name", "platform"),
    [
        ("his telegram is @crypto_king99", "crypto_king99", "Telegram"),
        ("add @Lily_Chan on it", "Lily_Chan", None),
        ("instagram @lovely.rose", "lovely.rose", "Instagram"),
        ("tg: vip_888", "vip_888", "Telegram"),
        ("Telegram username: johnsmith", "johnsmith", "Telegram"),
        ("wechat id is Linda-8899", "Linda-8899", "WeChat"),
        ("加我微信 abc_123", "abc_123", "WeChat"),
        ("微信號：wxid_88x", "wxid_88x", "WeChat"),
        ("LINE ID: lily520", "lily520", "LINE"),
        ("QQ号 1234567890", "1234567890", "QQ"),
        ("https://t.me/support_desk1", "support_desk1", "Telegram"),
    ],
)
def test_reads(text: str, name: str, platform: str | None) -> None:
    assert handles(text) == [(name, platform)]


@pytest.mark.parametrize(
    "text",
    [
        "mail a.b@example.com",
        "meet me @9pm",
        "my facebook account was hacked",
        "subject line: Summons",
        "telegram user called john",
        "WhatsApp: +852 9123 4567",
        "微信转账",
        "whatsapp me",
        "wechat account number",
    ],
)
def test_leaves_other_words(text: str) -> None:
    assert handles(text) == []


def test_the_digits_of_a_handle_are_no_amount() -> None:
    assert {entity.kind for entity in extract("QQ号 1234567890", NOW)} == {"platform", "handle"}
