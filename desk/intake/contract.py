"""The bodies of the intake contract (OpenAPI document, version 1), as the desk accepts them.

Closed: a member that the contract does not name is an error. No error repeats what the person wrote.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Hashable
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

MAX_ATTACHMENT_BYTES = 8 * 2**20
MAX_ATTACHMENTS_BYTES = 10 * 2**20
MAX_FIELD_ERRORS = 100

_NO_NUL = r"^[^\x00]*$"
_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_FILE_NAME = r"^[^\x00-\x1f/\\\x7f]+$"
_MEDIA_TYPE = r"^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(; ?charset=[a-zA-Z0-9_-]+)?$"

Language = Literal["en", "zh_Hans", "zh_Hant"]
Role = Literal["self", "relative", "trapped", "relative_trapped", "mule", "job_seeker", "unknown"]
PaymentState = Literal["pressed", "pending", "sent", "recalled", "refused"]
Mark = Literal["crisis", "watched", "trapped", "threatened"]


def _timestamp(value: object) -> object:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise PydanticCustomError("timestamp", "must be an RFC 3339 time with a zone")
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError("timestamp", "must be a time that exists") from None


def _unique[Item: Hashable](items: tuple[Item, ...]) -> tuple[Item, ...]:
    if len(set(items)) < len(items):
        raise PydanticCustomError("unique", "must not hold an item twice")
    return items


def _hands_over(purposes: tuple[str, ...]) -> tuple[str, ...]:
    if "handover" not in purposes:
        raise PydanticCustomError("handover", "must hold handover")
    return purposes


def _not_a_path(name: str) -> str:
    if name in {".", ".."}:
        raise PydanticCustomError("file_name", "must be the name of a file")
    return name


def _decodes(content: str) -> str:
    try:
        size = len(base64.b64decode(content, validate=True))
    except binascii.Error:
        raise PydanticCustomError("base64", "must be standard base64 with padding") from None
    if size > MAX_ATTACHMENT_BYTES:
        raise PydanticCustomError("too_large", "must decode to at most 8 MiB")
    return content


Timestamp = Annotated[AwareDatetime, BeforeValidator(_timestamp)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=_NO_NUL)]
RegistryId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$")]
Amount = Annotated[str, StringConstraints(max_length=40, pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,10}$")]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Payment(_Closed):
    """One payment made or demanded; money as decimal strings, times with their zone."""

    method: RegistryId | None
    amount: Amount | None
    currency: Currency | None
    paid_at: Timestamp | None
    institution: ShortText | None
    from_country: Country | None
    to_country: Country | None
    recipient: Annotated[tuple[ShortText, ...], Field(max_length=20)]
    state: PaymentState
    deadline: Timestamp | None


class Safety(_Closed):
    """How urgent the case is, and what endangers the person."""

    urgency: Literal["normal", "urgent"]
    marks: Annotated[tuple[Mark, ...], Field(max_length=4), AfterValidator(_unique)]


class Consent(_Closed):
    """What the person agreed to, to which text, and when."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NO_NUL)]
    given_at: Timestamp
    purposes: Annotated[
        tuple[Literal["handover", "contact"], ...],
        Field(min_length=1, max_length=2),
        AfterValidator(_unique),
        AfterValidator(_hands_over),
    ]


class Contact(_Closed):
    """How the person wishes to be reached; ``chat`` without a value is the chat with the bot."""

    kind: Literal["none", "phone", "email", "chat"]
    value: Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=_NO_NUL)] | None

    @model_validator(mode="after")
    def _value_fits_kind(self) -> Self:
        if self.kind == "none" and self.value is not None:
            raise PydanticCustomError("contact", "value must be null when kind is none")
        if self.kind in {"phone", "email"} and self.value is None:
            raise PydanticCustomError("contact", "value must be given for this kind")
        return self


class Summary(_Closed):
    """The case in words, in English and in the person's language."""

    en: LongText
    own: LongText
    own_language: Language


class Attachment(_Closed):
    """One file of the written packet."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=_FILE_NAME),
        AfterValidator(_not_a_path),
    ]
    media_type: Annotated[str, StringConstraints(min_length=3, max_length=127, pattern=_MEDIA_TYPE)]
    content_base64: Annotated[str, AfterValidator(_decodes)]

    @property
    def content(self) -> bytes:
        """The file itself."""
        return base64.b64decode(self.content_base64)


class CaseFacts(_Closed):
    """The whole case but its files."""

    reference: Reference
    language: Language
    role: Role
    scam_type: RegistryId | None
    signs: Annotated[tuple[ShortText, ...], Field(max_length=50)]
    payments: Annotated[tuple[Payment, ...], Field(max_length=50)]
    jurisdictions: Annotated[tuple[Country, ...], Field(max_length=20), AfterValidator(_unique)]
    safety: Safety
    consent: Consent
    contact: Contact
    summary: Summary

    @model_validator(mode="after")
    def _contact_was_agreed(self) -> Self:
        if self.contact.kind != "none" and "contact" not in self.consent.purposes:
            raise PydanticCustomError("contact", "contact needs the consent to be contacted")
        return self


class CaseFile(CaseFacts):
    """The body of ``PUT``: everything the person agreed to hand over."""

    attachments: Annotated[tuple[Attachment, ...], Field(max_length=10)]

    @model_validator(mode="after")
    def _attachments_fit(self) -> Self:
        if sum(len(attachment.content) for attachment in self.attachments) > MAX_ATTACHMENTS_BYTES:
            raise PydanticCustomError("too_large", "attachments must decode to at most 10 MiB together")
        return self


class Message(_Closed):
    """The body of ``POST``: something the person adds afterwards."""

    message_id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=_NO_NUL)]
    sent_at: Timestamp


class Malformed(Exception):
    """The body is not JSON."""


class Invalid(Exception):
    """The body does not follow the schema; `errors` are the contract's field errors."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


def parse[Body: BaseModel](model: type[Body], body: bytes) -> Body:
    """Read a request body.

    Raises:
        Malformed: it is not JSON.
        Invalid: it does not follow the schema of `model`.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        raise Malformed
    raise Invalid([_field_error(fault["loc"], fault["msg"]) for fault in faults[:MAX_FIELD_ERRORS]])


def facts_of(stored: Any) -> CaseFacts:
    """Read facts that the desk stored before, as `stored_facts` made them."""
    return CaseFacts.model_validate(stored, strict=False)


def stored_facts(case_file: CaseFile) -> dict[str, Any]:
    """The facts of a case as plain JSON values, without its files."""
    return case_file.model_dump(mode="json", exclude={"attachments"})


def _field_error(location: tuple[int | str, ...], message: str) -> dict[str, str]:
    return {"field": ".".join(str(part) for part in location)[:200], "message": message[:500]}
