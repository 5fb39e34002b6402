"""Whole conversations as readable scripts.

A ``.talk`` file:

    # what it shows
    language: zh-Hans            the language of the page (default en)
    > text                       the person says
    < text                       the bot says this somewhere in its answer; * stands for anything
    <! text                      the bot does not say this in its answer
    ? question                   this question is open now; - for none
    = path value                 the case in the outbox has this value at a path such as payments.0.amount
    @ webchat:phone              from here on the person writes in another conversation, named by channel and device
    + some                       check-ins wait for the person now; none when they do not
    ~ hours                      so many hours pass before the next message

``{code}`` stands for the resume code that was shown last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"(?P<mark>>|<!|<|\?|=|@|\+|~)\s+(?P<text>.+)")


@dataclass
class Exchange:
    """One message of the person and what must hold after it."""

    said: str
    device: str
    expected: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    question: str | None = None
    filed: list[tuple[str, str]] = field(default_factory=list)
    check_ins: bool | None = None
    hours_after: float = 0.0


@dataclass
class Talk:
    """A whole conversation."""

    name: str
    language: str
    exchanges: list[Exchange]


def read_talk(path: Path) -> Talk:
    """Read a script; a line that is none raises with its number."""
    talk, device = Talk(path.stem, "en", []), "test:first"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("language:"):
            talk.language = line.partition(":")[2].strip()
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ValueError(f"{path.name}:{number}: not a line of a talk")
        if found["mark"] == "@":
            device = found["text"].strip()
        else:
            _add(talk, device, found["mark"], found["text"].strip())
    return talk


def _add(talk: Talk, device: str, mark: str, text: str) -> None:
    if mark == ">":
        talk.exchanges.append(Exchange("" if text == "(nothing)" else text, device))
        return
    last = talk.exchanges[-1]
    if mark == "<":
        last.expected.append(text)
    elif mark == "<!":
        last.refused.append(text)
    elif mark == "?":
        last.question = text
    elif mark == "+":
        last.check_ins = {"some": True, "none": False}[text]
    elif mark == "~":
        last.hours_after = float(text)
    else:
        path, _, value = text.partition(" ")
        last.filed.append((path, value.strip()))


def says(answer: str, fragment: str) -> bool:
    """Whether `answer` contains `fragment`, in which ``*`` stands for anything within a line."""
    pattern = ".*?".join(re.escape(part) for part in fragment.split("*"))
    return re.search(pattern, answer, re.IGNORECASE) is not None
