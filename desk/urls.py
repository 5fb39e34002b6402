"""Paths of the desk: the intake contract, the attachments, and helpdesk's own pages for everything else."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from helpdesk.views import auth, public

from desk.intake import pages

for view in (auth.login, auth.logout, public.change_language):
    login_not_required(view)

urlpatterns = [
    path("intake/v1/", include("desk.intake.urls")),
    path("", RedirectView.as_view(pattern_name="helpdesk:dashboard")),
    path("favicon.ico", login_not_required(RedirectView.as_view(url=static("helpdesk/img/icon64.png")))),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("media/<path:name>", pages.attachment),
    path("dashboard/", pages.dashboard),
    path("tickets/merge", pages.merge_tickets),
    path("admin/", admin.site.urls),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
