"""Takes the facts of a message into the case, whatever was asked.

Order of facts does not matter; a correction replaces what it corrects and takes back the advice that followed.
"""

from __future__ import annotations

from decimal import Decimal

from actions.case.correct import correct
from actions.case.countries import citizen_of, lived_in
from actions.case.freezer import acting_freezer
from actions.case.message import Fact, Message
from actions.case.model import Case, Payment, Role
from actions.case.payments_told import PAYMENT_FACTS, payment_state, payment_told, payments_told

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
PAYMENT_NEEDS = frozenset({"already_paid", "about_to_pay"})
ROLES: dict[str, Role] = {
    "relative_scammed": "relative",
    "trapped": "trapped",
    "relative_trapped": "relative_trapped",
    "lent_account": "mule",
    "job_offer": "job_seeker",
}
# Red flags that mean: the other side has, or was about to get, control of the device; or codes.
REMOTE_SIGNS = frozenset({"customer_service_impersonation_1", "tech_support_remote_access_1"})
CODE_SIGNS = frozenset({"customer_service_impersonation_4"})
# Needs that tell what happened, so that the story is not asked for again.
TELLING_NEEDS = frozenset(
    {*SCAM_TYPES, *ROLES, *PAYMENT_NEEDS, "account_frozen", "shared_details", "threatened"}
)

# For someone else, the office of the place where that person lives, or the writer, is the right one.
_FOR_ANOTHER = frozenset({"relative", "relative_trapped"})
_OF_A_DEMAND = ("money", "method", "payment_state", "wallet", "iban")
_ABOUT_A_PAYMENT = frozenset({"paid", "method", "when", "amount"})
_MAY_COMPLETE = frozenset({"inform", "nlu_fallback", "affirm"})
_MOST_OF_IT = 0.6
_SURE_OF_STORY = 0.45
# How likely a story must be, beside the need that won, to name the scam.
_HINTED = 0.1
# How likely it must be that the account that was frozen had been lent.
_LIKELY_TOO = 0.2
_ROMANCE, _BLOCKED = "tell_romance_investment", "tell_cannot_withdraw"
_LATE_STAGES = frozenset({"tell_recovery_offer", _BLOCKED})
# Somebody they never met brought up investing.
_STRANGER_SIGN = "pig_butchering_1"


def absorb(case: Case, message: Message, *, asked: str | None = None, answered: bool = False) -> None:
    """Update `case` by what `message` says.

    Args:
        case: the case.
        message: what was said.
        asked: the question that was open.
        answered: whether the message answered it.
    """
    case.signs = {**case.signs, **dict(message.signs)}
    _role_and_type(case, message)
    _country(case, message, answered=answered)
    if not REMOTE_SIGNS.isdisjoint(message.signs):
        case.remote_access = True
    elif (
        "shared_details" in message.needs
        or message.first("secret")
        or not CODE_SIGNS.isdisjoint(message.signs)
    ):
        case.shared_details = True
    if "account_frozen" in message.needs and not message.says("done", "secured"):
        case.frozen = True
        case.frozen_by = case.frozen_by or acting_freezer(message.text)
    _done(case, message, about_one=answered and (asked or "").startswith("reached_bank"))
    if answered and message.is_bare and payment_state(message) != "sent":
        if _subject(asked) is not None:
            _complete(case, message, asked)
    elif message.need == "correct_answer":
        correct(case, message)
    else:
        _payments(case, message, asked)


def _role_and_type(case: Case, message: Message) -> None:
    need = message.need or ""
    if need in TELLING_NEEDS:
        case.skip("story")
    if need in ROLES and case.role in {"unknown", "self", "job_seeker"}:
        case.role = ROLES[need]
    elif need == "account_frozen" and case.role in {"unknown", "self"} and _hints_at(message, "lent_account"):
        case.role = "mule"
    elif case.role == "unknown" and (need in SCAM_TYPES or need in PAYMENT_NEEDS):
        case.role = "self"
    story = _story(case, message)
    if story and (case.scam_type is None or _is_more_telling(case, story)):
        case.scam_type = SCAM_TYPES[story]
        case.type_told = True
    elif case.scam_type is None and message.signs and need in PAYMENT_NEEDS:
        hinted = (SCAM_TYPES[n] for n, p in message.ranking if n in SCAM_TYPES and p >= _HINTED)
        case.scam_type = next(hinted, None)


def _story(case: Case, message: Message) -> str | None:
    """The need that names the scam: of a blocked withdrawal, where many scams end, who led there tells which."""
    scam = SCAM_TYPES.get(message.need or "")
    sure = scam and (
        message.is_likely(_SURE_OF_STORY) or any(sign.startswith(scam) for sign in message.signs)
    )
    story = message.need if sure else message.story
    return _ROMANCE if story == _BLOCKED and _STRANGER_SIGN in case.signs else story


def _hints_at(message: Message, need: str) -> bool:
    """Whether `need` is likely enough beside the one that won."""
    return any(name == need and p >= _LIKELY_TOO for name, p in message.ranking)


def _is_more_telling(case: Case, need: str) -> bool:
    """Whether a story names the scam better than what is known.

    A blocked withdrawal is a stage of other scams, and a type taken from signs alone is a guess.
    """
    vague = case.scam_type == "fake_investment_platform" or not case.type_told
    return vague and need not in _LATE_STAGES


def _done(case: Case, message: Message, *, about_one: bool) -> None:
    """Steps taken; that the bank was reached settles a payment when it is the only one, or the one named.

    Args:
        case: the case.
        message: what was said.
        about_one: whether it answered for one payment whether the bank was reached.
    """
    if message.need == "police_refused":
        return
    for fact in message.all("done"):
        case.note_done(fact.value)
        if fact.value == "bank" and not about_one and (payment := _only_payment(case, message)):
            payment.state = "recalled"


def _only_payment(case: Case, message: Message) -> Payment | None:
    open_ones = [payment for _, payment in case.sent_payments if payment.state in {"sent", "pending"}]
    amounts = {Decimal(fact.value["amount"]) for fact in message.all("money")}
    methods = {fact.value for fact in message.all("method")}
    named = [p for p in open_ones if p.amount in amounts] or [p for p in open_ones if p.method in methods]
    candidates = named or open_ones
    return candidates[0] if len(candidates) == 1 else None


def _country(case: Case, message: Message, *, answered: bool) -> None:
    """Citizenship where it is said; where the person lives, or named alone when it answers no other question."""
    of_anyone = case.role in _FOR_ANOTHER
    if fact := citizen_of(message, of_anyone=of_anyone):
        case.citizenship = fact.value
    if case.country is not None or case.role == "trapped":
        return
    lived = lived_in(message, of_anyone=of_anyone)
    bare = next(
        (fact for fact in message.all("country") if message.is_bare and _is_most_of(fact, message)), None
    )
    if fact := lived or (None if answered else bare):
        case.country = fact.value


def _is_most_of(fact: Fact, message: Message) -> bool:
    return len(fact.text) >= len(message.text.strip()) * _MOST_OF_IT


def _payments(case: Case, message: Message, asked: str | None) -> None:
    state = payment_state(message) or _state_of_another(case, message)
    if state is None:
        if message.need in _MAY_COMPLETE:
            _complete(case, message, asked)
        return
    if state == "not_sent":
        if case.paid is None:
            case.paid = False
        return
    if state == "pressed" and case.payments and not any(message.first(kind) for kind in _OF_A_DEMAND):
        return
    if state == "sent":
        case.paid = True
    for told in payments_told(message, state):
        existing = _same_payment(case, told)
        if existing is None:
            case.payments = [*case.payments, told]
        else:
            _merge(existing, told)


def _state_of_another(case: Case, message: Message) -> str | None:
    """A further payment told without a verb ("then 8000 by zelle last week"): an amount not known yet, how and when."""
    if message.need not in _MAY_COMPLETE or not (message.first("method") and message.first("date")):
        return None
    known = {payment.amount for payment in case.payments}
    amounts = {Decimal(fact.value["amount"]) for fact in message.all("money")}
    return "sent" if case.payments and None not in known and amounts and amounts.isdisjoint(known) else None


def _same_payment(case: Case, told: Payment) -> Payment | None:
    """The payment already known that `told` speaks of: nothing they both state differs."""
    for payment in reversed(case.payments):
        if told.left and not payment.left and told.amount not in {None, payment.amount}:
            continue
        if not told.left and payment.left and (told.amount is None or told.amount != payment.amount):
            continue
        same_amount = None in {payment.amount, told.amount} or payment.amount == told.amount
        same_method = None in {payment.method, told.method} or payment.method == told.method
        if same_amount and (same_method or payment.amount == told.amount is not None):
            return payment
    return None


def _merge(payment: Payment, told: Payment) -> None:
    for name in PAYMENT_FACTS:
        if getattr(payment, name) is None:
            setattr(payment, name, getattr(told, name))
    payment.recipient = [*payment.recipient, *(r for r in told.recipient if r not in payment.recipient)]
    if told.state == "sent" and payment.state == "pressed":
        payment.state = "sent"


def _subject(asked: str | None) -> int | None:
    """Position of the payment a question is about, -1 for the last; None when it is about something else."""
    kind, _, position = (asked or "").partition(":")
    if kind not in _ABOUT_A_PAYMENT:
        return None
    return int(position) if position else -1


def _complete(case: Case, message: Message, asked: str | None) -> None:
    """Fill what a payment lacks from a message that only states facts: the one asked about, or the last."""
    if not case.payments:
        return
    position = _subject(asked)
    payment = case.payments[-1 if position is None else position]
    told = payment_told(message, "sent")
    _merge(payment, told.model_copy(update={"state": payment.state}))
