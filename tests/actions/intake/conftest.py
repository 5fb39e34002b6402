"""A strict intake service on loopback that fails on command, and what the tests of the handover share."""

import asyncio
import contextlib
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from tenacity import wait_none

import actions.intake.client
from actions.intake.contract import CaseFile, Consent, Contact, Payment, Safety, Summary, reference_of
from actions.intake.outbox import Outbox
from tests.databases import ENGINES, database

TOKEN = "token-of-the-test"
DOCUMENT = Path(actions.intake.client.__file__).with_name("openapi.yaml")


class Fault(Enum):
    """What the service does to one request; `AFTER` means that the content is stored first."""

    DROP_BEFORE = "connection dropped"
    DROP_AFTER = "connection dropped after storing"
    SLOW_BEFORE = "no answer"
    SLOW_AFTER = "no answer after storing"
    DRIP = "an answer that never ends"
    ERROR_BEFORE = "500"
    ERROR_AFTER = "500 after storing"
    BUSY = "429"
    BUSY_LONG = "503 with a long Retry-After"
    PAGE = "200 with a page of a proxy"
    PAGE_AFTER = "200 with garbage after storing"
    OTHER_CASE = "200 about another case"
    MISSING = "404"
    UNAUTHORISED = "401"
    INVALID = "422"
    CLOSED = "409"


STORES_FIRST = {Fault.DROP_AFTER, Fault.SLOW_AFTER, Fault.ERROR_AFTER, Fault.PAGE_AFTER}
PASSING: list[Fault] = [fault for fault in Fault if fault not in {Fault.INVALID, Fault.CLOSED}]
"""Faults after which the content has to arrive without anybody's help."""


class Contract:
    """The OpenAPI document as a judge of bodies."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text("utf-8"))
        resource = DRAFT202012.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource("urn:contract", resource)

    def errors(self, schema: str, body: object) -> list[str]:
        """What the named schema of the document has against a body."""
        validator = OAS31Validator(
            {"$ref": f"urn:contract#/components/schemas/{schema}"},
            registry=self._registry,
            format_checker=OAS31Validator.FORMAT_CHECKER,
        )
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


class Service:
    """An intake service that holds to the document and notes every breach of it by the caller."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._over = asyncio.Event()
        self.faults: deque[Fault] = deque()
        self.cases: dict[UUID, dict[str, Any]] = {}
        self.messages: dict[UUID, dict[str, Any]] = {}
        self.erased: set[UUID] = set()
        self.created: Counter[UUID] = Counter()
        self.requests: list[tuple[str, UUID]] = []
        self.breaches: list[str] = []
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Service"]:
        """Serve on a free port of loopback; at the end the caller must have kept the contract."""
        app = web.Application(client_max_size=2**25)
        app.router.add_route("*", "/intake/v1/cases/{case_id}", self._case)
        app.router.add_route("POST", "/intake/v1/cases/{case_id}/messages", self._message)
        server = TestServer(app)
        await server.start_server()
        self.url = str(server.make_url(""))
        try:
            yield self
        finally:
            self._over.set()
            await server.close()
        assert self.breaches == []

    async def _case(self, request: web.Request) -> web.StreamResponse:
        case_id = self._check(request)
        if request.method == "PUT":
            body = await self._body(request, "CaseFile")
            return await self._answer(request, case_id, lambda: self._put(case_id, body))
        if request.method == "DELETE":
            return await self._answer(request, case_id, lambda: self._delete(case_id))
        return await self._answer(request, case_id, lambda: self._get(case_id))

    async def _message(self, request: web.Request) -> web.StreamResponse:
        case_id = self._check(request)
        body = await self._body(request, "Message")
        return await self._answer(request, case_id, lambda: self._post(case_id, body))

    def _check(self, request: web.Request) -> UUID:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.breaches.append("no token")
        case_id = UUID(request.match_info["case_id"])
        self.requests.append((request.method, case_id))
        return case_id

    async def _body(self, request: web.Request, schema: str) -> dict[str, Any]:
        if request.content_type != "application/json":
            self.breaches.append(f"content type {request.content_type}")
        body: dict[str, Any] = json.loads(await request.read())
        self.breaches += self._contract.errors(schema, body)
        return body

    async def _answer(
        self, request: web.Request, case_id: UUID, act: Callable[[], web.Response]
    ) -> web.StreamResponse:
        fault = self.faults.popleft() if self.faults else None
        if fault is None:
            return act()
        if fault in STORES_FIRST:
            act()
        match fault:
            case Fault.DROP_BEFORE | Fault.DROP_AFTER:
                assert request.transport is not None
                request.transport.close()
            case Fault.SLOW_BEFORE | Fault.SLOW_AFTER:
                await self._over.wait()
            case Fault.DRIP:
                return await self._drip(request)
            case Fault.BUSY:
                return self._problem(429, **{"Retry-After": "0"})
            case Fault.BUSY_LONG:
                return self._problem(503, **{"Retry-After": "120"})
            case Fault.PAGE | Fault.PAGE_AFTER:
                return web.Response(text="<html>Please log in</html>", content_type="text/html")
            case Fault.OTHER_CASE:
                return self._receipt(200, uuid4(), "7KQ4-M2XR")
            case Fault.MISSING:
                return self._problem(404)
            case Fault.UNAUTHORISED:
                return self._problem(401)
            case Fault.CLOSED:
                return self._problem(409)
            case Fault.INVALID:
                errors = [{"field": "payments.0.amount", "message": "must be a decimal number"}]
                return self._json(422, "ValidationProblem", {"title": "no", "status": 422, "errors": errors})
        return self._problem(500)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not self._over.is_set():
                await response.write(b" ")
                await asyncio.sleep(0.02)
        return response

    def _put(self, case_id: UUID, body: dict[str, Any]) -> web.Response:
        if case_id in self.erased:
            return self._problem(409)
        known = case_id in self.cases
        self.created[case_id] += not known
        self.cases[case_id] = body
        return self._receipt(200 if known else 201, case_id, body["reference"])

    def _get(self, case_id: UUID) -> web.Response:
        if case_id not in self.cases:
            return self._problem(404)
        answer = self._state(case_id, self.cases[case_id]["reference"]) | {"public_note": None, "new": 1}
        return self._json(200, "CaseStatus", answer)

    def _delete(self, case_id: UUID) -> web.Response:
        self.erased.add(case_id)
        self.cases.pop(case_id, None)
        return web.Response(status=204)

    def _post(self, case_id: UUID, body: dict[str, Any]) -> web.Response:
        if case_id not in self.cases:
            return self._problem(404)
        self.messages.setdefault(UUID(body["message_id"]), body)
        return web.Response(status=202)

    def _state(self, case_id: UUID, reference: str) -> dict[str, Any]:
        changed_at = datetime.now(UTC).isoformat()
        return {
            "case_id": str(case_id),
            "reference": reference,
            "status": "received",
            "changed_at": changed_at,
        }

    def _receipt(self, status: int, case_id: UUID, reference: str) -> web.Response:
        return self._json(status, "CaseReceipt", self._state(case_id, reference))

    def _problem(self, status: int, **headers: str) -> web.Response:
        return self._json(status, "Problem", {"title": "no", "status": status}, headers)

    def _json(
        self, status: int, schema: str, body: object, headers: dict[str, str] | None = None
    ) -> web.Response:
        assert self._contract.errors(schema, body) == []
        media_type = "application/json" if status < 400 else "application/problem+json"
        return web.json_response(body, status=status, content_type=media_type, headers=headers)


def make_case(text: str = "They stole it.", **changes: Any) -> CaseFile:
    """A whole case whose summary is `text`."""
    fields: dict[str, Any] = {
        "reference": reference_of(uuid4(), b"key"),
        "language": "zh_Hans",
        "role": "self",
        "scam_type": "pig_butchering",
        "payments": (Payment(method="bank_wire_us", currency="USD", state="sent"),),
        "safety": Safety(urgency="normal"),
        "consent": Consent(version="1", given_at=datetime(2026, 5, 4, tzinfo=UTC), purposes=("handover",)),
        "contact": Contact(kind="none"),
        "summary": Summary(en=text, own=text, own_language="zh_Hans"),
    }
    return CaseFile(**fields | changes)


@pytest.fixture(autouse=True, scope="session")
def no_pauses() -> Iterator[None]:
    """Repeats within one call follow at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions.intake.client, "BACKOFF", wait_none())
        yield


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="session")
def case_of() -> Callable[..., CaseFile]:
    return make_case


@pytest.fixture(scope="session")
def new_service(contract: Contract) -> Callable[[], Service]:
    return lambda: Service(contract)


@pytest.fixture(scope="session")
def fault() -> type[Fault]:
    return Fault


@pytest.fixture(scope="session")
def passing_faults() -> list[Fault]:
    return PASSING


@pytest.fixture(scope="session")
def token() -> str:
    return TOKEN


@pytest.fixture(scope="session")
def key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'outbox.sqlite'}"


@pytest.fixture(params=ENGINES)
def outbox_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """Each engine in turn."""
    with database(request.param, sqlite_url) as url:
        yield url


@pytest.fixture
def outbox(outbox_url: str, key: str) -> Iterator[Outbox]:
    box = Outbox(outbox_url, key)
    yield box
    box.close()
