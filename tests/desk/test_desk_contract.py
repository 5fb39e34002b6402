"""The intake contract as the bot meets it."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from tests.desk.desk_bot import Bot

PROBLEM = "application/problem+json"


def schema(contract: dict[str, Any], name: str) -> Draft202012Validator:
    """The validator of one schema of the contract."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": contract["components"]},
        format_checker=FormatChecker(),
    )


def fields(answer: Any) -> list[str]:
    """The fields that an answer finds fault with."""
    return [error["field"] for error in answer.json()["errors"]]


def test_the_example_of_the_contract_is_created(
    bot: Bot, case_file: dict[str, Any], contract: dict[str, Any]
) -> None:
    answer = bot.put(case_file)
    assert answer.status_code == 201
    assert answer.json() | {"changed_at": None} == {
        "case_id": str(bot.case_id),
        "reference": "7KQ4-M2XR",
        "status": "received",
        "changed_at": None,
    }
    assert schema(contract, "CaseReceipt").is_valid(answer.json())
    assert schema(contract, "CaseStatus").is_valid(bot.get().json())


def test_a_repeat_changes_nothing(bot: Bot, case_file: dict[str, Any]) -> None:
    first = bot.put(case_file)
    again = bot.put(case_file)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert bot.ticket.followup_set.count() == 1


def test_another_body_replaces_the_content(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    ticket = bot.ticket
    case_file["summary"]["en"] = "It was two wires."
    case_file["attachments"][0]["content_base64"] = base64.b64encode(b"second").decode()
    answer = bot.put(case_file)
    assert answer.status_code == 200
    assert bot.ticket.pk == ticket.pk
    assert "It was two wires." in bot.ticket.description
    last = bot.ticket.followup_set.last()
    assert last.comment == "Changed: summary"
    assert bot.files == {"incident-statement.txt": b"second"}


def test_what_a_caseworker_chose_stays_until_its_reason_changes(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    ticket = bot.ticket
    ticket.priority = 4
    ticket.save()
    case_file["summary"]["en"] = "More."
    bot.put(case_file)
    assert (bot.ticket.priority, bot.ticket.queue.slug) == (4, "urgent")
    case_file["safety"]["urgency"] = "normal"
    bot.put(case_file)
    assert (bot.ticket.priority, bot.ticket.queue.slug) == (3, "chinese")


@pytest.mark.parametrize(
    ("urgency", "language", "queue", "priority"),
    [
        ("urgent", "en", "urgent", 1),
        ("urgent", "zh_Hant", "urgent", 1),
        ("normal", "en", "english", 3),
        ("normal", "zh_Hans", "chinese", 3),
        ("normal", "zh_Hant", "chinese", 3),
    ],
)
def test_queue_and_priority(
    bot: Bot, case_file: dict[str, Any], urgency: str, language: str, queue: str, priority: int
) -> None:
    case_file["safety"]["urgency"], case_file["language"] = urgency, language
    bot.put(case_file)
    assert (bot.ticket.queue.slug, bot.ticket.priority) == (queue, priority)


def test_unicode_survives(bot: Bot, case_file: dict[str, Any]) -> None:
    text = "騙子叫「王先生」👩‍👩‍👧 𠮷野家\u200d ‮ ﷽ e\u0301 é"
    case_file["summary"]["own"] = text
    case_file["attachments"][0]["name"] = "說明" * 90 + ".txt"
    assert bot.put(case_file).status_code == 201
    assert text in bot.ticket.description
    assert bot.say(text).status_code == 202
    assert bot.ticket.followup_set.filter(comment=text).exists()
    assert bot.files == {"說明" * 90 + ".txt": b"Statement\n"}


@pytest.mark.parametrize("token", [None, "", "wrong", "a-token-of-the-tests-onlY", "令牌"])
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_without_the_token_nothing_happens(
    bot: Bot, case_file: dict[str, Any], token: str | None, method: str
) -> None:
    bot.put(case_file)
    answer = bot.call(method, {}, token=token.encode().decode("latin-1") if token else token)
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"] == "Bearer"
    assert bot.get().status_code == 200


@pytest.mark.parametrize("body", [b" ", b"{", b"\xff\xfe", b'{"reference": "\xed\xa0\x80"}', b"[" * 100_000])
def test_malformed_json(bot: Bot, body: bytes) -> None:
    answer = bot.put(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert bot.get().status_code == 404


def test_a_body_over_the_limit(bot: Bot, case_file: dict[str, Any]) -> None:
    from desk.intake.views import MAX_CASE_BYTES, MAX_MESSAGE_BYTES

    assert bot.put(b" " * (MAX_CASE_BYTES + 1)).status_code == 413
    bot.put(case_file)
    answer = bot.call("POST", b" " * (MAX_MESSAGE_BYTES + 1), below="/messages")
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_the_largest_attachments_of_the_contract(bot: Bot, case_file: dict[str, Any]) -> None:
    part = base64.b64encode(b"\0" * (5 * 2**20)).decode()
    attachment = {"name": "a.bin", "media_type": "application/octet-stream", "content_base64": part}
    case_file["attachments"] = [attachment, attachment | {"name": "b.bin"}]
    assert bot.put(case_file).status_code == 201
    case_file["attachments"].append(attachment | {"content_base64": "AA=="})
    assert bot.put(case_file).status_code == 422


def test_other_media_types_methods_and_paths(bot: Bot, case_file: dict[str, Any]) -> None:
    path = f"/intake/v1/cases/{bot.case_id}"
    authorised = {"Authorization": "Bearer a-token-of-the-tests-only"}
    plain = bot.client.generic("PUT", path, json.dumps(case_file), "text/plain", headers=authorised)
    assert plain.status_code == 415
    patch = bot.call("PATCH", {})
    assert (patch.status_code, patch["Content-Type"], patch["Allow"]) == (405, PROBLEM, "PUT, GET, DELETE")
    assert bot.client.get("/intake/v1/elsewhere", headers=authorised).status_code == 404


@pytest.mark.parametrize(
    "case_id", ["1", "0b9e2f6c6d1f4c539f0e3f8f3a1f7a52", "{0b9e2f6c-6d1f-4c53-9f0e-3f8f3a1f7a52}"]
)
def test_a_case_id_that_is_no_uuid(empty_desk: Path, case_id: str) -> None:
    bot = Bot()
    bot.case_id = case_id  # type: ignore[assignment]
    answer = bot.get()
    assert (answer.status_code, fields(answer)) == (422, ["case_id"])


def test_a_problem_names_fields_and_repeats_no_value(
    bot: Bot, case_file: dict[str, Any], contract: dict[str, Any]
) -> None:
    case_file["payments"][0]["amount"] = "SECRET-AMOUNT"
    case_file["contact"]["kind"] = "SECRET-KIND"
    case_file["surplus"] = "SECRET-SURPLUS"
    answer = bot.put(case_file)
    assert answer.status_code == 422
    assert set(fields(answer)) == {"payments.0.amount", "contact.kind", "surplus"}
    assert "SECRET" not in answer.content.decode()
    assert schema(contract, "ValidationProblem").is_valid(answer.json())


WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from(["", "2026-05-04T09:30:00", "2026-13-04T09:30:00Z", "a\x00b", "us", "1e5", "-1", "US"]),
    st.just([]),
    st.just({}),
)


def paths(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, inner in items for path in paths(inner, (*here, key)))]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_desk_accepts_what_the_contract_accepts(
    contract: dict[str, Any], case_file: dict[str, Any], data: st.DataObject
) -> None:
    from desk.intake.contract import CaseFile, Invalid, parse

    body = copy.deepcopy(case_file)
    *parents, last = data.draw(st.sampled_from(paths(body)[1:]))
    target: Any = body
    for key in parents:
        target = target[key]
    if data.draw(st.booleans()):
        target[last] = data.draw(WRONG)
    elif isinstance(target, dict):
        del target[last]
    else:
        target.append(copy.deepcopy(target[last]))
    try:
        parse(CaseFile, json.dumps(body).encode())
        accepted = True
    except Invalid:
        accepted = False
    assert accepted == schema(contract, "CaseFile").is_valid(body)


def test_messages_are_stored_once(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    message_id = uuid4()
    assert bot.say("银行给了案件编号 4471", message_id).status_code == 202
    again = bot.say("another text", message_id)
    assert (again.status_code, again.content) == (202, b"")
    assert bot.say("second").status_code == 202
    said = [f.comment for f in bot.ticket.followup_set.filter(message_id__startswith="message:")]
    assert sorted(said) == ["second", "银行给了案件编号 4471"]


def test_a_message_finds_its_case_or_is_refused(bot: Bot, case_file: dict[str, Any]) -> None:
    assert bot.say("too early").status_code == 404
    bot.put(case_file)
    message_id = uuid4()
    bot.say("in time", message_id)
    ticket = bot.ticket
    ticket.status = ticket.CLOSED_STATUS
    ticket.save()
    assert bot.say("in time", message_id).status_code == 202
    assert bot.say("too late").status_code == 409


def test_links_of_scammers_are_not_for_clicking(bot: Bot, case_file: dict[str, Any]) -> None:
    text = "[tax](http://evil.example) <http://evil.example> ![x](http://evil.example/x.png) *a* `b`"
    case_file["summary"] = {"en": text, "own": text, "own_language": "zh_Hans"}
    case_file["payments"][0]["recipient"] = [text]
    bot.put(case_file)
    bot.say(text)
    shown = (
        bot.ticket.get_markdown() + bot.ticket.followup_set.get(title="Message of the person").get_markdown()
    )
    assert not any(tag in shown for tag in ("<a ", "<img", "<em>", "<code>"))
    assert shown.count("[tax](http://evil.example)") == 4


def test_statuses(bot: Bot, case_file: dict[str, Any]) -> None:
    from django.contrib.auth.models import User

    bot.put(case_file)
    assert bot.get().json()["status"] == "received"
    ticket = bot.ticket
    expected = {
        1: "in_progress",
        2: "in_progress",
        3: "waiting_for_person",
        4: "closed",
        5: "closed",
        6: "waiting_for_person",
    }
    ticket.assigned_to = User.objects.get(username="mei")
    for status, word in expected.items():
        ticket.status = status
        ticket.save()
        assert bot.get().json()["status"] == word


def test_an_answer_of_the_person_reopens_what_waited_for_it(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    ticket = bot.ticket
    ticket.status = 6
    ticket.save()
    bot.say("here I am")
    assert bot.get().json()["status"] == "received"
    assert bot.ticket.status == ticket.REOPENED_STATUS


def test_a_closed_case_takes_no_content(bot: Bot, case_file: dict[str, Any]) -> None:
    bot.put(case_file)
    ticket = bot.ticket
    ticket.status = ticket.CLOSED_STATUS
    ticket.save()
    answer = bot.put(case_file)
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert bot.get().json()["status"] == "closed"


def test_a_full_disk_stores_nothing_and_says_so(
    bot: Bot, case_file: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.storage import FileSystemStorage

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = bot.put(case_file)
    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    assert int(answer["Retry-After"]) > 0
    assert bot.get().status_code == 404
    monkeypatch.undo()
    assert bot.put(case_file).status_code == 201
