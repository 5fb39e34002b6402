"""Mail addresses, also defanged."""

import re

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text
from bot.nlu.entities.url import DOT

KIND = "email"

_AT = r"(?:@|\[at\]|\(at\)| \[at\] | \(at\) )"
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9](?:[a-z0-9._%+-]{{0,62}}[a-z0-9_])?{_AT}"
    rf"(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?{DOT}){{1,6}}[a-z]{{2,24}}(?![a-z0-9@-])"
)


def find(text: Text) -> list[Entity]:
    """The mail addresses in a message; ``value`` is the address in lower case, without its defanging."""
    return [
        Entity(
            KIND, *match.span(), text.raw[slice(*match.span())], re.sub(DOT, ".", re.sub(_AT, "@", match[0]))
        )
        for match in _EMAIL.finditer(text.lower)
    ]
