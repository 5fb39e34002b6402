"""The payments a message tells of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from actions.case.countries import paid_from, paid_to
from actions.case.message import Fact, Message
from actions.case.model import Payment

RECIPIENT_KINDS = ("wallet", "tx_hash", "iban")
_OF_PEOPLE = frozenset({"trapped", "relative_trapped", "job_offer"})
PAYMENT_FACTS = (
    "method",
    "amount",
    "currency",
    "paid_at",
    "institution",
    "from_country",
    "to_country",
)
_BESIDE = (*RECIPIENT_KINDS, "country", "bank")
_SEVERAL = 2
# A demand that is only guessed, with no word of paying, is none ("decide tonight or somebody else gets the job").
_SURE_OF_DEMAND = 0.5


def payment_state(message: Message) -> str | None:
    """Whether money of theirs left; what went through a lent account is not theirs."""
    if message.need == "lent_account":
        return None
    states = {fact.value for fact in message.all("payment_state")}
    if message.need == "about_to_pay" and (states or message.is_likely(_SURE_OF_DEMAND)):
        return "pressed"
    if message.need in {"already_paid", "ask_stop_payment"} and "not_sent" not in states:
        return "sent"
    return next((state for state in ("sent", "not_sent", "pressed") if state in states), None)


def payments_told(message: Message, state: str) -> list[Payment]:
    """The payments a message tells of: what left, and beside it what is demanded now."""
    demanded = _demanded(message) if state == "sent" else None
    if demanded is None:
        return _payments_of(message, state)
    others = [fact for fact in message.facts if fact is not demanded]
    return [
        *_payments_of(replace(message, facts=others), state),
        payment_told(replace(message, facts=[demanded]), "pressed"),
    ]


def _demanded(message: Message) -> Fact | None:
    """The amount demanded now, beside another that left: the one right after the words that demand it."""
    amounts, states = message.all("money"), message.all("payment_state")
    pressed = next((fact for fact in states if fact.value == "pressed"), None)
    if pressed is None or len(amounts) < _SEVERAL:
        return None
    demanded = next((amount for amount in amounts if amount.start >= pressed.start), None)
    if demanded is None or any(
        fact.value == "sent" and pressed.start < fact.start < demanded.start for fact in states
    ):
        return None
    return demanded


def _payments_of(message: Message, state: str) -> list[Payment]:
    """One payment, or one for each amount when each amount has its own way of paying or its own date."""
    amounts = message.all("money")
    if state != "sent" or len(amounts) < _SEVERAL or not _told_apart(message):
        return [payment_told(message, state)]
    payments = []
    for position, amount in enumerate(amounts):
        own = [_own(message.all(kind), amounts, position) for kind in ("method", "date")]
        beside = [f for f in message.facts if f.kind in _BESIDE and _nearest(amounts, f.start) is amount]
        facts = [amount, *(fact for fact in own if fact), *beside]
        payments.append(payment_told(replace(message, facts=facts), state))
    return payments


def _told_apart(message: Message) -> bool:
    methods = {fact.value for fact in message.all("method")}
    dates = {fact.value["at"] for fact in message.all("date")}
    return len(methods) >= _SEVERAL or len(dates) == len(message.all("money"))


def _own(facts: list[Fact], amounts: list[Fact], position: int) -> Fact | None:
    """The fact that goes with an amount: in order when there is one for each, otherwise the nearest."""
    if len(facts) == len(amounts):
        return facts[position]
    return _nearest(facts, amounts[position].start)


def payment_told(message: Message, state: str) -> Payment:
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
        from_country=origin(message),
        to_country=destination(message),
        recipient=[fact.text for kind in RECIPIENT_KINDS for fact in message.all(kind)],
        state="sent" if state == "sent" else "pressed",
    )


def _nearest(facts: Iterable[Fact], anchor: int) -> Fact | None:
    return min(facts, key=lambda fact: abs(fact.start - anchor), default=None)


def destination(message: Message) -> str | None:
    """Where the money went; in a story of people held or hired abroad, a place is where they went."""
    fact = None if message.need in _OF_PEOPLE else paid_to(message)
    return fact.value if fact else None


def origin(message: Message) -> str | None:
    fact = paid_from(message)
    return fact.value if fact else None
