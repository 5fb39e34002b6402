"""Countries, banks, platforms, ways of paying and payment states; and the lexicon they are read from."""

from datetime import UTC, datetime

import pytest

from bot.nlu.entities import extract
from bot.nlu.entities.lexicon import Lexicon, Term, load
from bot.nlu.entities.text import Text

NOW = datetime(2026, 11, 20, tzinfo=UTC)
METHODS = """
bank_transfer bank_wire ach zelle credit_card debit_card gift_card cash_courier
crypto_exchange_withdrawal crypto_self_custody crypto_atm paypal venmo cash_app apple_cash
western_union moneygram wechat_pay alipay hk_fps sg_paynow
"""


def values(kind: str, text: str) -> list[str]:
    return [entity.value for entity in extract(text, NOW) if entity.kind == kind]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("USA, the States, US and U.S.", ["US"] * 4),
        ("help us please", []),
        ("老美", ["US"]),
        ("the UK", ["GB"]),
        ("England", ["GB"]),
        ("HK", ["HK"]),
        ("我人在港", ["HK"]),
        ("台灣", ["TW"]),
        ("KL", ["MY"]),
        ("in LA", ["US"]),
        ("la la la", []),
        ("灣區", ["US"]),
        ("墨爾本", ["AU"]),
        ("溫哥華", ["CA"]),
        ("KK园区", ["MM"]),
        ("Myawaddy", ["MM"]),
        ("西港", ["KH"]),
        ("寮國", ["LA"]),
        ("老挝", ["LA"]),
        ("紐西蘭", ["NZ"]),
        ("a turkey", []),
        ("Turkey", ["TR"]),
        ("China Construction Bank", []),
        ("中国银行", []),
        ("50000 US dollars", []),
        ("an American engineer", ["US"]),
        ("a Malaysian bank", ["MY"]),
        ("account was Lithuanian", ["LT"]),
        ("a Chinese bank", ["CN"]),
        ("he is Turkish", ["TR"]),
        ("can you speak Chinese", []),
        ("in Vietnamese please", []),
        ("he had an Indian accent", []),
        ("I exchanged Australian dollars", []),
        ("my neighbour Georgia said so", []),
        ("sent to Georgia", ["GE"]),
        ("生日本来挺开心", []),
    ],
)
def test_countries(text: str, codes: list[str]) -> None:
    assert values("country", text) == codes


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my Chase account", "Chase"),
        ("美银", "Bank of America"),
        ("wells fargo", "Wells Fargo"),
        ("匯豐", "HSBC"),
        ("ICBC", "Industrial and Commercial Bank of China"),
        ("工商银行", "Industrial and Commercial Bank of China"),
        ("招商银行", "China Merchants Bank"),
        ("中國銀行", "Bank of China"),
        ("國泰世華", "Cathay United Bank"),
        ("DBS", "DBS"),
        ("Maybank", "Maybank"),
        ("Zenith Bank", "Zenith Bank"),
        ("中國信託", "CTBC Bank"),
    ],
)
def test_banks(text: str, name: str) -> None:
    assert values("bank", text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tinder", "Tinder"),
        ("加我LINE", "LINE"),
        ("微信", "WeChat"),
        ("小紅書", "小红书"),
        ("币安", "Binance"),
        ("his WhatsApp's number", "WhatsApp"),
        ("下载向日葵", "Sunlogin"),
        ("an app called GoldenMax.", "GoldenMax"),
        ("a site named Orbit FX", "Orbit FX"),
        ("a platform called tradehub9", "tradehub9"),
        ("the BitPrime app", "BitPrime"),
        ("股票app叫汇金通，", "汇金通"),
        ("平台叫鑫汇国际", "鑫汇国际"),
        ("一个叫聚鑫通的软件", "聚鑫通"),
        ("下載「鴻運投顧」", "鴻運投顧"),
        ("叫我去GlobalFX玩外匯", "GlobalFX"),
    ],
)
def test_platforms(text: str, name: str) -> None:
    assert values("platform", text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "in line",
        "chase them",
        "a signal",
        "微信支付",
        "施工行为",
        "新建行程",
        "来电报警",
        "探探口风",
        "平台叫我充值",
        "软件叫什么",
        "the app called me",
        "去Banff玩",
    ],
)
def test_words_that_are_no_names(text: str) -> None:
    assert values("platform", text) == values("bank", text) == []


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("I wired it", "bank_wire"),
        ("電匯", "bank_wire"),
        ("匯款", "bank_transfer"),
        ("ATM 轉帳", "bank_transfer"),
        ("transferred from my bank account", "bank_transfer"),
        ("PayID", "bank_transfer"),
        ("Faster Payment", "bank_transfer"),
        ("轉數快", "hk_fps"),
        ("FPS", "hk_fps"),
        ("PayNow", "sg_paynow"),
        ("ACH", "ach"),
        ("Zelle", "zelle"),
        ("信用卡", "credit_card"),
        ("借记卡", "debit_card"),
        ("steam cards", "gift_card"),
        ("點數卡", "gift_card"),
        ("gold bars", "cash_courier"),
        ("现金", "cash_courier"),
        ("转了3000U", "crypto_exchange_withdrawal"),
        ("Coinbase", "crypto_exchange_withdrawal"),
        ("火幣", "crypto_exchange_withdrawal"),
        ("Coinbase Wallet", "crypto_self_custody"),
        ("imToken", "crypto_self_custody"),
        ("bitcoin atm", "crypto_atm"),
        ("PayPal", "paypal"),
        ("venmo", "venmo"),
        ("cash app", "cash_app"),
        ("Apple Cash", "apple_cash"),
        ("西联", "western_union"),
        ("moneygram", "moneygram"),
        ("微信轉帳", "wechat_pay"),
        ("支付宝", "alipay"),
        ("Q币点卡", "gift_card"),
        ("USDT TRC20", "crypto_exchange_withdrawal"),
        ("2,150顆USDT", "crypto_exchange_withdrawal"),
        ("入櫃員機", "bank_transfer"),
    ],
)
def test_methods(text: str, method: str) -> None:
    assert values("method", text) == [method]


@pytest.mark.parametrize("text", ["cash-strapped", "银行的U盾", "the cash machine", "cash flow"])
def test_words_that_are_no_way_of_paying(text: str) -> None:
    assert values("method", text) == []


def test_the_lexicon_knows_every_method_and_no_other() -> None:
    content = load("methods.yml")
    assert set(content["terms"]) | set(content["exact_case"]) == set(METHODS.split())


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("I wired it yesterday", "sent"),
        ("he had me wire it", "sent"),
        ("I was tricked into sending money", "sent"),
        ("I lost everything", "sent"),
        ("转了", "sent"),
        ("打过去了", "sent"),
        ("让我转了五万", "sent"),
        ("被骗了5万", "sent"),
        ("匯咗", "sent"),
        ("過咗數", "sent"),
        ("transfer 咗", "sent"),
        ("they want me to pay", "pressed"),
        ("I'm about to pay", "pressed"),
        ("should I pay", "pressed"),
        ("让我转", "pressed"),
        ("佢要我過十萬去安全戶口", "pressed"),
        ("叫我再過三萬蚊", "pressed"),
        ("我過咗三萬畀佢", "sent"),
        ("要我交保证金", "pressed"),
        ("正准备转", "pressed"),
        ("佢叫我過數", "pressed"),
        ("先付兩千就好", "pressed"),
        ("佢已經過咗兩次數", "sent"),
        ("之前放咗十五萬入去", "sent"),
        ("I haven't paid", "not_sent"),
        ("I didn't send any money", "not_sent"),
        ("还没转", "not_sent"),
        ("冇過數", "not_sent"),
        ("我沒有匯款", "not_sent"),
    ],
)
def test_payment_states(text: str, state: str) -> None:
    assert values("payment_state", text) == [state]


@pytest.mark.parametrize(
    "text",
    [
        "he sent me a link",
        "they paid me",
        "I was transferred to an officer",
        "交了女朋友",
        "有没有转账",
        "转发给我",
        "唔該轉返繁體",
        "對方叫我寄提款卡過去",
    ],
)
def test_words_that_are_no_payment(text: str) -> None:
    assert values("payment_state", text) == []


def test_the_longest_term_wins_and_a_look_alike_hides_it() -> None:
    lexicon = Lexicon([Term("coin", "A"), Term("coin base", "B"), Term("coin toss", None)])
    text = Text.of("coin, coin bases, coin toss, coins, coinage")
    assert [hit.name for hit in lexicon.scan(text)] == ["A", "B", "A"]
