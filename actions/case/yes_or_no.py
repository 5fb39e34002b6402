"""A yes, a no or a not-sure: pressed, typed, or guessed by the model."""

from __future__ import annotations

import re

from actions.case.message import Message
from actions.case.model import Answer

_YES_NO: dict[str | None, Answer] = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
_BEGINNINGS: tuple[tuple[Answer, re.Pattern[str]], ...] = (
    (
        "unsure",
        re.compile(
            r"(?:i'?m )?(?:not sure|maybe|(?:i )?don'?t know|no idea)\b"
            r"|(?:我|都)?(?:不确定|不確定|不知道|不清楚|说不准|說不準|不好说|不好說|唔知|唔清楚|唔肯定)",
            re.IGNORECASE,
        ),
    ),
    (
        "yes",
        re.compile(
            r"(?:yes|yeah|yep|yup|y|ok|okay|sure|no problem)\b"
            r"|是的|对的|對的|好的|有的(?!地方|人|时候|時候|是)|嗯|没错|沒錯|冇錯|没问题|沒問題|冇問題"
            r"|(?:是|对|對|啱|有|好|可以|行|係|得)[啊吧呀啦喇嘅了呢]*(?:[\s,，。.!！、~～]|$)",
            re.IGNORECASE,
        ),
    ),
    (
        "no",
        re.compile(
            r"(?:no|nope|nah|n|not (?:yet|really|at all))\b"
            r"|还没|還沒|仲未|不(?!过|過|好意思|错|錯|止|只|仅|僅|但|管)|没(?!事)|沒(?!事)|否|冇(?!事)|唔(?!该|該|好意思)",
            re.IGNORECASE,
        ),
    ),
)
_IN_SO_MANY_WORDS = re.compile(
    r"(?:yes|yeah|yep|yup|y|ok|okay|sure)[\s,]*(?:please[\s,]*)?"
    r"(?:do it|do that|go ahead|delete (?:it|it all|all|everything)|start over"
    r"|(?:send|pass) (?:it|this|that|them)(?: on| over)?|send)?"
    r"(?: now)?[\s,]*(?:please)?"
    r"|(?:是的?|对的?|對的?|好的?|嗯|可以|行|係|得)[啊吧呀啦喇嘅了]*[\s,，]*"
    r"(?:请|請)?(?:删|刪|删除|刪除|删掉|刪掉|全部删除|全部刪除|重新开始|重新開始|重来|重來"
    r"|(?:发|發|送|转|轉|传|傳|交)(?:过去|過去|出去|送|给.{0,3}人|給.{0,3}人)?|send)?[啊吧呀啦喇嘅了]*",
    re.IGNORECASE,
)
_SURE_OF_YES = 0.6
_ASKS = re.compile(
    r"[?？]|\b(?:what|who|why|how) (?:is|are|do|does|will)\b|是什么|是什麼|什么是|什麼是|是谁|是誰|係咩|係邊個",
    re.IGNORECASE,
)
_YES_BUT = re.compile(r"\s*(?:yes|yeah|是的?|好的?|可以|得)[,，。. ]*(?:but|但|不过|不過)", re.IGNORECASE)
_OBJECTS = re.compile(r"不对|不對|唔啱|唔對|[错錯]|\b(?:wrong|not)\b|n['’]t\b", re.IGNORECASE)


def yes_or_no(message: Message) -> Answer | None:
    """A yes, a no or a not-sure, pressed or typed; "not Tuesday, Wednesday" puts a fact right and is none."""
    if message.chosen in {"yes", "no", "unsure"}:
        return message.chosen  # type: ignore[return-value]
    if message.need == "correct_answer" and message.facts:
        return None
    if message.need in _YES_NO:
        return _YES_NO[message.need]
    if not message.is_bare:
        return None
    return typed_yes_or_no(message)


def clear_yes_or_no(message: Message) -> Answer | None:
    """A yes or no to something that cannot be undone: pressed, or typed in so many words and no others."""
    if message.chosen in {"yes", "no"}:
        return message.chosen  # type: ignore[return-value]
    if not message.is_bare:
        return None
    said = typed_yes_or_no(message)
    if said == "yes":
        return "yes" if said_in_so_many_words(message) else None
    return "no" if said else None


def said_in_so_many_words(message: Message) -> bool:
    return _IN_SO_MANY_WORDS.fullmatch(message.text.strip(" .。!！~～")) is not None


def agreed(message: Message) -> Answer | None:
    """A yes or no to passing things on: a yes that was only guessed from the words does not count."""
    if said_in_so_many_words(message):
        return "yes"
    said = yes_or_no(message)
    if message.chosen is None and said == "no" and _ASKS.search(message.text):
        return None
    if message.chosen is None and said == "no" and _YES_BUT.match(message.text):
        return "yes"
    guessed = message.chosen is None and typed_yes_or_no(message) != "yes"
    doubtful = not message.is_likely(_SURE_OF_YES)
    if said == "yes" and guessed and (doubtful or _OBJECTS.search(message.text)):
        return None
    return said


def typed_yes_or_no(message: Message) -> Answer | None:
    return next((said for said, pattern in _BEGINNINGS if pattern.match(message.text.strip())), None)
