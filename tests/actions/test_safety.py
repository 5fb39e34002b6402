"""Safety: before everything, at once, and never more words than are safe."""

from __future__ import annotations

import pytest

from actions.case.model import Case, Payment
from bot.languages import LANGUAGES
from tests.actions.talk import GUIDE, NOW, Talk

NEUTRAL = {"utter_watched", "utter_ask_alone", "utter_alone_first"}
PAID = Payment(method="zelle", paid_at=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_crisis_is_answered_with_a_line_and_one_question(talk: Talk, language: str) -> None:
    talk.case = Case(language=language, payments=[PAID.model_copy()], open="country")
    text = "我不想活了" if language != "en" else "I want to die"
    said = await talk.say(text, "crisis", crisis="self")
    assert said == ["utter_crisis", "utter_ask_safe_now"]
    first = GUIDE.crisis_channels(talk.case)[0]
    assert first.name.in_(talk.case.language) in talk.answer
    assert talk.case.marked("crisis")


async def test_a_crisis_of_somebody_near_is_answered_for_both(talk: Talk) -> None:
    assert "utter_crisis_other" in await talk.say("my dad says he will jump", "crisis", crisis="other")


async def test_a_crisis_in_a_language_the_bot_does_not_speak_is_answered(talk: Talk) -> None:
    said = await talk.say("もう死にたいです", "crisis", crisis="self")
    assert said[0] == "utter_crisis"


async def test_the_money_is_taken_up_again_after_safety(talk: Talk) -> None:
    talk.case = Case(country="US", payments=[PAID.model_copy()])
    await talk.say("I want to die", "crisis", crisis="self")
    said = await talk.say("Yes, I am safe", "affirm")
    assert said[0] == "utter_safe_now_yes"
    assert "utter_stop_payment" in said


async def test_who_is_not_safe_gets_the_emergency_number_and_no_money_talk(talk: Talk) -> None:
    talk.case = Case(country="US", payments=[PAID.model_copy()])
    await talk.say("I want to die", "crisis", crisis="self")
    assert await talk.say("No, not safe", "deny") == ["utter_safe_now_no"]
    assert "911" in talk.answer
    assert "988" in talk.answer


async def test_a_second_crisis_asks_again(talk: Talk) -> None:
    await talk.say("I want to die", "crisis", crisis="self")
    await talk.say("Yes, I am safe", "affirm")
    assert "utter_ask_safe_now" in await talk.say("I want to die", "crisis", crisis="self")


async def test_who_goes_on_with_the_money_is_not_held_up(talk: Talk) -> None:
    talk.case = Case(country="US")
    await talk.say("I want to die", "crisis", crisis="self")
    said = await talk.say("I wired $50,000 yesterday", "already_paid")
    assert "utter_stop_payment" in said
    assert "utter_ask_safe_now" not in said


async def test_what_is_no_answer_keeps_the_lines_at_hand(talk: Talk) -> None:
    talk.case = Case(country="US")
    await talk.say("I want to die", "crisis", crisis="self")
    for text, need in (("you're just pasting", "express_frustration"), ("she found out", "relative_scammed")):
        assert await talk.say(text, need) == ["utter_stay_near", "utter_ask_safe_now"]
        assert "988" in talk.answer


async def test_asking_back_is_not_being_safe(talk: Talk) -> None:
    await talk.say("I want to die", "crisis", crisis="self")
    assert await talk.say("define safe", "affirm") == ["utter_safe_now_no"]
    assert talk.case.in_crisis


async def test_no_text_is_said_twice_in_a_crisis(talk: Talk) -> None:
    talk.case = Case(country="US")
    first = await talk.say("I want to die", "crisis", crisis="self")
    again = await talk.say("it would be tidier", "crisis", crisis="self")
    assert (first[0], again[0]) == ("utter_crisis", "utter_stay_near")


async def test_a_country_told_in_a_crisis_brings_its_lines(talk: Talk) -> None:
    await talk.say("I want to die", "crisis", crisis="self")
    await talk.say("I live in Canada", "inform")
    assert talk.case.country == "CA"
    first = GUIDE.crisis_channels(talk.case)[0]
    assert first.name.in_("en") in talk.answer


@pytest.mark.parametrize("text", ["not me, it's my son", "不是我，是我儿子！他锁在屋里不吭声"])
async def test_it_may_turn_out_to_be_about_somebody_near(talk: Talk, text: str) -> None:
    await talk.say("he said life has no meaning", "crisis", crisis="self")
    assert (await talk.say(text, "deny"))[0] == "utter_crisis_other"


async def test_who_says_they_are_safe_is_believed_unless_the_lexicon_hears_more(talk: Talk) -> None:
    await talk.say("I want to die", "crisis", crisis="self")
    assert (await talk.say("I am safe. I want the caseworker", "crisis", crisis="self"))[
        0
    ] == "utter_safe_now_yes"
    await talk.say("I want to die", "crisis", crisis="self")
    said = await talk.say("I am safe, and I still want to die", "crisis", crisis="self")
    assert "utter_safe_now_yes" not in said
    assert talk.case.in_crisis


async def test_who_is_watched_and_asks_again_learns_how_to_go_on(talk: Talk) -> None:
    await talk.say("someone reads along", "being_watched")
    assert await talk.say("what?? I need help, not a walk", "ask_help") == ["utter_alone_first"]
    assert "utter_alone_again" in await talk.say("he's gone", "inform")


async def test_what_is_told_of_somebody_else_silences_nothing(talk: Talk) -> None:
    await talk.say("my cousin is held in Myanmar", "relative_trapped")
    await talk.say("'they know I have another phone, don't reply'", "being_watched")
    assert not talk.case.marked("watched")


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("I wired $50,000 yesterday", "already_paid"),
        ("what is this", "ask_help"),
        ("yes", "affirm"),
        ("bye", "goodbye"),
        ("stop", "stop"),
        ("", None),
        ("my password is hunter2-Blue9", "inform"),
        (
            "my seed phrase: legal winner thank year wave sausage worth useful legal winner thank yellow",
            "inform",
        ),
        ("もう大丈夫ですから心配しないで", "nlu_fallback"),
        ("my plan", "nlu_fallback"),
        ("not sure", "unsure"),
    ],
)
async def test_somebody_watched_reads_neutral_lines_only(talk: Talk, text: str, need: str | None) -> None:
    talk.case = Case(payments=[PAID.model_copy()])
    assert set(await talk.say("someone reads along", "being_watched")) <= NEUTRAL
    assert set(await talk.say(text, need)) <= NEUTRAL
    assert "scam" not in talk.answer.lower()
    assert talk.case.marked("watched")


async def test_what_was_said_while_watched_is_not_lost(talk: Talk) -> None:
    await talk.say("someone reads along", "being_watched")
    await talk.say("I wired $50,000 yesterday", "already_paid")
    said = await talk.say("1", "nlu_fallback")
    assert said[0] == "utter_alone_again"
    assert "utter_stop_payment" in said
    assert not talk.case.marked("watched")


async def test_a_crisis_is_heard_while_watched(talk: Talk) -> None:
    await talk.say("someone reads along", "being_watched")
    assert "utter_crisis" in await talk.say("I want to die", "crisis", crisis="self")


async def test_deleting_works_while_watched(talk: Talk) -> None:
    await talk.say("someone reads along", "being_watched")
    await talk.say("delete this", "delete_data")
    assert await talk.say("yes", "affirm") == ["utter_deleted"]


async def test_somebody_held_is_asked_where_and_nothing_about_money(talk: Talk) -> None:
    said = await talk.say("they hold us here and took our passports", "trapped")
    assert (said[0], said[-1]) == ("utter_trapped", "utter_ask_place")
    assert talk.case.role == "trapped"
    assert talk.case.marked("trapped")


async def test_the_place_that_was_named_is_not_asked_for(talk: Talk) -> None:
    said = await talk.say("my brother is held in Cambodia", "relative_trapped")
    assert talk.case.place == "KH"
    assert talk.case.country is None
    assert "utter_ask_place" not in said
    channel = GUIDE.held_channels(talk.case)[0]
    assert channel.name.en in talk.answer


async def test_where_they_are_held_is_not_where_the_family_lives(talk: Talk) -> None:
    await talk.say("my brother is held there", "relative_trapped")
    await talk.say("Cambodia", "inform")
    assert (talk.case.place, talk.case.country) == ("KH", None)


async def test_a_threat_gets_the_emergency_number_where_the_country_is_known(talk: Talk) -> None:
    talk.case = Case(country="US")
    said = await talk.say("they will send my photos to everyone", "threatened")
    assert said[:2] == ["utter_threatened", "utter_threatened_lines"]
    assert "911" in talk.answer


async def test_without_a_country_no_number_is_guessed(talk: Talk) -> None:
    said = await talk.say("they will send my photos to everyone", "threatened")
    assert said[0] == "utter_threatened"
    assert "utter_threatened_lines" not in said


async def test_the_next_scam_is_named_and_the_warning_not_doubled(talk: Talk) -> None:
    assert (await talk.say("a lawyer offers to get it back for a fee", "tell_recovery_offer"))[
        0
    ] == "utter_recovery_offer"
    assert "utter_recovery_guard" not in await talk.say("bye", "goodbye")
    assert talk.case.scam_type == "recovery_scam"


async def test_a_secret_is_refused_and_never_kept(talk: Talk) -> None:
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert "utter_secret_seen" in await talk.say(f"my seed phrase: {phrase}", "inform")
    assert talk.case.shared_details
    assert "sausage" not in talk.case.model_dump_json()
    assert "sausage" not in talk.answer


async def test_who_is_alone_again_is_not_taken_for_watched(talk: Talk) -> None:
    """The model may hear "I'm alone now" as more of the same."""
    await talk.say("someone reads along", "being_watched")
    said = await talk.say("I'm alone now", "being_watched")
    assert "utter_alone_again" in said
    assert "utter_watched" not in said
    assert not talk.case.marked("watched")


async def test_no_ransom_before_the_police_know(talk: Talk) -> None:
    await talk.say("my cousin is held in Myanmar", "relative_trapped")
    assert "utter_ransom" in await talk.say("should we pay the 3000 they ask", "about_to_pay")
    assert "utter_ransom" in await talk.say("佢哋要十萬蚊贖金先放人", "relative_trapped")


async def test_who_is_held_stays_the_one_who_is_held(talk: Talk) -> None:
    await talk.say("我儿子被人骗到柬埔寨去了，扣着不放", "relative_trapped")
    said = await talk.say("搞错了 在缅甸 妙瓦底", "trapped")
    assert talk.case.role == "relative_trapped"
    assert talk.case.place == "MM"
    assert "utter_relative_trapped" in said
    assert "utter_trapped" not in said


async def test_the_lines_for_who_is_held_are_given_once_for_each_place(talk: Talk) -> None:
    assert (await talk.say("我被骗到园区了，不让走", "trapped")).count("utter_trapped") == 1
    assert (await talk.say("柬埔寨 西港", "trapped")).count("utter_trapped") == 1
    said = await talk.say("他们天天打人", "trapped")
    assert "utter_trapped_more" in said
    assert "utter_trapped" not in said


async def test_a_country_of_their_own_is_not_where_somebody_is_held(talk: Talk) -> None:
    await talk.say("我儿子被人骗到缅甸去了，扣着不放", "relative_trapped")
    await talk.say("我们是中国人 我在四川达州", "trapped")
    assert (talk.case.place, talk.case.country, talk.case.citizenship) == ("MM", "CN", "CN")


async def test_the_held_are_asked_in_their_own_terms(talk: Talk) -> None:
    talk.case = Case(role="trapped", marks=["trapped", "watched"], place="KH")
    assert await talk.say("ok", "affirm") == ["utter_watched", "utter_ask_alone_held"]
    assert await talk.say("1", "affirm") == ["utter_go_on", "utter_ask_citizenship_held"]


async def test_the_held_are_not_shown_who_this_is(talk: Talk) -> None:
    talk.case = Case(role="trapped", marks=["trapped"], place="KH", open="citizenship")
    assert "utter_welcome" not in await talk.say("hello", "greet")


async def test_not_to_be_contacted_is_an_answer_and_no_farewell(talk: Talk) -> None:
    talk.case = Case(open="contact", consent=None)
    ranking = [{"name": "deny", "confidence": 0.81}, {"name": "crisis", "confidence": 0.11}]
    said = await talk.say("no need to contact me", "crisis", crisis="self", intent_ranking=ranking)
    assert "utter_crisis" not in said
    talk.case = Case(open="contact", consent=None)
    said = await talk.say("no need, I want to die", "crisis", crisis="self", intent_ranking=ranking)
    assert said[0] == "utter_crisis"


async def test_how_somebody_became_safe_is_no_new_need(talk: Talk) -> None:
    await talk.say("my son wants to die", "crisis", crisis="other")
    said = await talk.say("he opened the door, he is with me", "relative_scammed")
    assert said[0] == "utter_safe_now_yes"
    assert "utter_relative_scammed" not in said
