"""Text of people inside the Markdown that helpdesk renders."""

from __future__ import annotations


def verbatim(text: str) -> str:
    """Keep what a person wrote from becoming a link or markup: a scammer's link is not for clicking."""
    for sign in ("\\", "[", "`", "*"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("<", "&lt;")
