"""The consent texts by version and purpose: what somebody agreed to can be read long after the text has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from actions.case.answers import CONSENT_VERSION
from actions.responses import responses
from bot.catalogs import translate
from bot.languages import LANGUAGES
from bot.paths import CONSENT

Texts = dict[str, dict[str, str]]
# Where the bot asks for each purpose of the contract.
ASKED_BY = {"handover": "utter_ask_consent", "contact": "utter_ask_contact"}


def consent_texts(version: str, path: Path = CONSENT) -> Texts | None:
    """What people agreed to under `version`, by purpose and language; None where there is no such version."""
    texts: Texts | None = yaml.safe_load(path.read_text(encoding="utf-8")).get(version)
    return texts


def consent_problems(path: Path = CONSENT) -> Iterator[str]:
    """A consent text that is asked for now and not kept under its version, word for word."""
    kept = consent_texts(CONSENT_VERSION, path)
    if kept is None:
        yield f"{path.name}: no version {CONSENT_VERSION}, which CONSENT_VERSION names"
        return
    for purpose, response in ASKED_BY.items():
        for language in LANGUAGES:
            asked = translate(responses()[response]["text"], language)
            if kept.get(purpose, {}).get(language) != asked:
                yield (
                    f"{path.name}: {CONSENT_VERSION}: {purpose}: {language} is not what {response} says;"
                    " a new text needs a new CONSENT_VERSION and an entry"
                )
