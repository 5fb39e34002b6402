"""Pages of the desk that helpdesk lacks or that cases need otherwise."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from helpdesk.models import FollowUpAttachment
from helpdesk.views import staff

from desk.intake.models import IntakeCase

SHOWN_IN_BROWSER = frozenset({"text/plain", "image/png", "image/jpeg", "image/webp", "image/gif"})
DASHBOARD_TABLES = ("ut_sort", "una_sort")
INERT = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


def attachment(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a file of a ticket to staff, inert: only plain text and pictures open in the browser."""
    found = get_object_or_404(FollowUpAttachment, file=name)
    media_type = found.mime_type.partition(";")[0].strip().lower()
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=media_type not in SHOWN_IN_BROWSER,
        filename=found.filename,
        content_type="text/plain; charset=utf-8" if media_type == "text/plain" else media_type,
    )
    response.headers["Content-Security-Policy"] = INERT
    return response


def dashboard(request: HttpRequest) -> HttpResponse:
    """Show helpdesk's dashboard with the urgent cases first, unless asked for another order."""
    query = request.GET.copy()
    for table in DASHBOARD_TABLES:
        query.setdefault(table, "priority")
    request.GET = query
    shown: HttpResponse = staff.dashboard(request)
    return shown


def merge_tickets(request: HttpRequest) -> HttpResponse:
    """Merge tickets, but none that came from the bot: a case erased later could not be found in another."""
    chosen = [ticket for ticket in request.GET.getlist("tickets") if ticket.isdecimal()]
    if IntakeCase.objects.filter(ticket_id__in=chosen).exists():
        messages.error(request, _("Cases from the bot cannot be merged. Link them as dependencies."))
        return redirect("helpdesk:list")
    merged: HttpResponse = staff.merge_tickets(request)
    return merged
