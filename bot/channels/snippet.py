"""The script tag that puts the chat on a site."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from bot.channels.web_files import LATEST, SCRIPT_NAME, File
from bot.languages import LANGUAGES

POSITIONS = ("right", "left")
MAX_GREETING = 60
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ORIGIN = re.compile(r"https?://[\w.:\[\]-]+(/[\w./-]*)?")


class BadChoice(ValueError):
    """A choice of the operator is not one there is; the message is one line that names it."""


def snippet(base: str, widget: File, choices: Mapping[str, str], *, pinned: bool = True) -> str:
    """Write the tag.

    Args:
        base: address of the bot as visitors' browsers reach it.
        widget: the script as it is served now.
        choices: language, color, position and greeting; an empty one is left to the visitor or the default.
        pinned: name this very script and its hash, instead of whatever is newest.

    Raises:
        BadChoice: a choice is not one there is.
    """
    if not _ORIGIN.fullmatch(base):
        raise BadChoice("the address must look like https://chat.example.org")
    version = widget.version if pinned else LATEST
    attributes = {"type": "module", "src": f"{base.rstrip('/')}/widget/{version}/{SCRIPT_NAME}"}
    if pinned:
        attributes |= {"integrity": widget.integrity, "crossorigin": "anonymous"}
    for name in ("language", "color", "position", "greeting"):
        if value := choices.get(name, "").strip():
            _check(name, value)
            attributes[f"data-{name}"] = value
    written = "\n        ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<script {written}></script>\n"


def _check(name: str, value: str) -> None:
    allowed = {
        "language": value.replace("-", "_") in LANGUAGES,
        "color": _COLOUR.fullmatch(value) is not None,
        "position": value in POSITIONS,
        "greeting": len(value) <= MAX_GREETING,
    }[name]
    if not allowed:
        raise BadChoice(f"{name}: not possible (see docs/embed.md)")
