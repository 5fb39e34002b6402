"""What each country of a message is to the writer: home, citizenship, or an end of a payment.

A cross-border case has up to four: somebody lives in one, banks in a second, paid into a third, and is a citizen of a
fourth. Which one is meant is told by the words right around the name.
"""

from __future__ import annotations

import re

from actions.case.message import Fact, Message

_HERE = re.compile(
    r"\b(?:i|we)(?:['’]?(?:m|re|ve)| am| are| have)?(?: been)?(?: now| currently)?"
    r"(?: (?:live|lived|living|stay|staying|studying|working|based))?(?: here)? (?:in|from) (?:the )?$"
    r"|\b(?:i'?m|i am|we'?re|we are) (?:an? )?(?:\w+ ){0,3}"
    r"(?:students?|nurse|teacher|couple|resident|pensioner|retired) (?:here )?in (?:the )?$"
    r"|(?:^(?:living|based)|\bhere) in (?:the )?$"
    r"|(?:我们|我們|我哋|我)(?:现在|現在|目前|而家|依家|一直)?(?:人|住|家)?\s*(?:在|喺|住|系|是|係)\s*$"
    r"|(?:^|[,，、。;；\s])(?:(?:现在|現在|目前|而家|依家)(?:人|住)?|人|住)\s*(?:在|喺)\s*$",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"{_HERE.pattern}|\b(?:lives?|living|based) in (?:the )?$|[,，、。;；\s]住(?:在|喺)?\s*$|住(?:在|喺)\s*$",
    re.IGNORECASE,
)
_CITIZEN_BEFORE = re.compile(
    r"\b(?:citizen|national|passport) (?:of|from) (?:the )?$"
    r"|(?:国籍|國籍)\s*(?:是|係|:|：)?\s*$",
    re.IGNORECASE,
)
_CITIZEN_AFTER = re.compile(
    r"\s*(?:citizen|national|passport|nationality)\b"
    r"|\s*(?:人(?!民)|公民|籍|国籍|國籍|居民身份)|(?:护照|護照)(?!(?:都|也|又|就)?[被俾畀给給])",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|they|him|her|scammers?|boss|guy|man|woman|caller)\b"
    r"|[他她它佢]|对方|對方|骗子|騙子|老板|老闆|客服|网友|網友",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,，.。;；!！?？\n]")
_ACCOUNT_BEFORE = re.compile(
    r"\b(?:from|out of|using|with) (?:my |our |the |an? )?(?:\w+ ){0,3}?(?:accounts?|bank|cards?) (?:in|at) (?:the )?$"
    r"|\b(?:my|our) (?:bank|accounts?|cards?) (?:is|are|was) (?:in|from) (?:the )?$"
    r"|(?:我的?|自己)?(?:银行|銀行|账户|帳戶|户口|戶口|卡)(?:是|係|在|喺)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|out of) (?:my |our |the |an? )?$|(?:从|從|由|用)(?:我|咗|了|我在)?的?\s*$", re.IGNORECASE
)
_ACCOUNT_AFTER = re.compile(
    r"\s*(?:\w+ ){0,2}?(?:accounts?|banks?|cards?)\b"
    r"|.{0,6}?(?:账户|帳戶|账号|帳號|户口|戶口|银行|銀行|卡|的\w{2,8}账户"
    r"|[转轉汇匯](?:账|帳|款)?[了咗出到给給])",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"(?:\b(?:to|into)|[到去](?:了|咗)?|往|给|給|至|寄)\s*(?:an? |the )?"
    r"(?:(?:banks?|accounts?|exchange|company) (?:in|at|of) (?:the )?)?$",
    re.IGNORECASE,
)


def lived_in(message: Message, *, of_anyone: bool = False) -> Fact | None:
    """The first country the writer says to live in; with `of_anyone`, also the one where somebody else lives."""
    before = _LIVES if of_anyone else _HERE
    return next(
        (
            fact
            for fact in message.all("country")
            if before.search(_before(message, fact)) and not _is_citizenship(message, fact)
        ),
        None,
    )


def citizen_of(message: Message, *, of_anyone: bool = False) -> Fact | None:
    """The first country whose citizen the writer is; with `of_anyone`, also somebody else."""
    return next(
        (
            fact
            for fact in message.all("country")
            if _is_citizenship(message, fact)
            and (of_anyone or not _SOMEBODY_ELSE.search(_clause_before(message, fact)))
        ),
        None,
    )


def paid_from(message: Message) -> Fact | None:
    """The first country named as that of the writer's own bank or account."""
    return next((fact for fact in message.all("country") if _is_own_account(message, fact)), None)


def paid_to(message: Message) -> Fact | None:
    """The first country money went to."""
    return next((fact for fact in message.all("country") if _THERE.search(_before(message, fact))), None)


def _before(message: Message, fact: Fact) -> str:
    return message.text[: fact.start]


def _clause_before(message: Message, fact: Fact) -> str:
    return _CLAUSE.split(_before(message, fact))[-1]


def _is_citizenship(message: Message, fact: Fact) -> bool:
    after = message.text[fact.end :]
    return bool(_CITIZEN_AFTER.match(after) or _CITIZEN_BEFORE.search(_before(message, fact)))


def _is_own_account(message: Message, fact: Fact) -> bool:
    before, after = _before(message, fact), message.text[fact.end :]
    if _ACCOUNT_BEFORE.search(before):
        return True
    return bool(_FROM.search(before) and _ACCOUNT_AFTER.match(after))
