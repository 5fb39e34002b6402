"""Checksums of wallet addresses and keys."""

import base58
from bech32 import CHARSET, bech32_hrp_expand, bech32_polymod, convertbits
from eth_hash.auto import keccak

BECH32, BECH32M = 1, 0x2BC830A3
"""What the checksum comes to for witness version 0 (BIP-173) and later ones (BIP-350)."""

_BITCOIN_VERSIONS = frozenset({0x00, 0x05})
_TRON_VERSION = 0x41
_WIF_VERSION = 0x80
_HASH160 = 21
_CHECKSUM_LENGTH = 6
_BECH32_MAX = 90


def decode_base58(text: str) -> bytes | None:
    """The bytes of base58 text, ``None`` when a character is not of it."""
    try:
        return base58.b58decode(text)
    except ValueError:
        return None


def decode_base58check(text: str) -> bytes | None:
    """The payload of base58 text whose checksum holds, else ``None``."""
    try:
        return base58.b58decode_check(text)
    except ValueError:
        return None


def is_bitcoin_base58(address: str) -> bool:
    """Whether this is a valid legacy or script address of the main net."""
    payload = decode_base58check(address)
    return payload is not None and len(payload) == _HASH160 and payload[0] in _BITCOIN_VERSIONS


def is_tron(address: str) -> bool:
    """Whether this is a valid TRON address (base58check, version 0x41)."""
    payload = decode_base58check(address)
    return payload is not None and len(payload) == _HASH160 and payload[0] == _TRON_VERSION


def is_wif(key: str) -> bool:
    """Whether this is a Bitcoin private key in wallet import format."""
    payload = decode_base58check(key)
    return payload is not None and len(payload) in {33, 34} and payload[0] == _WIF_VERSION


def is_segwit(address: str, prefix: str = "bc") -> bool:
    """Whether this is a valid segregated witness address (BIP-173, BIP-350).

    Args:
        address: The address, in one case.
        prefix: The human-readable part: "bc" for Bitcoin's main net, "tb" for its test net.
    """
    low = address.lower()
    head, separator, tail = low.rpartition("1")
    if address not in {low, address.upper()} or not separator or head != prefix or len(address) > _BECH32_MAX:
        return False
    data = [CHARSET.find(char) for char in tail]
    if len(data) <= _CHECKSUM_LENGTH or -1 in data:
        return False
    version = data[0]
    program = convertbits(data[1:-_CHECKSUM_LENGTH], 5, 8, False)
    if (
        version > 16
        or program is None
        or not 2 <= len(program) <= 40
        or (version == 0 and len(program) not in {20, 32})
    ):
        return False
    expected = BECH32M if version else BECH32
    return int(bech32_polymod(bech32_hrp_expand(head) + data)) == expected


def is_checksummed_ethereum(address: str) -> bool | None:
    """Whether the capitals of "0x…" are right (EIP-55); ``None`` when all letters are of one case."""
    digits = address[2:]
    if digits in {digits.lower(), digits.upper()}:
        return None
    hashed = keccak(digits.lower().encode("ascii")).hex()
    return all(
        char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(digits, hashed, strict=False)
        if char.isalpha()
    )
