"""How the answer to "are you safe right now?" is meant: it is taken for a yes only where it says so."""

from __future__ import annotations

import re

from actions.case.model import Answer

_ASKS_BACK = re.compile(
    r"[?？]\s*$|\bsafe\s*\?|^\s*(?:define|what)\b|\b(?:is it|are you|keep me|if i'?m|how) safe\b"
    r"|什么叫|什麼叫|怎样才算|怎樣才算|點先算",
    re.IGNORECASE,
)
_NOT_SAFE = re.compile(
    r"\b(?:not|isn'?t|un|never|don'?t feel|do not feel|nowhere(?: is)?)\s*(?:really |very |so )?safe\b"
    r"|不(?:太|是很|怎么|怎麼)?安全|(?:没|沒)(?:有)?安全|唔(?:係好|太)?安全|冇安全",
    re.IGNORECASE,
)
_SAFE = re.compile(
    r"\bsafe\b|\b(?:i'?m|i am|we'?re|we are) (?:(?:quite|really|both|all|just) )?(?:ok|okay|fine|alright|all right)\b"
    r"|\b(?:is|are|'s|'re) (?:here )?with me\b|\b(?:is|'s) holding me\b"
    r"|安全|没事|沒事|冇事|还好|還好|有人陪|陪[着著住緊]我",
    re.IGNORECASE,
)
_NO_HARM = re.compile(
    r"(?:\b(?:not|never|no (?:plans?|intentions?|thoughts?))\b|n'?t\b).{0,24}"
    r"\b(?:hurt|harm|kill|die|dying|suicide|do (?:any|some)thing)\b"
    r"|\bnobody (?:wants|is going) to die\b"
    r"|(?:不会|不會|没想|沒想|没有想|沒有想|没打算|沒打算|唔会|唔會|冇諗住|冇諗過|冇話)[^,，。!！?？]{0,6}"
    r"(?:傻事|伤害自己|傷害自己|想不开|想不開|自杀|自殺|寻短|尋短|轻生|輕生|死)",
    re.IGNORECASE,
)


def typed_safety(text: str) -> Answer | None:
    """Yes, no, or not sure where the person asks back; None where the words tell neither."""
    if _NOT_SAFE.search(text):
        return "no"
    if _ASKS_BACK.search(text):
        return "unsure"
    return "yes" if _SAFE.search(text) or _NO_HARM.search(text) else None
