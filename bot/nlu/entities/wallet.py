"""Wallet addresses of the chains scammers use most."""

import re

from bot.nlu.entities import addresses
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.text import Text

KIND = "wallet"

BITCOIN, ETHEREUM, TRON, SOLANA = "bitcoin", "ethereum", "tron", "solana"

_ETHEREUM = re.compile(r"(?<![A-Za-z0-9])0[xX][0-9a-fA-F]{40}(?![A-Za-z0-9])")
_MISTYPED_ETHEREUM = re.compile(
    r"(?<![A-Za-z0-9])0[xX](?=(?:[0-9a-fA-F]*[g-zG-Z]){1,2}[0-9a-fA-F]*(?![A-Za-z0-9]))[A-Za-z0-9]{40}(?![A-Za-z0-9])"
)
_SEGWIT = re.compile(r"(?<![A-Za-z0-9])(?:bc1[a-z0-9]{8,87}|BC1[A-Z0-9]{8,87})(?![A-Za-z0-9])")
_BASE58 = re.compile(r"(?<![A-Za-z0-9])[1-9A-HJ-NP-Za-km-z]{26,44}(?![A-Za-z0-9])")
_SOLANA_BYTES = 32
_SOLANA_LENGTHS = range(32, 45)
_TRON_LENGTH = 34
_BITCOIN_LENGTHS = range(26, 36)


def find(text: Text) -> list[Entity]:
    """The wallet addresses in a message.

    Returns:
        Entities with the value ``{"address": as typed, "chain": bitcoin, ethereum, tron or solana}``.
        ``valid`` tells whether the checksum holds; it is ``None`` for an Ethereum address in one case. Solana
        has no checksum: there it says that the address has the length of a key. An Ethereum address may lie
        on any chain of its kind.
    """
    found = [
        _entity(text, match, ETHEREUM, addresses.is_checksummed_ethereum(match[0]))
        for match in _ETHEREUM.finditer(text.folded)
    ]
    found += [_entity(text, match, ETHEREUM, False) for match in _MISTYPED_ETHEREUM.finditer(text.folded)]
    found += [
        _entity(text, match, BITCOIN, addresses.is_segwit(match[0]))
        for match in _SEGWIT.finditer(text.folded)
    ]
    for match in _BASE58.finditer(text.folded):
        chain = _base58_chain(match[0])
        if chain:
            found.append(_entity(text, match, *chain))
    return found


def _base58_chain(address: str) -> tuple[str, bool] | None:
    if not (any(char.isdigit() for char in address) and any(char.isalpha() for char in address)):
        return None
    if address[0] in "13" and addresses.is_bitcoin_base58(address):
        return BITCOIN, True
    if address[0] == "T" and addresses.is_tron(address):
        return TRON, True
    mixed = address not in {address.lower(), address.upper()}
    if mixed and len(address) in _SOLANA_LENGTHS:
        key = addresses.decode_base58(address)
        if key is not None and len(key) == _SOLANA_BYTES:
            return SOLANA, True
    if mixed and address[0] == "T" and len(address) == _TRON_LENGTH:
        return TRON, False
    if mixed and address[0] in "13" and len(address) in _BITCOIN_LENGTHS:
        return BITCOIN, False
    return None


def _entity(text: Text, match: re.Match[str], chain: str, valid: bool | None) -> Entity:
    start, end = match.span()
    return Entity(KIND, start, end, text.raw[start:end], {"address": match[0], "chain": chain}, valid)
