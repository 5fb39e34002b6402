"""Paths of the intake contract, below ``/intake/v1/``."""

from __future__ import annotations

from django.urls import path

from desk.intake.views import CaseView, MessagesView, unknown

urlpatterns = [
    path("cases/<str:case_id>", CaseView.as_view()),
    path("cases/<str:case_id>/messages", MessagesView.as_view()),
    path("<path:path>", unknown),
]
