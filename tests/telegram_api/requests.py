"""A request of the bot: its parameters as the table types them, and the files in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram_api.refusals import Refused, bad_request
from tests.telegram_api.state import UPLOAD_LIMIT
from tests.telegram_api.table import METHODS, fault_in_request, from_form, takes_upload

ATTACHED = "attach://"


@dataclass
class Upload:
    """A file in a request."""

    name: str
    content: bytes
    mime_type: str


@dataclass
class Call:
    """One request, kept for the tests to look at."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    status: int | None = None
    description: str = ""
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether the bot was told that it worked."""
        return self.status == 200

    def upload(self, parameter: str) -> Upload | None:
        """The file that a parameter names, if it names one of this request's."""
        value = self.parameters.get(parameter)
        if isinstance(value, dict):
            return self.uploads[value["upload"]]
        if isinstance(value, str) and value.startswith(ATTACHED):
            return self.uploads[value.removeprefix(ATTACHED)]
        return None


async def read(request: web.Request, method: str) -> Call:
    """Take a request apart. Nothing is checked yet."""
    call = Call(method)
    texts = dict(request.query)
    if request.content_type == "application/json":
        call.parameters = await _json(request)
    elif request.content_type == "multipart/form-data":
        texts |= await _parts(request, call)
    elif request.content_type == "application/x-www-form-urlencoded":
        texts |= {key: str(value) for key, value in (await request.post()).items()}
    elif request.can_read_body:
        raise bad_request(f"unsupported content type {request.content_type}")
    if method not in METHODS:
        call.parameters |= texts
        return call
    call.parameters |= {name: from_form(method, name, text) for name, text in texts.items()}
    for name in call.uploads:
        if takes_upload(method, name):
            call.parameters.setdefault(name, {"upload": name})
    return call


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body


async def _parts(request: web.Request, call: Call) -> dict[str, str]:
    texts = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            call.uploads[name] = Upload(part.filename, part.file.read(), part.content_type)
        else:
            texts[name] = str(part)
    return texts


def check(call: Call) -> None:
    """Refuse what the table does not allow."""
    if call.method not in METHODS:
        raise Refused(404, "Not Found: method not found", mistake=True)
    fault = fault_in_request(call.method, call.parameters)
    if fault is not None:
        raise bad_request(f"{call.method}: {fault}")
    named = set(_attached(call.parameters))
    unknown = named - set(call.uploads)
    if unknown:
        raise bad_request(f"can't find file {ATTACHED}{min(unknown)} in the request")
    unused = set(call.uploads) - named
    if unused:
        raise bad_request(f'unknown file "{min(unused)}" in the request')
    for upload in call.uploads.values():
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD_LIMIT:
            raise Refused(413, "Request Entity Too Large", mistake=True)


def _attached(value: object) -> list[str]:
    """The names of all files that a value speaks of."""
    if isinstance(value, str):
        return [value.removeprefix(ATTACHED)] if value.startswith(ATTACHED) else []
    if isinstance(value, list):
        return [name for item in value for name in _attached(item)]
    if isinstance(value, dict):
        if set(value) == {"upload"}:
            return [value["upload"]]
        return [name for item in value.values() for name in _attached(item)]
    return []
