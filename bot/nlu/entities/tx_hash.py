"""Transaction hashes of blockchains."""

import re

from bot.nlu.entities import addresses
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "tx_hash"

_HEX = re.compile(r"(?<![A-Za-z0-9])(0[xX])?[0-9a-fA-F]{64}(?![A-Za-z0-9])")
_SIGNATURE = re.compile(r"(?<![A-Za-z0-9])[1-9A-HJ-NP-Za-km-z]{86,88}(?![A-Za-z0-9])")
_SIGNATURE_BYTES = 64


def find(text: Text) -> list[Entity]:
    """The transaction hashes in a message.

    Returns:
        Entities with the value ``{"hash": as typed, "chain": "ethereum" after 0x, "solana" for a signature,
        else None}``;
        64 digits without 0x are of Bitcoin, TRON or others.
    """
    found = [_entity(text, match, "ethereum" if match[1] else None) for match in _HEX.finditer(text.folded)]
    for match in _SIGNATURE.finditer(text.folded):
        signature = addresses.decode_base58(match[0])
        if signature is not None and len(signature) == _SIGNATURE_BYTES:
            found.append(_entity(text, match, "solana"))
    return found


def _entity(text: Text, match: re.Match[str], chain: str | None) -> Entity:
    start, end = match.span()
    return Entity(KIND, start, end, text.raw[start:end], {"hash": match[0], "chain": chain})
