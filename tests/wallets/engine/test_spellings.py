"""Networks that write one account in two ways: both are read, typing errors are not, and other accounts are refused."""

import pytest

from wallets.engine.addresses import InvalidAddress
from wallets.engine.spellings import CHECKSUM, LETTERS, _polymod, address_on

PLAIN = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"


def bech32(part: str, address: str = PLAIN) -> str:
    """The other way round, written after BIP-173."""
    number = int(address, 16)
    digits = [number >> shift & 31 for shift in range(155, -1, -5)]
    expanded = [ord(letter) >> 5 for letter in part] + [0] + [ord(letter) & 31 for letter in part]
    check = _polymod(expanded + digits + [0] * CHECKSUM) ^ 1
    digits += [check >> 5 * (CHECKSUM - 1 - place) & 31 for place in range(CHECKSUM)]
    return f"{part}1{''.join(LETTERS[digit] for digit in digits)}"


@pytest.mark.parametrize(
    ("network", "text"),
    [
        ("ethereum", PLAIN),
        ("ronin", f"ronin:{PLAIN[2:].lower()}"),
        ("ronin", PLAIN),
        ("evmos", bech32("evmos")),
        ("canto", bech32("canto")),
        ("cronos", bech32("crc")),
        ("harmony", bech32("one")),
        ("harmony", bech32("one").upper()),
    ],
)
def test_both_spellings_are_one_account(network: str, text: str) -> None:
    assert address_on(network, text) == PLAIN


def test_an_address_that_harmony_publishes_is_read() -> None:
    assert address_on("harmony", "one103q7qe5t2505lypvltkqtddaef5tzfxwsse4z7").lower() == (
        "0x7c41e0668b551f4f902cfaec05b5bdca68b124ce"
    )


@pytest.mark.parametrize(
    ("network", "text", "said"),
    [
        ("harmony", bech32("one")[:-1] + "q", "typing error"),
        ("harmony", bech32("one").replace("1", "1b", 1), "does not have"),
        ("harmony", bech32("one")[:8].upper() + bech32("one")[8:], "all small"),
        ("evmos", bech32("one"), "0x followed"),
        ("sei", "sei1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "two accounts"),
        ("ethereum", f"ronin:{PLAIN[2:]}", "0x followed"),
        ("ronin", "ronin:12", "0x followed"),
    ],
)
def test_what_is_no_account_there_is_refused(network: str, text: str, said: str) -> None:
    with pytest.raises(InvalidAddress, match=said):
        address_on(network, text)
