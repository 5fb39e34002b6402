"""The desk's catalogs hold every text of the desk, in both scripts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract

from desk.catalogs import own_catalog, read_catalog

DESK = Path(__file__).parents[2] / "desk"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "pgettext": ((1, "c"), 2)}


def texts() -> set[tuple[str | None, str]]:
    """Context and text of everything in the desk that is to be translated."""
    from django.utils.translation.template import templatize

    sources = [path.read_bytes() for path in DESK.rglob("*.py")]
    sources += [
        templatize(path.read_text(encoding="utf-8")).encode() for path in DESK.rglob("templates/**/*.*")
    ]
    return {
        (context, message)
        for source in sources
        for _, message, _, context in extract("python", io.BytesIO(source), keywords=KEYWORDS)
        if isinstance(message, str)
    }


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_catalog_is_complete(data_dir: Path, language: str) -> None:
    catalog = read_catalog(own_catalog(language), language)
    translated = {(m.context, m.id) for m in catalog if m.id and m.string and not m.fuzzy}
    wanted = texts()
    assert len(wanted) > 80
    assert wanted - translated == set()


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_placeholders_survive_translation(language: str) -> None:
    for message in read_catalog(own_catalog(language), language):
        if message.id:
            assert sorted(re.findall(r"%\(\w+\)s", message.id)) == sorted(
                re.findall(r"%\(\w+\)s", message.string)
            )


def test_helpdesk_speaks_traditional_chinese(data_dir: Path) -> None:
    from django.utils.translation import gettext, override

    with override("zh-hant"):
        assert gettext("Assigned to") == "分配給"
        assert gettext("Queue") == "佇列"
