"""Addresses, numbers and links; the vectors of their standards are in `test_entity_vectors`."""

import pytest

from bot.nlu.entities import Entity, addresses, email, iban, phone, tx_hash, url, wallet
from bot.nlu.entities.text import Text

TRON_USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
SOLANA_USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
SOLANA_TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
BITCOIN_GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
BITCOIN_SCRIPT = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"


def only(entities: list[Entity]) -> Entity:
    assert len(entities) == 1
    return entities[0]


@pytest.mark.parametrize(
    ("address", "chain"),
    [
        (TRON_USDT, "tron"),
        (SOLANA_USDC, "solana"),
        (BITCOIN_GENESIS, "bitcoin"),
        (BITCOIN_SCRIPT, "bitcoin"),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "转到{}这个地址", "sent to {}, then"])
def test_wallets(address: str, chain: str, around: str) -> None:
    found = only(wallet.find(Text.of(around.format(address))))
    assert found.value == {"address": address, "chain": chain}
    assert found.valid is True


@pytest.mark.parametrize(("address", "chain"), [(TRON_USDT, "tron"), (BITCOIN_GENESIS, "bitcoin")])
def test_a_mistyped_wallet_is_found_and_not_valid(address: str, chain: str) -> None:
    wrong = address[:-1] + ("a" if address[-1] != "a" else "b")
    found = only(wallet.find(Text.of(wrong)))
    assert found.value["chain"] == chain
    assert found.valid is False


def test_solana_program_that_begins_like_tron() -> None:
    assert addresses.decode_base58(SOLANA_TOKEN_PROGRAM) is not None
    assert not addresses.is_tron(SOLANA_TOKEN_PROGRAM)
    assert only(wallet.find(Text.of(SOLANA_TOKEN_PROGRAM))).value["chain"] == "solana"


def test_transaction_hashes() -> None:
    digits = "88df016429689c079f3b2f6ad39fa052532c56795b733da78a91ebe340394d6e"
    assert only(tx_hash.find(Text.of(f"0x{digits}"))).value == {"hash": f"0x{digits}", "chain": "ethereum"}
    assert only(tx_hash.find(Text.of(f"txid {digits}"))).value == {"hash": digits, "chain": None}
    assert tx_hash.find(Text.of(digits[:-1])) == []


@pytest.mark.parametrize(
    ("text", "address", "host"),
    [
        ("https://abc-trade.vip/a?b=1.", "https://abc-trade.vip/a?b=1", "abc-trade.vip"),
        ("网址abc-trade.vip打不开", "https://abc-trade.vip", "abc-trade.vip"),
        ("hxxps://abc[.]vip/Login", "https://abc.vip/Login", "abc.vip"),
        ("hxxp://abc[.]vip", "http://abc.vip", "abc.vip"),
        ("abc(.)com", "https://abc.com", "abc.com"),
        ("t.me/group1", "https://t.me/group1", "t.me"),
        ("(see http://10.0.0.1:8080/x)", "http://10.0.0.1:8080/x", "10.0.0.1"),
        ("ｗｗｗ．abc．com", "https://www.abc.com", "www.abc.com"),
    ],
)
def test_links(text: str, address: str, host: str) -> None:
    assert only(url.find(Text.of(text))).value == {"url": address, "host": host}


@pytest.mark.parametrize(
    "text", ["scammed me.I went", "lost money.so sad", "e.g. this", "3.5w", "a.b", "the U.S. police"]
)
def test_full_stops_are_no_links(text: str) -> None:
    assert url.find(Text.of(text)) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a.b@c-d.com.", "a.b@c-d.com"),
        ("联系Help@Abc.VIP", "help@abc.vip"),
        ("me[at]abc[.]com", "me@abc.com"),
    ],
)
def test_mail_addresses(text: str, address: str) -> None:
    assert only(email.find(Text.of(text))).value == address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 415 555 2671", "+14155552671"),
        ("(415) 555-2671", "+14155552671"),
        ("他电话13800138000", "+8613800138000"),
        ("手機0912-345-678", "+886912345678"),
        ("+852 9123 4567", "+85291234567"),
        ("call 18005551234", None),
        ("+44 7700 900123", "+447700900123"),
        ("a call from 07700 900456", "+447700900456"),
        ("their number is 555-0199", None),
        ("852-9123 4567", "+85291234567"),
    ],
)
def test_phone_numbers(text: str, number: str | None) -> None:
    assert only(phone.find(Text.of(text))).value == number


@pytest.mark.parametrize(
    "text",
    ["账户 6217000010001234567", "1234567890", "$1,234,567.00", "12345678", "report number 20260318-77"],
)
def test_other_digits_are_no_phone_numbers(text: str) -> None:
    assert phone.find(Text.of(text)) == []


@pytest.mark.parametrize(
    "text", ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000", "NL91ABNA0417164300 AND MORE"]
)
def test_ibans(text: str) -> None:
    assert only(iban.find(Text.of(text))).valid is True


def test_an_iban_with_a_wrong_digit() -> None:
    assert only(iban.find(Text.of("GB83 WEST 1234 5698 7654 32"))).valid is False
    assert only(iban.find(Text.of("IBAN: GB83 WEST 1234 5698 7654 3"))).valid is False


@pytest.mark.parametrize(
    "text", ["GB83 WEST 1234 5698 7654 3", "AB12 3456 7890 1234 5678", "flight DE12 to 370400440532"]
)
def test_what_has_no_structure_of_an_iban(text: str) -> None:
    assert iban.find(Text.of(text)) == []
