"""Who froze an account: only they can lift it."""

from __future__ import annotations

import re

from actions.case.model import FrozenBy

_NAMES: tuple[tuple[FrozenBy, str], ...] = (
    ("police", r"police|cops?|court|prosecutors?|公安|警察|警方|司法|法院|检察院|檢察署"),
    ("platform", r"(?:investment |trading )?(?:platform|app|website)|平台|软件|軟體|网站|網站|客服"),
    ("exchange", r"exchange|binance|okx|coinbase|bybit|交易所|币安|幣安|欧易"),
    ("bank", r"banks?|银行|銀行"),
)
_NAMED = tuple((who, re.compile(rf"\b(?:{names})\b|(?:{names})", re.IGNORECASE)) for who, names in _NAMES)
_ACTING = tuple(
    (
        who,
        re.compile(
            rf"\bby (?:the |my |local |some )?(?:\w+ )?(?:{names})"
            rf"|\b(?:{names}) (?:has |have |just )?(?:froze|frozen|locked|blocked)"
            rf"|(?:{names})(?:那边|那邊|给|給)?(?:冻结|凍結)的"
            rf"|(?:{names})(?:通报|通報|下令|要求(?:银行|銀行)?[冻凍])"
            rf"|[被俾畀][\u4e00-\u9fff]{{0,3}}(?:{names})[\u4e00-\u9fff]{{0,3}}[冻凍锁鎖封]",
            re.IGNORECASE,
        ),
    )
    for who, names in _NAMES
)


def named_freezer(text: str) -> FrozenBy | None:
    """Whoever an answer names."""
    return next((who for who, pattern in _NAMED if pattern.search(text)), None)


def acting_freezer(text: str) -> FrozenBy | None:
    """Who, in a story, is said to have done it: "by the police", 被银行冻结."""
    return next((who for who, pattern in _ACTING if pattern.search(text)), None)
