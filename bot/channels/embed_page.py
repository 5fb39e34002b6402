"""What the operators' page `/embed` says."""

from __future__ import annotations


def _(message: str) -> str:
    """Mark `message` for the catalogs; it is translated where it is used."""
    return message


def embed_texts() -> dict[str, str]:
    """The texts of ``embed.html`` by the names it has for them, in English."""
    return {
        "heading": _("Put the chat on your site"),
        "lead": _("Choose, try the chat in the corner, then copy one line into your pages before </body>."),
        "language_label": _("Language"),
        "visitors_own": _("The visitor's own"),
        "color_label": _("Colour"),
        "color_note": _("If words could not be read on it, it is made darker or lighter."),
        "position_label": _("Side of the screen"),
        "right": _("Right"),
        "left": _("Left"),
        "greeting_label": _("Words on the button"),
        "pinned_label": _("Load exactly this version, checked by its hash"),
        "pinned_note": _("Safer; after an update of the bot, copy the line again."),
        "snippet_label": _("The line for your pages"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "rules": _("Then let your site in"),
        "origins_note": _(
            "The bot answers only the sites on its list. Add yours to this setting and restart the bot:"
        ),
        "policy_note": _("If your site has a Content-Security-Policy, add to it:"),
        "try_note": _("See it on an example site"),
    }
