"""The case in words: what the person sees, agrees to and takes along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from actions import words
from actions.case.clock import time_left
from actions.case.model import Case, Payment
from actions.case.progress import Item, Progress, progress
from actions.guide import RegistryGuide
from actions.zone import zone_of


def summary(case: Case, guide: RegistryGuide, language: str, now: datetime) -> str:
    """A plain summary of `case` in `language`, one fact a line."""
    lines = list(_lines(case, guide, language, now))
    return words.bulleted(lines or [words.phrase("wishes to speak to a person", language)])


def plan_lines(case: Case, guide: RegistryGuide, language: str, now: datetime) -> str:
    """What is known, then what is done and what is open."""
    known = list(_lines(case, guide, language, now))
    return words.bulleted([*known, *(step_line(case, step, language) for step in progress(case))])


def open_steps(case: Case, language: str) -> str:
    """What is still to be done, without what the person declined; empty when nothing is."""
    declined = {"caseworker"} if case.settled("consent") else set()
    steps = (step for step in progress(case) if not step.done and step.item not in declined)
    return words.bulleted(step_line(case, step, language) for step in steps)


def step_title(case: Case, step: Progress, language: str) -> str:
    """What is to be done."""
    what = _ITEMS[step.item](language)
    if step.position is None:
        return what
    return f"{what} ({_money(case.payments[step.position], language)})"


def step_line(case: Case, step: Progress, language: str) -> str:
    """What is to be done, and whether it is."""
    what = step_title(case, step, language)
    if step.done:
        return words.phrase("done: {step}", language, step=what)
    return words.phrase("open: {step}", language, step=what)


_ITEMS: dict[Item, Callable[[str], str]] = {
    "hold": lambda language: words.phrase("pay nothing that is demanded", language),
    "bank": lambda language: words.phrase("contact the bank or company", language),
    "secured": lambda language: words.phrase("secure accounts and passwords", language),
    "police": lambda language: words.phrase("report it", language),
    "evidence": lambda language: words.phrase("save chats, receipts and screenshots", language),
    "blocked": lambda language: words.phrase("block them", language),
    "caseworker": lambda language: words.phrase("pass the case to a caseworker", language),
}


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
    if case.citizenship:
        yield words.phrase(
            "citizen of: {country}", language, country=words.country(case.citizenship, language)
        )
    if case.frozen:
        yield words.phrase("an account is frozen", language)
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
    if payment.from_country:
        place = words.country(payment.from_country, language)
        parts.append(words.phrase("from {country}", language, country=place))
    if payment.to_country:
        place = words.country(payment.to_country, language)
        parts.append(words.phrase("to {country}", language, country=place))
    parts += [part for part in (payment.institution, *payment.recipient) if part]
    return " · ".join(parts)


def _money(payment: Payment, language: str) -> str:
    return words.money(payment.amount, payment.currency, language)
