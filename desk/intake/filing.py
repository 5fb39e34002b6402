"""Filing cases into helpdesk: each function is one transaction that happens whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from helpdesk.models import FollowUp, FollowUpAttachment, Queue, Ticket

from desk.intake import sheet
from desk.intake.contract import CaseFacts, CaseFile, Message, stored_facts
from desk.intake.markdown import verbatim
from desk.intake.models import ErasedCase, IntakeCase

URGENT_PRIORITY, NORMAL_PRIORITY = 1, 3
URGENT_QUEUE, ENGLISH_QUEUE, CHINESE_QUEUE = "urgent", "english", "chinese"
QUEUE_TITLES = {URGENT_QUEUE: "Urgent", ENGLISH_QUEUE: "English", CHINESE_QUEUE: "中文"}
WAITING_STATUSES = frozenset({settings.WAITING_STATUS, Ticket.RESOLVED_STATUS})
FILING, MESSAGE = "filing:", "message:"
PUBLIC_NOTE_LENGTH = 20_000


class CaseClosed(Exception):
    """The case is closed or erased and takes no further content."""


class NoSuchCase(Exception):
    """There is no such case, or it was erased."""


def seed_queues() -> None:
    """Make the queues that cases are filed into, where they are missing."""
    present = set(Queue.objects.filter(slug__in=QUEUE_TITLES).values_list("slug", flat=True))
    for slug, title in QUEUE_TITLES.items():
        if slug not in present:
            Queue.objects.create(slug=slug, title=title)


def put_case(case_id: UUID, case_file: CaseFile) -> tuple[IntakeCase, bool]:
    """Create the case or replace its content; a repeat changes nothing.

    Returns:
        The case, and whether it is new.

    Raises:
        CaseClosed: it was closed or erased.
    """
    try:
        return _put_case(case_id, case_file)
    except IntegrityError:
        # Another request created the same case at the same moment: this one finds it now.
        return _put_case(case_id, case_file)


@transaction.atomic
def _put_case(case_id: UUID, case_file: CaseFile) -> tuple[IntakeCase, bool]:
    if ErasedCase.objects.filter(pk=case_id).exists():
        raise CaseClosed
    body_hash = hashlib.sha256(case_file.model_dump_json().encode()).hexdigest()
    case = _locked(case_id)
    with translation.override(settings.LANGUAGE_CODE):
        if case is None:
            return _create(case_id, case_file, body_hash), True
        if case.closed:
            raise CaseClosed
        if case.body_hash != body_hash:
            _replace(case, case_file, body_hash)
    return case, False


@transaction.atomic
def add_message(case_id: UUID, message: Message) -> None:
    """Add a message of the person to the case's ticket; a repeat changes nothing.

    A ticket that waited for the person is open again.

    Raises:
        NoSuchCase: the case is not known.
        CaseClosed: it was closed.
    """
    case = _locked(case_id)
    if case is None:
        raise NoSuchCase
    mark = f"{MESSAGE}{message.message_id}"
    if FollowUp.objects.filter(ticket=case.ticket, message_id=mark).exists():
        return
    if case.closed:
        raise CaseClosed
    reopened = case.ticket.status in WAITING_STATUSES
    if reopened:
        case.ticket.status = Ticket.REOPENED_STATUS
    with translation.override(settings.LANGUAGE_CODE):
        FollowUp.objects.create(
            ticket=case.ticket,
            date=message.sent_at,
            title=_("Message of the person"),
            comment=verbatim(message.text),
            public=True,
            new_status=Ticket.REOPENED_STATUS if reopened else None,
            message_id=mark,
        )


@transaction.atomic
def erase_case(case_id: UUID) -> None:
    """Erase the case with its ticket, follow-ups and files; only the bare id is kept.

    The files go before the transaction ends, so that what fails is tried again whole.
    """
    ErasedCase.objects.get_or_create(pk=case_id)
    case = _locked(case_id)
    if case is not None:
        _erase_admin_log(case)
        case.ticket.delete()
    for folder in _attachment_folders(case_id):
        shutil.rmtree(folder)


def find_case(case_id: UUID) -> IntakeCase:
    """Return the case.

    Raises:
        NoSuchCase: it is not known, or it was erased.
    """
    case = IntakeCase.objects.select_related("ticket").filter(case_id=case_id).first()
    if case is None:
        raise NoSuchCase
    return case


def status(ticket: Ticket) -> str:
    """The contract's word for the state of `ticket`."""
    if ticket.status in {Ticket.CLOSED_STATUS, Ticket.DUPLICATE_STATUS}:
        return "closed"
    if ticket.status in WAITING_STATUSES:
        return "waiting_for_person"
    return "in_progress" if ticket.assigned_to_id else "received"


def public_note(ticket: Ticket) -> str | None:
    """What a caseworker last wrote to the person."""
    notes = ticket.followup_set.filter(public=True, message_id__isnull=True).exclude(comment="")
    note = notes.exclude(comment__isnull=True).order_by("-date", "-id").first()
    return note_text(note) if note else None


def note_text(note: FollowUp) -> str:
    """What a follow-up says, as the contract carries it."""
    text: str = (note.comment or "").replace("\r\n", "\n").replace("\x00", "")
    return text[:PUBLIC_NOTE_LENGTH]


def description(facts: CaseFacts, filed_at: datetime) -> str:
    """The case as Markdown text for the ticket, in the active language."""
    context = {
        "sheet": sheet.sheet(facts, filed_at),
        "summary": summary_text(facts),
        "filed_at": filed_at,
    }
    return render_to_string("intake/description.md", context).strip()


def summary_text(facts: CaseFacts) -> str:
    """The summary as Markdown, in English and in the person's language where that is another."""
    own = "" if facts.summary.own_language == "en" else f"\n\n{verbatim(facts.summary.own)}"
    return f"{verbatim(facts.summary.en)}{own}"


def _locked(case_id: UUID) -> IntakeCase | None:
    cases = IntakeCase.objects.select_for_update(of=("self",)).select_related("ticket__queue")
    return cases.filter(case_id=case_id).first()


def _create(case_id: UUID, case_file: CaseFile, body_hash: str) -> IntakeCase:
    now = timezone.now()
    # The ticket's key is part of its files' path: they are found by the case, whatever became of the ticket.
    ticket = Ticket(secret_key=str(case_id), submitter_email="")
    case = IntakeCase(case_id=case_id)
    _write(case, ticket, case_file, body_hash, now)
    followup = FollowUp.objects.create(
        ticket=ticket,
        date=now,
        title=_("Handed over by the bot"),
        public=True,
        message_id=f"{FILING}{body_hash}",
    )
    _attach(followup, case_file)
    return case


def _replace(case: IntakeCase, case_file: CaseFile, body_hash: str) -> None:
    now = timezone.now()
    before = case.body
    _remove_handed_over_files(case.ticket)
    _write(case, case.ticket, case_file, body_hash, now)
    changed = [name.replace("_", " ") for name, value in case.body.items() if before.get(name) != value]
    followup = FollowUp.objects.create(
        ticket=case.ticket,
        date=now,
        title=_("Changed by the person through the bot"),
        comment=_("Changed: %(fields)s") % {"fields": ", ".join(changed or ["attachments"])},
        public=True,
        message_id=f"{FILING}{body_hash}",
    )
    _attach(followup, case_file)


def _write(case: IntakeCase, ticket: Ticket, case_file: CaseFile, body_hash: str, now: datetime) -> None:
    urgency, language = case_file.safety.urgency, case_file.language
    if (case.urgency, case.language) != (urgency, language):
        # What a caseworker chose stays until the reason for it changes.
        ticket.priority = URGENT_PRIORITY if urgency == "urgent" else NORMAL_PRIORITY
        ticket.queue = Queue.objects.get(slug=_queue(case_file))
    ticket.title = sheet.title(case_file)
    ticket.description = description(case_file, now)
    ticket.due_date = sheet.due(case_file, now)
    ticket.save()
    case.ticket = ticket
    case.reference, case.language, case.urgency = case_file.reference, language, urgency
    case.body, case.body_hash, case.filed_at = stored_facts(case_file), body_hash, now
    case.save()


def _queue(facts: CaseFacts) -> str:
    if facts.safety.urgency == "urgent":
        return URGENT_QUEUE
    return ENGLISH_QUEUE if facts.language == "en" else CHINESE_QUEUE


def _attach(followup: FollowUp, case_file: CaseFile) -> None:
    for attachment in case_file.attachments:
        content = attachment.content
        # The name on disk is neutral: a name from outside may be too long for it, or say who it is about.
        FollowUpAttachment.objects.create(
            followup=followup,
            file=ContentFile(content, name=uuid4().hex),
            filename=attachment.name,
            mime_type=attachment.media_type,
            size=len(content),
        )


def _remove_handed_over_files(ticket: Ticket) -> None:
    handed_over = FollowUpAttachment.objects.filter(
        followup__ticket=ticket, followup__message_id__startswith=FILING
    )
    for attachment in handed_over:
        attachment.delete()


def _attachment_folders(case_id: UUID) -> list[Path]:
    return list(Path(settings.MEDIA_ROOT).glob(f"helpdesk/attachments/*-{case_id}"))


def _erase_admin_log(case: IntakeCase) -> None:
    followups = FollowUp.objects.filter(ticket=case.ticket)
    attachments = FollowUpAttachment.objects.filter(followup__in=followups)
    for objects in (Ticket.objects.filter(pk=case.ticket.pk), followups, attachments):
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(objects.model),
            object_id__in=[str(key) for key in objects.values_list("pk", flat=True)],
        ).delete()
