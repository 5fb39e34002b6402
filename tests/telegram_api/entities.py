"""Formatted text as Telegram reads it: HTML and MarkdownV2, with the errors that Telegram gives.

The older "Markdown" is refused: nothing new should use it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler",
    "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
START_TAG = re.compile(r"<([^\s>]*)")
ATTRIBUTES = re.compile(r"""((?:[^>"']|"[^"]*"|'[^']*')*)>""")
LANGUAGE = re.compile(r"([^\s`]*)\n")
END_TAG = re.compile(r"</([^\s>]*)\s*>")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")
MARKS = {
    "*": "bold",
    "__": "underline",
    "_": "italic",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
}
RESERVED = "_*[]()~`>#+-=|{}.!"
DETECTED = re.compile(
    r"(?P<bot_command>(?<!\S)/[A-Za-z]\w{0,31}(?:@\w+)?)|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})|(?P<url>https?://\S+)"
)


class CannotParse(Exception):
    """Text whose formatting is broken."""


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    name: str
    kind: str
    start: int
    where: int
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class _Builder:
    source: str
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def offset(self, at: int) -> int:
        return len(self.source[:at].encode())

    def begin(self, name: str, kind: str, at: int, extra: dict[str, str] | None = None) -> None:
        self.open.append(_Open(name, kind, units(self.text), self.offset(at), extra or {}))

    def end(self) -> None:
        opened = self.open.pop()
        length = units(self.text) - opened.start
        if length:
            entity = {"type": opened.kind, "offset": opened.start, "length": length} | opened.extra
            if opened.kind == "text_link" and not opened.extra.get("url"):
                entity["url"] = self.text.encode("utf-16-le")[opened.start * 2 :].decode("utf-16-le")
            self.entities.append(entity)

    def done(self) -> tuple[str, list[Entity]]:
        return self.text, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """The visible text and its entities."""
    if mode == "HTML":
        return html(text)
    if mode == "MarkdownV2":
        return markdown(text)
    if mode:
        raise CannotParse(f"this server does not read parse_mode {mode}")
    return text, []


def html(source: str) -> tuple[str, list[Entity]]:
    """Read Telegram's HTML."""
    built = _Builder(source)
    at = 0
    while at < len(source):
        if source[at] == "&" and (decoded := _reference(source, at)):
            character, at = decoded
            built.text += character
        elif source[at] != "<":
            built.text += source[at]
            at += 1
        elif source.startswith("</", at):
            at = _end_tag(built, at)
        else:
            at = _start_tag(built, at)
    if built.open:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{built.open[-1].name}"')
    return built.done()


def _reference(source: str, at: int) -> tuple[str, int] | None:
    found = REFERENCE.match(source, at)
    if found is None:
        return None
    if found[3]:
        return NAMED[found[3]], found.end()
    code = int(found[1], 16) if found[1] else int(found[2])
    return (chr(code), found.end()) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _start_tag(built: _Builder, at: int) -> int:
    where = built.offset(at)
    tag = START_TAG.match(built.source, at)
    if tag is None or tag.end() == len(built.source):
        raise CannotParse(f"Unclosed start tag at byte offset {where}")
    name = tag[1].lower()
    if name not in TAGS:
        raise CannotParse(f'Unsupported start tag "{name}" at byte offset {where}')
    found = ATTRIBUTES.match(built.source, tag.end())
    if found is None:
        raise CannotParse(f'Unclosed start tag "{name}" at byte offset {where}')
    given = _attributes(name, found[1], where)
    extra = {}
    kind = TAGS[name]
    if name == "span" and given.get("class") != "tg-spoiler":
        raise CannotParse(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    if name == "a" and given.get("href"):
        extra["url"] = given["href"]
    if name == "blockquote" and "expandable" in given:
        kind = "expandable_blockquote"
    if name == "tg-emoji":
        extra["custom_emoji_id"] = given.get("emoji-id", "")
        if not extra["custom_emoji_id"].isdigit():
            raise CannotParse("Invalid custom emoji identifier specified")
    built.begin(name, kind, at, extra)
    return found.end()


def _attributes(tag: str, text: str, where: int) -> dict[str, str]:
    given = {}
    for found in ATTRIBUTE.finditer(text.rstrip()):
        name, equals, *values = found.groups()
        if equals is None and name != "expandable":
            raise CannotParse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {where}'
            )
        value = next((value for value in values if value is not None), "")
        given[name] = REFERENCE.sub(lambda match: (_reference(match[0], 0) or (match[0], 0))[0], value)
    return given


def _end_tag(built: _Builder, at: int) -> int:
    where = built.offset(at)
    found = END_TAG.match(built.source, at)
    if found is None:
        raise CannotParse(f"Unclosed end tag at byte offset {where}")
    if not built.open:
        raise CannotParse(f"Unexpected end tag at byte offset {where}")
    name, expected = found[1].lower(), built.open[-1].name
    if name and name != expected:
        raise CannotParse(
            f'Unmatched end tag at byte offset {where}, expected "</{expected}>", found "</{name}>"'
        )
    built.end()
    return found.end()


def markdown(source: str) -> tuple[str, list[Entity]]:
    """Read MarkdownV2."""
    built = _Builder(source)
    at = 0
    while at < len(source):
        at = _markdown_step(built, at)
    if built.open and built.open[-1].kind == "blockquote":
        built.end()
    if built.open:
        opened = built.open[-1]
        raise CannotParse(f"Can't find end of {_title(opened.kind)} entity at byte offset {opened.where}")
    return built.done()


def _markdown_step(built: _Builder, at: int) -> int:
    source = built.source
    character = source[at]
    inside = built.open[-1].kind if built.open else ""
    if character == "\\" and at + 1 < len(source) and 0 < ord(source[at + 1]) <= 126:
        built.text += source[at + 1]
        return at + 2
    if inside in ("code", "pre") and not source.startswith(built.open[-1].name, at):
        if character == "`" and inside == "code":
            raise CannotParse(_escape("`"))
        built.text += character
        return at + 1
    line_start = at == 0 or source[at - 1] == "\n"
    if inside == "blockquote" and line_start and character != ">":
        built.end()
    if character == ">" and line_start:
        if not any(opened.kind == "blockquote" for opened in built.open):
            built.begin(">", "blockquote", at)
        return at + 1
    if character == "]" and inside == "text_link":
        return _end_link(built, at)
    if character == "[":
        built.begin("[", "text_link", at)
        return at + 1
    mark = next(
        (mark for mark in ("```", "`", "__", "_", "||", "*", "~") if source.startswith(mark, at)), None
    )
    if mark is not None:
        if built.open and built.open[-1].name == mark:
            built.end()
        else:
            built.begin(mark, MARKS[mark], at)
            if mark == "```" and (language := LANGUAGE.match(source, at + 3)):
                built.open[-1].extra |= {"language": language[1]} if language[1] else {}
                return language.end()
        return at + len(mark)
    if character in RESERVED:
        raise CannotParse(_escape(character))
    built.text += character
    return at + 1


def _end_link(built: _Builder, at: int) -> int:
    source = built.source
    if source[at + 1 : at + 2] == "(":
        found = re.compile(r"((?:\\.|[^)\\])*)\)").match(source, at + 2)
        if found is None:
            raise CannotParse(f"Can't find end of a URL at byte offset {built.offset(at + 2)}")
        built.open[-1].extra["url"] = re.sub(r"\\(.)", r"\1", found[1])
        built.end()
        return found.end()
    built.end()
    return at + 1


def _escape(character: str) -> str:
    return f"Character '{character}' is reserved and must be escaped with the preceding '\\'"


def _title(kind: str) -> str:
    return {"text_link": "TextUrl"}.get(kind, kind.title().replace("_", ""))


def detected(text: str) -> list[Entity]:
    """Commands, mentions and addresses that Telegram finds by itself."""
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in DETECTED.finditer(text)
    ]
