"""Ethereum addresses: Keccak-256, the EIP-55 checksum, and CAIP-10 accounts."""

import re

from eth_hash.auto import keccak

ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
CAIP2 = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}", re.ASCII)
CAIP10_ACCOUNT = re.compile(r"[-.%a-zA-Z0-9]{1,128}", re.ASCII)
ZERO = f"0x{'0' * 40}"

__all__ = ["ADDRESS", "ZERO", "InvalidAddress", "checksum", "is_checksummed", "keccak", "parse", "parse_account"]


class InvalidAddress(ValueError):
    """The text is not an address of an EVM chain."""


def checksum(address: str) -> str:
    """Mixed-case spelling of EIP-55: a letter is upper case where the hash of the lower-case digits has a nibble ≥ 8.

    >>> checksum("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")
    '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
    """
    digits = address[2:].lower()
    nibbles = keccak(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit for digit, nibble in zip(digits, nibbles, strict=False)
    )


def is_checksummed(address: str) -> bool:
    """Whether the text is an address written exactly as EIP-55 writes it."""
    return ADDRESS.fullmatch(address) is not None and checksum(address) == address


def parse(text: str) -> str:
    """The checksummed address. All lower and all upper case are accepted; a wrong mixed case is a typing error.

    Raises InvalidAddress.
    """
    if ADDRESS.fullmatch(text) is None:
        raise InvalidAddress("An address is 0x followed by 40 hexadecimal digits.")
    digits = text[2:]
    if digits not in {digits.lower(), digits.upper()} and checksum(text) != text:
        raise InvalidAddress("The mix of capital and small letters does not fit (EIP-55); copy the address again.")
    return checksum(text)


def parse_account(text: str) -> tuple[str, str]:
    """CAIP-2 chain and account of a CAIP-10 text. Raises InvalidAddress.

    >>> parse_account("eip155:1:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")
    ('eip155:1', '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2')
    """
    chain, _, account = text.rpartition(":")
    if CAIP2.fullmatch(chain) is None or CAIP10_ACCOUNT.fullmatch(account) is None:
        raise InvalidAddress("An account is written namespace:reference:address, for example eip155:1:0x….")
    return chain, account
