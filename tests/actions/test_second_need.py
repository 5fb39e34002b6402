"""The second thing a message says."""

from __future__ import annotations

import pytest

from actions.case.model import Case, Payment
from actions.reading import read
from actions.second_need import HEARD_TOO
from tests.actions.talk import Talk, latest

WIRED = "I wired it yesterday, and I can't stop crying"


def second(need: str, *clauses: tuple[str, float], text: str = WIRED) -> str | None:
    """The second need that is read from a message with these clauses."""
    heard = [{"name": name, "confidence": confidence} for name, confidence in clauses]
    return read({**latest(text, need), "clauses": heard}, Case()).second


def test_a_feeling_beside_a_payment_is_heard() -> None:
    assert second("already_paid", ("already_paid", 0.9), ("express_distress", 0.8)) == "express_distress"


@pytest.mark.parametrize("need", ["crisis", "trapped", "threatened", "inform", "affirm", "nlu_fallback"])
def test_beside_danger_or_a_bare_answer_nothing_else_is_heard(need: str) -> None:
    assert second(need, ("already_paid", 0.9), ("express_distress", 0.9)) is None


def test_a_doubtful_clause_is_not_heard() -> None:
    assert second("already_paid", ("already_paid", 0.9), ("express_distress", 0.4)) is None


def test_the_first_need_is_not_its_own_second() -> None:
    assert second("ask_privacy", ("ask_privacy", 0.9), ("ask_privacy", 0.9)) is None


def test_what_is_heard_too_is_a_need_with_an_answer_of_its_own() -> None:
    from actions.dialogue import HANDLERS

    assert HANDLERS.keys() >= HEARD_TOO


async def test_the_feeling_is_met_in_one_sentence_and_the_payment_comes_first(talk: Talk) -> None:
    heard = [{"name": "express_distress", "confidence": 0.9}]
    talk.case = Case(country="US")
    answer = await talk.say(
        "I wired $5,000 yesterday, and I can't stop crying", "already_paid", clauses=heard
    )
    assert answer[0] == "utter_distress_too"
    assert "utter_stop_payment" in answer
    assert "utter_distress" not in answer


async def test_a_question_beside_the_payment_is_answered_after_it(talk: Talk) -> None:
    heard = [{"name": "ask_privacy", "confidence": 0.9}]
    talk.case = Case(country="US")
    answer = await talk.say(
        "I sent 5000 by Zelle today. Who can see this chat?", "already_paid", clauses=heard
    )
    assert "utter_privacy" in answer
    assert len(talk.case.payments) == 1


async def test_a_wish_for_a_person_opens_the_way_to_one(talk: Talk) -> None:
    heard = [{"name": "ask_human", "confidence": 0.9}]
    talk.case = Case(country="US")
    answer = await talk.say(
        "I wired 5000 yesterday and I want to talk to a real person", "already_paid", clauses=heard
    )
    assert "utter_human_too" in answer


async def test_details_given_away_in_a_second_clause_are_taken_into_the_case(talk: Talk) -> None:
    heard = [{"name": "shared_details", "confidence": 0.9}]
    await talk.say("I paid 300 by card, and I gave them everything they asked", "already_paid", clauses=heard)
    assert talk.case.shared_details


async def test_a_story_told_beside_the_payment_names_the_pattern(talk: Talk) -> None:
    heard = [{"name": "tell_task_scam", "confidence": 0.9}, {"name": "already_paid", "confidence": 0.9}]
    answer = await talk.say(
        "I did rating tasks for a shop online, and sent them 900", "already_paid", clauses=heard
    )
    assert talk.case.scam_type == "brushing_task"
    assert any(said.startswith("utter_pattern_") for said in answer)


async def test_a_story_beside_anything_else_is_not_taken_for_the_persons_own(talk: Talk) -> None:
    heard = [{"name": "tell_task_scam", "confidence": 0.9}, {"name": "ask_privacy", "confidence": 0.9}]
    await talk.say("I read about rating tasks. Who can see this?", "ask_privacy", clauses=heard)
    assert talk.case.scam_type is None


async def test_facts_after_a_question_answer_it_however_ordinary_they_sound(talk: Talk) -> None:
    talk.case = Case(country="CN", payments=[Payment()], open="method:0", told=["welcome", "heard"])
    answer = await talk.say("today by bank transfer at the counter", "out_of_scope")
    assert talk.case.payments[0].method is not None
    assert "utter_out_of_scope" not in answer
