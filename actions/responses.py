"""The domain's responses, as the actions need them: which value a pressed or typed button title stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from bot.catalogs import translate
from bot.languages import LANGUAGES
from bot.paths import DOMAIN


@cache
def responses() -> Mapping[str, Mapping[str, Any]]:
    """All responses of the domain by name; each has one variation."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(DOMAIN.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, variations in content.get("responses", {}).items():
            found[name] = variations[0]
    return found


@cache
def _values(response: str) -> Mapping[str, str]:
    buttons = responses().get(response, {}).get("buttons", ())
    return {
        folded(translate(button["title"], language)): button["payload"]
        for button in buttons
        for language in LANGUAGES
    }


def chosen_value(response: str, text: str) -> str | None:
    """The value of the button of `response` whose title, in any language, is `text`; None when it is none."""
    return _values(response).get(folded(text))


def says(response: str, text: str) -> bool:
    """Whether `text` is what `response` says, in any language."""
    said = responses()[response]["text"]
    return folded(text) in {folded(translate(said, language)) for language in LANGUAGES}


def folded(text: str) -> str:
    """`text` as it is compared: case, width, quotes and closing marks aside."""
    return unicodedata.normalize("NFKC", text).casefold().strip(' .。!！?？"“”「」')
