"""From what Rasa hands over to a `Message` of the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.asking import asked_by
from actions.case.absorb import PAYMENT_NEEDS, SCAM_TYPES
from actions.case.message import Fact, Message
from actions.case.model import Case
from actions.readings import in_the_light_of
from actions.responses import chosen_value
from actions.second_need import HEARD_TOO
from bot.languages import CHINESE, ENGLISH, LANGUAGES
from bot.nlu.script import identify
from bot.policies.needs import SAFETY_NEEDS

_WORDS_THAT_SWITCH = 5
_SURE_OF_CLAUSE = 0.6
_COURTESIES = frozenset({"thank", "goodbye"})


def read(latest: Mapping[str, Any], case: Case) -> Message:
    """Read Rasa's latest message in the light of what is open in `case`."""
    text = latest.get("text") or ""
    message = Message(
        text=text,
        need=(latest.get("intent") or {}).get("name"),
        ranking=tuple((entry["name"], entry["confidence"]) for entry in latest.get("intent_ranking") or ()),
        facts=tuple(_fact(entity) for entity in latest.get("entities") or ()),
        signs={sign["id"]: sign["quote"] for sign in latest.get("signs") or ()},
        crisis_of=(latest.get("crisis") or {}).get("who"),
        chosen=chosen_value(asked_by(case), text) if case.open else None,
        edited=bool((latest.get("metadata") or {}).get("edited")),
    )
    if (latest.get("metadata") or {}).get("evidence"):
        return as_evidence(message)
    step = (latest.get("metadata") or {}).get("step")
    if step and message.need != "crisis":
        # The words are our own: what a model hears in them does not count.
        return Message(text=text, need="inform", tick=(step["name"], step["done"]))
    clauses = _sure_clauses(latest.get("clauses") or ())
    message = replace(message, second=_second_need(clauses, message), story=_story(clauses, message))
    message = _with_doubt(clauses, message)
    return in_the_light_of(case, message)


def as_evidence(message: Message) -> Message:
    """The other side's words: their signs count, a crisis that speaks from them is somebody else's, and no more."""
    return Message(
        text="",
        need="crisis" if message.crisis_of else "ask_if_scam",
        signs=message.signs,
        crisis_of="other" if message.crisis_of else None,
        evidence=True,
    )


def language_of(message: Message, case: Case) -> str:
    """The language to answer in; an ISO code outside `LANGUAGES` when it is one the bot does not speak.

    An answer that gives a fact in few words may well be a name or an address: it leaves the language of the talk.
    """
    if message.tick:
        return case.language
    read = identify(message.text, case.language)
    if message.wants_language:
        return message.wants_language
    if not read.clear or message.chosen:
        return case.language
    short = len(message.text.split()) < _WORDS_THAT_SWITCH
    if read.code not in LANGUAGES:
        return case.language if message.is_bare and message.facts and short else read.code
    of_substance = not message.is_bare and message.need not in _COURTESIES
    if read.code == ENGLISH and case.language in CHINESE and short and not of_substance:
        return case.language
    return read.code


def _sure_clauses(clauses: Iterable[Mapping[str, Any]]) -> list[str]:
    return [clause["name"] for clause in clauses if clause["confidence"] >= _SURE_OF_CLAUSE]


def _second_need(clauses: Iterable[str], message: Message) -> str | None:
    """What else a clause says, beside a need that leaves room for it."""
    if message.is_bare or message.need in SAFETY_NEEDS:
        return None
    return next((need for need in clauses if need in HEARD_TOO and need != message.need), None)


def _story(clauses: Iterable[str], message: Message) -> str | None:
    """The pattern that a clause tells where the payment is the point."""
    if message.need not in PAYMENT_NEEDS:
        return None
    return next((need for need in clauses if need in SCAM_TYPES), None)


def _with_doubt(clauses: Sequence[str], message: Message) -> Message:
    """A story without a payment whose last word is that it must be true: that is what to answer."""
    last = next(reversed(clauses), None)
    told = any(message.first(kind) for kind in ("payment_state", "money"))
    if last != "doubt_scam" or message.need not in SCAM_TYPES or told:
        return message
    return replace(message, need="doubt_scam", story=message.need)


def _fact(entity: Mapping[str, Any]) -> Fact:
    return Fact(
        entity["entity"], entity["value"], entity["start"], entity["end"], entity["text"], entity.get("valid")
    )
