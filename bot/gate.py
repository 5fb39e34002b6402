"""What every message passes before Rasa reads it.

Typed text must never run as a command: Rasa treats a leading ``/`` as an intent with entities, so leading
slashes are taken off. Invisible characters are removed, widths kept, and what is too long is cut.
"""

from __future__ import annotations

import re

from bot.nlu import crisis

LONGEST_MESSAGE = 4_000
# Controls, direction marks, zero-width characters, hidden tags, half characters.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_COMMAND = re.compile(r"^[\s/]+")


def admit(text: str) -> str:
    """Return `text` fit for the bot; empty when nothing readable is left.

    Of a text that is too long its beginning is kept, or the first part that speaks of a crisis: a farewell may
    stand at the end of a long story.
    """
    readable = _COMMAND.sub("", _INVISIBLE.sub("", text)).rstrip()
    if len(readable) <= LONGEST_MESSAGE:
        return readable
    starts = range(0, len(readable), LONGEST_MESSAGE // 2)
    parts = (readable[start : start + LONGEST_MESSAGE] for start in starts)
    return next((part for part in parts if crisis.assess(part)), readable[:LONGEST_MESSAGE]).rstrip()
