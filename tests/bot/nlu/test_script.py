"""Which language and script a message is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.nlu.script import Language, identify

LATIN = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I sent money to a stranger", ENGLISH),
        ("they took everything, even my pension", ENGLISH),
        ("我被骗了，怎么办", SIMPLIFIED),
        ("请帮帮我", SIMPLIFIED),
        ("我被騙了，怎麼辦", TRADITIONAL),
        ("請幫幫我", TRADITIONAL),
        ("佢哋呃咗我啲錢", TRADITIONAL),
        ("我用 Zelle 转了 5000 美元给他", SIMPLIFIED),
        ("我用 Zelle 轉了 5000 美元給他", TRADITIONAL),
        ("He said 投资 and then 转账 to Binance", SIMPLIFIED),
        ("¿Me han estafado y no sé qué hacer, pueden ayudarme por favor?", "es"),
        ("Je me suis fait arnaquer sur internet, que dois-je faire maintenant ?", "fr"),
        ("Tôi bị lừa đảo trên mạng và mất hết tiền, xin hãy giúp tôi", "vi"),
        ("詐欺に遭いました。どうすればいいですか", "ja"),
        ("사기를 당했어요 도와주세요", "ko"),
        ("Меня обманули мошенники", "ru"),
        ("ฉันถูกหลอก", "th"),
        ("لقد تعرضت للاحتيال", "ar"),
    ],
)
def test_a_whole_message_tells_its_language(text: str, code: str) -> None:
    assert identify(text) == Language(code, clear=True)


@pytest.mark.parametrize("text", ["", " ", "12,500", "???", "🙂", "50%", "2026-11-21", "_", "+44"])
@pytest.mark.parametrize("current", LANGUAGES)
def test_a_message_without_letters_keeps_the_language(text: str, current: str) -> None:
    assert identify(text, current) == Language(current, clear=False)


@pytest.mark.parametrize("current", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize("text", ["不是", "我不知道", "是", "人民"])
def test_chinese_that_is_the_same_in_both_scripts_keeps_the_script(text: str, current: str) -> None:
    assert identify(text, current).code == current


def test_it_is_simplified_when_the_talk_was_english() -> None:
    assert identify("我不知道", ENGLISH) == Language(SIMPLIFIED, clear=True)


@pytest.mark.parametrize("text", ["Zelle", "ok", "USDT", "Binance"])
def test_one_latin_word_does_not_switch_a_chinese_talk(text: str) -> None:
    assert identify(text, TRADITIONAL).clear is False
    assert identify(text, ENGLISH).clear is True


def test_a_few_chinese_characters_in_an_english_message_do_not_switch_the_talk() -> None:
    assert identify("my friend from the bank of 中 said so", ENGLISH).clear is False


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_has_a_language(text: str, current: str) -> None:
    found = identify(text, current)
    assert found.code in LANGUAGES or (found.code.islower() and found.clear)


@given(LATIN, st.sampled_from(LANGUAGES))
def test_text_without_han_is_never_chinese_unless_the_talk_is(text: str, current: str) -> None:
    assert identify(text, current).code not in {SIMPLIFIED, TRADITIONAL} - {current}


@given(st.text("门们这個們這龍龙", min_size=1))
def test_the_more_frequent_script_decides(text: str) -> None:
    simplified = sum(character in "门们这龙" for character in text)
    traditional = len(text) - simplified
    if simplified != traditional:
        assert identify(text).code == (SIMPLIFIED if simplified > traditional else TRADITIONAL)
