"""A transaction of our own: EIP-1559 (type 2) bytes, what is signed, and fees that may only rise so far.

RLP as in the Ethereum Yellow Paper, appendix B; type 2 as in EIP-1559. Amounts are wei.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from wallets.engine.addresses import keccak

Item = bytes | Sequence["Item"]
KIND = b"\x02"
GWEI = 10**9
LEAST_RISE = (9, 8)
"""A replacement pays at least an eighth more: nodes refuse less than a tenth, some less than an eighth."""


class NotTheTransaction(ValueError):
    """Signed bytes are not those of the transaction that was to be signed."""


@dataclass(frozen=True)
class Fees:
    """Most paid per gas, and of it to whoever takes the transaction into a block."""

    most: int
    tip: int


@dataclass(frozen=True)
class Outbound:
    """A transaction before it is signed. `to` is empty for the creation of a contract; no value is ever sent."""

    chain_id: int
    nonce: int
    fees: Fees
    gas: int
    to: str
    data: str

    @property
    def fields(self) -> tuple[Item, ...]:
        """The list that is signed: without value and with an empty access list."""
        return (
            _number(self.chain_id), _number(self.nonce), _number(self.fees.tip), _number(self.fees.most),
            _number(self.gas), _bytes(self.to), b"", _bytes(self.data), (),
        )  # fmt: skip

    @property
    def digest(self) -> bytes:
        """What is signed."""
        return keccak(KIND + rlp(self.fields))

    def signed(self, signature: str) -> str:
        """The bytes to send, in hex, from a signature of r, s and v (27 or 28)."""
        digits = signature.removeprefix("0x")
        parity, r, s = int(digits[128:130], 16) - 27, int(digits[:64], 16), int(digits[64:128], 16)
        return f"0x{(KIND + rlp((*self.fields, _number(parity), _number(r), _number(s)))).hex()}"

    def signature_of(self, raw: str) -> str:
        """The signature in bytes that somebody else signed. Raises NotTheTransaction when they say anything else."""
        content = _bytes(raw)
        try:
            items = unrlp(content[1:])
        except (IndexError, ValueError) as error:
            raise NotTheTransaction("the bytes cannot be read") from error
        if content[:1] != KIND or not isinstance(items, list) or len(items) != 12:
            raise NotTheTransaction("the bytes are no signed type 2 transaction")
        if rlp(items[:9]) != rlp(self.fields):
            raise NotTheTransaction("the signer signed another transaction")
        parity, r, s = (int.from_bytes(item) if isinstance(item, bytes) else 0 for item in items[9:])
        return f"0x{r:064x}{s:064x}{27 + parity:02x}"


def hash_of(raw: str) -> str:
    """Name of signed bytes."""
    return f"0x{keccak(_bytes(raw)).hex()}"


def rlp(item: Item) -> bytes:
    """Recursive length prefix.

    >>> rlp([b"cat", b""]).hex()
    'c58363617480'
    """
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _prefix(len(item), 0x80) + item
    content = b"".join(rlp(part) for part in item)
    return _prefix(len(content), 0xC0) + content


def _prefix(length: int, base: int) -> bytes:
    if length < 56:
        return bytes([base + length])
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([base + 55 + len(size)]) + size


def unrlp(content: bytes) -> Item:
    """The one item that bytes hold. Raises ValueError, IndexError."""
    item, rest = _next(content)
    if rest:
        raise ValueError("bytes are left over")
    return item


def _next(content: bytes) -> tuple[Item, bytes]:
    first = content[0]
    if first < 0x80:
        return content[:1], content[1:]
    base = 0xC0 if first >= 0xC0 else 0x80
    start, length = 1, first - base
    if length > 55:
        start = 1 + length - 55
        length = int.from_bytes(content[1:start])
    body, rest = content[start : start + length], content[start + length :]
    if len(body) != length:
        raise ValueError("bytes are missing")
    if base == 0x80:
        return body, rest
    parts: list[Item] = []
    while body:
        part, body = _next(body)
        parts.append(part)
    return parts, rest


def first_fees(base: int, tip: int, cap: int) -> Fees:
    """Room for the base fee to double, as wallets do, but never above the cap.

    >>> first_fees(30, 2, 100)
    Fees(most=62, tip=2)
    >>> first_fees(80, 2, 100)
    Fees(most=100, tip=2)
    """
    most = min(2 * base + tip, cap)
    return Fees(most, min(tip, most))


def raised_fees(before: Fees, base: int, tip: int, cap: int) -> Fees | None:
    """Fees that replace others: both at least an eighth more. None when that is above the cap.

    >>> raised_fees(Fees(100, 8), 10, 2, 1_000)
    Fees(most=113, tip=9)
    >>> raised_fees(Fees(100, 8), 10, 2, 110)
    """
    up, down = LEAST_RISE
    wanted = first_fees(base, tip, cap)
    least = Fees(-(-before.most * up // down), -(-before.tip * up // down))
    raised = Fees(max(wanted.most, least.most), max(wanted.tip, least.tip))
    return raised if raised.most <= cap else None


def free_nonce(sent_on_chain: int, taken: Sequence[int]) -> int:
    """The lowest number that neither the chain nor a transaction of ours has: so no gap is ever left behind.

    >>> free_nonce(5, [5, 6, 8])
    7
    """
    held = set(taken)
    nonce = sent_on_chain
    while nonce in held:
        nonce += 1
    return nonce


def is_stuck(waited: timedelta, patience: timedelta) -> bool:
    """Whether a transaction that is not mined has waited long enough to be paid more for."""
    return waited >= patience


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
