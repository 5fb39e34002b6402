"""From what Rasa hands over to a `Message` of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.case.message import Fact, Message
from actions.case.model import Case
from actions.conversation import MENU, READING, chosen_reading
from actions.language_request import wanted_language
from actions.responses import chosen_value
from bot.languages import CHINESE, ENGLISH, LANGUAGES
from bot.nlu.script import identify

_ASKED_BY = {
    MENU: "utter_not_understood_menu",
    "which_language": "utter_which_language",
    "confirm_delete": "utter_ask_delete",
    "confirm_restart": "utter_ask_restart",
}
_WORDS_THAT_SWITCH = 5


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
    )
    return _with_choice(_with_language_request(message, case), case)


def asked_by(case: Case) -> str:
    """The response that asked the open question."""
    kind = (case.open or "").partition(":")[0]
    if kind == "contact_value" and case.contact:
        return f"utter_ask_contact_value_{case.contact.kind}"
    return _ASKED_BY.get(kind, f"utter_ask_{kind}")


def language_of(message: Message, case: Case) -> str:
    """The language to answer in; an ISO code outside `LANGUAGES` when it is one the bot does not speak."""
    read = identify(message.text, case.language)
    if message.wants_language:
        return message.wants_language
    if not read.clear or message.chosen:
        return case.language
    if read.code not in LANGUAGES:
        return case.language if message.is_bare and not message.need == "nlu_fallback" else read.code
    short = len(message.text.split()) < _WORDS_THAT_SWITCH
    if read.code == ENGLISH and case.language in CHINESE and short and message.is_bare:
        return case.language
    return read.code


def _fact(entity: Mapping[str, Any]) -> Fact:
    return Fact(
        entity["entity"], entity["value"], entity["start"], entity["end"], entity["text"], entity.get("valid")
    )


def _with_language_request(message: Message, case: Case) -> Message:
    named = chosen_value("utter_which_language", message.text)
    if named:
        return replace(message, need="change_language", wants_language=named)
    if message.need == "change_language":
        return replace(message, wants_language=wanted_language(message.text, case.language))
    return message


def _with_choice(message: Message, case: Case) -> Message:
    if case.open == MENU and message.chosen:
        return replace(message, need=message.chosen, chosen=None)
    if case.open == READING and (need := chosen_reading(message.text)):
        return replace(message, need=need)
    return message
