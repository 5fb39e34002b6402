"""What stands between the network and the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

HEALTH_PATH = "/health"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# helpdesk's own pages carry inline scripts and styles; everything else comes from the desk itself.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def health(get_response: GetResponse) -> GetResponse:
    """Middleware: answer ``/health`` under any host name; 200 when the database answers, else 503."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path != HEALTH_PATH:
            return get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return JsonResponse({"status": "no database"}, status=503)
        return JsonResponse({"status": "ok"})

    return middleware


def own_origin_only(get_response: GetResponse) -> GetResponse:
    """Middleware: no page loads anything from elsewhere, and no browser or proxy keeps a case."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def whole_changes(get_response: GetResponse) -> GetResponse:
    """Middleware: what staff change, and the event that tells the person of it, happens whole or not at all."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE_METHODS or not request.user.is_authenticated:
            return get_response(request)
        with transaction.atomic():
            response = get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
            return response

    return middleware


class StaffOnlyMiddleware(LoginRequiredMiddleware):
    """Ask for a staff login before any view that is not marked ``login_not_required``.

    helpdesk has pages for the public; people reach this desk through the bot only.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *view: object
    ) -> HttpResponse | None:
        """Return a redirect to the login, or None when the view may answer.

        Raises:
            PermissionDenied: someone is logged in who is not staff.
        """
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if not getattr(request.user, "is_staff", False):
            raise PermissionDenied
        return None
