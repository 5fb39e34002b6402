"""The Babel catalogs: every sentence a person reads, English as msgid, Chinese in two scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.languages import ENGLISH, LANGUAGES
from bot.paths import LOCALE

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def catalog_path(language: str, locale_dir: Path = LOCALE) -> Path:
    """Path of the .po file of `language`."""
    return locale_dir / language / "LC_MESSAGES" / "messages.po"


def read_catalog(language: str, locale_dir: Path = LOCALE) -> Catalog:
    """Read one catalog whole, for checks and tools."""
    with catalog_path(language, locale_dir).open("rb") as file:
        return read_po(file, locale=language, domain="messages")


@cache
def translations(language: str) -> Mapping[str, str]:
    """All finished translations of `language`, by English msgid; empty for English itself."""
    if language == ENGLISH:
        return {}
    return {
        message.id: message.string
        for message in read_catalog(language)
        if message.id and message.string and not message.fuzzy and isinstance(message.id, str)
    }


def translate(text: str, language: str) -> str:
    """Say `text` (an English msgid) in `language`; English where the catalog has no entry."""
    if language not in LANGUAGES:
        raise ValueError(f"not a language of this bot: {language}")
    return translations(language).get(text, text)
