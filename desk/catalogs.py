"""Django's compiled catalogs for the desk, made at start from the .po files of helpdesk and of the desk.

helpdesk has Simplified Chinese in two partial catalogs and no Traditional one: the two are joined, and turned
into Traditional by OpenCC. What the desk's own catalogs say comes last and wins.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import opencc
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh_Hans", "zh_Hant")
TRADITIONAL = "zh_Hant"
HELPDESK_CHINESE = ("zh_CN", "zh_Hans")


def own_catalog(language: str) -> Path:
    """Path of the desk's own catalog of `language`."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def compile_catalogs(target: Path) -> None:
    """Write what is missing or older than its sources to `target`, a directory of LOCALE_PATHS."""
    chinese = [_helpdesk_locale() / name / "LC_MESSAGES" / "django.po" for name in HELPDESK_CHINESE]
    for language in LANGUAGES:
        sources = [] if language == "en" else list(chinese)
        sources.append(own_catalog(language))
        compiled = target / language / "LC_MESSAGES" / "django.mo"
        newest = max(source.stat().st_mtime for source in [*sources, Path(__file__)])
        if compiled.exists() and compiled.stat().st_mtime >= newest:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        draft = compiled.with_suffix(".new")
        with draft.open("wb") as file:
            write_mo(file, _joined(language, sources))
        draft.replace(compiled)


def read_catalog(path: Path, language: str) -> Catalog:
    """Read one .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _helpdesk_locale() -> Path:
    # Found without an import: helpdesk may only be imported once Django is set up.
    return Path(str(distribution("django-helpdesk").locate_file("helpdesk/locale")))


def _joined(language: str, sources: list[Path]) -> Catalog:
    joined = Catalog(locale=language, charset="utf-8")
    traditional = opencc.OpenCC("s2twp").convert if language == TRADITIONAL else None
    for source in sources:
        for message in read_catalog(source, language):
            if not message.id or message.fuzzy or not message.string:
                continue
            text = message.string if isinstance(message.string, str) else message.string[0]
            if traditional and source != own_catalog(language):
                text = traditional(text)
            string = text if isinstance(message.id, str) else (text,)
            joined.delete(message.id, message.context)
            joined.add(message.id, string, context=message.context)
    return joined
