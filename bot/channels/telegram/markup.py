"""Plain text as Telegram's HTML: nothing in it is read as markup, and only the registry's addresses can be tapped.

Telegram makes a link of every address, account name and command it sees in a text. One that a person quoted from the
other side must not be a tap away, so those are shown as code, which Telegram leaves alone.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from actions.registry import registry

_TAPPABLE = re.compile(
    r"(?:https?|tg)://[^\s<>\"，。；：、！？（）「」]+"
    r"|(?<![\w@])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d+)?(?:/[^\s<>\"，。；：、！？（）「」]*)?(?![\w@])"
    r"|(?<![\w/])[@#$/][a-z]\w{1,63}",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z]+://)?([^/:?#]+)", re.IGNORECASE)


def to_html(text: str) -> str:
    """`text` for Telegram's parse mode HTML."""
    pieces: list[str] = []
    end = 0
    for found in _TAPPABLE.finditer(text):
        pieces.append(escape(text[end : found.start()], quote=False))
        tappable = escape(found[0], quote=False)
        pieces.append(tappable if _is_ours(found[0]) else f"<code>{tappable}</code>")
        end = found.end()
    return "".join([*pieces, escape(text[end:], quote=False)])


def _is_ours(address: str) -> bool:
    host = _HOST.match(address)
    return host is not None and host[1].lower().removeprefix("www.") in _hosts()


@cache
def _hosts() -> frozenset[str]:
    """The hosts of the offices and of the steps that the registry names to people."""
    facts = registry()
    urls = (channel.url for channels in facts.channels.values() for channel in channels if channel.recommend)
    unsaid = {"sources", "notes", "legal_basis"}
    told = " ".join(situation.model_dump_json(exclude=unsaid) for situation in facts.situations.values())
    hosts = (
        _HOST.match(address) for address in (*(str(url) for url in urls if url), *_TAPPABLE.findall(told))
    )
    return frozenset(host[1].lower().removeprefix("www.") for host in hosts if host)
