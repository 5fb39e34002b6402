"""The plan that can be ticked: what is shown, and what a tick moves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.case.model import Case, Payment
from actions.case.progress import progress, tick
from actions.checklist import checklist
from actions.responses import responses
from actions.summary import plan_lines
from bot.languages import ENGLISH, LANGUAGES
from bot.nlg import speak
from tests.actions.case.cases import CASES
from tests.actions.talk import GUIDE, NOW, Talk

WIRE = Payment(method="bank_wire", amount=Decimal(50000), currency="USD", paid_at=NOW)
CARD = Payment(method="gift_card", amount=Decimal(200), currency="USD", paid_at=NOW)


def paid(*payments: Payment) -> Case:
    """A case of somebody in the US who paid."""
    copies = [payment.model_copy() for payment in payments]
    return Case(country="US", paid=True, payments=copies, told=["welcome"])


async def ticks(talk: Talk, name: str, *, done: bool = True, text: str = "I did it") -> list[str]:
    """Tick a step as the web chat does."""
    return await talk.say(text, "stop", metadata={"step": {"name": name, "done": done}})


@given(CASES, st.sampled_from(LANGUAGES))
def test_each_step_stands_once_in_the_text_of_the_plan(case: Case, language: str) -> None:
    case.signs = {}
    lines = plan_lines(case, GUIDE, language, NOW).split("\n")
    steps = checklist(case, language)
    for step in steps:
        assert f"• {step['line']}" in lines
        assert step["title"] in step["line"]
        assert step["tick"] != step["untick"]
    assert len({step["name"] for step in steps}) == len(steps)


@given(
    CASES, st.text() | st.sampled_from(["bank:0", "bank:1", "police", "hold:0", "caseworker"]), st.booleans()
)
def test_a_tick_moves_its_step_alone(case: Case, name: str, done: bool) -> None:
    before = {step.name: step.done for step in progress(case)}
    step = tick(case, name, done=done)
    after = {step.name: step.done for step in progress(case)}
    if step is None:
        assert after == before
        assert name not in {shown["name"] for shown in checklist(case, ENGLISH)}
    else:
        assert step.done == before[name]
        assert after.get(name, False) == done
        assert {key: value for key, value in before.items() if key != name} == {
            key: value for key, value in after.items() if key != name
        }


async def test_the_plan_goes_out_with_its_steps(talk: Talk) -> None:
    talk.case = paid(WIRE, CARD)
    await talk.say("my plan")
    said = speak(responses()["utter_plan"], ENGLISH, talk.values("utter_plan"))
    assert [(step["name"], step["done"]) for step in said["metadata"]["checklist"]] == [
        ("bank:0", False), ("bank:1", False), ("police", False), ("evidence", False),
    ]  # fmt: skip
    assert "$50,000" in said["metadata"]["checklist"][0]["tick"]
    assert "pass the case to a caseworker" in said["text"]


async def test_a_tick_is_answered_like_the_words_and_the_case_moves_on(talk: Talk) -> None:
    talk.case = paid(WIRE)
    talk.case.open = "reached_bank:0"
    assert (await ticks(talk, "bank:0"))[0] == "utter_bank_reached"
    assert talk.case.payments[0].state == "recalled"
    assert talk.case.open != "reached_bank:0"
    assert (await ticks(talk, "police"))[0] == "utter_police_reached"
    assert (await ticks(talk, "evidence"))[0] == "utter_step_done"
    assert talk.case.done == ["police", "evidence"]
    assert not talk.case.paused, "what a model hears in the words does not count"


async def test_a_tick_can_be_taken_back(talk: Talk) -> None:
    talk.case = paid(WIRE)
    for name in ("bank:0", "police"):
        await ticks(talk, name)
        assert (await ticks(talk, name, done=False))[0] == "utter_step_open"
    assert not any(step.done for step in progress(talk.case))


async def test_a_step_of_an_earlier_plan_shows_the_plan_as_it_is(talk: Talk) -> None:
    talk.case = paid(WIRE)
    assert (await ticks(talk, "bank:7"))[0] == "utter_plan"
    talk.case = Case()
    assert (await ticks(talk, "bank:0"))[0] == "utter_plan_empty"


async def test_a_tick_is_no_word_for_the_caseworker(talk: Talk) -> None:
    talk.case = paid(WIRE)
    talk.case.open = "reply"
    assert "utter_reply_passed_on" not in await ticks(talk, "bank:0")
    assert talk.case.payments[0].state == "recalled"


async def test_somebody_watched_is_told_nothing_of_a_plan(talk: Talk) -> None:
    talk.case = paid(WIRE)
    talk.case.marks, talk.case.open = ["watched"], "alone"
    assert await ticks(talk, "bank:0") == ["utter_ask_alone"]
    assert talk.case.payments[0].state == "sent"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_tick_leaves_the_language_of_the_talk(talk: Talk, language: str) -> None:
    talk.case = paid(WIRE)
    talk.case.language = language
    await ticks(talk, "police", text="I reported it to the police yesterday and they were kind")
    assert talk.case.language == language


async def test_a_cry_for_help_is_never_a_tick(talk: Talk) -> None:
    talk.case = paid(WIRE)
    told = {"metadata": {"step": {"name": "police", "done": True}}}
    await talk.say("I want to die", "crisis", crisis="self", **told)
    assert talk.case.marked("crisis")
    assert "police" not in talk.case.done
