"""Every rule of tone finds a text that breaks it and lets one pass that does not."""

from __future__ import annotations

import pytest

from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from bot.style import FEWEST_WORDS_GRADED, LONGEST_SENTENCE, Kind, Text, faults, reading_grade
from bot.style_words import style_words

EN, HANS, HANT = ENGLISH, SIMPLIFIED, TRADITIONAL
LIST = "• one\n• two"


def broken(text: str, language: str = EN, kind: Kind = "message") -> list[str]:
    """The faults of `text`."""
    return list(faults(text, language, kind, style_words()))


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        (EN, "Hello {Name}.", "not filled"),
        (EN, "Hello {nobody}.", "not filled: '{nobody}'"),
        (EN, "Hello %(name)s.", "not filled"),
        (EN, "TODO: say it.", "not filled"),
        (HANS, "你好，｛name｝。", "not filled"),
        (EN, "Call now!", "exclamation"),
        (HANT, "現在就打電話！", "exclamation"),
        (EN, "I think you fell for it.", "not said"),
        (EN, "You should have asked us.", "not said"),
        (EN, "Why did you send it?", "not said"),
        (EN, "You are a victim of your own hope.", "not said"),
        (EN, "It was your fault.", "not said"),
        (EN, "Don't worry about it.", "not said"),
        (EN, "We will get your money back.", "not said"),
        (EN, "We guarantee it.", "not said"),
        (EN, "This is pig butchering.", "not said"),
        (EN, "Ask for a chargeback.", "not said"),
        (HANS, "你上当了。", "not said"),
        (HANT, "你怎麼會相信他們。", "not said"),
        (HANT, "這是殺豬盤。", "not said"),
        (HANS, "亲，慢慢说。", "not said"),
        (HANT, "我們保證追回。", "not said"),
        (HANS, "你的错，不要再提。", "not said"),
        (HANT, "請發短信給銀行。", "短信 → 簡訊"),
        (HANT, "在視頻裡。", "not said"),
        (HANT, "換一個網絡。", "not said"),
        (HANT, "銀行賬戶。", "not said"),
        (HANT, "你的銀行卡。", "not said"),
        (HANT, "這個信息。", "not said"),
        (HANS, "请发简讯给银行。", "简讯 → 短信"),
        (HANS, "在影片里。", "not said"),
        (HANS, "换一个网路。", "not said"),
        (HANS, "银行帐户。", "not said"),
        (EN, "Say “stop it” to them.", "quotes"),
        (HANS, '说"停下"。', "quotes"),
        (HANS, "说「停下」。", "quotes"),
        (HANT, "說“停下”。", "quotes"),
        (HANS, "请打電话。", "other script: '電'"),
        (HANT, "請打电話。", "other script: '电'"),
        (HANS, "先停下,再打电话。", "half-width"),
        (HANT, "停下(現在)。", "half-width"),
        (HANT, "打開LINE。", "spaces"),
        (HANS, "等24小时。", "spaces"),
        (HANS, "编号 {reference}号。", "spaces"),
        (HANS, "请 等一等。", "spaces"),
        (HANS, "说 “停下”。", "spaces"),
        (EN, "Two  spaces.", "spaces"),
        (HANS, "您可以停下。", "您"),
        (EN, "Are you safe? Can you talk?", "question"),
        (HANS, "是多少？什么时候？", "question: '什么时候？'"),
        (EN, "A line.\n" * 3 + "A fourth.", "three paragraphs: 'A fourth.'"),
        (EN, f"{LIST}\nIn between.\n{LIST}", "one list"),
        (HANS, "{steps}\n然后：\n{channels}", "one list"),
        (EN, "Stop now. " * 43, "too long"),
        (HANT, "請先停下。" * 33, "too long"),
        (EN, "go on " * 13 + "now.", "long sentence"),
        (HANS, "一直说，" * 17 + "说完。", "long sentence"),
        (
            EN,
            "Immediately notify investigating authorities regarding transactions. " * 3,
            "hard to read",
        ),
    ],
)
def test_a_message_that_breaks_a_rule(language: str, text: str, rule: str) -> None:
    found = broken(text, language)
    assert found
    assert all(rule in fault for fault in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "That is not your fault."),
        (EN, "Your case {reference} is closed. {note}"),
        (EN, 'Say "what is it? who? why?" and wait. Is it clear?'),
        (EN, f"One.\nTwo.\n{LIST}\nThree."),
        (EN, "Stop now. " * 42),
        (HANS, "这不是你的错，是他们骗走了钱。"),
        (HANS, "陪着你的亲友，先别付保证金。"),
        (HANS, "说“您好，请接反诈部门”，然后等 24 小时。"),
        (HANS, "打开 LINE，输入“我的计划”（还没做的）。"),
        (HANS, "关于 {payment}：\n{steps}\n机会是：{chances}"),
        (HANS, "我说 English、简体中文或繁體中文。"),
        (HANT, "傳簡訊，或打開網路銀行。"),
        (HANT, "說「停下」，再看一次訊息。"),
        (HANT, "台灣、香港的朋友，里長也可以。"),
    ],
)
def test_a_message_that_breaks_none(language: str, text: str) -> None:
    assert broken(text.strip(), language) == []


@pytest.mark.parametrize(
    ("title", "language", "wide"),
    [
        ("Twenty-four characters..", EN, False),
        ("Twenty-five characters...", EN, True),
        ("十二个字刚好放得下一个按", HANS, False),
        ("十三个字就放不下这一个按钮", HANS, True),
        ("🙂" * 12, EN, False),
        ("e\u0301" * 22, EN, True),
    ],
)
def test_a_button_fits_a_phone_and_telegram(title: str, language: str, wide: bool) -> None:
    assert any("too wide" in fault for fault in broken(title, language, "button")) is wide


def test_a_fact_may_say_what_offices_call_things_but_keeps_the_tone() -> None:
    assert broken("Ask for a chargeback within 60 days.", EN, "fact") == []
    assert broken("公安部網絡違法犯罪舉報網站", HANT, "fact") == []
    assert broken("Why did you pay by card?", EN, "fact") != []
    assert broken("請打電話，" * 21, HANT, "fact") == ["too long: '105 characters, at most 100'"]


def test_official_names_are_left_alone() -> None:
    assert broken("12377 互聯網違法和不良信息舉報中心", HANT, "fact") == []
    assert broken("另一個信息中心", HANT, "fact") != []


def test_a_bilingual_sentence_is_counted_in_the_script_that_prevails() -> None:
    english = "I can help you here, and I will stay with you for as long as you need"
    assert len(english) > LONGEST_SENTENCE["han"]
    assert broken(f"{english} (我会中文).") == []


def test_few_words_have_no_grade() -> None:
    hard = "Notify investigating authorities immediately. "
    few = hard * (FEWEST_WORDS_GRADED // 5)
    assert reading_grade(Text(few, EN, "message", style_words())) == 0
    assert reading_grade(Text(few + hard, EN, "message", style_words())) > 15


def test_a_plain_text_has_a_low_grade() -> None:
    plain = (
        "Call your bank now. The number is on your card. Say that you were tricked, and ask them to stop it."
    )
    assert 0 < reading_grade(Text(plain, EN, "message", style_words())) < 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_typical_values_are_sound_themselves(language: str) -> None:
    for name, value in style_words().typical[language].items():
        assert broken(value, language, "fact") == [], name


def test_placeholders_have_a_typical_value_in_every_language() -> None:
    names = [set(style_words().typical[language]) for language in LANGUAGES]
    assert names[0] == names[1] == names[2]
