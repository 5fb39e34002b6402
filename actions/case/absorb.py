"""Takes the facts of a message into the case, whatever was asked.

Order of facts does not matter; a correction replaces what it corrects and takes back the advice that followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from actions.case.message import Fact, Message
from actions.case.model import Case, Payment, Role

SCAM_TYPES = {
    "tell_romance_investment": "pig_butchering",
    "tell_cannot_withdraw": "fake_investment_platform",
    "tell_task_scam": "brushing_task",
    "tell_authority_impersonation": "law_enforcement_impersonation",
    "tell_service_impersonation": "customer_service_impersonation",
    "tell_loan_scam": "loan_credit_scam",
    "tell_gambling": "gambling_platform",
    "tell_family_emergency": "family_emergency_ai_voice",
    "tell_recovery_offer": "recovery_scam",
    "job_offer": "fake_job_trafficking",
}
ROLES: dict[str, Role] = {
    "relative_scammed": "relative",
    "trapped": "trapped",
    "relative_trapped": "relative_trapped",
    "lent_account": "mule",
    "job_offer": "job_seeker",
}
RECIPIENT_KINDS = ("wallet", "tx_hash", "iban")

_HERE = re.compile(
    r"\b(?:i(?:'m| am)(?: living| based)?(?: in| from)|i live in|living in|here in|based in)\s*(?:the )?$"
    r"|(?:我|我们|我們|人|人在|住|住在|现在|現在)\s*(?:在|喺|住|系|是)?\s*$",
    re.IGNORECASE,
)
_THERE = re.compile(r"(?:\bto|\binto|到|去|往|给|給|至|寄|去咗)\s*(?:an? |the )?$", re.IGNORECASE)
_LOOK_BACK = 24
_MOST_OF_IT = 0.6
_SEVERAL = 2


def absorb(case: Case, message: Message, *, answered: bool = False) -> None:
    """Update `case` by what `message` says; `answered` when its facts already answered the open question."""
    _role_and_type(case, message)
    case.signs = {**case.signs, **dict(message.signs)}
    _countries(case, message)
    if message.need == "shared_details" or message.first("secret"):
        case.shared_details = True
    if answered and message.is_bare:
        return
    if message.need == "correct_answer":
        _correct(case, message)
    else:
        _payments(case, message)


def _role_and_type(case: Case, message: Message) -> None:
    need = message.need or ""
    if need in ROLES and case.role in {"unknown", "self", "job_seeker"}:
        case.role = ROLES[need]
    elif case.role == "unknown" and (need in SCAM_TYPES or need in {"already_paid", "about_to_pay"}):
        case.role = "self"
    if need in SCAM_TYPES and (case.scam_type is None or _is_more_telling(need, case.scam_type)):
        case.scam_type = SCAM_TYPES[need]


def _is_more_telling(need: str, known: str) -> bool:
    """A blocked withdrawal is a stage of other scams: the story that led there names it better."""
    return known == "fake_investment_platform" and need != "tell_recovery_offer"


def _countries(case: Case, message: Message) -> None:
    for fact in message.all("country"):
        before = message.text[max(0, fact.start - _LOOK_BACK) : fact.start]
        alone = message.is_bare and len(fact.text) >= len(message.text.strip()) * _MOST_OF_IT
        if case.country is None and (alone or _HERE.search(before)):
            case.country = fact.value


def _payments(case: Case, message: Message) -> None:
    state = _payment_state(message)
    if state is None:
        _complete(case, message)
        return
    if state == "not_sent":
        if case.paid is None:
            case.paid = False
        return
    if state == "sent":
        case.paid = True
    for told in _payments_told(message, state):
        existing = _same_payment(case, told)
        if existing is None:
            case.payments = [*case.payments, told]
        else:
            _merge(existing, told)


def _payment_state(message: Message) -> str | None:
    states = {fact.value for fact in message.all("payment_state")}
    if message.need == "about_to_pay":
        return "pressed"
    if message.need in {"already_paid", "ask_stop_payment"} and "not_sent" not in states:
        return "sent"
    return next((state for state in ("sent", "not_sent", "pressed") if state in states), None)


def _payments_told(message: Message, state: str) -> list[Payment]:
    """One payment, or one for each amount when each amount has its own way of paying."""
    amounts, methods = message.all("money"), message.all("method")
    if state != "sent" or len(amounts) < _SEVERAL or len({method.value for method in methods}) < _SEVERAL:
        return [_payment_told(message, state)]
    dates = message.all("date")
    payments = []
    for amount in amounts:
        nearby = [
            fact for fact in (amount, _nearest(methods, amount.start), _nearest(dates, amount.start)) if fact
        ]
        recipients = [
            f for f in message.facts if f.kind in RECIPIENT_KINDS and _nearest(amounts, f.start) is amount
        ]
        payments.append(_payment_told(replace(message, facts=[*nearby, *recipients]), state))
    return payments


def _payment_told(message: Message, state: str) -> Payment:
    anchor = next((f.start for f in message.all("payment_state") if f.value == state), 0)
    money = _nearest(message.all("money"), anchor)
    date, method = message.first("date"), _nearest(message.all("method"), anchor)
    bank = message.first("bank")
    return Payment(
        method=method.value if method else None,
        amount=money.value["amount"] if money else None,
        currency=money.value["currency"] if money else None,
        paid_at=datetime.fromisoformat(date.value["at"]) if date and state == "sent" else None,
        institution=bank.value if bank else None,
        to_country=_destination(message),
        recipient=[fact.text for kind in RECIPIENT_KINDS for fact in message.all(kind)],
        state="sent" if state == "sent" else "pressed",
    )


def _nearest(facts: Iterable[Fact], anchor: int) -> Fact | None:
    return min(facts, key=lambda fact: abs(fact.start - anchor), default=None)


def _destination(message: Message) -> str | None:
    for fact in message.all("country"):
        before = message.text[max(0, fact.start - _LOOK_BACK) : fact.start]
        if _THERE.search(before):
            country: str = fact.value
            return country
    return None


def _same_payment(case: Case, told: Payment) -> Payment | None:
    """The payment already known that `told` speaks of: nothing they both state differs."""
    for payment in reversed(case.payments):
        if told.left and not payment.left and told.amount not in {None, payment.amount}:
            continue
        same_amount = None in {payment.amount, told.amount} or payment.amount == told.amount
        same_method = None in {payment.method, told.method} or payment.method == told.method
        if same_amount and (same_method or payment.amount == told.amount is not None):
            return payment
    return None


def _merge(payment: Payment, told: Payment) -> None:
    for name in ("method", "amount", "currency", "paid_at", "institution", "to_country"):
        if getattr(payment, name) is None:
            setattr(payment, name, getattr(told, name))
    payment.recipient = [*payment.recipient, *(r for r in told.recipient if r not in payment.recipient)]
    if told.state == "sent" and payment.state == "pressed":
        payment.state = "sent"


def _complete(case: Case, message: Message) -> None:
    """Fill what the last payment lacks from a message that only states facts about it."""
    if not case.payments or message.need not in {"inform", "nlu_fallback", "affirm"}:
        return
    told = _payment_told(message, "sent")
    _merge(case.payments[-1], told.model_copy(update={"state": case.payments[-1].state}))


def _correct(case: Case, message: Message) -> None:
    if country := message.first("country"):
        case.country = country.value
    if not case.payments:
        return
    told = _payment_told(message, "sent")
    payment = next((p for p in reversed(case.payments) if p.currency == told.currency), case.payments[-1])
    for name in ("method", "amount", "currency", "paid_at", "institution"):
        if getattr(told, name) is not None:
            setattr(payment, name, getattr(told, name))
