"""The catalogs: English is the msgid, Chinese comes from the .po files."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot import catalogs
from bot.catalogs import catalog_path, read_catalog, translate, translations
from bot.languages import CHINESE, ENGLISH, LANGUAGES, SIMPLIFIED

NOBODY_SAYS = "This sentence is in no catalog."


@pytest.fixture
def locale_dir(tmp_path: Path) -> Path:
    """A locale directory with one catalog: a finished, an empty and a fuzzy entry."""
    catalog = Catalog(locale=SIMPLIFIED)
    catalog.add("finished", "完成")
    catalog.add("empty", "")
    catalog.add("fuzzy", "大概", flags=("fuzzy",))
    path = catalog_path(SIMPLIFIED, tmp_path)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_catalog(language: str) -> None:
    catalog = read_catalog(language)
    assert str(catalog.locale) == language
    assert len(catalog) > 100


def test_english_says_the_text_itself() -> None:
    assert translations(ENGLISH) == {}
    assert translate("Thank you, I noted that.", ENGLISH) == "Thank you, I noted that."


@pytest.mark.parametrize("language", sorted(CHINESE))
def test_chinese_comes_from_the_catalog(language: str) -> None:
    known = next(iter(translations(language)))
    assert translate(known, language) == translations(language)[known] != known
    assert translate(NOBODY_SAYS, language) == NOBODY_SAYS


def test_only_finished_translations_are_said(locale_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "read_catalog", lambda language: read_catalog(language, locale_dir))
    assert translations.__wrapped__(SIMPLIFIED) == {"finished": "完成"}


@pytest.mark.parametrize("language", ["", "zh", "fr", "en-GB", "../en"])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="not a language of this bot"):
        translate(NOBODY_SAYS, language)
