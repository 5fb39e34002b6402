"""The bot's commands: how they are listed, and what somebody who writes words would say instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.catalogs import translate

START: Final = "start"
RESUME: Final = "resume"


def _(text: str) -> str:
    """Mark `text` for the catalogs."""
    return text


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        listed: what stands beside it in Telegram's menu.
        words: what it says in the talk; empty for those that do more.
    """

    listed: str
    words: str = ""


COMMANDS: Final = {
    START: Command(_("Begin, or go on")),
    "help": Command(_("What I can do"), _("What can you do for me?")),
    "plan": Command(_("What is done and what is open"), _("my plan")),
    "human": Command(_("Talk to a person"), _("I want a person")),
    "language": Command(_("English, 简体中文, 繁體中文"), _("I want to change the language")),
    RESUME: Command(_("Go on with a talk from elsewhere")),
    "privacy": Command(_("Who sees what you write"), _("Who sees what I write?")),
    "stop": Command(_("No more questions"), _("Please stop asking")),
    "delete": Command(_("Erase everything"), _("Delete everything I told you")),
}


def listed(language: str) -> list[tuple[str, str]]:
    """The menu of commands in `language`."""
    return [(name, translate(command.listed, language)) for name, command in COMMANDS.items()]


def words_of(name: str, language: str) -> str:
    """What the command says in `language`."""
    words = COMMANDS[name].words
    return translate(words, language) if words else ""
