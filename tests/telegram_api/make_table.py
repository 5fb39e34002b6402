"""Make the table of the Bot API that the test server checks against, out of the npm package @gramio/types.

    npm pack @gramio/types && tar xzf gramio-types-*.tgz
    python tests/telegram_api/make_table.py package > tests/telegram_api/bot_api.json

The package is generated from Telegram's own documentation and published under the MIT licence (`bot_api.LICENSE`). The
table is JSON Schema: one definition a type, and for each method its parameters and what it returns. TypeScript has one
type of number; which numbers are fractions is told in `FRACTIONS`, all others are integers.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

FRACTIONS = {
    "latitude", "longitude", "horizontal_accuracy", "x_shift", "y_shift", "scale", "temperature",
    "x_percentage", "y_percentage", "width_percentage", "height_percentage", "rotation_angle",
    "corner_radius_percentage", "main_frame_timestamp", "cover_frame_timestamp",
}  # fmt: skip
UPLOAD: Schema = {
    "description": "A file in the request itself; the server shows it to the schema as its name.",
    "type": "object",
    "properties": {"upload": {"type": "string"}},
    "required": ["upload"],
    "additionalProperties": False,
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|-?\d+(?:\.\d+)?|\[\]|[?|<>(){}:;,&])')
DECLARATION = re.compile(r"export (interface|type) (\w+)(?:<[^>]*>)? ?")
LENGTH = re.compile(r"(\d+)-(\d+) characters(?! after)")


class TypeScript:
    """A reader of the small part of TypeScript that the package is written in."""

    def __init__(self, text: str, keys: list[str]) -> None:
        self.tokens = TOKEN.findall(COMMENT.sub(" ", text))
        self.at = 0
        self.keys = keys

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected}, found {' '.join(self.tokens[self.at : self.at + 8])}")
        self.at += 1
        return token

    def union(self, field: str) -> Schema | None:
        """A type, or None for a helper of TypeScript's own such as `{ toJSON(): X }`."""
        if self.peek() == "|":
            self.take()
        members = [self.member(field)]
        while self.peek() == "|":
            self.take()
            members.append(self.member(field))
        kept = [member for member in members if member is not None]
        literals = [member["const"] for member in kept if "const" in member]
        rest = [member for member in kept if "const" not in member]
        if literals:
            rest.append({"const": literals[0]} if len(literals) == 1 else {"enum": literals})
        unique = [member for position, member in enumerate(rest) if member not in rest[:position]]
        if not unique:
            return None
        return unique[0] if len(unique) == 1 else {"anyOf": unique}

    def member(self, field: str) -> Schema | None:
        schema = self.single(field)
        while self.peek() == "[]":
            self.take()
            schema = {"type": "array", "items": schema or {}}
        return schema

    def single(self, field: str) -> Schema | None:
        token = self.take()
        if token == "(":
            schema = self.union(field)
            self.take(")")
            return schema
        if token == "{":
            while self.take() != "}":
                pass
            return None
        if token == "Exclude":
            while self.take() != ">":
                pass
            return {"enum": self.keys}
        if token.startswith('"'):
            return {"const": json.loads(token)}
        if NUMBER.fullmatch(token):
            return {"const": json.loads(token)}
        if token in ("true", "false"):
            return {"const": token == "true"}
        basic = {
            "string": "string",
            "boolean": "boolean",
            "number": "number" if field in FRACTIONS else "integer",
        }
        if token in basic:
            return {"type": basic[token]}
        return {"$ref": "#/$defs/" + token.split(".")[-1].removeprefix("Telegram")}

    def fields(self) -> Schema:
        """The inside of `{ … }` as an object's schema."""
        properties: Schema = {}
        required = []
        self.take("{")
        while self.peek() != "}":
            name = self.take()
            optional = self.peek() == "?"
            if optional:
                self.take()
            self.take(":")
            properties[name] = self.union(name)
            if not optional:
                required.append(name)
        self.take("}")
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            schema["required"] = required
        return schema


def declarations(text: str, keys: list[str]) -> dict[str, Schema]:
    """All interfaces and types of a file, by name."""
    found: dict[str, Schema] = {}
    blanked = COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    starts = list(DECLARATION.finditer(blanked))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        body = text[start.end() : following.start() if following else len(text)]
        reader = TypeScript(body.lstrip().removeprefix("="), keys)
        name = start[2].removeprefix("Telegram")
        if name.startswith("API"):  # TypeScript's own wrapping of answers
            continue
        if start[1] == "type":
            found[name] = UPLOAD if name == "InputFile" else reader.union(name) or {}
            continue
        found[name] = reader.fields()
        for field, limits in lengths(body).items():
            schema = found[name]["properties"].get(field)
            if schema == {"type": "string"}:
                found[name]["properties"][field] = schema | limits
    return found


def lengths(body: str) -> dict[str, Schema]:
    """The "1-256 characters" of the documentation, by field."""
    found = {}
    for comment, field in re.findall(r"/\*\*(.*?)\*/\s*(\w+)\??:", body, flags=re.DOTALL):
        limit = LENGTH.search(comment)
        if limit:
            found[field] = {"minLength": int(limit[1]), "maxLength": int(limit[2])}
    return found


def returned(methods: str) -> dict[str, str]:
    """What each method returns, as written."""
    flat = " ".join(COMMENT.sub(" ", methods).split())
    calls = r"(\w+): (?:CallAPI|CallAPIWithOptionalParams)< ?Params\.\w+, ([^>]+?) ?>(?= |$)"
    plain = r"(\w+): CallAPIWithoutParams< ?([^>]+?) ?>(?= |$)"
    return dict(re.findall(calls, flat)) | dict(re.findall(plain, flat))


def table(package: Path) -> Schema:
    """The whole table."""
    out = package / "out"
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    objects = (out / "objects.d.ts").read_text(encoding="utf-8")
    params = (out / "params.d.ts").read_text(encoding="utf-8")
    keys = [key for key in declarations(objects, [])["Update"]["properties"] if key != "update_id"]
    parameters = declarations(params, keys)
    methods = {}
    for name, result in sorted(returned((out / "methods.d.ts").read_text(encoding="utf-8")).items()):
        taken = parameters.pop(
            name[0].upper() + name[1:] + "Params", {"type": "object", "additionalProperties": False}
        )
        methods[name] = {"parameters": taken, "returns": TypeScript(result, keys).union(name)}
    version = re.search(r"Based on Bot API v([\d.]+) \(([\d.]+)\)", objects)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Telegram Bot API {version[1]} of {version[2]}" if version else "Telegram Bot API",
        "$comment": f"{about['name']} {about['version']}, {about['license']} (bot_api.LICENSE), by make_table.py",
        "methods": methods,
        "$defs": declarations(objects, keys)
        | {name: schema for name, schema in parameters.items() if not name.endswith("Params")},
    }


def lines(value: Schema, depth: int = 2) -> str:
    """As JSON with one method or type a line, so that a newer table shows what changed."""
    if not depth or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    inside = ",\n".join(f"{json.dumps(key)}:{lines(item, depth - 1)}" for key, item in value.items())
    return "{\n" + inside + "\n}"


if __name__ == "__main__":
    print(lines(table(Path(sys.argv[1]))))
