"""What the bot says for people to keep: channels give it as a file too."""

from __future__ import annotations

from typing import Final

from bot.catalogs import translate


def _(text: str) -> str:
    """Mark `text` for the catalogs; it is translated where it is said."""
    return text


# The response of the domain that is the person's case in writing.
TO_KEEP: Final = "utter_document"
_NAME: Final = _("my-case")


def file_name(language: str) -> str:
    """The name of the file, in `language`."""
    return f"{translate(_NAME, language)}.txt"


def content(text: str) -> bytes:
    """The file; the mark at its beginning tells the editors of some phones and of old computers that it is UTF-8."""
    return text.encode("utf-8-sig")
