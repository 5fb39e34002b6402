"""Secrets must be found whole, and nothing of them kept."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from bot.nlu.entities import extract

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BIP39_VECTOR = "legal winner thank year wave sausage worth useful legal winner thank yellow"
WIF_VECTOR = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
PRIVATE_KEY = "e9873d79c6d87dc0fb6a5778633389f4453213303da61f20bd67fc233aa33262"


def masked(text: str) -> str:
    """The message with its secrets written over."""
    for entity in extract(text, NOW):
        if entity.kind == "secret":
            assert entity.text == ""
            assert entity.value is None
            text = text[: entity.start] + "*" * (entity.end - entity.start) + text[entity.end :]
    return text


@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        ("my seed phrase is ", BIP39_VECTOR, " ok?"),
        ("", BIP39_VECTOR.replace(" ", ", "), ""),
        ("助记词：", BIP39_VECTOR.upper(), "，被骗走了"),
        ("private key 0x", PRIVATE_KEY, ""),
        ("我的私鑰是", PRIVATE_KEY, ""),
        ("I sent him ", WIF_VECTOR, ""),
        ("card ", "4111 1111 1111 1111", " exp 11/27"),
        ("卡号", "6222021234567890128", "，给了他"),
        ("my password is ", "hunter2!", ""),
        ("密码是", "abc12345", "，他登录了"),
        ("password: ", "correcthorse", ""),
        ("The code is ", "482913", "."),
        ("验证码是 ", "123456", ""),
        ("驗證碼", "８８８８８８", "給他了"),
        ("OTP ", "482 913", ""),
        ("pin was ", "4321", ""),
        ("cvv ", "123", ""),
        ("The text said reply with the code so i sent ", "482913", " and then it was gone"),
        ("骗子让我念验证码,我念了", "639027", ",然后微信零钱被转走1800元"),
        ("我講咗個OTP ", "205 881", " 俾佢"),
        ("我密码设的", "Wang1988!", ",别的网站也用"),
        ("my password was ", "x" * 120, ", gone"),
        ("我的key是", "e9873d79c6d87dc0fb6a5778633389f4453213303da61f20bd67fc233aa33262", ""),
        ("card number ", "378282246310005", " 输在了fake page上"),
    ],
)
def test_masks_the_secret_and_no_more(before: str, secret: str, after: str) -> None:
    covered = masked(before + secret + after)
    assert not any(part in covered for part in secret.split())
    assert covered.startswith(before.removesuffix("0x"))
    assert covered.endswith(after)


@pytest.mark.parametrize(
    "text",
    [
        "my zip code is 90210",
        "they asked for my password",
        "my password is compromised",
        "is my password safe",
        "the sort code is 123456",
        f"tx {PRIVATE_KEY}",
        "account 4111 1111 1111 1112",
        "I was told that the money would come back and that I should wait until next week",
        "密码没给",
        "he asked for the code and then took 482000 dollars",
        "they sent a code, I paid 120000",
        "the code came, I lost 482913元",
    ],
)
def test_leaves_what_is_no_secret(text: str) -> None:
    assert masked(text) == text


def test_a_seed_phrase_with_a_misspelt_word_is_masked_after_its_name() -> None:
    wrong = BIP39_VECTOR.replace("sausage", "sausagge")
    assert "sausagge" not in masked(f"seed phrase: {wrong}")


@given(
    entropy=st.sampled_from([16, 20, 24, 28, 32]).flatmap(
        lambda size: st.binary(min_size=size, max_size=size)
    )
)
def test_every_seed_phrase_is_found_valid(entropy: bytes) -> None:
    phrase = Mnemonic("english").to_mnemonic(entropy)
    secrets = [entity for entity in extract(f"here: {phrase}.", NOW) if entity.kind == "secret"]
    assert [(entity.start, entity.end, entity.valid) for entity in secrets] == [(6, 6 + len(phrase), True)]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("I read him the passcode 7 1 9 0 4 4", "7 1 9 0 4 4"),
        ("my code is 5 5 1 2", "5 5 1 2"),
        ("他要OTP，我回了 660185", "660185"),
        ("我把验证码 8 3 0 1 2 2 念给他了", "8 3 0 1 2 2"),
    ],
)
def test_a_code_read_out_digit_by_digit_or_sent_back_is_a_secret(text: str, secret: str) -> None:
    (found,) = [entity for entity in extract(text, datetime.now(UTC)) if entity.kind == "secret"]
    assert text[found.start : found.end] == secret


def test_numbers_in_a_row_without_a_code_are_none() -> None:
    assert not [e for e in extract("I bought 4 5 6 7 of them", datetime.now(UTC)) if e.kind == "secret"]
