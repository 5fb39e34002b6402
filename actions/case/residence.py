"""Which of the countries in a message is the one that is lived in."""

from __future__ import annotations

import re

from actions.case.message import Fact, Message

_HERE = re.compile(
    r"\b(?:i|we)(?:['’]?(?:m|re|ve)| am| are| have)?(?: been)?(?: now| currently)?"
    r"(?: (?:live|lived|living|stay|staying|based))?(?: here)? (?:in|from) (?:the )?$"
    r"|(?:^(?:living|based)|\bhere) in (?:the )?$"
    r"|(?:我们|我們|我哋|我)(?:现在|現在|目前|而家|依家|一直)?(?:人|住|家)?\s*(?:在|喺|住|系|是|係)\s*$"
    r"|^(?:(?:现在|現在|目前|而家|依家)(?:人|住)?|人|住)\s*(?:在|喺)\s*$",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"{_HERE.pattern}|\b(?:lives?|living|based) in (?:the )?$|住(?:在|喺)?\s*$", re.IGNORECASE
)


def lived_in(message: Message, *, of_anyone: bool = False) -> Fact | None:
    """The first country the writer says to live in; with `of_anyone`, also the one where somebody else lives."""
    before = _LIVES if of_anyone else _HERE
    said = (fact for fact in message.all("country") if before.search(message.text[: fact.start]))
    return next(said, None)
