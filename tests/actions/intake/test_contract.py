"""The models and the OpenAPI document are one contract."""

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ValidationError

from actions.intake import contract as models
from actions.intake.contract import (
    Attachment,
    CaseEvent,
    CaseFile,
    CaseReceipt,
    CaseStatus,
    Consent,
    Contact,
    Message,
    Payment,
    Safety,
    Summary,
    ValidationProblem,
    reference_of,
)

if TYPE_CHECKING:
    from tests.actions.intake.conftest import Contract

text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=60)
zones = st.timezones() | st.just(UTC) | st.builds(timezone, st.timedeltas(timedelta(-0.9), timedelta(0.9)))
# The bounds are naive, as the strategy wants them.
_FIRST, _LAST = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001
moments = st.datetimes(_FIRST, _LAST, timezones=zones)
countries = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
registry_ids = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True)
amounts = st.decimals(0, Decimal("1e17"), allow_nan=False, places=2) | st.sampled_from(
    [Decimal("-0"), Decimal("0E+5"), Decimal("1E+17"), Decimal("1E-18"), Decimal("0.000000000000000001")]
)
payments = st.builds(
    Payment,
    method=st.none() | registry_ids,
    amount=st.none() | amounts,
    currency=st.none() | st.from_regex("[A-Z0-9]{2,10}", fullmatch=True),
    paid_at=st.none() | moments,
    institution=st.none() | text,
    from_country=st.none() | countries,
    to_country=st.none() | countries,
    recipient=st.lists(text, max_size=3).map(tuple),
    state=st.sampled_from(["pressed", "pending", "sent", "recalled", "refused"]),
    deadline=st.none() | moments,
)
contacts = st.builds(Contact, kind=st.sampled_from(["phone", "email", "chat"]), value=text) | st.sampled_from(
    [Contact(kind="none"), Contact(kind="chat")]
)
attachments = st.builds(
    Attachment.of,
    name=st.text(
        st.characters(exclude_characters="/\\\x7f", exclude_categories=["C"]), min_size=1, max_size=40
    ),
    media_type=st.sampled_from(["application/pdf", "text/plain; charset=utf-8", "image/svg+xml"]),
    content=st.binary(max_size=100),
)
languages = st.sampled_from(["en", "zh_Hans", "zh_Hant"])
marks = st.lists(st.sampled_from(["crisis", "watched", "trapped", "threatened"]), unique=True).map(tuple)
cases = st.builds(
    CaseFile,
    reference=st.builds(reference_of, st.uuids(version=4), st.binary(min_size=32, max_size=32)),
    language=languages,
    role=st.sampled_from(
        ["self", "relative", "trapped", "relative_trapped", "mule", "job_seeker", "unknown"]
    ),
    scam_type=st.none() | registry_ids,
    signs=st.lists(text, max_size=3).map(tuple),
    payments=st.lists(payments, max_size=3).map(tuple),
    jurisdictions=st.lists(countries, max_size=3, unique=True).map(tuple),
    safety=st.builds(Safety, urgency=st.sampled_from(["normal", "urgent"]), marks=marks),
    consent=st.builds(Consent, version=text, given_at=moments, purposes=st.just(("contact", "handover"))),
    contact=contacts,
    summary=st.builds(Summary, en=text, own=text, own_language=languages),
    attachments=st.lists(attachments, max_size=2).map(tuple),
)


def test_document_is_valid_openapi(contract: "Contract") -> None:
    assert list(OpenAPIV31SpecValidator(contract.document).iter_errors()) == []


def test_every_string_and_list_of_the_document_has_a_limit(contract: "Contract") -> None:
    unlimited = []

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            kinds = node.get("type", [])
            kinds = [kinds] if isinstance(kinds, str) else kinds
            limited = {"string": "maxLength", "array": "maxItems"}
            inside_condition = re.search(r"/(if|then|not)/", path)
            for kind in kinds:
                if kind in limited and not inside_condition and not {limited[kind], "enum"} & node.keys():
                    unlimited.append(path)
            for key, value in node.items():
                walk(value, f"{path}/{key}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                walk(value, f"{path}/{index}")

    walk(contract.document["components"]["schemas"], "")
    walk(contract.document["components"]["parameters"], "")
    walk(contract.document["components"]["headers"], "")
    assert unlimited == []


@pytest.mark.parametrize(
    ("example", "schema", "kind"),
    [
        ("CaseFile", "CaseFile", CaseFile),
        ("CaseReceipt", "CaseReceipt", CaseReceipt),
        ("CaseStatus", "CaseStatus", CaseStatus),
        ("Message", "Message", Message),
        ("CaseEvent", "CaseEvent", CaseEvent),
        ("InvalidProblem", "ValidationProblem", ValidationProblem),
        ("InvalidProblem", "Problem", None),
        ("ClosedProblem", "Problem", None),
        ("MalformedProblem", "Problem", None),
    ],
)
def test_examples_follow_schema_and_model(
    contract: "Contract", example: str, schema: str, kind: type[Any] | None
) -> None:
    value = contract.document["components"]["examples"][example]["value"]
    assert contract.errors(schema, value) == []
    if kind is not None:
        kind.model_validate_json(json.dumps(value))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases)
def test_case_is_what_the_document_says_and_comes_back_whole(contract: "Contract", case: CaseFile) -> None:
    sent = case.model_dump_json()
    assert contract.errors("CaseFile", json.loads(sent)) == []
    back = CaseFile.model_validate_json(sent)
    assert back == case
    assert back.model_dump_json() == sent


def test_a_time_at_a_change_of_clocks_keeps_its_instant() -> None:
    for fold, written in enumerate(["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]):
        twice = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold)
        payment = Payment(state="sent", paid_at=twice)
        sent = payment.model_dump_json()
        assert json.loads(sent)["paid_at"] == written
        assert Payment.model_validate_json(sent) == payment


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=text, sent_at=moments)
def test_message_is_what_the_document_says(contract: "Contract", body: str, sent_at: datetime) -> None:
    message = Message(message_id=uuid4(), text=body, sent_at=sent_at)
    assert contract.errors("Message", json.loads(message.model_dump_json())) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["reference"], "7KQ4M2XR"),
        (["reference"], "7KQ4-M2X0"),
        (["reference"], "7KQ4-M2XR\n"),
        (["language"], "zh"),
        (["role"], "victim"),
        (["scam_type"], "Pig Butchering"),
        (["scam_type"], "x" * 65),
        (["signs"], ["x" * 501]),
        (["signs"], [""]),
        (["signs"], ["x"] * 51),
        (["payments", 0, "amount"], "-5"),
        (["payments", 0, "amount"], "1,000"),
        (["payments", 0, "amount"], "1" * 19),
        (["payments", 0, "amount"], "0.1234567890123456789"),
        (["payments", 0, "currency"], "usd"),
        (["payments", 0, "paid_at"], "2026-05-03T16:10:00"),
        (["payments", 0, "paid_at"], "2026-05-03"),
        (["payments", 0, "paid_at"], 1777834200),
        (["payments", 0, "from_country"], "USA"),
        (["payments", 0, "recipient"], ["a\x00b"]),
        (["payments", 0, "state"], "lost"),
        (["payments", 0, "card_number"], "4111"),
        (["jurisdictions"], ["US", "US"]),
        (["safety", "urgency"], "high"),
        (["safety", "marks"], ["crisis", "crisis"]),
        (["consent", "purposes"], ["contact"]),
        (["consent", "purposes"], []),
        (["consent", "purposes"], ["handover"]),
        (["consent", "given_at"], "yesterday"),
        (["contact"], {"kind": "none", "value": "person@example.org"}),
        (["contact"], {"kind": "phone", "value": None}),
        (["contact", "value"], ""),
        (["contact", "value"], "x" * 321),
        (["summary", "en"], ""),
        (["summary", "en"], "x" * 20_001),
        (["attachments", 0, "name"], "../statement.txt"),
        (["attachments", 0, "name"], "a\nb"),
        (["attachments", 0, "media_type"], "text"),
        (["attachments", 0, "content_base64"], "U3Rh dGU="),
        (["attachments", 0, "content_base64"], "U3Rhd"),
        (["ip_address"], "192.0.2.1"),
    ],
)
def test_model_and_document_refuse_the_same(contract: "Contract", path: list[Any], value: object) -> None:
    body = copy.deepcopy(contract.document["components"]["examples"]["CaseFile"]["value"])
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert contract.errors("CaseFile", body) != []
    with pytest.raises(ValidationError):
        CaseFile.model_validate_json(json.dumps(body))


@pytest.mark.parametrize("field", list(CaseFile.model_fields))
def test_document_requires_every_field_the_model_sends(contract: "Contract", field: str) -> None:
    body = copy.deepcopy(contract.document["components"]["examples"]["CaseFile"]["value"])
    del body[field]
    assert contract.errors("CaseFile", body) != []


def test_attachments_have_a_limit_each_and_together(case_of: Callable[..., CaseFile]) -> None:
    with pytest.raises(ValidationError):
        Attachment.of("a.pdf", "application/pdf", bytes(models.MAX_ATTACHMENT_BYTES + 1))
    largest = Attachment.of("a.pdf", "application/pdf", bytes(models.MAX_ATTACHMENT_BYTES))
    assert largest.size() == models.MAX_ATTACHMENT_BYTES
    assert case_of(attachments=(largest,)).attachments == (largest,)
    with pytest.raises(ValidationError):
        case_of(attachments=(largest, largest))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=50))
def test_attachment_keeps_its_bytes(content: bytes) -> None:
    attachment = Attachment.of("a.bin", "application/octet-stream", content)
    assert attachment.content() == content
    assert attachment.size() == len(content)


def test_nothing_told_in_confidence_shows_in_repr_or_errors(case_of: Callable[..., CaseFile]) -> None:
    told = "my account is 12345"
    case = case_of(told)
    assert told not in repr(case)
    assert told not in str(case)
    assert told not in f"{case.summary!r} {case.payments!r}"
    body = json.loads(case.model_dump_json())
    body["summary"]["en"] = [told]
    body["reference"] = told
    with pytest.raises(ValidationError) as refusal:
        CaseFile.model_validate_json(json.dumps(body))
    assert told not in str(refusal.value)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValidationError):
        Summary(en="a\ud83d", own="b", own_language="en")


def test_references_are_distinct_unambiguous_and_of_the_form(contract: "Contract") -> None:
    cases = [uuid4() for _ in range(2000)]
    references = {reference_of(case_id, b"key") for case_id in cases}
    assert len(references) == 2000
    assert references == {reference_of(case_id, b"key") for case_id in cases}
    assert references.isdisjoint({reference_of(case_id, b"another") for case_id in cases})
    assert set("".join(references)) == set(models.REFERENCE_ALPHABET) | {"-"}
    assert not set(models.REFERENCE_ALPHABET) & set("01ILOU")
    assert contract.errors("Reference", next(iter(references))) == []
