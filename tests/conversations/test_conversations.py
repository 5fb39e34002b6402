"""Every script of ``talks/`` against the whole bot in process: trained model, store, actions, outbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet

from actions.case.model import Case
from actions.intake.contract import REFERENCE_ALPHABET
from actions.services import services
from bot.assistant import Assistant
from bot.channels.rest import Collected
from bot.languages import ENGLISH, negotiate
from bot.nlu.script import HAN
from tests.conversations.script import Exchange, Talk, read_talk, says

TALKS = sorted((Path(__file__).parent / "talks").glob("*.talk"))
TURNS_TO_A_STEP = 2
_CODE = re.compile(rf"(?:[{REFERENCE_ALPHABET}]{{3}}-){{5}}[{REFERENCE_ALPHABET}]{{3}}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}|utter_[a-z]")


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_talk(path: Path, assistant: Assistant) -> None:
    """The talk goes as written, and every answer is fit to be read."""
    talk = read_talk(path)
    person, code, without_a_step = uuid4(), "", 0
    for number, exchange in enumerate(talk.exchanges, 1):
        sender = f"{exchange.device}:{person}"
        said = exchange.said.replace("{code}", code)
        answer = await _say(assistant, sender, said, talk.language)
        shown = _CODE.search(answer)
        code = shown[0] if shown else code
        where = f"{path.name}, message {number} ({said!r}):\n{answer}"
        case = await _case(assistant, sender)
        _check_answer(exchange, answer, code, where)
        _check_fit_to_read(answer, case, where)
        without_a_step = without_a_step + 1 if _waits_for_a_step(case) else 0
        assert without_a_step < TURNS_TO_A_STEP, f"no first step to stop the payment\n{where}"
        if exchange.question is not None:
            assert (case.open or "-").partition(":")[0] == exchange.question, where
        if exchange.filed:
            _check_filed(case, exchange, where)
        if exchange.check_ins is not None:
            assert bool(services().check_ins.waiting(sender)) == exchange.check_ins, where
        await _pass_time(assistant, sender, timedelta(hours=exchange.hours_after))


async def _say(assistant: Assistant, sender: str, text: str, language: str) -> str:
    output = Collected()
    metadata: dict[str, Any] = {"language": language}
    channel = sender.partition(":")[0]
    await assistant.handle_message(
        UserMessage(text, output, sender, input_channel=channel, metadata=metadata)
    )
    lines = [said["text"] for said in output.messages]
    lines += [button["title"] for said in output.messages for button in said.get("buttons", ())]
    return "\n".join(lines)


async def _pass_time(assistant: Assistant, sender: str, passed: timedelta) -> None:
    """Let what was said last lie further back."""
    tracker = await assistant.tracker_store.retrieve(sender)
    case = await _case(assistant, sender)
    if not passed or tracker is None or case.last_heard_at is None:
        return
    case.last_heard_at -= passed
    if case.check_ins_since:
        case.check_ins_since -= passed
    tracker.update(SlotSet("case", case.model_dump(mode="json")))
    await assistant.tracker_store.save(tracker)


async def _case(assistant: Assistant, sender: str) -> Case:
    tracker = await assistant.tracker_store.retrieve(sender)
    kept = tracker.get_slot("case") if tracker else None
    return Case.model_validate(kept) if kept else Case()


def _check_answer(exchange: Exchange, answer: str, code: str, where: str) -> None:
    for fragment in exchange.expected:
        assert says(answer, fragment.replace("{code}", code)), f"should say {fragment!r}\n{where}"
    for fragment in exchange.refused:
        assert not says(answer, fragment.replace("{code}", code)), f"should not say {fragment!r}\n{where}"


def _check_fit_to_read(answer: str, case: Case, where: str) -> None:
    assert answer.strip(), where
    assert not _PLACEHOLDER.search(answer), where
    assert "Something went wrong" not in answer, where
    if case.language != ENGLISH:
        assert HAN.search(answer), where


def _waits_for_a_step(case: Case) -> bool:
    """Whether money left and nothing was said to stop it, though nobody's safety comes first."""
    safety_first = case.role == "trapped" or case.in_crisis or case.marked("watched")
    advised = any(key.startswith(("stop:", "first_step:")) for key in case.told)
    return bool(case.sent_payments) and not safety_first and not advised


def _check_filed(case: Case, exchange: Exchange, where: str) -> None:
    later = datetime.now(UTC) + timedelta(days=3650)
    outbox = services().outbox
    deliveries = {delivery.case_id: delivery for delivery in outbox.due(later, 1000)}
    filed = deliveries[case.id].case
    assert filed is not None, where
    body = filed.model_dump(mode="json")
    for path, value in exchange.filed:
        assert str(_at(body, path)) == value, f"{path}: {_at(body, path)!r}\n{where}"


def _at(body: Any, path: str) -> Any:
    for part in path.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body


def test_scripts_speak_every_language() -> None:
    """There are whole talks in each script."""
    spoken = {negotiate(read_talk(path).language) for path in TALKS}
    assert spoken == {"en", "zh_Hans", "zh_Hant"}


def test_a_talk_ends_with_a_checked_answer() -> None:
    """No script stops at a message whose answer it does not look at."""
    for path in TALKS:
        talk: Talk = read_talk(path)
        last = talk.exchanges[-1]
        assert last.expected or last.question or last.filed, path.name
