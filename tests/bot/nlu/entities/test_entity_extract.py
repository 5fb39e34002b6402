"""What holds for any message."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.entities import extract
from bot.nlu.entities.extraction import MAX_CHARACTERS
from bot.nlu.entities.text import fold

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Asia/Hong_Kong"))
WORDS = """
$ US$ HK$ 5 50,000 三万五 萬 20w 蚊 块 刀 usdt BTC 昨天 3月5号 last Tuesday at 9pm ago 上周 点 半 转
了 还没 過數 咗 要 我 paid send me to haven't should I 香港 US Chase LINE 微信 abc.vip https:// @
[.] 9123 4567 +852 code is 密码 0x abandon legal 99999999 999 months 百 亿 千 几 多 - / : . , % ５
， \ue000 İ 清明 年初三 Christmas on by lakh 皮嘢 @ab t.me/ tg: 叫 app called 的软件 Chinese 0x
555-0199 point half IBAN GB29
"""
PIECES = st.sampled_from(WORDS.split()) | st.sampled_from(["\ud800", "\n", "\x00"])
WILD = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=60).map("".join),
    st.lists(PIECES, max_size=60).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(text=WILD, now=st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_any_message(text: str, now: datetime) -> None:
    entities = extract(text, now)
    assert [entity.start for entity in entities] == sorted(entity.start for entity in entities)
    ends: dict[str, int] = {}
    for entity in entities:
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.text == ("" if entity.kind == "secret" else text[entity.start : entity.end])
        assert entity.start >= ends.get(entity.kind, 0)
        ends[entity.kind] = entity.end
        json.dumps(entity.value)


@given(st.text(max_size=300))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1,",
        "三万 ",
        "昨天",
        "a.",
        "a@",
        "$5,000 ",
        "we want to pay ",
        "abandon ",
        "1 ",
        "\ue000",
        "被我\ue000",
        "(415) 555-2671 ",
        "@a",
        "微信号",
        "平台叫",
        "code sent ",
        "圣诞",
        "one hundred and ",
        "GB29",
        "0xg",
    ],
)
def test_the_longest_message_ends(unit: str) -> None:
    entities = extract((unit * MAX_CHARACTERS)[:MAX_CHARACTERS], NOW)
    assert all(entity.end <= MAX_CHARACTERS for entity in entities)


def test_what_follows_the_limit_is_not_read() -> None:
    assert extract(" " * MAX_CHARACTERS + "$500", NOW) == []


def test_both_scripts_and_widths_mean_the_same() -> None:
    one = extract("我汇了五万块到香港汇丰", NOW)
    other = extract("我匯了五萬塊到香港匯豐", NOW)
    assert [(entity.kind, entity.start, entity.end, entity.value) for entity in one] == [
        (entity.kind, entity.start, entity.end, entity.value) for entity in other
    ]


def test_a_wallet_inside_a_link_is_both() -> None:
    link = "https://tronscan.org/#/address/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
    assert {entity.kind for entity in extract(link, NOW)} == {"url", "wallet"}


def test_now_may_be_in_any_zone() -> None:
    assert extract("刚刚", datetime(2026, 1, 1, tzinfo=UTC))[0].value["at"] == "2026-01-01T00:00:00+00:00"
