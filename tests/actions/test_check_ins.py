"""Check-ins in the talk: offered once, asked for, stopped by one word, and what a person finds who comes back."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.case.model import Case, Payment
from actions.case.planner import plan
from actions.services import Services
from bot.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from tests.actions.talk import GUIDE, NOW, Talk

DAY = timedelta(days=1)
IN_GOOD_TIME = datetime(2026, 11, 21, 16, tzinfo=UTC)
WIRE = Payment(method="bank_wire", amount=50000, currency="USD", paid_at=NOW - timedelta(hours=31))  # type: ignore[arg-type]


def filed(**changes: Any) -> Case:
    """A case that was handed over; everything was said."""
    facts: dict[str, Any] = {
        "role": "self",
        "scam_type": "pig_butchering",
        "country": "US",
        "time_zone": "Etc/UTC",
        "paid": True,
        "payments": [WIRE.model_copy()],
        "skipped": ["reached_bank:0"],
        "told": ["welcome", "heard"],
        "filed_at": NOW,
        "reference": "7KQ4-M2XR",
    }
    case = Case(**{**facts, **changes})
    for tell in plan(case, GUIDE, NOW).tells:
        case.tell(tell.key)
    return case


def on(**changes: Any) -> Case:
    """A case whose person wants to be written to."""
    chosen = {"check_ins": "yes", "check_ins_since": NOW, "last_heard_at": NOW, "reachable": True}
    return filed(**{**chosen, **changes})


@pytest.fixture
def new_talk(services: Services) -> Any:
    """Begins a talk in the web chat."""
    return lambda case=None, channel="webchat": Talk(services, case, f"{channel}:someone")


def waiting(talk: Talk) -> list[datetime]:
    return talk.services.check_ins.waiting(talk.sender_id)


@pytest.mark.parametrize("language", [ENGLISH, SIMPLIFIED, TRADITIONAL])
async def test_a_yes_is_stored_and_confirmed(new_talk: Any, language: str) -> None:
    talk = new_talk(filed(open="check_in", language=language))
    assert await talk.say({"en": "Yes, please"}.get(language, "好"), "affirm") == [
        "utter_check_ins_on",
        "utter_check_ins_on_page",
    ]
    assert talk.answer
    assert (talk.case.check_ins, talk.case.check_ins_since) == ("yes", NOW)
    assert waiting(talk) == [IN_GOOD_TIME, NOW + 3 * DAY, NOW + 7 * DAY]


@pytest.mark.parametrize(("text", "need"), [("no", "deny"), ("not sure", "unsure"), ("唔知", "unsure")])
async def test_no_and_not_sure_are_a_no(new_talk: Any, text: str, need: str) -> None:
    talk = new_talk(filed(open="check_in"))
    assert (await talk.say(text, need))[0] == "utter_check_ins_declined"
    assert talk.case.check_ins == "no"
    assert waiting(talk) == []
    await talk.say("thanks", "thank")
    assert talk.case.open is None


async def test_it_is_not_asked_again_when_something_else_is_said(new_talk: Any) -> None:
    talk = new_talk(filed(open="check_in"))
    await talk.say("what should I keep as evidence?", "ask_evidence")
    assert talk.case.open is None
    assert talk.case.check_ins is None
    assert waiting(talk) == []


@pytest.mark.parametrize("text", ["remind me", "Remind me!", "提醒我", "“提醒我”", "「提醒我」"])
async def test_it_can_be_asked_for(new_talk: Any, text: str) -> None:
    talk = new_talk(filed(skipped=["check_in", "reached_bank:0"]))
    assert await talk.say(text, "nlu_fallback") == ["utter_ask_check_in"]
    assert talk.case.open == "check_in"
    await talk.say("yes", "affirm")
    assert waiting(talk)
    assert await talk.say("remind me", "nlu_fallback") == ["utter_check_ins_already"]


async def test_asking_for_it_does_not_end_a_pause(new_talk: Any) -> None:
    talk = new_talk(Case(paused=True, payments=[WIRE.model_copy()]))
    await talk.say("remind me", "nlu_fallback")
    await talk.say("yes", "affirm")
    assert talk.case.paused
    assert talk.case.open is None
    assert waiting(talk)


async def test_where_the_bot_cannot_speak_first_it_says_so(new_talk: Any) -> None:
    talk = new_talk(filed(), "rest")
    assert (await talk.say("remind me", "nlu_fallback"))[0] == "utter_check_ins_not_here"
    assert talk.case.open != "check_in"


async def test_somebody_held_is_not_written_to(new_talk: Any) -> None:
    talk = new_talk(Case(role="trapped", marks=["trapped"], place="KH", skipped=["consent"]))
    assert (await talk.say("remind me", "nlu_fallback"))[0] == "utter_check_ins_unsafe"
    assert talk.case.open != "check_in"


async def test_in_a_crisis_safety_is_asked_first(new_talk: Any) -> None:
    talk = new_talk(filed(marks=["crisis"], open="safe_now"))
    assert "utter_ask_check_in" not in await talk.say("remind me", "nlu_fallback")
    assert talk.case.open == "safe_now"


STOPS = [
    ("stop", "stop"),
    ("please leave me alone", "stop"),
    ("STOP.", "nlu_fallback"),
    ("cancel", "deny"),
    ("取消", "nlu_fallback"),
    ("停止", "nlu_fallback"),
]


@pytest.mark.parametrize(("text", "need"), STOPS)
@pytest.mark.parametrize("question", [None, "consent", "reached_bank:0", "confirm_delete"])
async def test_one_word_stops_it(new_talk: Any, text: str, need: str, question: str | None) -> None:
    talk = new_talk(filed(open="check_in"))
    await talk.say("yes", "affirm")
    talk.case.open = question
    assert await talk.say(text, need, now=NOW + 2 * DAY) == ["utter_check_ins_off"]
    assert waiting(talk) == []
    assert (talk.case.check_ins, talk.case.open) == ("no", None)
    assert talk.case.filed_at
    await talk.say("remind me", "nlu_fallback", now=NOW + 2 * DAY)
    await talk.say("yes", "affirm", now=NOW + 2 * DAY)
    assert waiting(talk)


async def test_without_check_ins_a_word_keeps_its_meaning(new_talk: Any) -> None:
    talk = new_talk(filed())
    assert (await talk.say("stop", "stop"))[0] == "utter_stopped"


async def test_starting_over_and_deleting_cancel_it(new_talk: Any) -> None:
    for need in ("restart", "delete_data"):
        talk = new_talk(filed(open="check_in"))
        await talk.say("yes", "affirm")
        assert waiting(talk)
        await talk.say("please", need)
        await talk.say("yes", "affirm")
        assert waiting(talk) == []
        assert talk.case.check_ins is None


async def test_somebody_watched_is_not_written_to_until_they_are_alone(new_talk: Any) -> None:
    talk = new_talk(on())
    await talk.say("he is right here", "being_watched")
    assert waiting(talk) == []
    await talk.say("1", "nlu_fallback")
    assert waiting(talk)


async def test_stopping_while_watched_is_silent(new_talk: Any) -> None:
    talk = new_talk(on(marks=["watched"], open="alone"))
    assert await talk.say("stop", "stop") == ["utter_ask_alone"]
    assert talk.case.check_ins == "no"
    await talk.say("1", "nlu_fallback")
    assert waiting(talk) == []


async def test_what_waits_follows_the_case(new_talk: Any) -> None:
    """A reminder goes when the bank was reached; writing shortly before drops what is due."""
    talk = new_talk(on(open="reached_bank:0", skipped=[]))
    await talk.say("thanks", "thank")
    assert waiting(talk)[0] == IN_GOOD_TIME
    await talk.say("yes, I called them", "affirm")
    assert talk.case.payments[0].state == "recalled"
    assert waiting(talk)[0] == NOW + DAY
    await talk.say("hello", "greet", now=NOW + timedelta(hours=20))
    assert waiting(talk) == [NOW + 3 * DAY, NOW + 7 * DAY]


@pytest.mark.parametrize(
    ("text", "need"), [("yes", "affirm"), ("ok", "affirm"), ("好", "affirm"), ("no, not yet", "deny")]
)
@pytest.mark.parametrize("question", ["reached_bank:0", "consent", "summary_ok", "confirm_delete", None])
async def test_a_bare_answer_is_one_to_the_check_in(
    new_talk: Any, text: str, need: str, question: str | None
) -> None:
    """What is open comes first, then the next question; nothing was agreed to that was asked days ago."""
    talk = new_talk(on(open=question))
    said = await talk.say(text, need, now=NOW + DAY + timedelta(hours=1))
    assert said == ["utter_welcome_back", "utter_still_open", "utter_ask_reached_bank"]
    assert talk.case.payments[0].state == "sent"
    assert talk.case.open == "reached_bank:0"
    await talk.say("yes", "affirm", now=NOW + DAY + timedelta(hours=1))
    assert talk.case.payments[0].state == "recalled"


async def test_with_nothing_open_it_asks_what_is_on_their_mind(new_talk: Any) -> None:
    done = WIRE.model_copy(update={"state": "recalled"})
    talk = new_talk(on(payments=[done], done=["police", "evidence"]))
    said = await talk.say("好", "affirm", now=NOW + DAY + timedelta(hours=1))
    assert said == ["utter_welcome_back", "utter_anything_else"]


async def test_what_a_person_brings_back_is_answered(new_talk: Any) -> None:
    talk = new_talk(on(open=None))
    said = await talk.say("what can I keep as evidence?", "ask_evidence", now=NOW + DAY + timedelta(hours=1))
    assert said[:2] == ["utter_welcome_back", "utter_still_open"]
    assert "utter_evidence" in said


async def test_a_silence_of_days_is_welcomed_without_check_ins_too(new_talk: Any) -> None:
    talk = new_talk(filed(last_heard_at=NOW))
    assert "utter_welcome_back" not in await talk.say("hello", "greet", now=NOW + DAY)
    assert "utter_welcome_back" in await talk.say("hello", "greet", now=NOW + 4 * DAY)
    assert "utter_welcome_back" not in await talk.say("hello", "greet", now=NOW + 4 * DAY)


async def test_a_crisis_is_answered_at_once_after_any_silence(new_talk: Any) -> None:
    talk = new_talk(on())
    said = await talk.say("I can't go on", "crisis", crisis="self", now=NOW + 4 * DAY)
    assert said == ["utter_crisis", "utter_ask_safe_now"]


async def test_with_a_crisis_open_a_bare_yes_is_not_taken_for_safety(new_talk: Any) -> None:
    talk = new_talk(on(marks=["crisis"], open="safe_now"))
    assert await talk.say("yes", "affirm", now=NOW + 4 * DAY) == ["utter_ask_safe_now"]
    assert talk.case.safe_now is None


@pytest.mark.parametrize(
    "facts", [{"marks": ["watched"], "open": "alone"}, {"role": "trapped", "place": "KH"}]
)
async def test_who_is_in_danger_is_not_shown_what_is_open(new_talk: Any, facts: dict[str, Any]) -> None:
    talk = new_talk(on(**facts))
    said = await talk.say("yes", "affirm", now=NOW + 4 * DAY)
    assert not {"utter_welcome_back", "utter_still_open"} & set(said)


async def test_a_store_that_fails_promises_nothing(new_talk: Any, tmp_path: Path) -> None:
    talk = new_talk(filed(open="check_in"))
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("DROP TABLE check_ins")
    assert await talk.say("yes", "affirm") == ["utter_check_ins_failed"]
    assert talk.case.check_ins is None
    assert talk.case.open is None


async def test_a_store_that_fails_is_told_when_it_cannot_cancel(new_talk: Any, tmp_path: Path) -> None:
    talk = new_talk(on())
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("DROP TABLE check_ins")
    assert await talk.say("stop", "stop") == ["utter_error"]
    assert talk.case.check_ins == "yes"
