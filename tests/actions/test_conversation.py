"""The talk itself: ways in and out, corrections, feelings, and not understanding."""

from __future__ import annotations

import pytest

from actions.case.model import Case, Payment
from actions.conversation import MENU, READING, WHAT_IS_WRONG, WHICH_LANGUAGE, chosen_reading, likely_readings
from bot.catalogs import translate
from bot.languages import LANGUAGES
from tests.actions.talk import Talk

UNCLEAR = "blah blah blah blah"
PAID = Case(country="US", paid=True, payments=[Payment(method="zelle")], told=["welcome"])


async def test_it_says_who_it_is_once(talk: Talk) -> None:
    assert await talk.say("hello", "greet") == ["utter_welcome", "utter_ask_story"]
    assert "utter_welcome" not in await talk.say("hello", "greet")


async def test_the_warning_closes_the_talk_once(talk: Talk) -> None:
    assert await talk.say("bye", "goodbye") == ["utter_recovery_guard", "utter_goodbye"]
    assert await talk.say("bye", "goodbye") == ["utter_goodbye"]


async def test_a_farewell_keeps_the_open_question(talk: Talk) -> None:
    talk.case = Case(open="country")
    await talk.say("bye", "goodbye")
    assert talk.case.open == "country"


async def test_a_farewell_in_a_crisis_is_not_a_goodbye(talk: Talk) -> None:
    talk.case = Case(country="US", marks=["crisis"])
    said = await talk.say("goodbye then", "goodbye")
    assert "utter_goodbye" not in said
    assert "988" in talk.answer


async def test_help_is_the_plan_when_there_is_one(talk: Talk) -> None:
    assert "utter_help" in await talk.say("what can you do", "ask_help")
    talk.case = PAID.model_copy(deep=True)
    assert "utter_plan" in await talk.say("what can you do", "ask_help")


@pytest.mark.parametrize(
    "asked", ["my plan", "MY PLAN?", "What’s my plan", "我的计划。", "我的計畫", "我的计划呢？"]
)
async def test_the_plan_is_asked_for_in_any_language_and_case(talk: Talk, asked: str) -> None:
    talk.case = PAID.model_copy(deep=True)
    assert "utter_plan" in await talk.say(asked, "nlu_fallback")


async def test_the_plan_in_the_other_script_is_understood(talk: Talk) -> None:
    for text in ("我的计划", "我的計劃", "我的計畫"):
        talk.case = PAID.model_copy(deep=True)
        assert "utter_plan" in await talk.say(text, "nlu_fallback"), text


async def test_a_language_that_is_named_is_spoken_at_once(talk: Talk) -> None:
    assert "utter_language_changed" in await talk.say("請說繁體中文", "change_language")
    assert talk.case.language == "zh_Hant"


async def test_a_language_that_is_not_named_is_asked_for(talk: Talk) -> None:
    assert await talk.say("another language please", "change_language") == ["utter_which_language"]
    assert talk.case.open == WHICH_LANGUAGE
    assert "utter_language_changed" in await talk.say("简体中文", "nlu_fallback")
    assert talk.case.language == "zh_Hans"


async def test_advice_is_said_again_when_asked_for(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True)
    assert "utter_stop_payment" in await talk.say("thanks", "thank")
    assert "utter_stop_payment" not in await talk.say("thanks", "thank")
    assert "utter_stop_payment" in await talk.say("say that again", "repeat")


async def test_a_correction_is_made_or_asked_for(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True)
    assert await talk.say("that's wrong", "correct_answer") == ["utter_what_is_wrong"]
    assert talk.case.open == WHAT_IS_WRONG
    assert "utter_correct" in await talk.say("I live in Canada", "inform")
    assert talk.case.country == "CA"


async def test_a_correction_brings_the_advice_that_follows_from_it(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True)
    await talk.say("thanks", "thank")
    assert "utter_stop_payment" in await talk.say("actually it was a wire, not Zelle", "inform")
    assert talk.case.payments[0].method == "bank_wire"


async def test_who_says_stop_is_asked_nothing_until_they_speak_again(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True, update={"open": "when:0"})
    assert await talk.say("stop asking me", "stop") == ["utter_stopped", "utter_code_offer"]
    assert not any(said.startswith("utter_ask") for said in await talk.say("thank you", "thank"))
    said = await talk.say("where do I report", "ask_where_report")
    assert "utter_channels" in said
    assert said[-1].startswith("utter_ask")


async def test_starting_over_is_asked_for_once(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True, update={"language": "zh_Hans"})
    assert await talk.say("重新开始", "restart") == ["utter_ask_restart"]
    said = await talk.say("是的，重新开始", "affirm")
    assert said[0] == "utter_restarted"
    assert (talk.case.payments, talk.case.country, talk.case.language) == ([], None, "zh_Hans")


async def test_not_starting_over_loses_nothing(talk: Talk) -> None:
    talk.case = PAID.model_copy(deep=True)
    await talk.say("start over", "restart")
    assert "utter_go_on" in await talk.say("No, go on", "deny")
    assert talk.case.payments == PAID.payments


async def test_a_yes_that_answers_nothing_is_taken_kindly(talk: Talk) -> None:
    assert "utter_go_on" in await talk.say("yes", "affirm")


@pytest.mark.parametrize(
    ("need", "response"),
    [
        ("bot_challenge", "utter_bot_challenge"),
        ("express_frustration", "utter_frustration"),
        ("out_of_scope", "utter_out_of_scope"),
        ("express_shame", "utter_shame"),
    ],
)
async def test_what_is_said_is_answered_first(talk: Talk, need: str, response: str) -> None:
    assert (await talk.say(UNCLEAR, need))[0] == response


async def test_distress_is_heard_and_the_lines_are_named_once(talk: Talk) -> None:
    talk.case = Case(country="US")
    first = await talk.say("I can't sleep, I keep crying", "express_distress")
    assert first[:2] == ["utter_distress", "utter_distress_lines"]
    assert "utter_distress_lines" not in await talk.say("I keep crying", "express_distress")


async def test_facts_are_noted(talk: Talk) -> None:
    talk.case = Case(open="story")
    assert (await talk.say("I am in Canada", "inform"))[0] == "utter_noted"
    assert talk.case.country == "CA"


async def test_never_a_third_not_understood(talk: Talk) -> None:
    talk.case = Case(told=["welcome"])
    assert await talk.say(UNCLEAR, "nlu_fallback") == ["utter_not_understood"]
    assert talk.case.open == READING
    assert await talk.say(UNCLEAR, "nlu_fallback") == ["utter_not_understood_menu"]
    assert talk.case.open == MENU
    for _ in range(3):
        said = await talk.say(UNCLEAR, "nlu_fallback")
        assert said
        assert not any(response.startswith("utter_not_understood") for response in said)


async def test_being_understood_begins_anew(talk: Talk) -> None:
    await talk.say(UNCLEAR, "nlu_fallback")
    await talk.say("thanks", "thank")
    assert talk.case.misread == 0
    assert await talk.say(UNCLEAR, "nlu_fallback") == ["utter_not_understood"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_menu_leads_on(talk: Talk, language: str) -> None:
    talk.case = Case(language=language, open=MENU, misread=2)
    said = await talk.say(translate("I want a person", language), "nlu_fallback")
    assert said[0] == "utter_human"
    assert talk.case.language == language


@pytest.mark.parametrize("text", ["", "🙃", "???"])
async def test_nothing_to_read_is_said_so_and_not_held_against_anyone(talk: Talk, text: str) -> None:
    assert (await talk.say(text, "greet"))[0] == "utter_empty"
    assert talk.case.misread == 0


async def test_two_likely_readings_and_something_else_are_offered(talk: Talk) -> None:
    ranking = [
        {"name": name, "confidence": 0.3}
        for name in ("ask_privacy", "greet", "ask_stop_payment", "already_paid")
    ]
    await talk.say(UNCLEAR, "nlu_fallback", intent_ranking=ranking)
    assert talk.turn is not None
    expected = ["utter_reading_privacy", "utter_reading_stop_payment", "utter_reading_something_else"]
    assert likely_readings(talk.turn) == list(talk.turn.said[0].buttons) == expected


async def test_without_a_likely_reading_the_usual_ones_are_offered(talk: Talk) -> None:
    await talk.say(UNCLEAR, "nlu_fallback", intent_ranking=[])
    assert talk.turn is not None
    assert len(set(talk.turn.said[0].buttons)) == 3


def test_words_that_are_no_reading_are_none() -> None:
    assert chosen_reading("Something else") is None
    assert chosen_reading("Is this a scam?") == "ask_if_scam"


async def test_the_plan_of_a_frozen_account_is_not_empty(talk: Talk) -> None:
    talk.case = Case(frozen=True, frozen_by="police", country="CN")
    await talk.say("my plan")
    assert "frozen" in talk.answer
