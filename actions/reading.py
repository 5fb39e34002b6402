"""From what Rasa hands over to a `Message` of the case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.case.absorb import PAYMENT_NEEDS, SCAM_TYPES
from actions.case.answers import (
    DECLINE,
    bank_refused,
    declines_to_send,
    is_only_a_way_to_reach,
    yes_or_no,
)
from actions.case.freezer import named_freezer
from actions.case.message import Fact, Message
from actions.case.model import Case
from actions.case.planner import HELD
from actions.conversation import MENU, READING, WHAT_IS_WRONG, chosen_reading
from actions.language_request import wanted_language
from actions.responses import chosen_value
from actions.second_need import HEARD_TOO
from bot.languages import CHINESE, ENGLISH, LANGUAGES
from bot.nlu.script import identify
from bot.policies.needs import SAFETY_NEEDS

_ASKED_BY = {
    MENU: "utter_not_understood_menu",
    "which_language": "utter_which_language",
    "confirm_delete": "utter_ask_delete",
    "confirm_restart": "utter_ask_restart",
}
_WORDS_THAT_SWITCH = 5
WATCHED = "being_watched"
FALLBACK = "nlu_fallback"
# Readings that turn the whole talk: they silence the bot, take the person for held, for a mule, or for one who doubts.
_SURE_ENOUGH = {WATCHED: 0.5, "stop": 0.5, "lent_account": 0.5, "trapped": 0.4, "doubt_scam": 0.4}
_LIKELY_ENOUGH = 0.15
_SURE_OF_STOP_WHEN_HELD = 0.9
_SURE_OF_CLAUSE = 0.6
# An open answer to one of these could give away someone who is watched after all.
_GIVES_AWAY = frozenset({"crisis", "trapped", "threatened"})
_EMOJI_NEEDS = {
    **dict.fromkeys("👍👌✅", "affirm"),
    **dict.fromkeys("👎❌", "deny"),
    **dict.fromkeys("😭😢😥😔😞😟😰😱💔", "express_distress"),
}
_COURTESIES = frozenset({"thank", "goodbye"})
_MAY_CORRECT = frozenset({"already_paid", "inform", "nlu_fallback", "deny", "affirm", "correct_answer"})
_PUT_RIGHT = re.compile(
    r"\b(?:actually|i meant?|correction|sorry,? (?:it|that)|not \S+,? (?:but|it)|wrong (?:number|amount|country))\b"
    r"|\bit(?: was| is|'s) .{1,20}\bnot\b"
    r"|^\s*(?:不对|不對|唔啱)|不是.{0,12}(?:是|而是)|(?:说|說|打|写|寫|记|記|讲|講)[错錯]|更正|应该是|應該是|其实是|其實是",
    re.IGNORECASE,
)


_A_FEW_CHARACTERS = 30
_ONE_WORD = 8
_SOMEBODY_NEAR = re.compile(
    r"\b(?:someone|somebody)(?:['’]s| is) (?:coming|here|watching|looking|behind me)\b(?: now)?\s*(?:[.,!]|$)"
    r"|有人(?:正)?(?:[来來](?:了|啦)|[过過][来來]|[进進][来來]|[过過]嚟|嚟[紧緊]|嚟咗|入嚟|行[紧緊]?[过過]嚟|在看|看[着著]|望住|睇[住緊紧])"
    r"(?:我|手机|手機|了|喇|啦|緊|紧)*\s*(?:[,，。.!！…]|$)",
    re.IGNORECASE,
)
_GUARD_NEAR = re.compile(
    r"\b(?:they|boss|guard)(?:['’]re|['’]s| are| is) (?:coming|here|back)\b"
    r"|(?:他们|他們|佢哋|老板|老闆|主管|组长|組長|保安)(?:又|就)?(?:[来來][了啦]|回[来來]|返[来來嚟]|嚟[紧緊咗啦喇]|[过過][来來嚟])",
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
    for reading in (
        _unreadable,
        _somebody_near,
        _doubtful,
        _out_of_place,
        _correction,
        _with_language_request,
        _with_choice,
    ):
        message = reading(message, case)
    return message


def as_evidence(message: Message) -> Message:
    """The other side's words: their signs count, a crisis that speaks from them is somebody else's, and no more."""
    return Message(
        text="",
        need="crisis" if message.crisis_of else "ask_if_scam",
        signs=message.signs,
        crisis_of="other" if message.crisis_of else None,
        evidence=True,
    )


def asked_by(case: Case) -> str:
    """The response that asked the open question."""
    kind = (case.open or "").partition(":")[0]
    if kind == "safe_now" and "crisis_of_other" in case.told:
        return "utter_ask_safe_now_other"
    if kind == "citizenship" and case.role == "trapped":
        return "utter_ask_citizenship_held"
    if kind == "contact_value" and case.contact:
        return f"utter_ask_contact_value_{case.contact.kind}"
    return _ASKED_BY.get(kind, f"utter_ask_{kind}")


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


def _somebody_near(message: Message, case: Case) -> Message:
    """Someone comes or looks on; for those who are held, one of their guards."""
    near = _SOMEBODY_NEAR.search(message.text) or (case.role in HELD and _GUARD_NEAR.search(message.text))
    if not near or len(message.text) > _A_FEW_CHARACTERS or message.need == "crisis":
        return message
    return replace(message, need=WATCHED, ranking=())


def _fact(entity: Mapping[str, Any]) -> Fact:
    return Fact(
        entity["entity"], entity["value"], entity["start"], entity["end"], entity["text"], entity.get("valid")
    )


def _unreadable(message: Message, case: Case) -> Message:
    """Emoji and marks alone say nothing, but for those that are a plain yes, no or tears."""
    text = message.text.strip()
    if any(char.isalnum() for char in text):
        return message
    if text[:1] in _EMOJI_NEEDS:
        return replace(message, need=_EMOJI_NEEDS[text[:1]])
    return replace(message, text="", need=None)


def _doubtful(message: Message, case: Case) -> Message:
    """A doubtful reading does not turn the whole talk: the next likeliest counts."""
    sure_enough = _SURE_ENOUGH.get(message.need or "", 0.0)
    if message.need == "trapped" and case.role == "relative_trapped":
        return replace(message, need="relative_trapped" if case.open != "place" else "inform")
    known = message.need == "trapped" and case.role in HELD
    if known or not message.ranking or message.ranking[0][1] >= sure_enough:
        return message
    runner_up = next((need for need, _ in message.ranking if need not in {message.need, FALLBACK}), None)
    if message.need == WATCHED and runner_up in _GIVES_AWAY:
        return message
    return replace(message, need=_next_likely(message))


def _next_likely(message: Message) -> str:
    """The next likeliest need, where it is likely enough to count."""
    return next(
        (
            need
            for need, p in message.ranking
            if need not in {message.need, FALLBACK} and p >= max(_LIKELY_ENOUGH, _SURE_ENOUGH.get(need, 0.0))
        ),
        FALLBACK,
    )


def _out_of_place(message: Message, case: Case) -> Message:
    """Doubt is no reading for someone who is held or in a crisis; what a relative tells is the other's doubt.

    Neither is being watched, for someone who was just asked whether they are safe: somebody is with them. Somebody held
    who wants to get out of there does not want to stop. Facts after a question answer it, however much they sound like
    ordinary banking. The bank that promises to chase the money is no recovery agent.
    """
    if message.need == WATCHED and case.open == "safe_now" and not case.marked("watched"):
        return replace(message, need=_next_likely(message))
    if message.need == "stop" and case.role in HELD and not _sure(message, _SURE_OF_STOP_WHEN_HELD):
        return replace(message, need="ask_help")
    if message.need == "out_of_scope" and case.open and message.facts:
        return replace(message, need="inform")
    if message.need == "tell_recovery_offer" and _reached_bank(message, case):
        return replace(message, need="inform")
    if case.role == "relative" and message.need == "ask_if_scam" and "doubt_scam" in _runners_up(message):
        return replace(message, need="relative_scammed")
    if message.need == "police_refused":
        return _turned_away_by(message, case)
    if message.need != "doubt_scam":
        return message
    if case.role == "relative":
        return replace(message, need="relative_scammed")
    if case.role in HELD or case.open == "safe_now":
        return replace(message, need=_next_likely(message))
    return message


def _sure(message: Message, share: float) -> bool:
    return not message.ranking or message.ranking[0][1] >= share


def _runners_up(message: Message) -> set[str]:
    return {need for need, p in message.ranking[1:] if p >= _LIKELY_ENOUGH}


def _turned_away_by(message: Message, case: Case) -> Message:
    """It was the bank, when the bank was asked about; and "the police" may only name who froze an account."""
    if (case.open or "").startswith("reached_bank:") and bank_refused(message.text):
        return replace(message, need="inform", chosen="refused")
    if case.open == "frozen_by" and named_freezer(message.text):
        return replace(message, need="inform")
    return message


def _reached_bank(message: Message, case: Case) -> bool:
    asked = (case.open or "").startswith("reached_bank")
    return asked and any(fact.value == "bank" for fact in message.all("done"))


def _correction(message: Message, case: Case) -> Message:
    """A fact that the person puts right, whatever else the words look like."""
    if message.edited and message.is_bare and not message.facts:
        # The question it answered is no longer open.
        return replace(message, need="correct_answer", chosen=None)
    if not message.facts or message.need not in _MAY_CORRECT:
        return message
    known = bool(case.payments) or case.country is not None
    if case.open == WHAT_IS_WRONG or (known and (message.edited or _PUT_RIGHT.search(message.text))):
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
    if message.chosen and message.need == "crisis":
        # The title of one of our own buttons is an answer, whatever the model hears in it.
        return replace(message, need="inform", crisis_of=None)
    if case.open == MENU and message.chosen:
        return replace(message, need=message.chosen, chosen=None)
    if case.open == "contact" and message.need != "crisis" and is_only_a_way_to_reach(message.text):
        return replace(message, need="inform")
    if message.need in SAFETY_NEEDS:
        return message
    if case.open == "summary_ok" and declines_to_send(message.text):
        return replace(message, need="deny", chosen=DECLINE)
    if case.open == "summary_ok" and yes_or_no(message) == "no":
        return replace(message, need="correct_answer")
    if case.open == READING and (need := chosen_reading(message.text)):
        return replace(message, need=need)
    return message
