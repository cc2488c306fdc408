"""Addresses as some networks also write them: `ronin:…`, `xdc…`, and bech32 over the same twenty bytes (BIP-173)."""

from collections.abc import Mapping, Sequence

from wallets.engine.addresses import InvalidAddress, parse

PREFIXES: Mapping[str, str] = {"ronin": "ronin:", "xdc": "xdc", "xinfin": "xdc"}
BECH32: Mapping[str, str] = {"evmos": "evmos", "canto": "canto", "cronos": "crc", "harmony": "one"}
"""Human-readable part by network; their two spellings are one account."""
APART: Mapping[str, str] = {"sei": "sei1"}
"""Networks whose other spelling is another account, tied to the 0x one on the chain only."""
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECKSUM = 6
LONGEST = 90


def address_on(network: str, text: str) -> str:
    """The checksummed 0x address of an account of a network. Raises InvalidAddress.

    >>> address_on("ronin", "ronin:c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")
    '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
    """
    prefix, part = PREFIXES.get(network), BECH32.get(network)
    if network in APART and text.lower().startswith(APART[network]):
        raise InvalidAddress(f"{APART[network]}… and 0x… are two accounts here; give the 0x address.")
    if prefix and text.lower().startswith(prefix) and not text.lower().startswith("0x"):
        return parse(f"0x{text[len(prefix) :]}")
    if part and text.lower().startswith(f"{part}1"):
        return parse(f"0x{_decoded(text, part).hex()}")
    return parse(text)


def _decoded(text: str, part: str) -> bytes:
    """The bytes of a bech32 text with this human-readable part. Raises InvalidAddress."""
    if text not in {text.lower(), text.upper()} or len(text) > LONGEST:
        raise InvalidAddress("A bech32 address is all small or all capital letters.")
    letters = text.lower()[len(part) + 1 :]
    if any(letter not in LETTERS for letter in letters):
        raise InvalidAddress(f"A {part}1… address holds a character that bech32 does not have.")
    digits = [LETTERS.index(letter) for letter in letters]
    expanded = [ord(letter) >> 5 for letter in part] + [0] + [ord(letter) & 31 for letter in part]
    if _polymod(expanded + digits) != 1:
        raise InvalidAddress("The address has a typing error: its checksum does not fit (bech32).")
    number, bits = 0, 5 * (len(digits) - CHECKSUM)
    for digit in digits[:-CHECKSUM]:
        number = number << 5 | digit
    if bits != 160:
        raise InvalidAddress(f"A {part}1… address of an account has twenty bytes.")
    return number.to_bytes(20, "big")


def _polymod(values: Sequence[int]) -> int:
    """The checksum of BIP-173."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(GENERATOR):
            check ^= generator if top >> place & 1 else 0
    return check
