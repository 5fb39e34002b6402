"""What the bot is told: public answers and changes of status become events, in the transaction that makes them.

The events lie in the desk's own database, numbered within their case, until `desk.intake.herald` has sent them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from helpdesk.models import FollowUp, Ticket

from desk.intake import filing
from desk.intake.models import CaseEvent, IntakeCase


def listen() -> None:
    """Begin to note what caseworkers change."""
    post_save.connect(_on_ticket, sender=Ticket, dispatch_uid="intake status")
    pre_save.connect(_before_followup, sender=FollowUp, dispatch_uid="intake answer before")
    post_save.connect(_on_followup, sender=FollowUp, dispatch_uid="intake answer")


def _on_ticket(instance: Ticket, **_kwargs: Any) -> None:
    if not settings.EVENTS_URL:
        return
    with transaction.atomic():
        case = _locked_case(instance)
        if case is not None and case.announced_status != filing.status(instance):
            _note(case, filing.status(instance), None)


def _before_followup(instance: FollowUp, **_kwargs: Any) -> None:
    """An answer may be edited: what it said before."""
    stored = FollowUp.objects.filter(pk=instance.pk).first() if instance.pk else None
    instance.told_before = _answer(stored) if stored else ""


def _on_followup(instance: FollowUp, **_kwargs: Any) -> None:
    answer = _answer(instance)
    if not settings.EVENTS_URL or not answer or answer == instance.told_before:
        return
    with transaction.atomic():
        case = _locked_case(instance.ticket)
        if case is not None:
            _note(case, filing.status(instance.ticket), answer)


def _answer(followup: FollowUp) -> str:
    """What a caseworker wrote to the person; empty for a private note, and for what the bot handed over."""
    if not followup.public or followup.message_id:
        return ""
    return filing.note_text(followup).strip()


def _locked_case(ticket: Ticket) -> IntakeCase | None:
    return IntakeCase.objects.select_for_update().filter(ticket=ticket).first()


def _note(case: IntakeCase, status: str, text: str | None) -> None:
    case.announced += 1
    case.announced_status = status
    case.save(update_fields=["announced", "announced_status"])
    now = timezone.now()
    CaseEvent.objects.create(
        case=case, sequence=case.announced, status=status, text=text, occurred_at=now, next_at=now
    )
