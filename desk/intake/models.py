"""What the intake contract needs and helpdesk's ticket lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from helpdesk.models import Ticket

CLOSED_STATUSES = frozenset({Ticket.CLOSED_STATUS, Ticket.DUPLICATE_STATUS})


class IntakeCase(models.Model):
    """One handed-over case and the ticket it lives in.

    `body` is the case as it came, without its files; `body_hash` is over the files too, so that a repeat is
    recognised. `filed_at` is when this content came. `announced` counts the events that told the bot of it, and
    `announced_status` is what the last of them said.
    """

    case_id: models.UUIDField[UUID, UUID] = models.UUIDField(unique=True)
    ticket: models.OneToOneField[Ticket, Ticket] = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, related_name="intake_case"
    )
    reference: models.CharField[str, str] = models.CharField(max_length=9, db_index=True)
    body_hash: models.CharField[str, str] = models.CharField(max_length=64)
    language: models.CharField[str, str] = models.CharField(max_length=7)
    urgency: models.CharField[str, str] = models.CharField(max_length=6)
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    filed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    announced_status: models.CharField[str, str] = models.CharField(max_length=18, default="received")
    announced: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.reference

    @property
    def closed(self) -> bool:
        """Whether the case takes no further content."""
        return self.ticket.status in CLOSED_STATUSES


class CaseEvent(models.Model):
    """Something the bot is to be told of a case; the row goes once the bot has it.

    `refused` is set when the bot will never take it. `lease_until` is until when a worker may be sending it.
    """

    event_id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid4)
    case: models.ForeignKey[IntakeCase, IntakeCase] = models.ForeignKey(
        IntakeCase, on_delete=models.CASCADE, related_name="events"
    )
    sequence: models.PositiveIntegerField[int, int] = models.PositiveIntegerField()
    status: models.CharField[str, str] = models.CharField(max_length=18)
    text: models.TextField[str | None, str | None] = models.TextField(null=True)
    occurred_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    next_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    attempts: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    lease_until: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    refused: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    class Meta:
        """One event a number."""

        constraints = (models.UniqueConstraint(fields=("case", "sequence"), name="event_sequence"),)

    def __str__(self) -> str:
        return str(self.event_id)


class ErasedCase(models.Model):
    """The bare id of an erased case: a late repeat of its ``PUT`` must not bring the person's data back."""

    case_id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.case_id)
