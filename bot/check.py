"""``firstaid check``: what Rasa's own validation lets pass and a person would pay for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from actions.registry import Registry, RegistryError, load_registry
from actions.registry_texts import localised_texts
from bot.catalogs import PLACEHOLDER, read_catalog
from bot.consent_texts import consent_problems
from bot.domain_extractor import extract_domain
from bot.languages import ENGLISH, LANGUAGES
from bot.paths import DOMAIN, LOCALE, NLU, ROOT, RULES
from bot.policies.needs import SAFETY_NEEDS
from bot.style import Kind, faults
from bot.style_words import style_words

STALE_AFTER = timedelta(days=183)
WITHOUT_TRAINING = frozenset({"nlu_fallback"})
# Rasa's name for the name of a response.
_NO_RESPONSE = frozenset({"utter_action"})

_NUMBER = re.compile(r"(?<![\w{])\+?\d[\d\s().-]{4,}\d(?!\w)")
_ADDRESS = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|org|net|gov|cn|hk|tw|sg|io)\b", re.IGNORECASE)
_TYPED_BY_PEOPLE = "NOTE: phrases people type"
_PRESSED = re.compile(r"\bbutton\b|\butter_reading_")


def problems() -> Iterator[str]:
    """Yield every problem, one line each, naming the file and the entry."""
    try:
        facts = load_registry()
    except RegistryError as error:
        yield f"registry: {error}"
        return
    yield from _stale_entries(facts)
    yield from _registry_problems(facts)
    yield from _catalog_problems()
    yield from _text_problems()
    yield from _domain_problems()
    yield from consent_problems()


def _stale_entries(facts: Registry, today: date | None = None) -> Iterator[str]:
    """Jurisdictions that nobody has gone through for `STALE_AFTER`."""
    today = today or datetime.now(UTC).date()
    for jurisdiction, reviewed in facts.reviewed.items():
        if today - reviewed > STALE_AFTER:
            yield f"registry: {jurisdiction}: last reviewed on {reviewed}; go through it again"


@cache
def source_texts() -> dict[str, str]:
    """Every msgid of the template, with the comment that names where it is said."""
    from babel.messages.pofile import read_po

    with (LOCALE / "messages.pot").open("rb") as file:
        return {message.id: " ".join(message.auto_comments) for message in read_po(file) if message.id}


def _catalog_problems() -> Iterator[str]:
    expected = set(source_texts())
    for path in sorted(DOMAIN.glob("*.yml")):
        with path.open("rb") as file:
            for _, _, text, comments in extract_domain(file, {}, (), {}):
                if text not in expected:
                    yield f"messages.pot: not extracted since {comments[0]} changed; run make messages"
    for language in LANGUAGES:
        catalog = read_catalog(language)
        found = {message.id: message for message in catalog if message.id}
        for missing in sorted(expected - found.keys()):
            yield f"{language}: no entry for {missing[:60]!r}"
        if language == ENGLISH:
            continue
        for text in sorted(expected & found.keys()):
            yield from _translation_problems(language, text, found[text])


def _translation_problems(language: str, text: str, message: Any) -> Iterator[str]:
    if not message.string:
        yield f"{language}: not translated: {text[:60]!r}"
    elif message.fuzzy:
        yield f"{language}: fuzzy: {text[:60]!r}"
    elif Counter(PLACEHOLDER.findall(text)) != Counter(PLACEHOLDER.findall(message.string)):
        yield f"{language}: placeholders differ: {text[:60]!r}"
    else:
        named = f"{language}: {text[:40]!r}"
        yield from _style_problems(named, message.string, language, source_texts()[text])


def _text_problems() -> Iterator[str]:
    for text, where in source_texts().items():
        yield from _style_problems(f"{ENGLISH}: {where or repr(text[:40])}", text, ENGLISH, where)


def _style_problems(named: str, text: str, language: str, where: str) -> Iterator[str]:
    if _NUMBER.search(text):
        yield f"{named}: a number that may be a phone number is typed into a text; it belongs in the registry"
    if _ADDRESS.search(text):
        yield f"{named}: an address is typed into a text; it belongs in the registry"
    if _TYPED_BY_PEOPLE in where:
        return
    kind: Kind = "button" if _PRESSED.search(where) else "message"
    for fault in faults(text, language, kind, style_words()):
        yield f"{named}: {fault}"


def _registry_problems(facts: Registry) -> Iterator[str]:
    for entry, where, texts in localised_texts(facts):
        for language in LANGUAGES:
            for fault in faults(texts.in_(language), language, "fact", style_words()):
                yield f"registry: {entry}: {where}: {language}: {fault}"


def _domain_problems() -> Iterator[str]:
    intents, actions, responses = _domain()
    trained = set(_trained_intents())
    for intent in sorted(intents - trained - WITHOUT_TRAINING):
        yield f"domain: intent '{intent}' has no training messages"
    for intent in sorted(trained - intents):
        yield f"data/nlu: intent '{intent}' is not in the domain"
    ruled = dict(_ruled_intents())
    for intent in sorted(intents - ruled.keys() - SAFETY_NEEDS.keys()):
        yield f"data/rules: no rule answers intent '{intent}'"
    for intent, action in {**ruled, **SAFETY_NEEDS}.items():
        if action not in actions:
            yield f"data/rules: intent '{intent}' leads to an unknown action '{action}'"
    said = _code()
    for response in sorted(responses):
        if not _is_said(response, said):
            yield f"domain: response '{response}' is never said"
    for response in sorted(set(re.findall(r"\"(utter_[a-z_]+)\"", said)) - responses - _NO_RESPONSE):
        yield f"actions: response '{response}' is not in the domain"


def _domain() -> tuple[set[str], set[str], set[str]]:
    intents: set[str] = set()
    actions: set[str] = set()
    responses: set[str] = set()
    for path in DOMAIN.glob("*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        intents.update(content.get("intents", ()))
        actions.update(content.get("actions", ()))
        responses.update(content.get("responses", ()))
    return intents, actions, responses


def _trained_intents() -> Iterator[str]:
    for path in NLU.rglob("*.yml"):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            yield block["intent"]


def _ruled_intents() -> Iterator[tuple[str, str]]:
    for path in RULES.glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            yield rule["steps"][0]["intent"], rule["steps"][1]["action"]


@cache
def _code() -> str:
    files = [path for package in ("actions", "bot") for path in sorted((ROOT / package).rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _is_said(response: str, code: str) -> bool:
    """Whether the code names the response, or the beginning that it completes with a known ending."""
    parts = response.split("_")
    beginnings = ("_".join(parts[:length]) + "_{" for length in range(2, len(parts)))
    return f'"{response}"' in code or any(f'f"{beginning}' in code for beginning in beginnings)
