"""How a person wants to be reached, in their own words."""

from __future__ import annotations

import re

from actions.case.model import ContactKind

_CONTACT_WAYS: tuple[tuple[ContactKind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"e-?mail|邮箱|邮件|电邮|電郵|郵件|信箱", re.IGNORECASE)),
    (
        "phone",
        re.compile(r"phone|\bcall\b|\btel\b|电话|電話|手机|手機|打[给給俾畀]我|致电|致電", re.IGNORECASE),
    ),
    (
        "chat",
        re.compile(
            r"\b(?:in|on|by) (?:this )?chat\b|\bright here\b|聊天"
            r"|(?:在|就|喺)(?:这里|這裡|这儿|呢度)(?:联系|聯絡|聯繫|回|聊|说|說|找|搵)",
            re.IGNORECASE,
        ),
    ),
    (
        "none",
        re.compile(r"\b(?:not at all|none|neither)\b|reference|不用|不要|唔使|编号|編號", re.IGNORECASE),
    ),
)
_NOTHING_BUT_A_WAY = re.compile(
    r"(?:请|請|就|用|打|发|發|在|by |via )*(?:我的?)?"
    r"(?:电话|電話|手机|手機|邮箱|邮件|电邮|電郵|郵件|信箱|聊天|phone|e-?mail|chat)(?:里|裡|上)?"
    r"(?:联系|聯絡|聯繫|回)?我?(?:吧|就行|就好|就可以|可以|好了)?",
    re.IGNORECASE,
)
_A_FEW_WORDS = 30


def way_to_reach(text: str) -> ContactKind | None:
    """The way to be reached that is named in a few words."""
    if len(text) > _A_FEW_WORDS:
        return None
    return next((way for way, pattern in _CONTACT_WAYS if pattern.search(text)), None)


def is_only_a_way_to_reach(text: str) -> bool:
    """Whether a message names a way to be reached and says nothing else."""
    return _NOTHING_BUT_A_WAY.fullmatch(text.strip(" .。!！")) is not None
