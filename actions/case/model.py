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
Step = Literal["bank", "police", "secured", "evidence", "blocked"]
FrozenBy = Literal["bank", "police", "exchange", "platform", "unknown"]
ContactKind = Literal["none", "phone", "email", "chat"]
CaseStatus = Literal["received", "in_progress", "waiting_for_person", "closed"]

_HANDED_OVER = {"role", "scam_type", "country", "place", "citizenship", "contact", "marks"}
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


class Standing(BaseModel):
    """Where a case that was handed over stood when it was last heard of."""

    id: UUID
    status: CaseStatus
    at: datetime


class Case(BaseModel):
    """What is known of one person's case.

    Attributes:
        referred_by: code of the group that sent the person, from the link they came by.
        time_zone: IANA name of the zone the person's device is in; None where the channel cannot tell.
        country, place, citizenship: where they live, where somebody is held, whose citizen they are; ISO 3166 alpha-2.
        type_told: whether the scam type comes from the person's story, not from signs alone.
        paid: whether any money left; None while unknown.
        signs: red flags seen, each with the person's own words, or None when answered by yes.
        answers: answers to red-flag questions.
        open: the question that is open; a bare answer is read in its light.
        frozen, frozen_by: an account is frozen, and who did it.
        done: steps the person says were taken.
        skipped: questions the person does not want to, or cannot, answer.
        told: advice already given, so that it is not repeated unasked.
        misread: messages in a row that were not understood.
        unanswered: bare messages in a row that did not answer the open question.
        earlier: cases handed over before the person started over.
        standing: where the case that was handed over last stood, as far as it was heard.
        reply_to: the handed-over case whose caseworker waits for an answer.
        resume_code: what opens this case in another conversation, once the person asked for it.
        reachable: whether the channel of the last message lets the bot speak first.
        check_ins: whether the person wants to be written to later; since when, in `check_ins_since`.
        last_heard_at: when the person wrote last.
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
    citizenship: str | None = None
    signs: dict[str, str | None] = Field(default_factory=dict)
    answers: dict[str, Answer] = Field(default_factory=dict)
    shared_details: bool = False
    remote_access: bool = False
    frozen: bool = False
    frozen_by: FrozenBy | None = None
    done: list[Step] = Field(default_factory=list)
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
    standing: Standing | None = None
    reply_to: UUID | None = None
    resume_code: str | None = None
    reachable: bool = False
    check_ins: Answer | None = None
    check_ins_since: datetime | None = None
    last_heard_at: datetime | None = None

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

    def note_done(self, step: Step) -> None:
        """Note that a step was taken."""
        if step not in self.done:
            self.done = [*self.done, step]

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

    def file_again(self) -> None:
        """Something a caseworker should know has changed: the person is asked whether to send it."""
        self.filed_at, self.filing_agreed = None, False
        self.reopen("summary_ok")

    def withdraw(self) -> None:
        """Forget what was agreed and handed over; what was told stays.

        Under its old id the case is erased for ever: should it be handed over again, it is a new one.
        """
        self.id, self.consent, self.contact, self.reference = uuid4(), None, None, None
        self.filed_at, self.filing_agreed = None, False
        self.earlier, self.standing, self.reply_to = [], None, None
        self.skip("consent")

    @property
    def handed_over(self) -> dict[str, object]:
        """What a caseworker is told, but for how far each payment's recall has come."""
        kept = self.model_dump(include=_HANDED_OVER)
        payments = [payment.model_dump(exclude={"state"}) for payment in self.payments]
        return {**kept, "payments": payments}

    @property
    def has_facts(self) -> bool:
        """Whether the person told anything that would be missed."""
        told = (self.payments, self.scam_type, self.signs, self.answers, self.marks, self.country, self.place)
        settled = (self.shared_details, self.remote_access, self.frozen, self.consent, self.filed)
        return any((*told, *settled)) or self.paid is not None or self.role != "unknown"

    @property
    def kept_briefly(self) -> bool:
        """Whether a kept talk could itself harm the person: they are held, and asked for nothing to be kept."""
        return self.role == "trapped" and not (self.consent or self.filed or self.resume_code)

    @property
    def in_crisis(self) -> bool:
        """Whether a crisis was told of and nobody has said since that they are safe."""
        return self.marked("crisis") and self.safe_now != "yes"

    @property
    def filed(self) -> list[Filed]:
        """All cases this person handed over, the latest last."""
        latest = [Filed(id=self.id, reference=self.reference)] if self.reference else []
        return [*self.earlier, *latest]

    @property
    def sent_payments(self) -> list[tuple[int, Payment]]:
        """Payments that left, with their position in the list."""
        return [(index, payment) for index, payment in enumerate(self.payments) if payment.left]
