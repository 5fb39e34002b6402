"""The turn as a whole: nothing without a handler, a teller or a text, and no turn without an answer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.asking import asked_by
from actions.case import planner
from actions.case.answers import _READERS
from actions.case.model import Case, Payment
from actions.dialogue import _AFTER, HANDLERS, MOST_ADVICE_A_TURN, TELLS
from actions.responses import responses
from actions.services import Services
from bot.languages import LANGUAGES
from bot.nlg import PLACEHOLDER
from bot.paths import DOMAIN
from tests.actions.talk import NOW, Talk

CODE = Path(planner.__file__).read_text(encoding="utf-8")
NEEDS = sorted(
    {need for path in DOMAIN.glob("*.yml") for need in yaml.safe_load(path.read_text()).get("intents", ())}
)
TOLD = sorted(set(re.findall(r'Tell\("([a-z_]+)"', CODE)))
ASKED = sorted(
    set(re.findall(r'(?:yield f?|Plan\(\(\), )"([a-z_]+)(?=[:"])', CODE)) | {"sign", planner.CHECK_IN}
)
TEXTS = (
    "I wired $50,000 to Hong Kong yesterday", "我在美国，被骗了三万", "not sure", "yes", "no", "1", "Canada",
    "by Zelle",
    "my number is +1 415 555 0123", "做任务要先充值三千", "冇", "someone@example.org", "Something is wrong", "", "🙂",
    "my plan", "Yes, send it", "Another way", "They refused", "Не понимаю ничего здесь", "{lines} %s",
)  # fmt: skip


def test_the_planner_was_read() -> None:
    assert len(NEEDS) > 30
    assert {"stop", "hold", "channels", "aftercare"} <= set(TOLD)
    assert {"paid", "method", "country", "consent", "summary_ok", "alone", "safe_now"} <= set(ASKED)


def test_every_need_of_the_domain_has_a_handler() -> None:
    assert set(NEEDS) <= HANDLERS.keys()
    assert {need for need in HANDLERS if need is not None} <= set(NEEDS)


@pytest.mark.parametrize("what", TOLD)
def test_every_advice_of_the_planner_has_a_teller(what: str) -> None:
    assert what in TELLS


def test_nothing_is_told_that_the_planner_does_not_plan() -> None:
    assert set(TELLS) == set(TOLD)


@pytest.mark.parametrize("kind", ASKED)
def test_every_question_has_its_words_and_a_reader(kind: str) -> None:
    names = [f"utter_ask_{kind}"]
    if kind == "contact_value":
        names = ["utter_ask_contact_value_phone", "utter_ask_contact_value_email"]
    for name in names:
        assert name in responses()
    assert kind in _READERS


def test_what_follows_an_answer_belongs_to_a_question() -> None:
    assert set(_AFTER) <= set(_READERS) <= set(ASKED)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "hello there my friend"), ("zh_Hans", "你还好吗"), ("zh_Hant", "你還好嗎")]
)
@pytest.mark.parametrize("known", [{}, {"country": "US", "paid": True, "payments": [{"method": "zelle"}]}])
async def test_every_need_is_answered_in_every_language(
    services: Services, language: str, text: str, known: dict[str, Any]
) -> None:
    for need in [*NEEDS, None]:
        talk = Talk(services, Case(language=language, **known))
        assert await talk.say(text, need), need
        assert talk.answer.strip()
        assert talk.case.language == language
        assert not PLACEHOLDER.search(talk.answer)


STEPS = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from([*NEEDS, None])), min_size=1, max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, language=st.sampled_from(LANGUAGES))
async def test_whatever_is_said_every_turn_answers_with_at_most_one_question(
    services: Services, steps: list[tuple[str, str | None]], language: str
) -> None:
    talk = Talk(services, Case(language=language))
    for text, need in steps:
        said = await talk.say(text, need)
        assert talk.answer.strip()
        questions = [response for response in said if response.startswith("utter_ask_")]
        assert len(questions) <= 1
        if questions and talk.case.open:
            assert questions[0].removesuffix("_again") == asked_by(talk.case)
            assert said[-1] == questions[0]


async def test_a_story_gets_its_first_step_in_the_same_turn(talk: Talk) -> None:
    said = await talk.say("I wired $50,000 to Hong Kong yesterday, I live in the US", "already_paid")
    assert "utter_stop_payment" in said
    assert "$50,000" in talk.answer
    assert "of the 72 hours are left" in talk.answer
    assert talk.turn is not None
    (step,) = [said for said in talk.turn.said if said.response == "utter_stop_payment"]
    left = datetime.fromisoformat(step.values["until"]) - talk.turn.now
    assert timedelta(0) < left < timedelta(hours=72)


@pytest.mark.parametrize("ago", [timedelta(hours=100), None])
async def test_time_that_is_over_or_unknown_is_not_counted_down(talk: Talk, ago: timedelta | None) -> None:
    wire = Payment(method="bank_wire", amount=5, currency="USD", paid_at=NOW - ago if ago else None)  # type: ignore[arg-type]
    talk.case = Case(paid=True, country="US", payments=[wire])
    await talk.say("thanks", "thank")
    assert talk.turn is not None
    (step,) = [said for said in talk.turn.said if said.response == "utter_stop_payment"]
    assert "until" not in step.values


async def test_money_by_an_unknown_way_gets_a_first_step_in_the_same_turn(talk: Talk) -> None:
    assert "utter_first_step" in await talk.say("I sent them money", "already_paid")


async def test_advice_comes_in_portions_and_none_is_lost(talk: Talk) -> None:
    payments = [Payment(method=method, amount=5) for method in ("zelle", "venmo", "paypal", "cash_app")]  # type: ignore[arg-type]
    talk.case = Case(paid=True, payments=payments)
    told: list[Any] = []
    for _ in range(3):
        await talk.say("thanks", "thank")
        assert talk.turn is not None
        steps = [said for said in talk.turn.said if said.response == "utter_stop_payment"]
        assert len(steps) <= MOST_ADVICE_A_TURN
        told += [said.values["payment"] for said in steps]
    assert len(told) == len(set(told)) == len(payments)


async def test_an_unsupported_language_is_told_so_in_both(talk: Talk) -> None:
    talk.case = Case(country="US", open="method:0", payments=[Payment()])
    said = await talk.say("Меня обманули мошенники, помогите", "nlu_fallback")
    assert said == ["utter_unsupported_language", "utter_unsupported_lines"]
    assert "русский" in talk.answer
    assert "911" in talk.answer
    assert talk.case.open == "method:0"
    assert talk.case.language == "en"


async def test_a_need_inside_a_question_is_answered_and_the_question_comes_back(talk: Talk) -> None:
    talk.case = Case(country="US", paid=True, payments=[Payment()], told=["first_step:0"], open="method:0")
    said = await talk.say("who can read this?", "ask_privacy")
    assert (said[0], said[-1]) == ("utter_privacy", "utter_ask_method")
    assert talk.case.open == "method:0"


async def test_a_question_is_asked_until_it_is_settled_and_then_never_again(talk: Talk) -> None:
    talk.case = Case(country="US", paid=True, payments=[Payment()], told=["first_step:0"], open="method:0")
    assert "utter_ask_method" not in await talk.say("Another way", "nlu_fallback")
    assert "utter_ask_method" not in await talk.say("thanks", "thank")


async def test_an_unknown_need_is_not_understood(talk: Talk) -> None:
    assert await talk.say("blah blah blah", "no_such_need") == ["utter_not_understood"]


async def test_what_is_told_is_never_met_with_a_bare_question(talk: Talk) -> None:
    """A message that calls for no advice is at least acknowledged."""
    await talk.say("I put 3000 into gold with a man from Tinder", "tell_romance_investment")
    said = await talk.say("he knew so much about me", "tell_romance_investment")
    assert said[0] == "utter_noted"


async def test_a_command_is_no_cry_for_help_whatever_a_model_makes_of_it(talk: Talk) -> None:
    talk.case = Case(language="zh_Hans", payments=[Payment(method="zelle")])
    assert "utter_plan" in await talk.say("我的计划", "crisis", crisis="self")


async def test_in_a_crisis_a_command_waits(talk: Talk) -> None:
    talk.case = Case(
        language="zh_Hans", payments=[Payment(method="zelle")], marks=["crisis"], open="safe_now"
    )
    assert "utter_crisis" in await talk.say("我的计划", "crisis", crisis="self")


@pytest.mark.parametrize(
    ("question", "text", "need", "unsaid"),
    [
        ("country", "中国", "change_language", "utter_which_language"),
        ("citizenship", "中国护照", "tell_authority_impersonation", "utter_pattern_unclear"),
        ("frozen_by", "银行说是公安冻结的", "account_frozen", "utter_account_frozen"),
    ],
)
async def test_an_answer_is_not_read_as_a_need_too(
    talk: Talk, question: str, text: str, need: str, unsaid: str
) -> None:
    talk.case = Case(
        language="zh_Hans", role="relative_trapped", frozen=True, marks=["trapped"], open=question
    )
    said = await talk.say(text, need, intent_ranking=[{"name": need, "confidence": 0.6}])
    assert unsaid not in said
    assert talk.case.scam_type is None


async def test_two_payments_by_an_unknown_way_get_the_first_step_once(talk: Talk) -> None:
    talk.case = Case(payments=[Payment(), Payment()])
    assert (await talk.say("what now", "ask_help")).count("utter_first_step") == 1
