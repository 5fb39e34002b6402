"""Rasa's seam: a turn goes in and out as slots and responses, and an error says nothing of the talk."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.case.model import Case, Payment
from actions.rasa_actions import ACTIONS, ConversationAction, PaymentsAction, SafetyAction
from actions.responses import responses
from bot.languages import LANGUAGES
from bot.policies.needs import SAFETY_NEEDS
from tests.actions.talk import latest


def tracker(
    text: str,
    need: str | None,
    case: Case | None = None,
    metadata: dict[str, Any] | None = None,
    **given: Any,
) -> Tracker:
    """A tracker whose last message is `text`."""
    slots = {"case": case.model_dump(mode="json") if case else None}
    message = {**latest(text, need), "metadata": metadata or {}, **given}
    return Tracker("test", slots, message, [], False, None, {}, "action_listen")


async def run(
    tracker: Tracker, action: Any = ConversationAction
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What the action said, and the slots it set."""
    dispatcher = CollectingDispatcher()
    events = await action().run(dispatcher, tracker, {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


def named(messages: list[dict[str, Any]]) -> list[str]:
    """Names of the responses."""
    return [message["response"] for message in messages]


def test_the_actions_are_those_the_policies_name() -> None:
    names = {action().name() for action in ACTIONS}
    assert len(names) == len(ACTIONS)
    assert set(SAFETY_NEEDS.values()) <= names


def test_the_sdk_takes_every_action() -> None:
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action)
    assert {action().name() for action in ACTIONS} <= executor.actions.keys()


async def test_a_turn_becomes_responses_and_slots() -> None:
    messages, slots = await run(tracker("I wired $50,000 yesterday", "already_paid"), PaymentsAction)
    assert "utter_stop_payment" in named(messages) or "utter_first_step" in named(messages)
    assert all(message["language"] == "en" for message in messages)
    case = Case.model_validate(slots["case"])
    assert case.payments[0].currency == "USD"
    assert (slots["language"], slots["erased"]) == ("en", None)


async def test_the_case_goes_on_where_it_was() -> None:
    kept = Case(language="zh_Hant", country="TW", paid=True, payments=[Payment()], open="method:0")
    messages, slots = await run(tracker("微信轉的", "inform", kept))
    case = Case.model_validate(slots["case"])
    assert case.id == kept.id
    assert case.payments[0].method == "wechat_pay"
    assert {message["language"] for message in messages} == {"zh_Hant"}


@pytest.mark.parametrize(
    ("tag", "language"), [("zh-HK", "zh_Hant"), ("zh-CN", "zh_Hans"), ("fr", "en"), (None, "en")]
)
async def test_a_talk_begins_in_the_language_of_the_page(tag: str | None, language: str) -> None:
    messages, slots = await run(tracker("", None, metadata={"begin": True, "language": tag}))
    assert named(messages) == ["utter_welcome", "utter_ask_story"]
    assert slots["language"] == language
    assert Case.model_validate(slots["case"]).open == "story"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_offered_readings_are_buttons_in_the_persons_language(language: str) -> None:
    messages, _ = await run(
        tracker("呵呵" if language != "en" else "blah blah", "nlu_fallback", Case(language=language))
    )
    buttons = messages[0]["buttons"]
    assert len(buttons) == 3
    assert all(button["title"] == button["payload"] for button in buttons)


async def test_erasing_is_asked_of_the_store() -> None:
    _, slots = await run(tracker("yes", "affirm", Case(open="confirm_delete", country="US")))
    assert slots["erased"] is True
    assert Case.model_validate(slots["case"]).country is None


SECRET = "my name is Li Lei and I lost everything"


@pytest.mark.parametrize(
    "given",
    [
        {"entities": [{"entity": "money"}]},
        {"entities": [{"entity": "money", "value": SECRET, "start": 0, "end": 5, "text": SECRET}]},
        {"signs": [{"quote": SECRET}]},
        {"signs": [{"id": SECRET, "quote": SECRET}]},
        {"intent_ranking": [SECRET]},
        {"intent": SECRET},
    ],
)
async def test_an_error_inside_a_turn_is_told_and_not_logged_with_words(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], given: dict[str, Any]
) -> None:
    kept = Case(payments=[Payment()], open="amount:0")
    with caplog.at_level(logging.DEBUG):
        messages, slots = await run(tracker(SECRET, "ask_document", kept, **given), SafetyAction)
    assert named(messages) == ["utter_error"]
    assert slots == {}
    logged = caplog.text + "".join(capsys.readouterr())
    assert "a turn failed" in logged
    assert "Li Lei" not in logged


async def test_a_broken_case_is_an_error_not_a_silence(caplog: pytest.LogCaptureFixture) -> None:
    broken = tracker(SECRET, "inform")
    broken.slots["case"] = {"role": SECRET}
    messages, _ = await run(broken)
    assert named(messages) == ["utter_error"]
    assert "Li Lei" not in caplog.text


def test_what_is_said_then_exists() -> None:
    assert "utter_error" in responses()
