"""A case as a caseworker reads it: pure, from the facts and the time of reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext

from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext

from desk.intake import labels
from desk.intake.contract import CaseFacts, Payment

# The contract allows 18 digits on either side of the point, and 50 payments to add up.
MONEY_DIGITS = 40
PAID_STATES = frozenset({"pending", "sent", "recalled"})
SETTLED_STATES = frozenset({"refused", "recalled"})
TITLE_LENGTH = 200


@dataclass(frozen=True)
class PaymentRow:
    """One line of the payments table; texts in the reader's language, times as they are."""

    amount: str
    method: str
    state: str
    paid_at: datetime | None
    sender: str
    recipients: tuple[str, ...]
    destination: str
    deadline: datetime | None
    time_left: str
    overdue: bool


@dataclass(frozen=True)
class Sheet:
    """Everything of a case but its summary and files, in the reader's language."""

    facts: CaseFacts
    urgent: bool
    marks: tuple[str, ...]
    scam_type: str
    signs: tuple[str, ...]
    role: str
    language: str
    countries: tuple[str, ...]
    payments: tuple[PaymentRow, ...]
    contact: str
    contact_value: str | None
    purposes: tuple[str, ...]

    @property
    def own_summary(self) -> str | None:
        """The summary in the person's language, unless that is the English one."""
        return None if self.facts.summary.own_language == "en" else self.facts.summary.own


def sheet(facts: CaseFacts, now: datetime) -> Sheet:
    """Lay out a case for the active language, with the time left of its payments at `now`."""
    return Sheet(
        facts=facts,
        urgent=facts.safety.urgency == "urgent",
        marks=tuple(str(label) for mark, label in labels.MARKS.items() if mark in facts.safety.marks),
        scam_type=labels.scam_type(facts.scam_type),
        signs=tuple(labels.in_words(sign) for sign in facts.signs),
        role=str(labels.ROLES[facts.role]),
        language=str(labels.LANGUAGES[facts.language]),
        countries=tuple(labels.country(code) for code in facts.jurisdictions),
        payments=tuple(_row(payment, now) for payment in facts.payments),
        contact=str(labels.CONTACT_KINDS[facts.contact.kind]),
        contact_value=facts.contact.value,
        purposes=tuple(str(labels.PURPOSES[purpose]) for purpose in facts.consent.purposes),
    )


def title(facts: CaseFacts) -> str:
    """Title of the ticket: urgency, reference, kind of scam, money, countries."""
    urgent = f"[{gettext('URGENT')}] " if facts.safety.urgency == "urgent" else ""
    parts = [f"{urgent}{facts.reference} {labels.scam_type(facts.scam_type)}"]
    parts += [part for part in (_total(facts.payments), "/".join(facts.jurisdictions)) if part]
    return " · ".join(parts)[:TITLE_LENGTH]


def due(facts: CaseFacts, now: datetime) -> datetime | None:
    """The next deadline of a payment that can still be stopped or called back."""
    open_payments = [payment for payment in facts.payments if payment.state not in SETTLED_STATES]
    return min((p.deadline for p in open_payments if p.deadline and p.deadline > now), default=None)


def money(amount: str | None, currency: str | None) -> str:
    """An amount with its currency, grouped: ``50,000 USD``."""
    if amount is None:
        return currency or ""
    number = format(Decimal(amount), ",f")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {currency}" if currency else number


def _total(payments: tuple[Payment, ...]) -> str:
    sums: dict[str | None, Decimal] = {}
    with localcontext(prec=MONEY_DIGITS):
        for payment in payments:
            if payment.amount is not None and payment.state in PAID_STATES:
                sums[payment.currency] = sums.get(payment.currency, Decimal()) + Decimal(payment.amount)
    return " + ".join(money(format(total, "f"), currency) for currency, total in sums.items())


def _row(payment: Payment, now: datetime) -> PaymentRow:
    deadline = payment.deadline
    return PaymentRow(
        amount=money(payment.amount, payment.currency) or gettext("amount not known"),
        method=labels.payment_method(payment.method),
        state=str(labels.PAYMENT_STATES[payment.state]),
        paid_at=payment.paid_at,
        sender=_sender(payment),
        recipients=payment.recipient,
        destination=labels.country(payment.to_country) if payment.to_country else "",
        deadline=deadline,
        time_left=_time_left(deadline, now) if deadline else "",
        overdue=deadline is not None and deadline <= now,
    )


def _sender(payment: Payment) -> str:
    country = labels.country(payment.from_country) if payment.from_country else None
    return ", ".join(text for text in (payment.institution, country) if text)


def _time_left(deadline: datetime, now: datetime) -> str:
    if deadline <= now:
        return gettext("passed %(duration)s ago") % {"duration": timesince(deadline, now)}
    return gettext("%(duration)s left") % {"duration": timeuntil(deadline, now)}
