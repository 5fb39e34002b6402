"""From what the model hands over to a message of the case, and the language to answer in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.message import Fact, Message
from actions.case.model import Case, Payment
from actions.conversation import MENU, READING, WHAT_IS_WRONG
from actions.reading import language_of, read
from actions.readings import WATCHED
from actions.responses import responses
from bot.catalogs import translate
from bot.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL
from tests.actions.talk import latest, said

PAID = Case(payments=[Payment()], country="US")


@pytest.mark.parametrize(
    ("text", "need", "current", "language"),
    [
        ("I was scammed and lost everything", "inform", SIMPLIFIED, ENGLISH),
        ("我被骗了五万块", "inform", ENGLISH, SIMPLIFIED),
        ("我被騙了五萬塊", "inform", ENGLISH, TRADITIONAL),
        ("佢哋呃咗我好多錢", "inform", SIMPLIFIED, TRADITIONAL),
        ("我 wire 了五万到 Chase 的账户", "inform", ENGLISH, SIMPLIFIED),
        ("你好", "greet", TRADITIONAL, TRADITIONAL),
        ("ok", "affirm", SIMPLIFIED, SIMPLIFIED),
        ("yes please do", "affirm", TRADITIONAL, TRADITIONAL),
        ("Chase Bank", "inform", SIMPLIFIED, SIMPLIFIED),
        ("where do I report", "ask_where_report", SIMPLIFIED, ENGLISH),
        ("5000", "inform", TRADITIONAL, TRADITIONAL),
        ("👍", "affirm", SIMPLIFIED, SIMPLIFIED),
        ("", None, TRADITIONAL, TRADITIONAL),
    ],
)
def test_the_language_of_the_last_message_of_substance(
    text: str, need: str, current: str, language: str
) -> None:
    case = Case(language=current)
    assert language_of(said(text, need, case), case) == language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("お金をだまし取られました", "ja"),
        ("돈을 사기당했어요", "ko"),
        ("Меня обманули мошенники", "ru"),
        ("perdí todos mis ahorros", "es"),
        ("tôi bị lừa mất hết tiền", "vi"),
    ],
)
@pytest.mark.parametrize("need", ["nlu_fallback", "inform", "already_paid"])
def test_a_language_the_bot_does_not_speak_is_named(text: str, code: str, need: str) -> None:
    assert language_of(said(text, need), Case()) == code


@pytest.mark.parametrize(
    ("text", "current", "language"),
    [
        ("wo bei pian le wu wan kuai qian", ENGLISH, SIMPLIFIED),
        ("wo bei pian le wu wan kuai qian", TRADITIONAL, TRADITIONAL),
        ("ngo bei yan ngaak jor", ENGLISH, TRADITIONAL),
        ("佢哋呃咗我好多钱", ENGLISH, SIMPLIFIED),
        ("I met him on 小红书 and he asked me to invest", ENGLISH, ENGLISH),
        ("Nguyen Van Anh", TRADITIONAL, TRADITIONAL),
        ("José Álvarez", SIMPLIFIED, SIMPLIFIED),
    ],
)
def test_the_language_of_what_is_written_in_other_ways(text: str, current: str, language: str) -> None:
    case = Case(language=current)
    assert language_of(said(text, "nlu_fallback", case), case) == language


def test_an_address_abroad_does_not_end_the_talk() -> None:
    place = Fact("country", "ES", 16, 22, "España")
    message = Message(text="Calle Alcalá en España", need="inform", facts=(place,))
    case = Case(language=SIMPLIFIED)
    assert language_of(message, case) == SIMPLIFIED


def test_a_button_in_another_language_does_not_switch_the_talk() -> None:
    case = Case(language=SIMPLIFIED, open="paid")
    message = said("Yes, money was sent", "affirm", case)
    assert message.chosen == "yes"
    assert language_of(message, case) == SIMPLIFIED


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("speak English please", SIMPLIFIED, ENGLISH),
        ("请说中文", ENGLISH, SIMPLIFIED),
        ("can we speak Chinese", ENGLISH, SIMPLIFIED),
        ("請說中文", TRADITIONAL, TRADITIONAL),
        ("可以講廣東話嗎", ENGLISH, TRADITIONAL),
        ("可以用繁體嗎", SIMPLIFIED, TRADITIONAL),
        ("请用简体字", TRADITIONAL, SIMPLIFIED),
    ],
)
def test_a_language_that_is_asked_for_wins(text: str, current: str, wanted: str) -> None:
    case = Case(language=current)
    message = said(text, "change_language", case)
    assert message.wants_language == wanted
    assert language_of(message, case) == wanted


@pytest.mark.parametrize(
    ("name", "language"), [("English", ENGLISH), ("简体中文", SIMPLIFIED), ("繁體中文", TRADITIONAL)]
)
def test_the_name_of_a_language_alone_asks_for_it(name: str, language: str) -> None:
    message = said(name, "nlu_fallback", Case(language=ENGLISH))
    assert (message.need, message.wants_language) == ("change_language", language)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("actually it was $500", "inform"),
        ("I meant Canada", "inform"),
        ("不是五万，是三万", "deny"),
        ("寫錯了，是三萬", "nlu_fallback"),
        ("sorry, it was 30,000", "already_paid"),
    ],
)
def test_a_fact_put_right_is_a_correction(text: str, need: str) -> None:
    assert said(text, need, PAID).need == "correct_answer"


@pytest.mark.parametrize(
    ("text", "need", "case"),
    [
        ("actually it was $500", "inform", Case()),
        ("actually I don't know", "unsure", PAID),
        ("actually I want to die", "crisis", PAID),
        ("it was $500", "inform", PAID),
        ("其实是我妈妈被骗了", "relative_scammed", PAID),
    ],
)
def test_what_puts_nothing_right_stays_what_it_is(text: str, need: str, case: Case) -> None:
    assert said(text, need, case).need == need


def test_what_follows_the_question_what_is_wrong_is_a_correction() -> None:
    case = Case(open=WHAT_IS_WRONG, country="US")
    assert said("I live in Canada", "inform", case).need == "correct_answer"
    assert said("the whole thing", "nlu_fallback", case).need == "nlu_fallback"


@pytest.mark.parametrize("text", ["no", "Something is wrong", "有地方不对", "不对"])
def test_a_no_to_the_summary_asks_for_a_correction(text: str) -> None:
    assert said(text, "deny", Case(open="summary_ok")).need == "correct_answer"


@pytest.mark.parametrize(
    ("text", "need"),
    [("👍", "affirm"), ("👌🏽", "affirm"), ("✅!", "affirm"), ("👎", "deny"), (" ❌ ", "deny")],
)
def test_an_emoji_may_be_an_answer(text: str, need: str) -> None:
    assert said(text, "nlu_fallback").need == need


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "...", "？！", "\u200b\u200f", "—"])
def test_marks_alone_say_nothing(text: str) -> None:
    message = said(text, "greet")
    assert (message.text, message.need) == ("", None)


def test_words_after_an_emoji_are_what_counts() -> None:
    assert said("❌ I want to die", "crisis", crisis="self").need == "crisis"
    assert said("👍 the bank refused", "police_refused").need == "police_refused"


@given(st.text(max_size=30), st.sampled_from(["crisis", "trapped", "threatened", "delete_data"]))
def test_what_protects_is_never_read_away_from_words(text: str, need: str) -> None:
    assert said(f"help {text}", need).need in {need, "change_language"}


@pytest.mark.parametrize("need", [WATCHED, "stop"])
def test_a_doubtful_reading_does_not_silence_the_bot(need: str) -> None:
    doubtful = read(latest("someone is here with me", need, probability=0.4), Case())
    assert doubtful.need == "already_paid"
    sure = read(latest("someone is here with me", need, probability=0.6), Case())
    assert sure.need == need


def test_crisis_and_signs_come_along() -> None:
    message = said("做任务要先充值三千", "crisis", crisis="other")
    assert message.crisis_of == "other"
    assert "brushing_task_1" in message.signs


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_of_the_menu_is_a_need(language: str) -> None:
    for button in responses()["utter_not_understood_menu"]["buttons"]:
        title = translate(button["title"], language)
        message = said(title, "nlu_fallback", Case(open=MENU, language=language))
        assert (message.need, message.chosen) == (button["payload"], None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reading", "need"), [("utter_reading_human", "ask_human"), ("utter_reading_privacy", "ask_privacy")]
)
def test_a_reading_that_is_chosen_is_a_need(reading: str, need: str, language: str) -> None:
    title = translate(responses()[reading]["text"], language)
    assert said(title, "nlu_fallback", Case(open=READING)).need == need


def test_without_the_offer_the_same_words_are_not_a_choice() -> None:
    assert said("I want a person", "nlu_fallback", Case()).need == "nlu_fallback"


@given(st.text(max_size=40), st.none() | st.sampled_from(["inform", "affirm", "being_watched", "greet"]))
def test_anything_can_be_read(text: str, need: str | None) -> None:
    for case in (Case(), Case(open=MENU), Case(open="paid"), PAID.model_copy(update={"open": "summary_ok"})):
        message = said(text, need, case)
        assert isinstance(message, Message)
        assert language_of(message, case)


def test_a_message_without_any_reading_is_read() -> None:
    message = read({}, Case())
    assert (message.text, message.need, message.facts) == ("", None, ())


@pytest.mark.parametrize(
    "open_question", ["contact", "contact_value", "summary_ok", "reading", "menu", "consent", "paid"]
)
@pytest.mark.parametrize(
    "text",
    ["我不要活了", "我不想活了，不用找我了", "not at all, i want to die", "call my mom, I want to die"],
)
def test_a_crisis_stays_one_whatever_question_is_open(open_question: str, text: str) -> None:
    latest = {"text": text, "intent": {"name": "crisis"}, "crisis": {"who": "self"}}
    assert read(latest, Case(open=open_question)).need == "crisis"


def edited(text: str, need: str, case: Case) -> Message:
    """An edited message as the case sees it."""
    return read({**latest(text, need), "metadata": {"edited": True}}, case)


def test_an_edit_of_facts_is_a_correction() -> None:
    assert edited("I sent 50,000 dollars", "already_paid", PAID).need == "correct_answer"
    assert edited("I sent 50,000 dollars", "already_paid", Case()).need == "already_paid"


def test_an_edit_of_a_bare_answer_asks_what_is_wrong_instead_of_answering_the_next_question() -> None:
    case = PAID.model_copy(update={"open": "paid"})
    message = edited(translate(responses()["utter_ask_paid"]["buttons"][1]["title"], ENGLISH), "deny", case)
    assert (message.need, message.chosen) == ("correct_answer", None)


def test_an_edit_into_a_cry_for_help_is_one() -> None:
    read_again = read({**latest("I want to die", "crisis", "self"), "metadata": {"edited": True}}, PAID)
    assert (read_again.need, read_again.crisis_of) == ("crisis", "self")


def evidence(text: str, need: str, crisis: str | None = None) -> Message:
    """Somebody else's words as the case sees them."""
    return read({**latest(text, need, crisis), "metadata": {"evidence": True}}, Case())


def test_of_evidence_the_signs_count_and_nothing_else() -> None:
    message = evidence("把五万美元转到安全账户，不要告诉任何人", "already_paid")
    assert message.need == "ask_if_scam"
    assert message.signs
    assert (message.text, message.facts, message.wants_language) == ("", (), None)
    assert language_of(message, Case(language=TRADITIONAL)) == TRADITIONAL


def test_a_crisis_in_evidence_is_somebody_elses() -> None:
    message = evidence("I can't go on, goodbye", "crisis", "self")
    assert (message.need, message.crisis_of) == ("crisis", "other")


def test_somebody_held_who_wants_out_is_not_taken_for_one_who_wants_to_stop() -> None:
    held = Case(role="trapped", marks=["trapped"])
    read_as = read(latest("how do I get out of here", "stop", probability=0.79), held)
    assert read_as.need == "ask_help"
    assert read(latest("stop asking me", "stop", probability=0.97), held).need == "stop"
    assert read(latest("how do I get out of here", "stop", probability=0.79), Case()).need == "stop"


def test_a_way_to_be_reached_is_no_sign_of_being_watched() -> None:
    assert read(latest("電話", "being_watched", probability=0.73), Case(open="contact")).need == "inform"


def test_the_bank_that_refused_answers_whether_it_was_reached() -> None:
    case = Case(payments=[Payment()], open="reached_bank:0")
    assert said("the bank refused too", "police_refused", case).chosen == "refused"
    assert said("the police refused", "police_refused", case).need == "police_refused"


def test_the_police_may_be_named_as_who_froze_it() -> None:
    case = Case(frozen=True, open="frozen_by")
    assert said("the bank says its the cops", "police_refused", case).need == "inform"


def test_the_family_of_someone_held_is_not_held_itself() -> None:
    case = Case(role="relative_trapped", marks=["trapped"])
    assert said("I am in Kenya and he cannot leave", "trapped", case).need == "relative_trapped"


def test_a_pressed_button_of_ours_is_never_a_cry_for_help() -> None:
    title = translate(responses()["utter_ask_contact"]["buttons"][2]["title"], TRADITIONAL)
    message = read(latest(title, "crisis", "self"), Case(language=TRADITIONAL, open="contact"))
    assert (message.need, message.crisis_of, message.chosen) == ("inform", None, "none")


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("電話", "inform"),
        ("在聊天里回我就行", "inform"),
        ("手机被收了", "being_watched"),
        ("不方便打电话", "being_watched"),
    ],
)
def test_a_way_to_be_reached_and_nothing_else_is_an_answer_whatever_it_looks_like(
    text: str, need: str
) -> None:
    assert said(text, "being_watched", Case(open="contact")).need == need


@pytest.mark.parametrize(
    "text", ["有人來了", "先這樣有人在看", "有人行緊過嚟", "有人睇緊我手機", "someone is coming"]
)
def test_somebody_near_is_being_watched(text: str) -> None:
    assert read(latest(text, "greet"), Case()).need == WATCHED


@pytest.mark.parametrize("text", ["老闆回來了", "they're coming"])
def test_a_guard_near_is_one_only_to_the_held(text: str) -> None:
    assert read(latest(text, "greet"), Case(role="trapped")).need == WATCHED
    assert read(latest(text, "greet"), Case()).need == "greet"


def test_somebody_in_a_story_is_nobody_near() -> None:
    assert read(latest("有人來了我家要債，還說要告訴我公司的人", "inform"), Case()).need == "inform"


def test_a_story_that_ends_in_doubt_is_doubt() -> None:
    told = latest(
        "he wants me to try his gold platform, but he is so kind, I trust him", "tell_romance_investment"
    )
    told["clauses"] = [
        {"name": "tell_romance_investment", "confidence": 0.9},
        {"name": "doubt_scam", "confidence": 0.9},
    ]
    read_so = read(told, Case())
    assert (read_so.need, read_so.story) == ("doubt_scam", "tell_romance_investment")


def test_the_bank_that_chases_the_money_is_no_recovery_agent() -> None:
    case = Case(open="reached_bank:0", payments=[Payment()])
    assert read(latest("打咗，銀行話幫我追", "tell_recovery_offer"), case).need == "inform"


def test_one_word_that_names_a_way_to_be_reached_is_the_answer() -> None:
    assert read(latest("電話", WATCHED), Case(open="contact")).need == "inform"
    assert read(latest("不要打電話，他在旁邊聽", WATCHED), Case(open="contact")).need == WATCHED
