"""When somebody who was watched can write freely again."""

from __future__ import annotations

import re
import unicodedata

_ONE = re.compile(
    r"(?:ok(?:ay)?|yes|fine|好吧?|好的|嗯)?[,. ]*1"
    r"(?![\d:]|[.,]\d| ?(?:day|hour|minute|天|日|小时|小時|分|个|個|万|萬))",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:(?:ok(?:ay)?|yes|good)?[,. ]*(?:now )?(?:i'?m|i am) (?:now )?(?:alone|free|by myself)(?: now)?"
    r"|(?:好|嗯|现在|現在|[,，])*(?:只有|就|得|淨係)?我?(?:现在|現在|而家)?(?:是|就|得)?"
    r"(?:一个人|一個人|自己一个人|自己一個人)(?:在|喺度)?(?:了|啦|喇)?)"
    r"[.!。！]?",
    re.IGNORECASE,
)
_THEY_LEFT = re.compile(
    r"\b(?:i'?(?:ve)?|i have) (?:just )?hung up\b(?! on me)"
    r"|\b(?:he|she|they)(?:'s|'ve| is| has| have| are)? (?:now )?(?:gone|left|hung up|went away)\b(?! ?\?)"
    r"|\b(?:nobody|no one) (?:is )?(?:here|watching|near|around)\b|\bi'?m not being watched\b"
    r"|(?:挂|掛|收)(?:断|斷)?(?:了|咗|线|線|掉)(?!吗|嗎|他|她|我|怎)"
    r"|^(?:安全了[,，。 ]?)?(?:他|她|他们|他們|人|佢|佢哋)?(?:都|已经|已經)?走(?:了|咗|开了|開了)(?!吗|嗎|怎)",
    re.IGNORECASE,
)


def says_alone(text: str) -> bool:
    """Whether the person says so: the agreed 1, that they are alone, or that the other side is gone.

    A mere "yes" does not: it may be typed while somebody looks on.
    """
    said = unicodedata.normalize("NFKC", text).strip(" .。!！")
    return any(found for found in (_ONE.match(said), _ALONE.fullmatch(said), _THEY_LEFT.search(said)))
