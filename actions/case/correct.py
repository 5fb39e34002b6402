"""Puts right what was understood wrong, and takes back what followed from it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from actions.case.message import Fact, Message
from actions.case.model import Case, Contact, ContactKind, Payment, Role
from actions.case.payments_told import PAYMENT_FACTS, destination, origin, payment_state, payment_told

_REACHED_BY: tuple[ContactKind, ...] = ("phone", "email")
_SELF_AFTER_ALL = re.compile(
    r"\b(?:it(?:'?s| is| was)|i meant?) (?:actually )?(?:me|myself)\b|是我(?:自己|本人)", re.IGNORECASE
)
_ANOTHER_AFTER_ALL = re.compile(
    r"\bnot me\b|\bit(?:'?s| is| was) (?:actually )?my (?!account|bank|money|mistake|fault|card|own)\w+"
    r"|不是我(?:自己)?[,，、]?\s*(?:是|而是|係)我",
    re.IGNORECASE,
)
_DENIED = re.compile(r"n['’]?t\b|\b(?:have|has|had|did) not\b|\bnever\b|[没沒未冇]", re.IGNORECASE)


def correct(case: Case, message: Message) -> None:
    """Change what was wrong; of two values ("30,000, not 50,000") the one already known is the wrong one."""
    known = {destination(message), origin(message), case.citizenship, case.country}
    case.country = next((f.value for f in message.all("country") if f.value not in known), case.country)
    for kind in _REACHED_BY:
        if case.contact is not None and (fact := message.first(kind)):
            case.contact = Contact(kind=kind, value=fact.value)
    case.role = role_put_right(message.text) or case.role
    if not case.payments:
        return
    payment = _payment_corrected(case, message)
    _correct_state(case, payment, message)
    news = [fact for fact in message.facts if _is_news(payment, fact)]
    told = payment_told(replace(message, facts=news), "sent")
    if told.paid_at is not None:
        _take_back_the_clock(case, payment)
    for name in PAYMENT_FACTS:
        if getattr(told, name) is not None:
            setattr(payment, name, getattr(told, name))


def _take_back_the_clock(case: Case, payment: Payment) -> None:
    """With another date, another time is left: the first steps are due again."""
    stop = f"stop:{case.payments.index(payment)}:"
    case.told = [key for key in case.told if not key.startswith(stop)]


def role_put_right(text: str) -> Role | None:
    """Whose case it is after all, where that is put right."""
    if _SELF_AFTER_ALL.search(text):
        return "self"
    return "relative" if _ANOTHER_AFTER_ALL.search(text) else None


def _correct_state(case: Case, payment: Payment, message: Message) -> None:
    """What was said to be sent was only demanded, or the other way round."""
    denied = any(f.value == "not_sent" and _DENIED.search(f.text) for f in message.all("payment_state"))
    if denied and payment.left:
        payment.state, payment.paid_at = "pressed", None
    elif payment_state(message) == "sent" and not payment.left:
        payment.state = "sent"
    case.paid = bool(case.sent_payments)


def _payment_corrected(case: Case, message: Message) -> Payment:
    """The payment whose amount is named, or the last in a currency that is named, or the last."""
    amounts = {Decimal(fact.value["amount"]) for fact in message.all("money")}
    currencies = {fact.value["currency"] for fact in message.all("money")}
    latest_first = list(reversed(case.payments))
    named = [payment for payment in latest_first if payment.amount in amounts]
    alike = [payment for payment in latest_first if payment.currency in currencies]
    return (named or alike or latest_first)[0]


def _is_news(payment: Payment, fact: Fact) -> bool:
    if fact.kind == "money":
        same_currency = fact.value["currency"] in {None, payment.currency}
        return not same_currency or Decimal(fact.value["amount"]) != payment.amount
    return fact.kind != "method" or fact.value != payment.method
