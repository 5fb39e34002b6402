"""Reporting: where, in which order, with what; and what keeps people from it."""

from __future__ import annotations

from actions import words
from actions.case.model import Role
from actions.case.planner import HELD, Tell, channels_key
from actions.registry import Channel
from actions.summary import summary
from actions.turn import Handler, Turn

_FOR_THE_SOUL = frozenset({"suicide_crisis", "emotional_support"})
_AFRAID_OF_HELD: dict[Role, str] = {
    "trapped": "utter_shame_trapped",
    "relative_trapped": "utter_afraid_relative_trapped",
}


def ask_where_report(turn: Turn) -> None:
    """The channels now, whatever else is due; for the world when the country is not known."""
    tell_channels(turn)
    turn.case.tell(channels_key(turn.case))


def tell_channels(turn: Turn, tell: Tell | None = None) -> None:
    """Where to report, in order, at both ends."""
    turn.say("utter_channels", channels=turn.report_at())


def police_refused(turn: Turn) -> None:
    """A second route."""
    channels = turn.guide.reporting_channels(turn.case)
    others = [channel for channel in channels if channel.kind != "police_report"] or channels
    turn.say("utter_police_refused", channels=turn.channels(others))
    turn.case.tell(channels_key(turn.case))


def afraid_to_report(turn: Turn) -> None:
    """Fear answered with facts: who may report, in the offices' own terms; for a life in danger, how to be safe."""
    if turn.case.role in HELD:
        turn.say(_AFRAID_OF_HELD[turn.case.role])
        return
    channels = turn.guide.reporting_channels(turn.case)
    who = (_who_may_report(channel, turn.language) for channel in channels)
    turn.say("utter_afraid_to_report", channels=words.bulleted(who))


def _who_may_report(channel: Channel, language: str) -> str:
    name, who = channel.name.in_(language), channel.who.in_(language)
    return words.phrase("{name}: {who}", language, name=name, who=who)


def ask_language_help(turn: Turn) -> None:
    """Lines where Mandarin is spoken or interpreted."""
    registry = turn.guide.registry
    at_home = [c for c in registry.recommended(turn.case.country or "") if c.kind not in _FOR_THE_SOUL]
    helped = [
        c for c in at_home if c.kind == "immigrant_language_help" or c.mandarin in {"yes", "interpreter"}
    ]
    channels = helped[:3] or turn.guide.reporting_channels(turn.case)
    turn.say("utter_language_help", channels=turn.channels(channels))


def ask_evidence(turn: Turn) -> None:
    """What to keep."""
    language = turn.language
    items = [
        words.phrase("the whole chat, with profile names, numbers and photos", language),
        words.phrase("payment receipts: amount, date, account, reference, transaction hash", language),
        words.phrase("the website or app: its address, your account page, the blocked withdrawal", language),
        words.phrase("names of banks, exchanges and people you spoke to, with case numbers", language),
    ]
    turn.say("utter_evidence", items=words.bulleted(items))


def ask_recover_money(turn: Turn) -> None:
    """Honest about chances, and the recovery guard."""
    turn.case.tell("recovery_guard")
    turn.say("utter_recover_money", chances=_chances(turn))


def ask_document(turn: Turn) -> None:
    """The case in writing."""
    turn.say("utter_document", summary=summary(turn.case, turn.guide, turn.language, turn.now))


def _chances(turn: Turn) -> str:
    for _, payment in turn.case.sent_payments:
        situation = turn.guide.situation_of(turn.case, payment)
        if situation:
            return situation.recoverability.text.in_(turn.language)
    return ""


HANDLERS: dict[str | None, Handler] = {
    "ask_where_report": ask_where_report,
    "police_refused": police_refused,
    "afraid_to_report": afraid_to_report,
    "ask_language_help": ask_language_help,
    "ask_evidence": ask_evidence,
    "ask_recover_money": ask_recover_money,
    "ask_document": ask_document,
}
TELLS = {"channels": tell_channels}
