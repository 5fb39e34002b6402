"""Django's entry for the intake app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """The app that stands between the intake contract and helpdesk."""

    name = "desk.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        """Listen for what caseworkers change."""
        from desk.intake import events

        events.listen()
