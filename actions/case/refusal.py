"""Who turned whom away: the bank the person, or the person what would be sent."""

from __future__ import annotations

import re

_BANK_REFUSED = re.compile(
    r"\b(?:banks?|exchange|card (?:company|issuer)|they|it) (?:has |have |just |also )?"
    r"(?:refused?|said no|won'?t|will not)\b"
    r"|(?:银行|銀行|交易所|平台).{0,4}(?:拒绝|拒絕|不肯|不给|不給|不受理|唔肯)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:refus|reject|declin)(?:e[sd]?|ed|s|ing)\b"
    r"|\b(?:won'?t|wouldn'?t|will not|can'?t|cannot) (?:help|stop|recall|cancel|reverse|refund|do anything)\b"
    r"|拒绝|拒絕|(?:不|唔)(?:予)?受理|(?:没办法|沒辦法)(?:停|止付|追)"
    r"|(?:不|唔)(?:肯|愿意?|願意?|会|會|给|給|让|讓)(?:帮|幫|停|止付|追|受理|处理|處理|退)",
    re.IGNORECASE,
)
_DECLINES_TO_SEND = re.compile(
    r"\b(?:don'?t|do not|dont|please not) (?:send|pass|share|file|submit)\b|\bnot (?:to )?send\b|\bno need to send\b"
    r"|(?:不要|不用|别|別|唔好|唔使|先不|先别|先別|不想)(?:再)?"
    r"(?:发|發|送|寄|交|传|傳|(?:转|轉)(?:交|给|給|了|$|[,，。.!！ ]))",
    re.IGNORECASE,
)
_TAKES_THE_CASE = re.compile(
    r"\bcase (?:is |was |has been )?(?:opened|open|filed|registered)\b"
    r"|\b(?:opened|filed|registered|took) (?:a|the|my) (?:case|report|statement)\b"
    r"|(?<!不予)(?<!不)(?<!没)(?<!沒)(?<!没有)(?<!沒有)(?:立案了|立咗案|已立案|已经立案|已經立案|受理了|已受理)",
    re.IGNORECASE,
)


def declines_to_send(text: str) -> bool:
    """Whether the person, shown what would be sent, does not want it sent."""
    return _DECLINES_TO_SEND.search(text) is not None


def bank_refused(text: str) -> bool:
    """Whether it is the bank, not the police, that turned the person away."""
    return _BANK_REFUSED.search(text) is not None


def turned_away(text: str) -> bool:
    """Whether whoever was asked about would not help."""
    return _REFUSED.search(text) is not None


def takes_the_case(text: str) -> bool:
    """Whether the police, far from turning the person away, opened a case."""
    return _TAKES_THE_CASE.search(text) is not None
