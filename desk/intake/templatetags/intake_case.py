"""The case of a ticket, for its page."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from helpdesk.models import FollowUp, Ticket

from desk.intake import filing
from desk.intake.contract import facts_of
from desk.intake.markdown import verbatim
from desk.intake.models import IntakeCase
from desk.intake.sheet import sheet

register = template.Library()
register.filter("verbatim", verbatim)


@register.simple_tag
def case_of(ticket: Ticket, followups: Iterable[FollowUp]) -> dict[str, Any] | None:
    """Return the ticket's case laid out for now, and ticket and follow-ups as its page shows them; None without a case.

    The stored description tells the whole case, for search. The page shows the facts in the panel, so the
    ticket it shows carries the summary alone, unless a caseworker has edited the description.
    """
    case = IntakeCase.objects.filter(ticket=ticket).first()
    if case is None:
        return None
    facts = facts_of(case.body)
    with translation.override(settings.LANGUAGE_CODE):
        untouched = ticket.description == filing.description(facts, case.filed_at)
    shown = copy.copy(ticket)
    if untouched:
        shown.description = filing.summary_text(facts)
    return {
        "sheet": sheet(facts, timezone.now()),
        "ticket": shown,
        "followups": [_in_the_reader_s_language(followup) for followup in followups],
        "filed_at": case.filed_at,
    }


def _in_the_reader_s_language(followup: FollowUp) -> FollowUp:
    """A follow-up to be shown; what the desk itself wrote as its title, translated."""
    shown = copy.copy(followup)
    if shown.message_id:
        shown.title = gettext(shown.title)
    return shown
