"""The published table of the Bot API, and checks against it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "bot_api.json").read_text(encoding="utf-8"))
METHODS: dict[str, Any] = TABLE["methods"]
WHOLE_NUMBER = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@cache
def _validator(kind: str, name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{name}"} if kind == "type" else METHODS[name][kind]
    return Draft202012Validator({"$defs": TABLE["$defs"], **schema})


def _fault(validator: Draft202012Validator, value: object) -> str | None:
    error = best_match(validator.iter_errors(value))
    if error is None:
        return None
    error = _deepest(error)
    where = ".".join(str(step) for step in error.absolute_path)
    return f"{where}: {error.message}" if where else error.message


def _deepest(error: ValidationError) -> ValidationError:
    """Where none of several types fits, the fault in the one that was meant.

    Types that are told apart by a word such as `"type": "photo"` are meant when the word fits; else the one that fits
    deepest.
    """
    if not error.context:
        return error
    other = {inner.schema_path[0] for inner in error.context if inner.validator == "const"}
    meant = [inner for inner in error.context if inner.schema_path[0] not in other] or error.context
    return max((_deepest(inner) for inner in meant), key=lambda inner: len(inner.absolute_path))


def fault_in_request(method: str, parameters: dict[str, Any]) -> str | None:
    """What is wrong with a request, against the table; None when nothing is."""
    return _fault(_validator("parameters", method), parameters)


def fault_in_result(method: str, result: object) -> str | None:
    """What is wrong with an answer of this server's own."""
    return _fault(_validator("returns", method), result)


def fault_in(type_name: str, value: object) -> str | None:
    """What is wrong with a value of a type, such as an update."""
    return _fault(_validator("type", type_name), value)


def from_form(method: str, parameter: str, text: str) -> object:
    """A form's text as the value that the table asks for; left as text where it can't be one."""
    schema = METHODS[method]["parameters"].get("properties", {}).get(parameter)
    kinds = _kinds(schema) if schema else {"string"}
    if "integer" in kinds and WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if "number" in kinds and NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    if "string" not in kinds and kinds & {"object", "array"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def takes_upload(method: str, parameter: str) -> bool:
    """Whether a parameter may be a file in the request."""
    schema = METHODS[method]["parameters"].get("properties", {}).get(parameter, {})
    return {"$ref": "#/$defs/InputFile"} in [schema, *schema.get("anyOf", [])]


def _kinds(schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _kinds(TABLE["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return set().union(*(_kinds(member) for member in schema["anyOf"]))
    if "type" in schema:
        return {schema["type"]}
    values = schema.get("enum", [schema.get("const")])
    return {
        "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "integer"
        for value in values
    }
