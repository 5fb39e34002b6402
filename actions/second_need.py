"""The second thing a message says: it waits for the first, but it is not lost."""

from __future__ import annotations

from collections.abc import Callable

from actions import conversation, privacy, reporting
from actions.turn import Turn


def _person_too(turn: Turn) -> None:
    turn.case.reopen("consent")
    turn.say("utter_human_too")


_FEELINGS = {"express_distress": "utter_distress_too", "express_shame": "utter_shame_too"}
_QUESTIONS: dict[str, Callable[[Turn], None]] = {
    "ask_human": _person_too,
    "ask_privacy": privacy.ask_privacy,
    "bot_challenge": conversation.bot_challenge,
    "ask_recover_money": reporting.ask_recover_money,
    "ask_evidence": reporting.ask_evidence,
    "ask_language_help": reporting.ask_language_help,
    "police_refused": reporting.police_refused,
    "afraid_to_report": reporting.afraid_to_report,
}
_TAKEN_INTO_THE_CASE = frozenset({"shared_details"})

HEARD_TOO = frozenset({*_FEELINGS, *_QUESTIONS, *_TAKEN_INTO_THE_CASE})


def hear_feeling(turn: Turn) -> None:
    """One warm sentence before what is urgent."""
    if turn.message.second in _FEELINGS:
        turn.say(_FEELINGS[turn.message.second])


def answer_question(turn: Turn) -> None:
    """Answer the second question after the first, unless the turn ended with that."""
    answer = _QUESTIONS.get(turn.message.second or "")
    if answer and not turn.ends_here:
        answer(turn)
