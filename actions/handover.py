"""Handing over: consent, how to be reached, the summary, and the case into the outbox."""

from __future__ import annotations

import logging

from actions import words
from actions.case.clock import deadline
from actions.case.model import URGENT_MARKS, Case, Contact, Filed, Payment, Standing
from actions.guide import RegistryGuide
from actions.intake import contract
from actions.intake.client import IntakeError
from actions.intake.database import OutboxError
from actions.keep_code import offer_code
from actions.summary import summary
from actions.turn import Handler, Turn
from actions.zone import zone_of
from bot.languages import ENGLISH
from bot.quiet import place

logger = logging.getLogger(__name__)

URGENT_WITHIN_HOURS = 72


def ask_human(turn: Turn) -> None:
    """A person can take over; the consent question follows."""
    case = turn.case
    case.reopen("consent")
    case.reopen("summary_ok")
    turn.say("utter_human")
    if case.reference is None and case.consent is None:
        turn.end("consent")
        turn.say("utter_ask_consent")


async def ask_case_status(turn: Turn) -> None:
    """How the case stands, from the intake service, or honestly that it cannot be told now."""
    if not turn.case.filed:
        turn.say("utter_status_none")
        return
    filed = turn.case.filed[-1]
    if turn.services.outbox.waits(filed.id):
        refused = turn.services.outbox.is_set_aside(filed.id)
        turn.say("utter_status_refused" if refused else "utter_status_waiting", reference=filed.reference)
        return
    try:
        async with turn.services.intake_client() as client:
            status = await client.get_case(filed.id)
    except IntakeError:
        _last_known(turn, filed)
        return
    turn.case.standing = Standing(id=filed.id, status=status.status, at=status.changed_at)
    turn.say(f"utter_status_{status.status}", reference=filed.reference, note=status.public_note or "")


def _last_known(turn: Turn, filed: Filed) -> None:
    """The service cannot be asked: how it stood when it was last heard of, if ever."""
    known = turn.case.standing
    if known is None or known.id != filed.id:
        turn.say("utter_status_unknown", reference=filed.reference)
        return
    when = words.moment(known.at, zone_of(turn.case), turn.language)
    turn.say(f"utter_status_last_{known.status}", reference=filed.reference, when=when)


def after_consent(turn: Turn) -> None:
    """A no is respected."""
    if turn.case.consent is None:
        turn.say("utter_consent_declined")


def after_summary_ok(turn: Turn) -> None:
    """File the case: into the outbox first, the promise after; without a yes nothing is sent."""
    if turn.case.filing_agreed:
        file_case(turn)
    else:
        turn.say("utter_consent_declined")


def file_case(turn: Turn) -> None:
    """Write the case to the outbox and tell the person its reference; or the truth when that fails."""
    case = turn.case
    reference = case.reference or turn.services.reference_of(case.id)
    urgent = is_urgent(case, turn)
    body = case_file(case, turn, reference, urgent=urgent)
    try:
        turn.services.outbox.put(case.id, "case", body, urgent, turn.now)
    except OutboxError as error:
        logger.error("a case could not be stored in the outbox: %s", place(error))
        case.filing_agreed = False
        turn.say("utter_filing_failed")
        turn.end()
        return
    case.reference, case.filed_at = reference, turn.now
    response = "utter_filed_urgent" if case.sent_payments else "utter_filed_urgent_safety"
    turn.say(response if urgent else "utter_filed", reference=reference)
    offer_code(turn)


def is_urgent(case: Case, turn: Turn) -> bool:
    """Crisis, trapped, or a payment within 72 hours."""
    recent = any(
        payment.paid_at and (turn.now - payment.paid_at).total_seconds() <= URGENT_WITHIN_HOURS * 3600
        for _, payment in case.sent_payments
    )
    return recent or any(mark in URGENT_MARKS for mark in case.marks)


def case_file(case: Case, turn: Turn, reference: str, *, urgent: bool) -> contract.CaseFile:
    """The body of the intake contract: what the person agreed to and nothing else."""
    if case.consent is None:
        raise ValueError("no case is handed over without consent")
    contact = case.contact or Contact(kind="none")
    return contract.CaseFile(
        reference=reference,
        language=case.language,  # type: ignore[arg-type]
        role=case.role,
        scam_type=case.scam_type,
        signs=tuple(
            turn.guide.registry.red_flags[flag].question.en
            for flag in list(case.signs)[: contract.MOST_ENTRIES]
        ),
        payments=tuple(
            _payment(case, payment, turn.guide) for payment in case.payments[: contract.MOST_ENTRIES]
        ),
        jurisdictions=tuple(_jurisdictions(case)),
        safety=contract.Safety(urgency="urgent" if urgent else "normal", marks=tuple(case.marks)),
        consent=contract.Consent(
            version=case.consent.version,
            given_at=case.consent.given_at,
            purposes=("handover",) if contact.kind == "none" else ("handover", "contact"),
        ),
        contact=contract.Contact(kind=contact.kind, value=contact.value),
        summary=contract.Summary(
            en=summary(case, turn.guide, ENGLISH, turn.now),
            own=summary(case, turn.guide, case.language, turn.now),
            own_language=case.language,  # type: ignore[arg-type]
        ),
    )


def _payment(case: Case, payment: Payment, guide: RegistryGuide) -> contract.Payment:
    situation = guide.situation_of(case, payment)
    return contract.Payment(
        method=situation.id if situation else payment.method,
        amount=payment.amount,
        currency=payment.currency,
        paid_at=payment.paid_at,
        institution=payment.institution,
        from_country=payment.from_country or case.country,
        to_country=payment.to_country,
        recipient=tuple(payment.recipient[:20]),
        state=payment.state,
        deadline=deadline(payment, situation.window.hours) if situation else None,
    )


def _jurisdictions(case: Case) -> list[str]:
    ends = [case.country, case.place, *(payment.to_country for payment in case.payments)]
    return list(dict.fromkeys(end for end in ends if end))


def erase_filed_cases(turn: Turn) -> bool:
    """Send the erasure of all that was filed; whether it is certain to go out.

    A case that was agreed to may have been filed though the conversation could not be kept: it is erased too.
    """
    case = turn.case
    ids = {filed.id for filed in case.filed} | ({case.id} if case.consent else set())
    try:
        for case_id in ids:
            turn.services.outbox.put(case_id, "erase", None, True, turn.now)
    except OutboxError as error:
        logger.error("an erasure could not be stored in the outbox: %s", place(error))
        return False
    return True


def summary_text(turn: Turn) -> str:
    """What would be sent, as the person sees it."""
    text = summary(turn.case, turn.guide, turn.language, turn.now)
    contact = turn.case.contact
    if contact and contact.value:
        reached = words.phrase("reach me: {contact}", turn.language, contact=contact.value)
        text = f"{text}\n{words.bulleted([reached])}"
    return text


HANDLERS: dict[str | None, Handler] = {"ask_human": ask_human, "ask_case_status": ask_case_status}
