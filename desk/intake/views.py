"""The intake contract over HTTP."""

from __future__ import annotations

import hmac
import logging
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel

from desk.intake import filing
from desk.intake.contract import CaseFile, Invalid, Malformed, Message, parse
from desk.intake.models import IntakeCase
from desk.intake.problems import problem, unauthorised, unavailable

MAX_CASE_BYTES = 16 * 2**20
MAX_MESSAGE_BYTES = 2**20

logger = logging.getLogger(__name__)


class TooLarge(Exception):
    """The body is larger than the desk takes."""


class NotJson(Exception):
    """The body is of another media type than JSON."""


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class IntakeView(View):
    """Authentication, the case id, and every failure of the contract as a problem."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer one call."""
        if not authorised(request):
            return unauthorised()
        try:
            return super().dispatch(request, _case_id(kwargs["case_id"]))
        except Malformed:
            return problem(HTTPStatus.BAD_REQUEST, "The body is not valid JSON.")
        except NotJson:
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        except TooLarge:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        except Invalid as invalid:
            title = "The request does not follow the schema."
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, title, invalid.errors)
        except filing.NoSuchCase:
            return problem(HTTPStatus.NOT_FOUND, "There is no such case.")
        except filing.CaseClosed:
            return problem(HTTPStatus.CONFLICT, "The case is closed.")
        except (DatabaseError, OSError) as error:
            # Only the kind of failure: the message of a database can hold what was to be stored.
            logger.error("nothing stored: %s", type(error).__name__)
            return unavailable()

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Name the methods there are."""
        allowed = {"Allow": ", ".join(method.upper() for method in self.http_method_names)}
        return problem(HTTPStatus.METHOD_NOT_ALLOWED, "There is no such call.", headers=allowed)


class CaseView(IntakeView):
    """``PUT``, ``GET`` and ``DELETE`` of a case."""

    http_method_names = ("put", "get", "delete")

    def put(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Create the case or replace its content."""
        case, created = filing.put_case(case_id, _body(request, CaseFile, MAX_CASE_BYTES))
        return JsonResponse(_receipt(case), status=HTTPStatus.CREATED if created else HTTPStatus.OK)

    def get(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Say where the case stands."""
        case = filing.find_case(case_id)
        return JsonResponse({**_receipt(case), "public_note": filing.public_note(case.ticket)})

    def delete(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Erase the case."""
        filing.erase_case(case_id)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)


class MessagesView(IntakeView):
    """``POST`` of a further message."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Add the message to the case."""
        filing.add_message(case_id, _body(request, Message, MAX_MESSAGE_BYTES))
        return HttpResponse(status=HTTPStatus.ACCEPTED)


@csrf_exempt
@login_not_required
def unknown(request: HttpRequest, path: str) -> HttpResponse:
    """Answer any other path of the contract."""
    if not authorised(request):
        return unauthorised()
    return problem(HTTPStatus.NOT_FOUND, "There is no such resource.")


def authorised(request: HttpRequest) -> bool:
    """Whether the request carries the intake token, compared in constant time."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected: str = settings.INTAKE_TOKEN
    return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), expected.encode())


def _case_id(text: str) -> UUID:
    try:
        case_id = UUID(text)
    except ValueError:
        case_id = None
    if case_id is None or str(case_id) != text.lower():
        raise Invalid([{"field": "case_id", "message": "must be a UUID"}])
    return case_id


def _body[Body: BaseModel](request: HttpRequest, model: type[Body], limit: int) -> Body:
    if request.content_type != "application/json":
        raise NotJson
    content = request.read(limit + 1)
    if len(content) > limit:
        raise TooLarge
    return parse(model, content)


def _receipt(case: IntakeCase) -> dict[str, str]:
    return {
        "case_id": str(case.case_id),
        "reference": case.reference,
        "status": filing.status(case.ticket),
        "changed_at": case.ticket.modified.isoformat().replace("+00:00", "Z"),
    }
