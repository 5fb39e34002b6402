"""Web addresses, also without a scheme or defanged ("hxxps://abc-trade[.]vip")."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "url"

DOT = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)| \[dot\] | \(dot\) )"
"""A dot of a host name as people write it so that it cannot be clicked."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SCHEME = r"h(?:tt|xx|\*\*)ps?(?:\[:\]|:)//"
_REST = r"(?::\d{2,5})?(?:[/?#][!-~]{0,2000})?"
_URL = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})|(?<![a-z0-9_.@-]))"
    rf"(?P<host>{_LABEL}(?:{DOT}{_LABEL}){{1,8}})(?![a-z0-9-])(?P<rest>{_REST})"
)
_TRAILING = ".,;:!?'\"`)]}>"
_SENTENCE_END = re.compile(r"[a-z0-9]\.[A-Z][a-z]*$")
_WORDS = frozenset({
    "am", "as", "at", "be", "by", "call", "do", "help", "here", "how", "in", "is", "it", "me", "money",
    "my", "no", "now", "one", "or", "so", "to", "today", "us", "win", "you",
})  # fmt: skip
"""Top-level domains that also begin a sentence; a space after the full stop is often forgotten."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def find(text: Text) -> list[Entity]:
    """The web addresses in a message.

    Returns:
        Entities with the value ``{"url": working address, "host": host name}``; https is taken where no
        scheme was typed. Host names without a scheme count when their top-level domain exists.
    """
    return [entity for match in _URL.finditer(text.lower) if (entity := _entity(text, match))]


def _entity(text: Text, match: re.Match[str]) -> Entity | None:
    host = re.sub(DOT, ".", match["host"])
    if not match["scheme"] and not _is_site(
        host, text.folded[match.start("host") : match.end("host")], match["rest"]
    ):
        return None
    start, end = match.span()
    end -= len(match[0]) - len(_without_trailing(match[0]))
    rest = text.folded[match.start("rest") : end]
    scheme = (
        "http" if match["scheme"] and not match["scheme"].startswith(("https", "hxxps", "h**ps")) else "https"
    )
    return Entity(KIND, start, end, text.raw[start:end], {"url": f"{scheme}://{host}{rest}", "host": host})


def _without_trailing(address: str) -> str:
    """Punctuation that ends a sentence is no part of the address; a closing bracket that was opened is."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _is_site(host: str, typed: str, rest: str) -> bool:
    if (
        _SENTENCE_END.search(typed)
        or not _suffixes().publicsuffix(host)
        or _suffixes().publicsuffix(host) == host
    ):
        return False
    labels = host.split(".")
    if labels[-1] not in _WORDS:
        return any(char.isalpha() for char in labels[-2])
    return bool(rest) or labels[0] == "www" or "-" in host or typed != host
