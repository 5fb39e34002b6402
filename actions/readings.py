"""What a message cannot mean where the talk stands, and what it means instead.

Each reading takes a message and the case, and returns the message as it is to be read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.case.answers import DECLINE
from actions.case.contact_way import is_only_a_way_to_reach
from actions.case.freezer import named_freezer
from actions.case.message import BARE_NEEDS, Message
from actions.case.model import Case
from actions.case.planner import HELD
from actions.case.refusal import bank_refused, declines_to_send, takes_the_case
from actions.case.safe_now import typed_safety
from actions.case.yes_or_no import yes_or_no
from actions.conversation import MENU, READING, WHAT_IS_WRONG, chosen_reading
from actions.language_request import wanted_language
from actions.responses import chosen_value
from bot.nlu import crisis
from bot.policies.needs import SAFETY_NEEDS

WATCHED = "being_watched"
FALLBACK = "nlu_fallback"
# Readings that turn the whole talk: they silence the bot, take the person for held, for a mule, or for one who doubts.
_SURE_ENOUGH = {WATCHED: 0.5, "stop": 0.5, "lent_account": 0.5, "trapped": 0.4, "doubt_scam": 0.4}
# The answer that refuses it, where it is asked whether to send.
_REFUSING_TO_SEND = {"consent": "no", "summary_ok": DECLINE}
_ABOUT_HANDING_OVER = frozenset({"consent", "contact", "contact_value", "summary_ok"})
_CLEAR = 0.7
# What they quote is not done to them.
_OF_ANOTHER = {"relative": "relative_scammed", "relative_trapped": "relative_trapped"}
_QUOTES = frozenset("\"'“‘「『")
_LIKELY_ENOUGH = 0.15
_SURE_OF_STOP_WHEN_HELD = 0.9
# An open answer to one of these could give away someone who is watched after all.
_GIVES_AWAY = frozenset({"crisis", "trapped", "threatened"})
_EMOJI_NEEDS = {
    **dict.fromkeys("👍👌✅", "affirm"),
    **dict.fromkeys("👎❌", "deny"),
    **dict.fromkeys("😭😢😥😔😞😟😰😱💔", "express_distress"),
}
_MAY_CORRECT = frozenset({"already_paid", "inform", "nlu_fallback", "deny", "affirm", "correct_answer"})
_PUT_RIGHT = re.compile(
    r"\b(?:actually|i meant?|correction|sorry,? (?:it|that)|not \S+,? (?:but|it)|wrong (?:number|amount|country))\b"
    r"|\bit(?: was| is|'s) .{1,20}\bnot\b"
    r"|^\s*(?:不对|不對|唔啱)|不是.{0,12}(?:是|而是)|(?:说|說|打|写|寫|记|記|讲|講)[错錯]|更正|应该是|應該是|其实是|其實是",
    re.IGNORECASE,
)
_A_FEW_CHARACTERS = 30
_SOMEBODY_NEAR = re.compile(
    r"\b(?:someone|somebody)(?:['’]s| is) (?:coming|here|watching|looking|behind me)\b(?: now)?\s*(?:[.,!]|$)"
    r"|有人(?:正)?(?:[来來](?:了|啦)|[过過][来來]|[进進][来來]|[过過]嚟|嚟[紧緊]|嚟咗|入嚟|行[紧緊]?[过過]嚟|在看|看[着著]|望住|睇[住緊紧])"
    r"(?:我|手机|手機|了|喇|啦|緊|紧)*\s*(?:[,，。.!！…]|$)",
    re.IGNORECASE,
)
_NOT_ME = re.compile(
    r"\bnot me\b.{0,12}\b(?:my|it'?s) (?:\w+ )?"
    r"(?:son|daughter|husband|wife|mother|father|mum|mom|dad|brother|sister|friend|partner)\b"
    r"|不是我[,，。.!！ ]{0,2}是(?:我|他|她)|唔係我[,，。.!！ ]{0,2}係",
    re.IGNORECASE,
)
_GUARD_NEAR = re.compile(
    r"\b(?:they|boss|guard)(?:['’]re|['’]s| are| is) (?:coming|here|back)\b"
    r"|(?:他们|他們|佢哋|老板|老闆|主管|组长|組長|保安)(?:又|就)?(?:[来來][了啦]|回[来來]|返[来來嚟]|嚟[紧緊咗啦喇]|[过過][来來嚟])",
    re.IGNORECASE,
)


def in_the_light_of(case: Case, message: Message) -> Message:
    """What `message` means where the talk stands."""
    for reading in (
        _unreadable,
        _somebody_near,
        _safe_after_all,
        _no_farewell,
        _about_another,
        _doubtful,
        _out_of_place,
        _correction,
        _with_language_request,
        _with_choice,
    ):
        message = reading(message, case)
    return message


def _somebody_near(message: Message, case: Case) -> Message:
    """Someone comes or looks on; for those who are held, one of their guards."""
    near = _SOMEBODY_NEAR.search(message.text) or (case.role in HELD and _GUARD_NEAR.search(message.text))
    if not near or len(message.text) > _A_FEW_CHARACTERS or message.need == "crisis":
        return message
    return replace(message, need=WATCHED, ranking=())


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
    if message.need == WATCHED and case.role in _OF_ANOTHER and message.text.lstrip()[:1] in _QUOTES:
        return replace(message, need=_OF_ANOTHER[case.role])
    if message.need == "trapped" and case.role == "relative_trapped":
        return replace(message, need="relative_trapped" if case.open != "place" else "inform")
    known = message.need == "trapped" and case.role in HELD
    if known or message.is_likely(sure_enough):
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


def _safe_after_all(message: Message, case: Case) -> Message:
    """Who was asked whether they are safe and says so is believed, unless the crisis lexicon hears something beside."""
    if case.open == "safe_now" and typed_safety(message.text) == "yes" and _is_only_suspected(message):
        return replace(message, need="inform", crisis_of=None)
    return message


def _no_farewell(message: Message, case: Case) -> Message:
    """How one wants to be reached, or that one does not, is an answer where the crisis lexicon hears nothing."""
    need, share = next(iter(message.ranking), (None, 0.0))
    answers = case.open in _ABOUT_HANDING_OVER and need in BARE_NEEDS and share >= _CLEAR
    if answers and _is_only_suspected(message):
        return replace(message, need=need, crisis_of=None)
    return message


def _is_only_suspected(message: Message) -> bool:
    """Whether a crisis is suspected from the whole of the words, and no words of the crisis lexicon stand in them."""
    return message.need == "crisis" and crisis.assess(message.text) is None


def _about_another(message: Message, case: Case) -> Message:
    """Not the writer is in danger, but somebody near them."""
    if case.in_crisis and _NOT_ME.search(message.text):
        return replace(message, need="crisis", crisis_of="other")
    return message


def _out_of_place(message: Message, case: Case) -> Message:
    """Doubt is no reading for someone who is held or in a crisis; what a relative tells is the other's doubt.

    Neither is being watched, for someone who was just asked whether they are safe: somebody is with them. Somebody held
    who wants to get out of there does not want to stop. Facts after a question answer it, however much they sound like
    ordinary banking. The bank that promises to chase the money is no recovery agent.
    """
    if message.need == WATCHED and case.open == "safe_now" and not case.marked("watched"):
        return replace(message, need=_next_likely(message))
    if message.need == "stop" and case.role in HELD and not message.is_likely(_SURE_OF_STOP_WHEN_HELD):
        return replace(message, need="ask_help")
    if message.need == "out_of_scope" and case.open and message.facts:
        return replace(message, need="inform")
    if message.need == "tell_recovery_offer" and _reached_bank(message, case):
        return replace(message, need="inform")
    if case.role == "relative" and message.need == "ask_if_scam" and "doubt_scam" in _runners_up(message):
        return replace(message, need="relative_scammed")
    if message.need == "police_refused" and takes_the_case(message.text):
        return replace(message, need="inform")
    if message.need == "police_refused":
        return _turned_away_by(message, case)
    if message.need == FALLBACK and case.role == "trapped":
        return replace(message, need=_next_likely(message))
    if message.need != "doubt_scam":
        return message
    if case.role == "relative":
        return replace(message, need="relative_scammed")
    if case.role in HELD or case.open == "safe_now" or case.marked("threatened"):
        return replace(message, need=_next_likely(message))
    return message


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
    return asked and message.says("done", "bank")


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
    refusal = _REFUSING_TO_SEND.get(case.open or "")
    if refusal and declines_to_send(message.text):
        return replace(message, need="deny", chosen=refusal)
    if case.open == "summary_ok" and yes_or_no(message) == "no":
        return replace(message, need="correct_answer")
    if case.open == READING and (need := chosen_reading(message.text)):
        return replace(message, need=need)
    return message
