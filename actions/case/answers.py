"""Reads a bare answer in the light of the question that is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from actions.case.message import Message
from actions.case.model import Answer, Case, Consent, Contact, Payment
from actions.case.planner import SIGN

CONSENT_VERSION = "2026-11"

_YES_NO: dict[str | None, Answer] = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
_BEGINNINGS: tuple[tuple[Answer, re.Pattern[str]], ...] = (
    (
        "unsure",
        re.compile(
            r"(?:not sure|maybe|don'?t know|不确定|不確定|不知道|不清楚|说不准|說不準|唔知)", re.IGNORECASE
        ),
    ),
    (
        "yes",
        re.compile(
            r"(?:(?:yes|yeah|yep|yup|y|ok|okay|sure)\b|是|对|對|有|嗯|好|可以|行|係|得)", re.IGNORECASE
        ),
    ),
    ("no", re.compile(r"(?:(?:no|nope|nah|n|not yet)\b|不|没|沒|否|冇|唔)", re.IGNORECASE)),
)
_SAFE = re.compile(r"(?:\bsafe\b|\bi'?m (?:ok|okay|fine)\b|安全|没事|沒事|冇事|还好|還好)", re.IGNORECASE)
_NOT_SAFE = re.compile(r"(?:\b(?:not|isn'?t|un)\s?safe\b|不安全|唔安全)", re.IGNORECASE)
_ROUGH_TIMES = {
    "hours": timedelta(hours=3),
    "yesterday": timedelta(days=1),
    "days": timedelta(hours=60),
    "week": timedelta(days=6),
    "longer": timedelta(days=10),
}
OTHER = "other"


def answer(case: Case, message: Message, now: datetime) -> bool:
    """Apply `message` to the open question of `case`; whether it answered it.

    An answer of "not sure" settles any question, so that it is not asked again.
    """
    question = case.open
    if question is None:
        return False
    kind, _, subject = question.partition(":")
    reader = _READERS.get(kind)
    if reader is not None and reader(case, message, subject, now):
        case.open = None
        return True
    if message.need == "unsure" or message.chosen in {"skip", OTHER}:
        case.skip(question)
        case.open = None
        return True
    return False


def yes_or_no(message: Message) -> Answer | None:
    """A yes, a no or a not-sure, pressed or typed."""
    if message.chosen in {"yes", "no", "unsure"}:
        return message.chosen  # type: ignore[return-value]
    if message.need in _YES_NO:
        return _YES_NO[message.need]
    if not message.is_bare:
        return None
    return next((said for said, pattern in _BEGINNINGS if pattern.match(message.text.strip())), None)


def clear_yes_or_no(message: Message) -> Answer | None:
    """A yes or no to something that cannot be undone: pressed, or typed in so many words."""
    if message.chosen in {"yes", "no"}:
        return message.chosen  # type: ignore[return-value]
    if not message.is_bare:
        return None
    said = next((said for said, pattern in _BEGINNINGS if pattern.match(message.text.strip())), None)
    return "no" if said == "unsure" else said


def _paid(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said is None or said == "unsure":
        return False
    case.paid = said == "yes"
    if case.paid and not case.sent_payments:
        case.payments = [*case.payments, Payment()]
    return True


def _method(case: Case, message: Message, subject: str, now: datetime) -> bool:
    fact = message.first("method")
    method = fact.value if fact else message.chosen
    if method in {None, OTHER, "skip"}:
        return False
    _payment(case, subject).method = method
    return True


def _when(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if message.chosen in _ROUGH_TIMES:
        _payment(case, subject).paid_at = now - _ROUGH_TIMES[message.chosen]
        return True
    fact = message.first("date")
    if fact is not None:
        _payment(case, subject).paid_at = datetime.fromisoformat(fact.value["at"])
    return fact is not None


def _amount(case: Case, message: Message, subject: str, now: datetime) -> bool:
    fact = message.first("money")
    if fact is None:
        return False
    payment = _payment(case, subject)
    payment.amount, payment.currency = fact.value["amount"], fact.value["currency"] or payment.currency
    return True


def _country(case: Case, message: Message, subject: str, now: datetime) -> bool:
    fact = message.first("country")
    chosen = message.chosen if message.chosen not in {OTHER, "skip"} else None
    if fact is None and chosen is None:
        return False
    case.country = fact.value if fact else chosen
    return True


def _place(case: Case, message: Message, subject: str, now: datetime) -> bool:
    fact = message.first("country")
    chosen = message.chosen if message.chosen not in {OTHER, "skip"} else None
    if fact is None and chosen is None:
        return False
    case.place = fact.value if fact else chosen
    return True


def _reached_bank(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = message.chosen or _YES_NO.get(message.need)
    if said == "yes":
        _payment(case, subject).state = "recalled"
    elif said == "refused":
        _payment(case, subject).state = "refused"
    elif said in {"no", "unsure"}:
        case.skip(f"reached_bank:{subject}")
    else:
        return False
    return True


def _sign(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said is None:
        return False
    case.answers = {**case.answers, subject: said}
    if said == "yes":
        case.signs = {**case.signs, subject: None}
    return True


def _story(case: Case, message: Message, subject: str, now: datetime) -> bool:
    case.skip("story")
    return False


def _safe_now(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if message.chosen is None and _NOT_SAFE.search(message.text):
        said = "no"
    elif message.chosen is None and _SAFE.search(message.text) and message.need != "crisis":
        said = "yes"
    if said is None:
        return False
    case.safe_now = said
    return True


def _alone(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if message.need != "affirm" and message.text.strip() != "1":
        return False
    case.unmark("watched")
    return True


def _consent(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said is None:
        return False
    if said == "yes":
        case.consent = Consent(version=CONSENT_VERSION, given_at=now, purposes=["handover"])
    else:
        case.skip("consent")
    return True


def _contact(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if _contact_value(case, message, subject, now):
        return True
    if message.chosen in {"phone", "email", "chat", "none"}:
        case.contact = Contact(kind=message.chosen)  # type: ignore[arg-type]
        return True
    if message.need in {"deny", "unsure"}:
        case.contact = Contact(kind="none")
        return True
    return False


def _contact_value(case: Case, message: Message, subject: str, now: datetime) -> bool:
    for fact in message.facts:
        if fact.kind == "email":
            case.contact = Contact(kind="email", value=fact.value)
            return True
        if fact.kind == "phone":
            case.contact = Contact(kind="phone", value=fact.value)
            return True
    if case.open == "contact_value" and (message.need in {"deny", "unsure"} or message.chosen == "skip"):
        case.contact = Contact(kind="none")
        return True
    return False


def _summary_ok(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said == "yes":
        case.filing_agreed = True
    return said == "yes"


def _payment(case: Case, subject: str) -> Payment:
    return case.payments[int(subject)]


_READERS: dict[str, Callable[[Case, Message, str, datetime], bool]] = {
    "paid": _paid,
    "method": _method,
    "when": _when,
    "amount": _amount,
    "country": _country,
    "place": _place,
    "reached_bank": _reached_bank,
    SIGN.rstrip(":"): _sign,
    "story": _story,
    "safe_now": _safe_now,
    "alone": _alone,
    "consent": _consent,
    "contact": _contact,
    "contact_value": _contact_value,
    "summary_ok": _summary_ok,
}
