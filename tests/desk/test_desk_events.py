"""What the desk tells the bot: every answer and change, in order, signed, until the bot has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.desk.desk_bot import Bot

SECRET = "an-event-secret-of-the-tests"
URL = "http://127.0.0.1:9/webhooks/intake/events"
WAITING, CLOSED = "6", "4"

Answer = Callable[[httpx.Request], httpx.Response]


class Ear:
    """The bot's side: keeps what came, and answers as told."""

    def __init__(self) -> None:
        self.heard: list[httpx.Request] = []
        self.answer: Answer = lambda request: httpx.Response(202)
        self.client = httpx.Client(transport=httpx.MockTransport(self._take))

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return self.answer(request)

    def listen(self) -> int:
        """Let the desk send until nothing is due; how many events the bot took."""
        from desk.intake.herald import send_due

        total = 0
        while taken := send_due(self.client):
            total += taken
        return total

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The events as they came."""
        return [json.loads(request.content) for request in self.heard]


@pytest.fixture
def ear(empty_desk: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    """A bot that listens."""
    from django.conf import settings

    monkeypatch.setattr(settings, "EVENTS_URL", URL)
    monkeypatch.setattr(settings, "EVENT_SECRET", SECRET)
    ear = Ear()
    yield ear
    ear.client.close()


def pass_time(hours: float = 2) -> None:
    """Let pauses and leases run out."""
    from django.db.models import F

    from desk.intake.models import CaseEvent

    earlier = F("next_at") - timedelta(hours=hours)
    CaseEvent.objects.update(next_at=earlier, lease_until=None)


def test_an_answer_and_a_change_of_status_are_told_in_order(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any], contract: dict[str, Any]
) -> None:
    bot.put(case_file)
    bot.reply(staff, comment="Did the bank open a case?", public="1", new_status=WAITING)
    bot.reply(staff, comment="银行立案了吗？\r\n请告诉我。", public="1")
    bot.reply(staff, comment="between ourselves")
    assert ear.listen() == 3
    said = [(body["sequence"], body["kind"], body["status"], body["text"]) for body in ear.bodies]
    assert said == [
        (1, "status_changed", "waiting_for_person", None),
        (2, "message", "waiting_for_person", "Did the bank open a case?"),
        (3, "message", "waiting_for_person", "银行立案了吗？\n请告诉我。"),
    ]
    validator = Draft202012Validator(
        {"$ref": "#/components/schemas/CaseEvent", "components": contract["components"]},
        format_checker=FormatChecker(),
    )
    for body in ear.bodies:
        assert list(validator.iter_errors(body)) == []
        assert body["case_id"] == str(bot.case_id)
    assert ear.listen() == 0


def test_each_is_signed_over_id_time_and_body(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]
) -> None:
    bot.put(case_file)
    bot.reply(staff, new_status=CLOSED)
    ear.listen()
    [request] = ear.heard
    id, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    content = f"{id}.{timestamp}.".encode() + request.content
    digest = base64.b64encode(hmac.digest(SECRET.encode(), content, hashlib.sha256)).decode()
    assert request.headers["webhook-signature"] == f"v1,{digest}"
    assert id == json.loads(request.content)["event_id"]


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_the_bot_did_not_take_comes_again_and_holds_the_rest_of_its_case(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any], status: int
) -> None:
    other = Bot()
    for one, reference in ((bot, "7KQ4-M2XR"), (other, "8KQ4-M2XR")):
        one.put(case_file | {"reference": reference})
    ear.answer = lambda request: httpx.Response(status)
    bot.reply(staff, comment="first", public="1")
    bot.reply(staff, comment="second", public="1")
    assert ear.listen() == 0
    ear.answer = lambda request: httpx.Response(202)
    other.reply(staff, comment="to another", public="1")
    assert ear.listen() == 1
    pass_time()
    assert ear.listen() == 2
    texts = [body["text"] for body in ear.bodies]
    assert texts == ["first", "to another", "first", "second"]
    assert ear.bodies[0]["event_id"] == ear.bodies[2]["event_id"]


def test_no_answer_is_tried_again(bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("not there")

    bot.put(case_file)
    ear.answer = refuse
    bot.reply(staff, comment="hello", public="1")
    assert ear.listen() == 0
    assert ear.listen() == 0
    assert len(ear.heard) == 1
    pass_time()
    ear.answer = lambda request: httpx.Response(202)
    assert ear.listen() == 1


def test_a_worker_killed_while_sending_sends_again_after_its_lease(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]
) -> None:
    def die(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    bot.put(case_file)
    bot.reply(staff, comment="hello", public="1")
    ear.answer = die
    with pytest.raises(KeyboardInterrupt):
        ear.listen()
    ear.answer = lambda request: httpx.Response(202)
    assert ear.listen() == 0
    pass_time()
    assert ear.listen() == 1
    assert ear.bodies[0]["event_id"] == ear.bodies[1]["event_id"]


@pytest.mark.parametrize(("status", "word"), [(404, "no longer there"), (422, "did not take it")])
def test_what_will_never_be_taken_is_told_to_the_caseworkers(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any], status: int, word: str
) -> None:
    bot.put(case_file)
    ear.answer = lambda request: httpx.Response(status)
    bot.reply(staff, comment="hello", public="1")
    assert ear.listen() == 0
    pass_time()
    assert ear.listen() == 0
    assert len(ear.heard) == 1
    note = bot.ticket.followup_set.order_by("id").last()
    assert (note.public, word in note.comment) == (False, True)
    assert bot.get().json()["public_note"] == "hello"


def test_a_person_who_writes_reopens_the_case_and_that_is_told(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]
) -> None:
    bot.put(case_file)
    bot.reply(staff, new_status=WAITING)
    bot.say("The number is 4471.")
    ear.listen()
    assert [body["status"] for body in ear.bodies] == ["waiting_for_person", "received"]


def test_an_edited_answer_comes_again_only_with_other_words(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]
) -> None:
    bot.put(case_file)
    bot.reply(staff, comment="cal the bank", public="1")
    for words in ("cal the bank", "call the bank"):
        answer = bot.ticket.followup_set.order_by("id").last()
        form = {
            "title": "t",
            "ticket": str(bot.ticket.pk),
            "comment": words,
            "public": "on",
            "time_spent": "",
        }
        changed = staff.post(f"/tickets/{bot.ticket.pk}/followup_edit/{answer.pk}/", form)
        assert changed.status_code == 302
    ear.listen()
    assert [body["text"] for body in ear.bodies] == ["cal the bank", "call the bank"]


def test_an_erased_case_tells_nothing_more(bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    bot.reply(staff, comment="hello", public="1")
    bot.delete()
    assert ear.listen() == 0
    assert ear.heard == []


def test_an_answer_and_its_event_are_stored_both_or_neither(
    bot: Bot, staff: Any, ear: Ear, case_file: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.put(case_file)

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("helpdesk.update_ticket.create_ticket_backlinks", fail)
    staff.raise_request_exception = False
    assert bot.reply(staff, comment="hello", public="1").status_code == 500
    assert bot.ticket.followup_set.count() == 1
    assert ear.listen() == 0


def test_where_nobody_listens_nothing_is_kept(bot: Bot, staff: Any, case_file: dict[str, Any]) -> None:
    from desk.intake.models import CaseEvent

    bot.put(case_file)
    bot.reply(staff, comment="hello", public="1", new_status=WAITING)
    assert not CaseEvent.objects.exists()


def test_a_new_desk_has_saved_replies_in_three_scripts(data_dir: object, staff: Any) -> None:
    from helpdesk.models import PreSetReply

    for own_name in ("English", "简体中文", "繁體中文"):
        replies = PreSetReply.objects.filter(name__startswith=f"{own_name}: ")
        assert replies.count() >= 5
        assert not any(sign in reply.body for reply in replies for sign in "{}")
