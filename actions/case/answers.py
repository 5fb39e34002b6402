"""Reads a bare answer in the light of the question that is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

from actions.case.alone import says_alone
from actions.case.contact_way import way_to_reach
from actions.case.countries import citizen_of, lived_in, paid_from, paid_to
from actions.case.freezer import named_freezer
from actions.case.message import Fact, Message
from actions.case.model import Case, Consent, Contact, FrozenBy, Payment
from actions.case.planner import CHECK_IN, SIGN
from actions.case.refusal import turned_away
from actions.case.safe_now import typed_safety
from actions.case.yes_or_no import agreed, typed_yes_or_no, yes_or_no

CONSENT_VERSION = "2026-11-22"

_ROUGH_TIMES = {
    "hours": timedelta(hours=3),
    "yesterday": timedelta(days=1),
    "days": timedelta(hours=60),
    "week": timedelta(days=6),
    "longer": timedelta(days=10),
}
# A place named in a story of somebody held is where they are held, not where the writer lives.
HELD_NEEDS = frozenset({"trapped", "relative_trapped"})
OTHER = "other"
NOBODY = "nobody"
DECLINE = "decline"
_OF_FACT = frozenset(
    {
        "paid",
        "method",
        "when",
        "amount",
        "country",
        "place",
        "citizenship",
        "frozen_by",
        "reached_bank",
        SIGN.rstrip(":"),
    }
)
# Codes that are typed in small letters; others are words too ("no", "in"), or states ("ca").
_TYPED_CODES = {
    code.lower(): code for code in ("AU", "CN", "GB", "HK", "JP", "MY", "NZ", "SG", "TW", "US")
} | {"uk": "GB"}
_MOST_UNANSWERED = 2


def answer(case: Case, message: Message, now: datetime) -> bool:
    """Apply `message` to the open question of `case`; whether it answered it.

    An answer of "not sure" settles any question, so that it is not asked again.
    """
    question = case.open
    if question is None:
        return False
    kind, _, subject = question.partition(":")
    reader = _READERS.get(kind)
    if message.need == "crisis" and kind != "safe_now":
        return False
    if reader is not None and reader(case, message, subject, now):
        case.open = None
        return True
    if _unsure(message):
        case.skip(question)
        case.open = None
        return True
    return False


def let_go(case: Case, message: Message, asked: str | None) -> None:
    """Count a bare message that did not answer `asked`; a question of fact is not put a third time."""
    kind = (asked or "").partition(":")[0]
    if asked is None or kind not in _OF_FACT or not message.is_bare or not message.text or message.facts:
        return
    case.unanswered += 1
    if case.unanswered >= _MOST_UNANSWERED:
        case.unanswered = 0
        case.skip(asked)
        case.open = None


def _unsure(message: Message) -> bool:
    """Whether the person cannot or does not want to say."""
    if message.chosen in {"skip", "unsure", OTHER} or message.need == "unsure":
        return True
    return message.is_bare and not message.facts and typed_yes_or_no(message) == "unsure"


def _paid(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said is None and message.need in {"inform", "nlu_fallback"} and _tells_a_payment(message):
        said = "yes"
    if said is None or said == "unsure":
        return False
    case.paid = said == "yes"
    if case.paid and not case.sent_payments:
        case.payments = [*case.payments, Payment()]
    return True


def _tells_a_payment(message: Message) -> bool:
    """Whether the message, asked whether money left, states how much or how, and not that it did not."""
    states = {fact.value for fact in message.all("payment_state")}
    stated = message.first("money") or message.first("method")
    return stated is not None and states <= {"sent"}


def _tells_another_payment(case: Case, message: Message, subject: str) -> bool:
    """Whether the message, asked about one payment, tells of one of another amount."""
    known = _payment(case, subject).amount
    amounts = {Decimal(fact.value["amount"]) for fact in message.all("money")}
    return known is not None and bool(amounts) and known not in amounts


def _method(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if _tells_another_payment(case, message, subject):
        return False
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
    if _tells_another_payment(case, message, subject):
        return False
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
    told_of = None if message.need in HELD_NEEDS else _not_of_a_payment(message)
    fact = lived_in(message) or told_of or _by_its_code(message)
    chosen = message.chosen if message.chosen not in {OTHER, "skip"} else None
    if fact is None and chosen is None:
        return False
    case.country = fact.value if fact else chosen
    return True


def _not_of_a_payment(message: Message) -> Fact | None:
    """The first country that is not an end of a payment the message tells of."""
    paid = message.first("payment_state") is not None
    ends = (paid_from(message), paid_to(message)) if paid else ()
    return next((fact for fact in message.all("country") if fact not in ends), None)


def _by_its_code(message: Message) -> Fact | None:
    """A country typed as its two letters and nothing else: "sg", "uk"."""
    code = _TYPED_CODES.get(message.text.strip(" .!?").lower())
    return Fact("country", code, 0, len(message.text), message.text) if code else None


def _place(case: Case, message: Message, subject: str, now: datetime) -> bool:
    home = lived_in(message) if case.role == "relative_trapped" else None
    own = {fact.value for fact in (home, citizen_of(message, of_anyone=True)) if fact}
    fact = next((fact for fact in message.all("country") if fact.value not in own), None)
    chosen = message.chosen if message.chosen not in {OTHER, "skip"} else None
    if chosen == NOBODY:
        case.unmark("trapped")
        case.role = "unknown"
        return True
    if fact is None and chosen is None:
        return False
    case.place = fact.value if fact else chosen
    return True


def _citizenship(case: Case, message: Message, subject: str, now: datetime) -> bool:
    fact = message.first("country")
    chosen = message.chosen if message.chosen not in {OTHER, "skip"} else None
    if fact is None and chosen is None:
        return False
    case.citizenship = fact.value if fact else chosen
    return True


def _frozen_by(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if message.chosen in get_args(FrozenBy):
        case.frozen_by = message.chosen  # type: ignore[assignment]
    elif message.is_bare or message.need in {"account_frozen", "tell_cannot_withdraw"}:
        case.frozen_by = named_freezer(message.text)
    if case.frozen_by == "platform":
        case.scam_type = case.scam_type or "fake_investment_platform"
    return case.frozen_by is not None


def _reached_bank(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = message.chosen or yes_or_no(message)
    if message.chosen is None and message.need != "police_refused" and turned_away(message.text):
        said = "refused"
    elif _called_about(case, message, subject):
        said = "yes"
    if said == "yes":
        _payment(case, subject).state = "recalled"
    elif said == "refused":
        _payment(case, subject).state = "refused"
    elif said in {"no", "unsure"}:
        case.skip(f"reached_bank:{subject}")
    else:
        return False
    return True


def _called_about(case: Case, message: Message, subject: str) -> bool:
    """Whether the person says they reached the bank, and names no other payment with it."""
    called = message.chosen is None and message.says("done", "bank")
    return called and not _tells_another_payment(case, message, subject)


def _sign(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = yes_or_no(message)
    if said is None:
        return False
    case.answers = {**case.answers, subject: said}
    if said == "yes":
        case.signs = {**case.signs, subject: None}
    return True


def _story(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if message.text:
        case.skip("story")
    return False


def _safe_now(case: Case, message: Message, subject: str, now: datetime) -> bool:
    told = typed_safety(message.text) if message.chosen is None else None
    if told == "yes" and message.need == "crisis":
        told = None
    said = told or yes_or_no(message)
    if said is None and message.text and message.need in {"nlu_fallback", None} and not message.facts:
        said = "unsure"
    if said is None:
        return False
    case.safe_now = said
    return True


def _alone(case: Case, message: Message, subject: str, now: datetime) -> bool:
    if not says_alone(message.text):
        return False
    case.unmark("watched")
    return True


def _consent(case: Case, message: Message, subject: str, now: datetime) -> bool:
    said = agreed(message)
    if message.need == "ask_human" and typed_yes_or_no(message) == "yes":
        said = "yes"
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
    if message.is_bare and (way := way_to_reach(message.text)):
        case.contact = Contact(kind=way)
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
    said = agreed(message)
    if message.chosen == DECLINE:
        case.skip("summary_ok")
        return True
    if said == "yes":
        case.filing_agreed = True
    return said == "yes"


def _check_in(case: Case, message: Message, subject: str, now: datetime) -> bool:
    """Only a clear yes: nobody is written to who is not sure."""
    said = agreed(message)
    if said is None:
        return False
    case.check_ins = "yes" if said == "yes" else "no"
    case.check_ins_since = now if said == "yes" else None
    return True


def _payment(case: Case, subject: str) -> Payment:
    return case.payments[int(subject)]


_READERS: dict[str, Callable[[Case, Message, str, datetime], bool]] = {
    "paid": _paid,
    "method": _method,
    "when": _when,
    "amount": _amount,
    "country": _country,
    "place": _place,
    "citizenship": _citizenship,
    "frozen_by": _frozen_by,
    "reached_bank": _reached_bank,
    SIGN.rstrip(":"): _sign,
    "story": _story,
    "safe_now": _safe_now,
    "alone": _alone,
    "consent": _consent,
    "contact": _contact,
    "contact_value": _contact_value,
    "summary_ok": _summary_ok,
    CHECK_IN: _check_in,
}
