"""The case in words: what the person sees, agrees to and takes along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions import words
from actions.case.clock import time_left
from actions.case.model import Case, Payment
from actions.guide import RegistryGuide
from actions.zone import zone_of


def summary(case: Case, guide: RegistryGuide, language: str, now: datetime) -> str:
    """A plain summary of `case` in `language`, one fact a line."""
    lines = list(_lines(case, guide, language, now))
    return words.bulleted(lines or [words.phrase("wishes to speak to a person", language)])


def plan_lines(case: Case, guide: RegistryGuide, language: str, now: datetime) -> str:
    """What is done and what is open."""
    lines = list(_lines(case, guide, language, now))
    lines += [_bank_step(payment, language) for _, payment in case.sent_payments]
    if case.reference:
        lines.append(words.phrase("done: case passed to a caseworker", language))
    else:
        lines.append(words.phrase("open: pass the case to a caseworker", language))
    return words.bulleted(lines)


def _bank_step(payment: Payment, language: str) -> str:
    if payment.state in {"recalled", "refused"}:
        return words.phrase(
            "done: the bank was contacted ({payment})", language, payment=_money(payment, language)
        )
    return words.phrase(
        "open: contact the bank or company ({payment})", language, payment=_money(payment, language)
    )


def _lines(case: Case, guide: RegistryGuide, language: str, now: datetime) -> Iterator[str]:
    if case.scam_type:
        name = guide.registry.scam_types[case.scam_type].name.in_(language)
        yield words.phrase("likely pattern: {scam}", language, scam=name)
    for flag, quote in guide.telling_signs(case):
        yield quote or guide.registry.red_flags[flag].why.in_(language)
    for payment in case.payments:
        yield _payment(case, payment, guide, language, now)
    if case.country:
        yield words.phrase("lives in: {country}", language, country=words.country(case.country, language))
    if case.referred_by:
        yield words.phrase("came from the group: {group}", language, group=case.referred_by)
    if case.place:
        yield words.phrase("held in: {country}", language, country=words.country(case.place, language))
    if case.shared_details or case.remote_access:
        yield words.phrase("they now have personal details or access", language)


def _payment(case: Case, payment: Payment, guide: RegistryGuide, language: str, now: datetime) -> str:
    situation = guide.situation_of(case, payment)
    parts = [_money(payment, language)]
    if situation:
        parts.append(situation.name.in_(language))
    if payment.left:
        parts.append(words.moment(payment.paid_at, zone_of(case), language))
        left = time_left(payment, situation.window.hours, now) if situation else None
        if left and not left.over:
            parts.append(words.hours_left(left.left, left.window, language))
    else:
        parts.append(words.phrase("demanded, not paid", language))
    parts += [part for part in (payment.institution, *payment.recipient) if part]
    return " · ".join(parts)


def _money(payment: Payment, language: str) -> str:
    return words.money(payment.amount, payment.currency, language)
