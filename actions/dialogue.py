"""One turn from beginning to end: read, take in, answer the need, say what is due, ask one question."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

from actions import (
    caseworker,
    check_ins,
    commands,
    conversation,
    handover,
    keep_code,
    payments,
    privacy,
    recognise,
    reporting,
    resume,
    safety,
    second_need,
)
from actions.asking import ask
from actions.case.absorb import PAYMENT_NEEDS, SCAM_TYPES, absorb
from actions.case.answers import answer, let_go
from actions.case.branch import branch
from actions.case.message import Message
from actions.case.planner import CHECK_IN, HELD, SIGN, Tell, plan
from actions.recognise import HEARD
from actions.turn import Handler, Turn
from bot.languages import LANGUAGES, own_name
from bot.policies.needs import SAFETY_NEEDS

MOST_ADVICE_A_TURN = 2
_FIRST_HELP = frozenset({"hold", "first_step", "stop", "secure", "mule"})

HANDLERS: dict[str | None, Handler] = {
    **safety.HANDLERS,
    **recognise.HANDLERS,
    **payments.HANDLERS,
    **reporting.HANDLERS,
    **handover.HANDLERS,
    **privacy.HANDLERS,
    **conversation.HANDLERS,
}


def _aftercare(turn: Turn, tell: Tell) -> None:
    turn.say(f"utter_aftercare_{branch(turn.case)}")
    support = turn.guide.registry.shown(("int-gaso", "int-shamrock"))
    turn.say("utter_support", lines=turn.lines(support))


def _recovery_guard(turn: Turn, tell: Tell) -> None:
    turn.say("utter_recovery_guard")


TELLS: dict[str, Callable[[Turn, Tell], None]] = {
    **safety.TELLS,
    **payments.TELLS,
    **recognise.TELLS,
    **reporting.TELLS,
    "aftercare": _aftercare,
    "recovery_guard": _recovery_guard,
}
_AFTER: dict[str, Callable[[Turn], None]] = {
    "safe_now": safety.after_safe_now,
    "alone": safety.after_alone,
    SIGN.rstrip(":"): recognise.after_sign,
    "place": safety.after_place,
    "citizenship": safety.after_citizenship,
    "frozen_by": payments.after_frozen_by,
    "reached_bank": payments.after_reached_bank,
    "consent": handover.after_consent,
    "summary_ok": handover.after_summary_ok,
    CHECK_IN: check_ins.after_check_in,
}
COMMANDS: dict[str, Callable[[Turn], None]] = {
    commands.PLAN: conversation.tell_plan,
    commands.CODE: keep_code.show_code,
    commands.HAS_CODE: keep_code.ask_for_code,
    commands.REMIND: check_ins.offer,
    commands.WHY: conversation.why,
    commands.WITHDRAW: privacy.withdraw_consent,
}
_CONFIRMED: dict[str, Callable[[Turn], bool]] = {
    privacy.CONFIRM_DELETE: privacy.after_confirm_delete,
    conversation.CONFIRM_RESTART: conversation.after_confirm_restart,
    resume.REPLACE_CASE: resume.after_replace_case,
}
_LEAVES_A_PAUSE = frozenset({"stop", "goodbye", "thank", "nlu_fallback", None})
# Answers that are read whole: a need seen in them is a misreading.
_NOTHING_BESIDE = frozenset({"alone", "consent", "summary_ok"})
_ONLY_AN_ANSWER = frozenset({"greet", "goodbye", "thank", "ask_human"})
_SURE_BESIDE_AN_ANSWER = 0.9
# What someone who was asked whether they are safe may turn to instead; a story told then is too often a misreading.
_ABOUT_THE_MONEY = frozenset(
    {*PAYMENT_NEEDS, "ask_stop_payment", "ask_recover_money", "account_frozen", "ask_where_report", "ask_evidence",
     "ask_document", "ask_human", "ask_case_status"}
)  # fmt: skip
_TALKED_ABOUT_IN_CRISIS = frozenset(
    {*_ABOUT_THE_MONEY, *SAFETY_NEEDS, "stop", "goodbye", "thank", "delete_data", "change_language", "ask_privacy",
     "bot_challenge", "ask_language_help", "restart", "repeat", "affirm", "deny", "unsure", "correct_answer"}
)  # fmt: skip
_ASKS_THE_BOT = frozenset({"ask_help", "repeat", "express_frustration", "ask_human", "bot_challenge"})
_HEARD_IN_CRISIS = frozenset({commands.WITHDRAW})
_HEARD_WHILE_WATCHED = frozenset({"crisis", "delete_data"})


async def respond(turn: Turn, language: str) -> None:
    """Answer one message; what is said is in `turn.said`, what is known in `turn.case`."""
    turn.case.reachable = turn.channel in check_ins.CHANNELS
    writes_later = turn.case.check_ins == "yes"
    await _converse(turn, language)
    if writes_later or turn.case.check_ins == "yes":
        check_ins.keep_up(turn)
    if not turn.erase:
        turn.case.last_heard_at = turn.now


async def _converse(turn: Turn, language: str) -> None:
    if language in LANGUAGES:
        turn.case.language = language
    if resume.hear_code(turn):
        follow(turn)
        return
    if language not in LANGUAGES and turn.message.need != "crisis" and not turn.case.marked("watched"):
        _unsupported(turn, language)
        return
    if check_ins.stopped(turn):
        return
    if conversation.ticked(turn):
        follow(turn)
        return
    if caseworker.hear_reply(turn):
        follow(turn)
        return
    if check_ins.welcome_back(turn):
        follow(turn)
        if turn.case.open is None:
            turn.say("utter_anything_else")
        return
    if _confirmed(turn) or _commanded(turn):
        follow(turn)
        return
    _take_in(turn)
    heard = turn.message.need in _HEARD_WHILE_WATCHED or turn.answered == "safe_now"
    if turn.case.marked("watched") and not heard:
        _stay_discreet(turn)
        return
    await _answer_need(turn)
    follow(turn)


def follow(turn: Turn) -> None:
    """Say what is due and ask the one next question, unless the turn has ended."""
    if turn.ends_here:
        return
    due = plan(turn.case, turn.guide, turn.now)
    telling = due.tells[:MOST_ADVICE_A_TURN]
    names_pattern = any(tell.what == "pattern" for tell in telling)
    first_help = any(tell.what in _FIRST_HELP for tell in due.tells) and not names_pattern
    if not turn.said and first_help and HEARD not in turn.case.told:
        turn.case.tell(HEARD)
        turn.say("utter_heard")
    if not (turn.said or telling or turn.message.is_bare):
        turn.say("utter_noted")
    for tell in telling:
        TELLS[tell.what](turn, tell)
        turn.case.tell(tell.key)
    turn.case.open = due.ask
    if due.ask:
        ask(turn, due.ask)
    elif not turn.said:
        turn.say("utter_anything_else")


def _unsupported(turn: Turn, code: str) -> None:
    turn.say("utter_unsupported_language", their_language=own_name(code) or code)
    lines = turn.guide.emergency_channels(turn.case, None)
    if lines:
        turn.say("utter_unsupported_lines", lines=turn.lines(lines))


def _confirmed(turn: Turn) -> bool:
    """Whether the message answered one of the questions that stand outside the plan."""
    after = _CONFIRMED.get((turn.case.open or "").partition(":")[0])
    return after is not None and after(turn)


def _commanded(turn: Turn) -> bool:
    """Whether the message was a command; the question that is open stays as it was.

    A command is its phrase and nothing else: what a model makes of those words does not count.
    """
    asked = commands.command(turn.message.text)
    waits = turn.case.in_crisis and asked not in _HEARD_IN_CRISIS
    if asked is None or turn.case.marked("watched") or waits:
        return False
    turn.case.misread = 0
    COMMANDS[asked](turn)
    return True


def _take_in(turn: Turn) -> None:
    case, message = turn.case, turn.message
    asked = case.open
    handed_over = case.handed_over
    if asked == "safe_now" and message.need in _ABOUT_THE_MONEY:
        case.skip("safe_now")
    if answer(case, message, turn.now):
        turn.answered = asked
        message = turn.message = _without_echo(message, asked)
        case.unanswered = 0
    else:
        let_go(case, message, asked)
        if asked == CHECK_IN:
            case.skip(CHECK_IN)
    absorb(case, message, asked=asked, answered=turn.answered is not None)
    case.scam_type = case.scam_type or turn.guide.likely_type(case)
    if case.filed_at and case.handed_over != handed_over:
        case.file_again()
    if message.need not in {"nlu_fallback", None} or turn.answered:
        case.misread = 0
    if message.need not in _LEAVES_A_PAUSE and turn.answered != CHECK_IN:
        case.paused = False
    if not case.marked("watched"):
        payments.mistyped(turn)
        if message.first("secret"):
            turn.say("utter_secret_seen")


def _without_echo(message: Message, asked: str | None) -> Message:
    """An answer without the need that its words only sound like.

    "China" is no wish for another language, "the bank said the court froze it" no second freeze, and a story that tells
    no sign of a scam is none unless it is certain.
    """
    language = message.need == "change_language" and message.wants_language is None
    frozen = message.need == "account_frozen" and asked == "frozen_by"
    vague = not message.is_likely(_SURE_BESIDE_AN_ANSWER)
    story = message.need in SCAM_TYPES and not message.signs and vague
    return replace(message, need="inform") if language or frozen or story else message


def _stay_discreet(turn: Turn) -> None:
    """A word that gives nothing away; one who asks again learns how to go on."""
    if turn.case.open == "alone" and turn.message.need in _ASKS_THE_BOT and turn.case.role not in HELD:
        turn.say("utter_alone_first")
        return
    if turn.message.need == "being_watched" or turn.case.open != "alone":
        turn.say("utter_watched")
    ask(turn, "alone")


def _goes_on_in_crisis(turn: Turn) -> bool:
    """Whether someone in a crisis, not yet known to be safe, says what is neither an answer nor about the money."""
    waits = turn.case.in_crisis and not turn.case.settled("safe_now")
    return waits and turn.message.need not in _TALKED_ABOUT_IN_CRISIS


def _only_answers(turn: Turn) -> bool:
    """Whether the message holds no more than its answer: how somebody came to be safe is no new need."""
    need = turn.message.need or ""
    told_how = turn.answered == "safe_now" and not turn.message.facts and not need.startswith("ask_")
    return need in _ONLY_AN_ANSWER or turn.answered in _NOTHING_BESIDE or told_how


async def _answer_need(turn: Turn) -> None:
    if turn.answered:
        after = _AFTER.get(turn.answered.partition(":")[0])
        if after:
            after(turn)
        if turn.message.is_bare or turn.ends_here or _only_answers(turn):
            return
    if _goes_on_in_crisis(turn):
        safety.stay_near(turn)
        if turn.case.safe_now is None:
            ask(turn, "safe_now")
        turn.end("safe_now")
        return
    second_need.hear_feeling(turn)
    payments.hear_done(turn)
    done = HANDLERS.get(turn.message.need, conversation.not_understood)(turn)
    if inspect.isawaitable(done):
        await done
    second_need.answer_question(turn)
