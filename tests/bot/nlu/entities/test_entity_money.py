"""Amounts as people write them."""

from typing import Any

import pytest

from bot.nlu.entities import money
from bot.nlu.entities.text import Text


def amounts(text: str) -> list[tuple[str, str | None, bool]]:
    values: list[dict[str, Any]] = [entity.value for entity in money.find(Text.of(text))]
    return [(value["amount"], value["currency"], value["approximate"]) for value in values]


@pytest.mark.parametrize(
    ("text", "amount", "currency", "approximate"),
    [
        ("$50,000", "50000", "USD", False),
        ("50k", "50000", None, False),
        ("US$1.2m", "1200000", "USD", False),
        ("35k USDT", "35000", "USDT", False),
        ("35kusdt", "35000", "USDT", False),
        ("a bit over ten grand", "10000", None, True),
        ("fifty thousand dollars", "50000", "USD", False),
        ("two hundred and fifty thousand", "250000", None, False),
        ("half a million", "500000", None, False),
        ("a couple of thousand bucks", "2000", "USD", True),
        ("tens of thousands of dollars", "10000", "USD", True),
        ("3万五", "35000", None, False),
        ("三万五", "35000", None, False),
        ("3w8", "38000", None, False),
        ("3k5", "3500", None, False),
        ("五万刀", "50000", "USD", False),
        ("20w", "200000", None, False),
        ("二十万", "200000", None, False),
        ("三点五万", "35000", None, False),
        ("8萬蚊", "80000", "HKD", False),
        ("HK$8萬", "80000", "HKD", False),
        ("港紙五萬", "50000", "HKD", False),
        ("NT$30萬", "300000", "TWD", False),
        ("台幣三十萬", "300000", "TWD", False),
        ("三十萬元台幣", "300000", "TWD", False),
        ("1,200块", "1200", None, False),
        ("三千多", "3000", None, True),
        ("三千多万", "30000000", None, True),
        ("十几万", "100000", None, True),
        ("四五万", "40000", None, True),
        ("5到6万", "50000", None, True),
        ("40-50k", "40000", None, True),
        ("about $900", "900", "USD", True),
        ("£900", "900", "GBP", False),
        ("€1.000,50", "1000.5", "EUR", False),
        ("€1.000", "1000", "EUR", False),
        ("RM5,000", "5000", "MYR", False),
        ("S$300", "300", "SGD", False),
        ("A$300", "300", "AUD", False),
        ("$300 AUD", "300", "AUD", False),
        ("五千馬幣", "5000", "MYR", False),
        ("1.5 BTC", "1.5", "BTC", False),
        ("3000U", "3000", "USDT", False),
        ("20 万人民币", "200000", "CNY", False),
        ("５０００元", "5000", None, False),
        ("＄５０，０００", "50000", "USD", False),
        ("35000", "35000", None, False),
        ("I lost 35000 there", "35000", None, False),
        ("sent 700 tonight", "700", None, False),
        ("5000 Swiss francs", "5000", "CHF", False),
        ("5000瑞士法郎", "5000", "CHF", False),
        ("CHF 9'000", "9000", "CHF", False),
        ("₹2 lakh", "200000", "INR", False),
        ("2.5 crores", "25000000", None, False),
        ("three lakh rupees", "300000", "INR", False),
        ("450k naira", "450000", "NGN", False),
        ("a grand and a half", "1500", None, False),
        ("two and a half grand", "2500", None, False),
        ("a million and a half", "1500000", None, False),
        ("one point three mil", "1300000", None, False),
        ("eight and a half thousand euros", "8500", "EUR", False),
        ("a hundred and fifty quid", "150", "GBP", False),
        ("fifteen hundred dollars", "1500", "USD", False),
        ("过咗數八萬港幣", "80000", "HKD", False),
        ("数十万", "200000", None, True),
        ("過數十萬", "100000", None, False),
        ("過咗數十萬", "200000", None, True),
        ("卡里11万3一分不剩", "113000", None, False),
        ("兩皮嘢", "20000", None, False),
        ("五嚿水", "500", None, False),
        ("2,150顆USDT", "2150", "USDT", False),
        ("一點二個ETH", "1.2", "ETH", False),
        ("3 个 eth", "3", "ETH", False),
        ("120 SOL", "120", "SOL", False),
        ("he wants 500 by tonight", "500", None, False),
        ("put 250 in", "250", None, False),
        ("扣了998", "998", None, False),
        ("lost 2000", "2000", None, False),
    ],
)
def test_reads(text: str, amount: str, currency: str | None, approximate: bool) -> None:
    assert amounts(text) == [(amount, currency, approximate)]


@pytest.mark.parametrize(
    "text",
    [
        "a 20% fee",
        "20W的充电器",
        "a 65w charger",
        "一万个 sorry",
        "我真是个二百五",
        "我住unit 1204",
        "a million thanks",
        "收到800个赞",
        "要2023年才行",
        'her "badge number" was 4471',
        "百分之二十",
        "20 percent",
        "in 2024",
        "千万不要",
        "万一",
        "三千人",
        "10k followers",
        "365天",
        "call 18222",
        "打了96110",
        "case number 4482913",
        "尾号8821",
        "my 401k",
        "trc20",
        "我们一块去",
        "one of them",
        "thousands",
        "a grand plan",
        "24/7",
        "百家乐",
    ],
)
def test_leaves_other_numbers(text: str) -> None:
    assert amounts(text) == []


def test_each_amount_of_a_list() -> None:
    assert amounts("$5,000 $6,000 and 3万") == [
        ("5000", "USD", False),
        ("6000", "USD", False),
        ("30000", None, False),
    ]


def test_each_of_two_amounts_keeps_its_own_end() -> None:
    assert amounts("一笔4万一笔2.6万") == [("40000", None, False), ("26000", None, False)]
