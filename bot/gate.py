"""What every message passes before Rasa reads it.

Typed text must never run as a command: Rasa treats a leading ``/`` as an intent with entities, so leading
slashes are taken off. Invisible characters are removed, widths kept, and what is too long is cut.
"""

from __future__ import annotations

import re

LONGEST_MESSAGE = 4_000
# Controls, direction marks, zero-width characters, hidden tags, half characters.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_COMMAND = re.compile(r"^[\s/]+")


def admit(text: str) -> str:
    """Return `text` fit for the bot; empty when nothing readable is left."""
    readable = _INVISIBLE.sub("", text)
    return _COMMAND.sub("", readable)[:LONGEST_MESSAGE].rstrip()
