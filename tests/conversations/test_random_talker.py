"""Five hundred talks of forty turns with a person who may say anything: what must hold for every answer.

A talk is made by its number: ``pytest tests/conversations/test_random_talker.py -k "[17]"`` holds the seventeenth
again, and the failure shows the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from actions import rasa_actions
from actions.case.model import Case
from actions.services import Services
from bot.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from tests.actions.conftest import settings_in
from tests.conversations.random_talker.ledger import Ledger
from tests.conversations.random_talker.person import Person, everything_said, title
from tests.conversations.random_talker.readings import Readings
from tests.conversations.random_talker.rules import broken
from tests.conversations.random_talker.stage import Exchange, Stage

TALKS = 500
TURNS = 40
MOST_TURNS_TO_A_PERSON = 8
_WANTS_A_PERSON = {ENGLISH: "I want a person", SIMPLIFIED: "我要找人工", TRADITIONAL: "我想找真人"}
_DELETE = {ENGLISH: "delete my data", SIMPLIFIED: "删除我的数据", TRADITIONAL: "刪除我的資料"}
_ALONE = "1"
# On the way to a person each question gets the answer that leads there.
_WAY = {
    "safe_now": ("utter_ask_safe_now", "yes"),
    "consent": ("utter_ask_consent", "yes"),
    "contact": ("utter_ask_contact", "none"),
    "contact_value": ("utter_ask_contact_value_phone", "skip"),
    "summary_ok": ("utter_ask_summary_ok", "yes"),
}


@pytest.fixture(scope="module")
def readings(model: Path) -> Readings:
    """Everything that will be said, read once."""
    made = Readings(model)
    made.read_ahead([*everything_said(), *_WANTS_A_PERSON.values(), *_DELETE.values()])
    return made


@pytest.fixture(scope="module")
def own_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A real outbox, check-ins and resume codes, for these talks alone."""
    made = Services(settings_in(tmp_path_factory.mktemp("talker")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rasa_actions, "services", lambda: made)
        yield made
    made.outbox.close()
    made.check_ins.close()


@pytest.mark.parametrize("number", range(TALKS))
async def test_a_talk_with_anybody(number: int, readings: Readings, own_services: Services) -> None:
    """Every answer is fit to be read, nothing is asked twice, and there is always a way to a person."""
    person = Person(number)
    stage = Stage(readings, f"{person.channel}:talk-{number}", person.language, person.time_zone)
    talk = _Watched(stage)
    if person.opens_the_page:
        await talk.say("", begin=True)
    for _ in range(TURNS):
        last = stage.exchanges[-1] if stage.exchanges else None
        await talk.say(person.next_message(stage.case, last))
    await _reach_a_person(talk, own_services)
    if person.deletes:
        await _delete(talk, own_services)


class _Watched:
    """A talk in which every answer is looked at."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._ledger = Ledger()

    async def say(self, text: str, *, begin: bool = False) -> Exchange:
        """Say `text`; the answer must be sound."""
        exchange = await self.stage.say(text, begin=begin)
        faults = list(broken(exchange, [earlier.said for earlier in self.stage.exchanges]))
        if again := self._ledger.asked_again(exchange):
            faults.append(f"asked again: {again}")
        if faults:
            self.fail("; ".join(faults))
        return exchange

    def fail(self, why: str) -> None:
        """Fail with the whole talk."""
        lines = (f"> {exchange.said}\n{exchange.answer}" for exchange in self.stage.exchanges)
        pytest.fail("\n".join([*lines, f"\n{why}"]), pytrace=False)


async def _reach_a_person(talk: _Watched, services: Services) -> None:
    """Ask for a person and go along: the case is filed, with its reference."""
    stage = talk.stage
    exchange = await talk.say(_wants_a_person(stage.case))
    for _ in range(MOST_TURNS_TO_A_PERSON):
        case = stage.case
        if case.filed_at and not case.marked("watched"):
            break
        exchange = await talk.say(_next_on_the_way(case))
    case = stage.case
    if not case.filed_at or case.reference is None:
        talk.fail("no way to a person")
    if case.reference not in exchange.answer and "utter_human" not in exchange.responses:
        talk.fail("does not say how the case stands")
    if _in_outbox(services, case) != "case":
        talk.fail("was told that the case is filed, and it is not")


def _wants_a_person(case: Case) -> str:
    return _WANTS_A_PERSON[case.language]


def _next_on_the_way(case: Case) -> str:
    question = (case.open or "").partition(":")[0]
    if case.marked("watched") and question != "safe_now":
        return _ALONE
    if question not in _WAY:
        return _wants_a_person(case)
    response, value = _WAY[question]
    return title(response, value, case.language)


async def _delete(talk: _Watched, services: Services) -> None:
    """Delete everything: nothing is left here, and the erasure of the filed case is on its way."""
    case = talk.stage.case
    await talk.say(_DELETE[case.language])
    exchange = await talk.say(title("utter_ask_delete", "yes", case.language))
    if not exchange.erased or exchange.after.has_facts or "utter_deleted" not in exchange.responses:
        talk.fail("is not deleted")
    if _in_outbox(services, case) != "erase":
        talk.fail("the filed case would stay")


_later = (datetime.now(UTC) + timedelta(days=3650 + days) for days in count())


def _in_outbox(services: Services, case: Case) -> str | None:
    """What waits in the outbox for `case`, its content or its erasure; taken from it."""
    waiting = services.outbox.due(next(_later), 1000)
    for delivery in waiting:
        services.outbox.delivered(delivery.id)
    return next((delivery.kind for delivery in waiting if delivery.case_id == case.id), None)
