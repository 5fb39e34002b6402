"""What the channel itself says; everything else is said by the dialogue."""

from __future__ import annotations

from typing import Final

from bot.channels.telegram.incoming import Kind


def _(text: str) -> str:
    """Mark `text` for the catalogs; it is translated where it is said."""
    return text


HELLO: Final = _("Hello")
LINES: Final = {
    Kind.STICKER: _(
        "Thank you for the sticker. Words are easier for me: write me a few, whatever comes to mind."
    ),
    Kind.PICTURE: _(
        "I can't look at pictures or videos. Please keep it, it is evidence. Tell me in a few words what it shows, or "
        "copy the text in it to me."
    ),
    Kind.VOICE: _("I can't listen to recordings. Please write it to me; a few words are enough."),
    Kind.FILE: _(
        "I can't open this kind of file. Please keep it, it is evidence. Tell me in a few words what it says, or copy "
        "the part that matters to me."
    ),
    Kind.PLACE: _(
        "I can't use a place on a map, and I did not keep it. Please write the country, that is enough."
    ),
    Kind.CONTACT: _(
        "I did not keep this contact. If it is someone who wrote to you about money, please write what they call "
        "themselves and what they want."
    ),
    Kind.OTHER: _("I can't read this kind of message. Please write it to me in a few words."),
    Kind.FLOOD: _(
        "These are more messages than I can read at once, so I skipped some. Please wait a minute, then go on."
    ),
}
EDITED_EARLIER: Final = _(
    "I saw that you changed an earlier message. I take in a change of your last message only, so please tell me in one "
    "sentence what is different."
)
FILE_NOT_FETCHED: Final = _(
    "I could not fetch this file. Please send it again, or copy the part that matters to me."
)
NO_CODE: Final = _("To go on with a talk from elsewhere, send me its code here.")
ANSWERED_ALREADY: Final = _("That question is answered. To change something, just write it to me.")
GROUP: Final = _(
    "I help people who were scammed, or who fear it. Please write nothing personal here, where everyone in the group "
    "can read it. Write to me in private."
)
GROUP_BUTTON: Final = _("Write in private")
PRIVACY: Final = _(
    "Telegram can read what we write here. So can anyone who holds your phone. To answer you, I keep the number of "
    "this chat under lock. It goes when the rest is erased."
)
STILL_SHOWN: Final = _(
    "Your messages still show in this chat. To remove them too, delete the chat in Telegram."
)
SHARE_NUMBER: Final = _(
    "Or share your own contact with the paper clip: I take the number from it, and nothing else."
)
DESCRIPTION: Final = _(
    "Free first aid after a scam, or when you fear one: see what is going on, stop payments, find where to report, "
    "reach a person. At any hour, in English and Chinese. A computer program, not the police, a bank or a lawyer. It "
    "never asks for money, passwords or codes."
)
SHORT_DESCRIPTION: Final = _("Free first aid after a scam: stop payments, report, reach a person.")
