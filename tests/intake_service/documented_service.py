"""An intake service made from the OpenAPI document alone, as somebody who knows nothing of this project would make it.

It imports nothing of the project. Which calls there are, who may make them, what their bodies are and what is answered,
it takes from the document: each answer is the document's own example, with the id and the reference of the case put in,
and is held against the document before it goes out. What the caller does beside the document is noted in `breaches`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

JSON, PROBLEM = "application/json", "application/problem+json"


class DocumentedService:
    """The service of another organisation: cases by id, messages by id, and events to the bot."""

    def __init__(self, document: Path, token: str, event_secret: str, event_url: str) -> None:
        self._document: dict[str, Any] = yaml.safe_load(document.read_text("utf-8"))
        resource = DRAFT202012.create_resource(self._document)
        self._schemas: Registry[Any] = Registry().with_resource("urn:document", resource)
        self._token, self._event_secret, self._event_url = token, event_secret, event_url
        self.cases: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.erased: set[str] = set()
        self.breaches: list[str] = []
        self.down = False
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[DocumentedService]:
        """Serve on a free port of loopback."""
        app = web.Application(client_max_size=2**25)
        app.router.add_route("*", "/{path:.*}", self._serve)
        server = TestServer(app)
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        yield self
        await server.close()

    async def send(self, sent_at: float | None = None, secret: str | None = None, **fields: Any) -> int:
        """Tell the bot of an event: the document's example with `fields`; the status of the answer."""
        call = self._document["webhooks"]["caseEvent"]["post"]
        event = {**self._example_of(call["requestBody"]), "event_id": str(uuid4()), **fields}
        assert self._faults(call["requestBody"]["content"][JSON]["schema"], event) == []
        body = json.dumps(event).encode()
        timestamp = str(int(sent_at or time.time()))
        content = f"{event['event_id']}.{timestamp}.".encode() + body
        digest = hmac.digest((secret or self._event_secret).encode(), content, hashlib.sha256)
        headers = {
            "content-type": JSON,
            "webhook-id": event["event_id"],
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + base64.b64encode(digest).decode("ascii"),
        }
        for parameter in call["parameters"]:
            assert self._faults(parameter["schema"], headers[parameter["name"]]) == []
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._event_url, data=body, headers=headers) as answer,
        ):
            self._judge_answer(call, answer.status, answer.content_type, await answer.read())
            return answer.status

    async def _serve(self, request: web.Request) -> web.Response:
        found = self._call(request)
        if found is None:
            self.breaches.append(f"{request.method} {request.path} is not in the document")
            return web.Response(status=404)
        call, parameters = found
        if self.down:
            return self._answer(call, 503)
        scheme = self._document["components"]["securitySchemes"]["bearer"]["scheme"]
        if request.headers.get("Authorization", "").lower() != f"{scheme} {self._token}".lower():
            self.breaches.append("no token")
            return self._answer(call, 401)
        body = await request.read()
        faults = self._faults_of(call, request, parameters, body)
        if faults:
            self.breaches += faults
            return self._answer(call, 422)
        act = getattr(self, f"_{call['operationId']}")
        answer: web.Response = act(call, parameters["case_id"], json.loads(body) if body else None)
        return answer

    def _call(self, request: web.Request) -> tuple[dict[str, Any], dict[str, str]] | None:
        for template, item in self._document["paths"].items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            if (match := re.fullmatch(pattern, request.path)) and request.method.lower() in item:
                call = {"parameters": item.get("parameters", []), **item[request.method.lower()]}
                return call, match.groupdict()
        return None

    def _faults_of(
        self, call: dict[str, Any], request: web.Request, parameters: dict[str, str], body: bytes
    ) -> list[str]:
        faults = ["a query that the document does not name"] if request.query_string else []
        for named in call["parameters"]:
            parameter = self._resolved(named)
            faults += self._faults(parameter["schema"], parameters[parameter["name"]])
        if "requestBody" not in call:
            return [*faults, *(["a body that the document does not name"] if body else [])]
        content = call["requestBody"]["content"]
        if request.content_type not in content:
            return [*faults, f"media type {request.content_type}"]
        return faults + self._faults(content[request.content_type]["schema"], json.loads(body))

    def _putCase(self, call: dict[str, Any], case_id: str, body: dict[str, Any]) -> web.Response:
        if case_id in self.erased:
            return self._answer(call, 409)
        status = 200 if case_id in self.cases else 201
        self.cases[case_id] = body
        return self._answer(call, status, case_id=case_id, reference=body["reference"])

    def _getCase(self, call: dict[str, Any], case_id: str, _body: None) -> web.Response:
        if case_id not in self.cases:
            return self._answer(call, 404)
        return self._answer(call, 200, case_id=case_id, reference=self.cases[case_id]["reference"])

    def _deleteCase(self, call: dict[str, Any], case_id: str, _body: None) -> web.Response:
        self.erased.add(case_id)
        self.cases.pop(case_id, None)
        return self._answer(call, 204)

    def _postMessage(self, call: dict[str, Any], case_id: str, body: dict[str, Any]) -> web.Response:
        if case_id not in self.cases:
            return self._answer(call, 404)
        self.messages.setdefault(body["message_id"], body)
        return self._answer(call, 202)

    def _answer(self, call: dict[str, Any], status: int, **fields: Any) -> web.Response:
        """The documented answer of that status: its example with `fields` put in, or a bare problem."""
        documented = self._resolved(call["responses"][str(status)])
        if "content" not in documented:
            return web.Response(status=status)
        media_type = next(iter(documented["content"]))
        problem = {"title": documented["description"][:200], "status": status}
        if status == 422:
            problem["errors"] = [{"field": "", "message": "does not follow the document"}]
        body = problem if media_type == PROBLEM else {**self._example_of(documented), **fields}
        content = json.dumps(body).encode()
        self._judge_answer(call, status, media_type, content)
        return web.Response(body=content, status=status, content_type=media_type)

    def _judge_answer(self, call: dict[str, Any], status: int, media_type: str, content: bytes) -> None:
        documented = self._resolved(call["responses"].get(str(status), call["responses"]["default"]))
        if not documented.get("content"):
            assert content == b""
            return
        schema = documented["content"][media_type]["schema"]
        assert self._faults(schema, json.loads(content)) == []

    def _example_of(self, documented: dict[str, Any]) -> dict[str, Any]:
        examples = documented["content"][JSON]["examples"]
        example: dict[str, Any] = self._resolved(next(iter(examples.values())))["value"]
        return example

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        """What `part` refers to, or `part` itself."""
        if "$ref" not in part:
            return part
        resolved: dict[str, Any] = self._document
        for step in part["$ref"].removeprefix("#/").split("/"):
            resolved = resolved[step]
        return resolved

    def _faults(self, schema: dict[str, Any], value: object) -> list[str]:
        """What a schema of the document has against a value."""
        text = json.dumps(schema).replace('"#/', '"urn:document#/')
        validator = OAS31Validator(
            json.loads(text), registry=self._schemas, format_checker=OAS31Validator.FORMAT_CHECKER
        )
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]
