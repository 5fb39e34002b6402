"""Consent texts: each version is kept for every purpose in every language, and no text changes behind its version."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import yaml

from actions.case.answers import CONSENT_VERSION
from actions.intake.contract import Purpose
from bot.consent_texts import ASKED_BY, consent_problems, consent_texts
from bot.languages import LANGUAGES
from bot.paths import CONSENT


def test_every_version_has_every_purpose_in_every_language() -> None:
    versions = yaml.safe_load(CONSENT.read_text(encoding="utf-8"))
    assert list(versions)[-1] == CONSENT_VERSION
    assert ASKED_BY.keys() == set(get_args(Purpose))
    for texts in versions.values():
        assert texts.keys() == ASKED_BY.keys()
        assert all(said.keys() == set(LANGUAGES) and all(said.values()) for said in texts.values())


def test_what_is_asked_now_is_what_the_version_says() -> None:
    assert list(consent_problems()) == []


def test_a_text_that_changed_alone_is_found(tmp_path: Path) -> None:
    kept = yaml.safe_load(CONSENT.read_text(encoding="utf-8"))
    kept[CONSENT_VERSION]["contact"]["zh_Hant"] += "？"
    changed = tmp_path / "consent.yml"
    changed.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    (problem,) = consent_problems(changed)
    assert "contact: zh_Hant" in problem


def test_a_version_without_texts_is_found(tmp_path: Path) -> None:
    empty = tmp_path / "consent.yml"
    empty.write_text('"2020-01": {}\n', encoding="utf-8")
    (problem,) = consent_problems(empty)
    assert CONSENT_VERSION in problem
    assert consent_texts("1999", empty) is None
