"""From what Rasa hands over to a `Message` of the case."""

from __future__ import annotations

import re
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
WATCHED = "being_watched"
_SURE_OF_WATCHED = 0.5
_EMOJI_ANSWERS = {"👍": "affirm", "👌": "affirm", "✅": "affirm", "👎": "deny", "❌": "deny"}
_MAY_CORRECT = frozenset({"already_paid", "inform", "nlu_fallback", "deny", "affirm", "correct_answer"})
_PUT_RIGHT = re.compile(
    r"\b(?:actually|i meant?|correction|sorry,? (?:it|that)|not \S+,? (?:but|it)|wrong (?:number|amount|country))\b"
    r"|不是.{0,12}(?:是|而是)|(?:说|說|打|写|寫|记|記|讲|講)[错錯]|更正|应该是|應該是|其实是|其實是",
    re.IGNORECASE,
)


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
    for reading in (_unreadable, _doubtful, _correction, _with_language_request, _with_choice):
        message = reading(message, case)
    return message


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
        return case.language if message.is_bare and message.need != "nlu_fallback" else read.code
    short = len(message.text.split()) < _WORDS_THAT_SWITCH
    if read.code == ENGLISH and case.language in CHINESE and short and message.is_bare:
        return case.language
    return read.code


def _fact(entity: Mapping[str, Any]) -> Fact:
    return Fact(
        entity["entity"], entity["value"], entity["start"], entity["end"], entity["text"], entity.get("valid")
    )


def _unreadable(message: Message, case: Case) -> Message:
    """Emoji and marks alone say nothing, but for those that are a plain yes or no."""
    text = message.text.strip()
    if text[:1] in _EMOJI_ANSWERS:
        return replace(message, need=_EMOJI_ANSWERS[text[:1]])
    return message if any(char.isalnum() for char in text) else replace(message, text="", need=None)


def _doubtful(message: Message, case: Case) -> Message:
    """Discreet mode silences the bot, so a doubtful reading does not start it: the next likeliest counts."""
    likely = [(need, p) for need, p in message.ranking]
    if message.need != WATCHED or not likely or likely[0][1] >= _SURE_OF_WATCHED:
        return message
    return replace(message, need=next((need for need, _ in likely if need != WATCHED), None))


def _correction(message: Message, case: Case) -> Message:
    """A fact that the person puts right, whatever else the words look like."""
    known = bool(case.payments) or case.country is not None
    if known and message.facts and message.need in _MAY_CORRECT and _PUT_RIGHT.search(message.text):
        return replace(message, need="correct_answer")
    return message


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
