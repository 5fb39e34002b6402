"""What every message passes before Rasa reads it.

Typed text must never run as a command: Rasa treats a leading ``/`` as an intent with entities, so leading
slashes are taken off. Invisible characters are removed, widths kept, and what is too long is cut.
"""

from __future__ import annotations

import re

LONGEST_MESSAGE = 4_000
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_COMMAND = re.compile(r"^[\s/]+")


def admit(text: str) -> str:
    """Return `text` fit for the bot; empty when nothing readable is left."""
    readable = _INVISIBLE.sub("", text)
    return _COMMAND.sub("", readable)[:LONGEST_MESSAGE].rstrip()
