"""The language of a message in Latin letters."""

from __future__ import annotations

import pytest

from bot.languages import ENGLISH
from bot.nlu.latin import Latin, english_frame, latin_language, latin_words, without_machine_made


def read(text: str) -> Latin:
    return latin_language(text, latin_words(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no hablo ingles", "es"),
        ("me clonaron la tarjeta", "es"),
        ("¿hablas español?", "es"),
        ("não falo inglês, preciso de ajuda", "pt"),
        ("aidez-moi svp", "fr"),
        ("sprechen Sie Deutsch?", "de"),
        ("toi bi lua dao qua mang", "vi"),
        ("tôi bị lừa", "vi"),
        ("saya ditipu, uang saya hilang", "id"),
        ("macam mana nak buat laporan polis", "ms"),
        ("paano mag report ng scammer", "tl"),
        ("lütfen yardım edin", "tr"),
    ],
)
def test_short_messages_in_other_languages(text: str, code: str) -> None:
    assert read(text) == Latin(code, clear=True)


@pytest.mark.parametrize(
    "text",
    [
        "plz halp me i sended the mony alredy",
        "Señora Lopez at La Banca told me the deposit was fine",
        "I met Nguyen Van Anh on Facebook dating",
        "de bank don block my acct, wetin I go do",
        "I typed my IC number and OTP liao how",
        "pls call me at 2pm est",
        "im panicking im panicking",
        "no need la",
        "Bonjour! I'm in Paris but I only speak English",
        "you share w bank?",
    ],
)
def test_english_with_names_slang_and_loanwords(text: str) -> None:
    assert read(text).code == ENGLISH


@pytest.mark.parametrize("text", ["Wells Fargo", "Nguyen Van Anh", "Zelle", "wire transfer", "thanks"])
def test_names_and_single_words_are_no_clear_english(text: str) -> None:
    assert read(text) == Latin(ENGLISH, clear=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see https://a.example/login?id=8 now", ["see", "now"]),
        ("mail maria@example.com or @maria_99", ["mail", "or"]),
        ("coin-max-pro.vip is it", ["is", "it"]),
        ("0x52908400098527886E0F7030069857D2E4169EE7", []),
        ("wo3 bei4", ["wo3", "bei4"]),
        ("35k in 2026", ["in"]),
    ],
)
def test_what_machines_made_is_no_word(text: str, words: list[str]) -> None:
    assert latin_words(without_machine_made(text)) == words


def test_words_that_build_an_english_sentence_are_counted() -> None:
    assert english_frame(["he", "told", "me", "zzxq"]) == (3, 2)
