"""The bodies of the intake contract as typed, frozen models.

`openapi.yaml` beside this module is the contract; these models are its Python form and serialise to exactly
that JSON (`model_dump_json`). They are strict: what the contract would refuse cannot be built. As they
carry what a person told in confidence, neither their `repr` nor their validation errors show a value.
"""

import base64
import hmac
from datetime import UTC, datetime, timezone
from decimal import Decimal
from typing import Annotated, Final, Literal, Self, get_args
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

REFERENCE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that cannot be mistaken for one another: without 0, 1, I, L, O and U."""

MAX_ATTACHMENT_BYTES: Final = 8 * 1024 * 1024
MAX_ATTACHMENTS_BYTES: Final = 10 * 1024 * 1024

_REFERENCE_GROUP: Final = 4
_MAX_BASE64: Final = (MAX_ATTACHMENT_BYTES + 2) // 3 * 4

Language = Literal["en", "zh_Hans", "zh_Hant"]
Role = Literal["self", "relative", "trapped", "relative_trapped", "mule", "job_seeker", "unknown"]
PaymentState = Literal["pressed", "pending", "sent", "recalled", "refused"]
Urgency = Literal["normal", "urgent"]
Mark = Literal["crisis", "watched", "trapped", "threatened"]
Purpose = Literal["handover", "contact"]
ContactKind = Literal["none", "phone", "email", "chat"]
EventKind = Literal["status_changed", "message"]
Status = Literal["received", "in_progress", "waiting_for_person", "closed"]


def _unique[T](items: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(items)) != len(items):
        raise ValueError("must not repeat an item")
    return items


def _plain_decimal(value: Decimal) -> Decimal:
    """Drop a positive exponent and the sign of zero, which the contract's decimal strings cannot show."""
    if value.is_zero():
        value = value.copy_abs()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


def _fixed_offset(value: datetime) -> datetime:
    """The same instant with a plain offset, as RFC 3339 writes it; UTC when that is not whole minutes.

    A named zone would be lost on the wire, and two times at a change of clocks would no longer compare equal.
    """
    offset = value.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return value.astimezone(UTC)
    return value.replace(tzinfo=timezone(offset), fold=0)


_NO_NUL: Final = r"^[^\x00]*$"

Reference = Annotated[
    str, StringConstraints(pattern=rf"^[{REFERENCE_ALPHABET}]{{4}}-[{REFERENCE_ALPHABET}]{{4}}$")
]
MOST_ENTRIES = 50  # payments, and signs, of one case

RegistryId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,10}$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=_NO_NUL)]
Timestamp = Annotated[AwareDatetime, AfterValidator(_fixed_offset)]
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=36, decimal_places=18),
    AfterValidator(_plain_decimal),
    PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json"),
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []


class Payment(_Model):
    """One payment made or demanded.

    `method` is an id of the payment registry; `amount` a plain decimal; `currency` ISO 4217 or the ticker
    of a coin; `recipient` holds accounts, addresses, hashes, names as the person gave them; `deadline` is
    until when stopping or recalling it has its best chance.
    """

    method: RegistryId | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    paid_at: Timestamp | None = None
    institution: ShortText | None = None
    from_country: Country | None = None
    to_country: Country | None = None
    recipient: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    state: PaymentState
    deadline: Timestamp | None = None


class Safety(_Model):
    """How urgent the case is, and the dangers the person is in."""

    urgency: Urgency
    marks: Annotated[tuple[Mark, ...], Field(max_length=len(get_args(Mark))), AfterValidator(_unique)] = ()


class Consent(_Model):
    """What the person agreed to, when, and to which version of the text; `handover` is always among it."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NO_NUL)]
    given_at: Timestamp
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=2), AfterValidator(_unique)]

    @model_validator(mode="after")
    def _covers_handover(self) -> Self:
        if "handover" not in self.purposes:
            raise ValueError("purposes must contain handover")
        return self


class Contact(_Model):
    """How the person wishes to be reached: `chat` without a value means in the chat with the bot."""

    kind: ContactKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=_NO_NUL)] | None = None

    @model_validator(mode="after")
    def _value_fits_kind(self) -> Self:
        if self.kind == "none" and self.value is not None:
            raise ValueError("value must be empty when kind is none")
        if self.kind in {"phone", "email"} and self.value is None:
            raise ValueError("value is required when kind is phone or email")
        return self


class Summary(_Model):
    """The case in words, in English and in the person's language, as they saw and agreed it."""

    en: LongText
    own: LongText
    own_language: Language


class Attachment(_Model):
    """One file of the packet; `name` has no path, `content_base64` is standard base64 with padding."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/\\\x7f]+$")]
    media_type: Annotated[
        str,
        StringConstraints(
            max_length=127,
            pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(; ?charset=[a-zA-Z0-9_-]+)?$",
        ),
    ]
    content_base64: Annotated[
        str,
        StringConstraints(
            max_length=_MAX_BASE64,
            pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        ),
    ]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.size() > MAX_ATTACHMENT_BYTES:
            raise ValueError("content is too large")
        return self

    @classmethod
    def of(cls, name: str, media_type: str, content: bytes) -> Self:
        """The attachment with `content` (at most `MAX_ATTACHMENT_BYTES`).

        Raises:
            pydantic.ValidationError: The content is too large, or the name or media type is malformed.
        """
        return cls(name=name, media_type=media_type, content_base64=base64.b64encode(content).decode("ascii"))

    def content(self) -> bytes:
        """The bytes of the file."""
        return base64.b64decode(self.content_base64)

    def size(self) -> int:
        """Number of bytes of the file."""
        return len(self.content_base64) // 4 * 3 - self.content_base64[-2:].count("=")


class CaseFile(_Model):
    """The whole of what the person agreed to hand over: the body of a `PUT`.

    Raises:
        pydantic.ValidationError: A field has not the form of the contract, a contact is given without consent
            to be contacted, or the attachments are together larger than `MAX_ATTACHMENTS_BYTES`.
    """

    reference: Reference
    language: Language
    role: Role
    scam_type: RegistryId | None = None
    signs: Annotated[tuple[ShortText, ...], Field(max_length=MOST_ENTRIES)] = ()
    payments: Annotated[tuple[Payment, ...], Field(max_length=MOST_ENTRIES)] = ()
    jurisdictions: Annotated[tuple[Country, ...], Field(max_length=20), AfterValidator(_unique)] = ()
    safety: Safety
    consent: Consent
    contact: Contact
    summary: Summary
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _contact_was_agreed(self) -> Self:
        if self.contact.kind != "none" and "contact" not in self.consent.purposes:
            raise ValueError("contact needs consent to be contacted")
        return self

    @model_validator(mode="after")
    def _attachments_fit(self) -> Self:
        if sum(attachment.size() for attachment in self.attachments) > MAX_ATTACHMENTS_BYTES:
            raise ValueError("attachments are too large together")
        return self


class Message(_Model):
    """A further message of the person; the same `message_id` twice is one message."""

    message_id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=_NO_NUL)]
    sent_at: Timestamp


class _Answer(_Model):
    """What the service says; it may grow members, which are ignored."""

    model_config = ConfigDict(extra="ignore")


class CaseReceipt(_Answer):
    """The service's word that it has stored the case."""

    case_id: UUID
    reference: Reference
    status: Status
    changed_at: Timestamp


class CaseStatus(CaseReceipt):
    """Where a case stands, as the person may be told it."""

    public_note: Annotated[str, StringConstraints(max_length=20_000)] | None


class FieldError(_Answer):
    """A field the service refused: dotted path and what is wrong with it."""

    field: Annotated[str, StringConstraints(max_length=200)]
    message: Annotated[str, StringConstraints(max_length=500)]


class ValidationProblem(_Answer):
    """The part of an RFC 9457 problem (422) that names the fields at fault."""

    errors: Annotated[tuple[FieldError, ...], Field(max_length=100)] = ()


class CaseEvent(_Answer):
    """Something happened to a case at the service: the body of an event.

    `sequence` counts the events of a case from 1; `status` is where the case stands after it; `text` is what a
    caseworker wrote to the person, with kind `message` alone.
    """

    event_id: UUID
    case_id: UUID
    sequence: Annotated[int, Field(ge=1, le=1_000_000)]
    kind: EventKind
    status: Status
    text: LongText | None
    occurred_at: Timestamp

    @model_validator(mode="after")
    def _text_fits_kind(self) -> Self:
        if (self.kind == "message") != (self.text is not None):
            raise ValueError("text is required when kind is message, and must be empty otherwise")
        return self


def reference_of(case_id: UUID, key: bytes) -> str:
    """The reference of a case for the person, such as `7KQ4-M2XR`: one of 30^8.

    Nothing can be read from it without the key. It is the same each time: who lost an answer, and says it again, is
    not given a second one.
    """
    number = int.from_bytes(hmac.digest(key, case_id.bytes, "sha256"))
    letters = []
    for _ in range(2 * _REFERENCE_GROUP):
        number, place = divmod(number, len(REFERENCE_ALPHABET))
        letters.append(REFERENCE_ALPHABET[place])
    return "".join(letters[:_REFERENCE_GROUP]) + "-" + "".join(letters[_REFERENCE_GROUP:])
