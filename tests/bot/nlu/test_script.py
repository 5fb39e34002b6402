"""Which language and script a message is written in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import CHINESE, ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.nlu.script import CANTONESE, JYUTPING, PINYIN, Language, identify
from bot.paths import EVALUATION

LATIN = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]))
BAR = 0.99


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I sent money to a stranger", ENGLISH),
        ("they took everything, even my pension", ENGLISH),
        ("我被骗了，怎么办", SIMPLIFIED),
        ("请帮帮我", SIMPLIFIED),
        ("我被騙了，怎麼辦", TRADITIONAL),
        ("請幫幫我", TRADITIONAL),
        ("我用 Zelle 转了 5000 美元给他", SIMPLIFIED),
        ("我用 Zelle 轉了 5000 美元給他", TRADITIONAL),
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


@pytest.mark.parametrize(
    ("text", "talk", "code"),
    [
        ("佢哋呃咗我啲錢", ENGLISH, TRADITIONAL),
        ("佢哋呃咗我啲钱", ENGLISH, SIMPLIFIED),
        ("你哋係邊個", SIMPLIFIED, TRADITIONAL),
        ("佢呃咗我", ENGLISH, TRADITIONAL),
        ("佢呃咗我", SIMPLIFIED, SIMPLIFIED),
    ],
)
def test_cantonese_is_traditional_unless_it_is_written_in_simplified(text: str, talk: str, code: str) -> None:
    assert identify(text, talk) == Language(code, clear=True, variety=CANTONESE)


@pytest.mark.parametrize("text", ["这边个人信息都填了", "唔，我知道了", "我被骗了", "蚊子很多"])
def test_mandarin_is_not_cantonese(text: str) -> None:
    assert identify(text).variety is None


@pytest.mark.parametrize("talk", LANGUAGES)
def test_pinyin_is_chinese_in_the_script_of_the_talk(talk: str) -> None:
    code = talk if talk in CHINESE else SIMPLIFIED
    assert identify("wo bei pian le wu wan kuai qian", talk) == Language(code, clear=True, variety=PINYIN)


def test_cantonese_in_latin_letters_is_traditional() -> None:
    assert identify("ngo bei yan ngaak jor") == Language(TRADITIONAL, clear=True, variety=JYUTPING)
    assert identify("ngo bei yan ngaak jor", SIMPLIFIED).code == SIMPLIFIED


@pytest.mark.parametrize("talk", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("my friend from the bank of 中 said so", ENGLISH),
        ("The caller said he was from 中国大使馆 and I believed him", ENGLISH),
        ('it says "请先付保证金" on the page, what does that mean', ENGLISH),
        ("那个 website 看起来很 legit 的 so I trusted it", SIMPLIFIED),
        ("我 landlord 說要先付 deposit 然後就 disappear 了", TRADITIONAL),
    ],
)
def test_a_mixed_message_has_the_language_its_sentence_is_built_in(text: str, code: str, talk: str) -> None:
    assert identify(text, talk) == Language(code, clear=True)


def test_a_mix_without_a_frame_keeps_the_language_of_the_talk() -> None:
    assert identify("Wells Fargo 支行", ENGLISH) == Language(SIMPLIFIED, clear=False)
    assert identify("He said 投资 and then 转账 to Binance") == Language(SIMPLIFIED, clear=False)
    assert identify("Wells Fargo 支行", TRADITIONAL).code == TRADITIONAL


@pytest.mark.parametrize(
    "text",
    [
        "Wang Xiaoming",
        "José Álvarez",
        "Bank of America",
        "@crypto_queen88",
        "hxxps://evil[.]example/pay",
        "maria@example.com",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "IMG_2231.jpg",
        "35k USDT",
        "Carlos Mendes da Silva",
    ],
)
@pytest.mark.parametrize("talk", sorted(CHINESE))
def test_names_and_addresses_do_not_switch_a_chinese_talk(text: str, talk: str) -> None:
    assert identify(text, talk).clear is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我の錢被騙光了", TRADITIONAL),
        ("對方叫 さくら，在交友軟體認識的", TRADITIONAL),
        ("我在韩国被骗了，对方叫 김민수", SIMPLIFIED),
        ("助けて", "ja"),
        ("振込先の口座番号", "ja"),
        ("詐欺를 당했습니다", "ko"),
    ],
)
def test_han_beside_kana_or_hangul(text: str, code: str) -> None:
    assert identify(text) == Language(code, clear=True)


def test_bopomofo_is_traditional() -> None:
    assert identify("ㄏㄏ").code == TRADITIONAL
    assert identify("我也是ㄟ").code == TRADITIONAL


@pytest.mark.parametrize("text", ["(ಠ_ಠ)", "¯\\_(ツ)_/¯", "ㅠㅠ", "(´；д；`)", "฿500", "٥٠٠٠"])
def test_faces_and_figures_in_other_scripts_are_no_language(text: str) -> None:
    assert identify(text, TRADITIONAL) == Language(TRADITIONAL, clear=False)


def test_the_evaluation_set_is_told_apart() -> None:
    lines = (EVALUATION / "language.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = [identify(row["text"], row["talk"]) for row in rows]
    right = [
        (read.code if read.clear else row["talk"]) == row["language"] and read.variety == row.get("variety")
        for row, read in zip(rows, found, strict=True)
    ]
    assert sum(right) >= BAR * len(rows)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_has_a_language(text: str, current: str) -> None:
    found = identify(text, current)
    assert found.code in LANGUAGES or (found.code.islower() and found.clear)


@given(LATIN, st.sampled_from(LANGUAGES))
def test_latin_letters_are_chinese_only_when_romanised_or_in_a_chinese_talk(text: str, current: str) -> None:
    found = identify(text, current)
    assert found.code not in CHINESE or found.code == current or found.variety


@given(st.text(max_size=5).map(lambda part: part * 600))
def test_long_text_of_any_kind_is_read(text: str) -> None:
    assert identify(text).code


@given(st.text("门们这個們這龍龙", min_size=1))
def test_the_more_frequent_script_decides(text: str) -> None:
    simplified = sum(character in "门们这龙" for character in text)
    traditional = len(text) - simplified
    if simplified != traditional:
        assert identify(text).code == (SIMPLIFIED if simplified > traditional else TRADITIONAL)
