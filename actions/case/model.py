"""The case: everything a person has told, kept once and never asked twice."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

Answer = Literal["yes", "no", "unsure"]
Role = Literal["self", "relative", "trapped", "relative_trapped", "mule", "job_seeker", "unknown"]
Mark = Literal["crisis", "watched", "trapped", "threatened"]
PaymentState = Literal["pressed", "pending", "sent", "recalled", "refused"]
ContactKind = Literal["none", "phone", "email", "chat"]

URGENT_MARKS: frozenset[Mark] = frozenset({"crisis", "trapped"})


class Payment(BaseModel):
    """One payment, made or demanded.

    Attributes:
        method: how it was paid, an id of the registry's ``methods.yml``.
        paid_at: when, with time zone.
        from_country, to_country: ISO 3166 alpha-2.
        recipient: accounts, wallet addresses and transaction hashes as typed.
    """

    model_config = ConfigDict(validate_assignment=True)

    method: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    paid_at: datetime | None = None
    institution: str | None = None
    from_country: str | None = None
    to_country: str | None = None
    recipient: list[str] = Field(default_factory=list)
    state: PaymentState = "sent"

    @property
    def left(self) -> bool:
        """Whether money is on its way or gone, as opposed to only demanded."""
        return self.state != "pressed"


class Consent(BaseModel):
    """What the person agreed to, when, and to which version of the text."""

    version: str
    given_at: datetime
    purposes: list[Literal["handover", "contact"]]


class Contact(BaseModel):
    """How the person wants to be reached."""

    kind: ContactKind
    value: str | None = None


class Filed(BaseModel):
    """A case that was handed over, as the outbox and the person know it."""

    id: UUID
    reference: str


class Case(BaseModel):
    """What is known of one person's case.

    Attributes:
        referred_by: code of the group that sent the person, from the link they came by.
        time_zone: IANA name of the zone the person's device is in; None where the channel cannot tell.
        type_told: whether the scam type comes from the person's story, not from signs alone.
        paid: whether any money left; None while unknown.
        signs: red flags seen, each with the person's own words, or None when answered by yes.
        answers: answers to red-flag questions.
        open: the question that is open; a bare answer is read in its light.
        skipped: questions the person does not want to, or cannot, answer.
        told: advice already given, so that it is not repeated unasked.
        misread: messages in a row that were not understood.
        unanswered: bare messages in a row that did not answer the open question.
        earlier: cases handed over before the person started over.
    """

    model_config = ConfigDict(validate_assignment=True)

    id: UUID = Field(default_factory=uuid4)
    language: str = "en"
    referred_by: str | None = None
    time_zone: str | None = None
    role: Role = "unknown"
    scam_type: str | None = None
    type_told: bool = False
    paid: bool | None = None
    payments: list[Payment] = Field(default_factory=list)
    country: str | None = None
    place: str | None = None
    signs: dict[str, str | None] = Field(default_factory=dict)
    answers: dict[str, Answer] = Field(default_factory=dict)
    shared_details: bool = False
    remote_access: bool = False
    marks: list[Mark] = Field(default_factory=list)
    safe_now: Answer | None = None
    consent: Consent | None = None
    contact: Contact | None = None
    reference: str | None = None
    filed_at: datetime | None = None
    filing_agreed: bool = False
    open: str | None = None
    skipped: list[str] = Field(default_factory=list)
    told: list[str] = Field(default_factory=list)
    misread: int = 0
    unanswered: int = 0
    paused: bool = False
    earlier: list[Filed] = Field(default_factory=list)

    def marked(self, mark: Mark) -> bool:
        """Whether a safety mark stands."""
        return mark in self.marks

    def mark(self, mark: Mark) -> None:
        """Set a safety mark."""
        if mark not in self.marks:
            self.marks = [*self.marks, mark]

    def unmark(self, mark: Mark) -> None:
        """Take a safety mark away."""
        self.marks = [other for other in self.marks if other != mark]

    def tell(self, key: str) -> None:
        """Note that the advice `key` was given."""
        if key not in self.told:
            self.told = [*self.told, key]

    def skip(self, question: str) -> None:
        """Never ask `question` again."""
        if question not in self.skipped:
            self.skipped = [*self.skipped, question]

    def reopen(self, question: str) -> None:
        """Let `question` be asked again."""
        self.skipped = [other for other in self.skipped if other != question]

    def settled(self, question: str) -> bool:
        """Whether the person declined or could not answer `question`."""
        return question in self.skipped

    @property
    def filed(self) -> list[Filed]:
        """All cases this person handed over, the latest last."""
        latest = [Filed(id=self.id, reference=self.reference)] if self.reference else []
        return [*self.earlier, *latest]

    @property
    def sent_payments(self) -> list[tuple[int, Payment]]:
        """Payments that left, with their position in the list."""
        return [(index, payment) for index, payment in enumerate(self.payments) if payment.left]
