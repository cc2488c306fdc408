"""What the house asks of a chain. One protocol; whoever answers it knows web3, nobody above does.

Hashes, addresses and data are lower-case hex text with 0x; quantities are ints (wei, seconds, block numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class ChainUnreachable(Exception):
    """The node did not answer, or answered something that is no answer; nothing may be concluded from it."""


class CallReverted(Exception):
    """The contract refused the call. `data` is what it returned with the refusal, in hex."""

    def __init__(self, data: str = "0x") -> None:
        super().__init__("reverted")
        self.data = data


class TooManyLogs(Exception):
    """The node answers only narrower ranges; `suggested` is the range it named, if it did."""

    def __init__(self, suggested: tuple[int, int] | None = None) -> None:
        super().__init__("the range holds too many logs")
        self.suggested = suggested


class NoHistory(Exception):
    """The node keeps no state of past blocks."""


class TransactionRefused(Exception):
    """The node does not take a signed transaction; the sentence is its own."""


@dataclass(frozen=True)
class Call:
    """One eth_call. Without `to` the data is creation code: this is how the EIP-6492 validator runs."""

    data: str
    to: str | None = None
    sender: str | None = None


@dataclass(frozen=True)
class Block:
    """Header of a block."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int


@dataclass(frozen=True)
class Log:
    """One event log, as eth_getLogs gives it."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: int
    block_hash: str
    transaction_hash: str
    log_index: int


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction; `status` is None before Byzantium."""

    transaction_hash: str
    block_number: int
    block_hash: str
    sender: str
    recipient: str | None
    status: int | None
    gas_used: int
    effective_gas_price: int
    contract_address: str | None
    logs: tuple[Log, ...]


@dataclass(frozen=True)
class Transaction:
    """A transaction in a block."""

    hash: str
    block_number: int
    sender: str
    recipient: str | None
    value: int
    nonce: int
    data: str
    gas_price: int


@dataclass(frozen=True)
class LogFilter:
    """Range (both ends included), emitters (empty: any) and topics by position (empty place: any)."""

    from_block: int
    to_block: int
    addresses: tuple[str, ...] = ()
    topics: tuple[tuple[str, ...], ...] = ()


class ChainNode(Protocol):
    """A node of one chain. Every method raises ChainUnreachable when the node does not answer."""

    def chain_id(self) -> int:
        """EIP-155 id as the node names it."""
        ...

    def genesis_hash(self) -> str:
        """Hash of block 0: with the id it says which chain this is."""
        ...

    def head(self) -> Block:
        """The latest block."""
        ...

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        """Headers, in one batch, in the order asked."""
        ...

    def transactions(self, block: int) -> tuple[Transaction, ...]:
        """Every transaction of a block."""
        ...

    def receipts(self, block: int) -> tuple[Receipt, ...]:
        """Every receipt of a block."""
        ...

    def receipt(self, transaction_hash: str) -> Receipt | None:
        """One receipt; None while the transaction is not mined."""
        ...

    def knows(self, transaction_hash: str) -> bool:
        """Whether the node has a transaction, in a block or waiting for one."""
        ...

    def logs(self, sought: LogFilter) -> tuple[Log, ...]:
        """Logs in order. Raises TooManyLogs."""
        ...

    def code(self, address: str, block: int | None = None) -> str:
        """Deployed code, `0x` for none."""
        ...

    def call(self, call: Call, block: int | None = None) -> str:
        """Result of an eth_call with CCIP read off. Raises CallReverted."""
        ...

    def calls(self, calls: Sequence[Call], block: int | None = None) -> tuple[str | None, ...]:
        """Results in one batch; None for those that reverted."""
        ...

    def nonce(self, address: str, block: int | None = None) -> int:
        """Transactions sent by an address up to a block."""
        ...

    def balance(self, address: str, block: int | None = None) -> int:
        """Native balance in wei."""
        ...

    def standings(self, address: str, blocks: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """Nonce and balance at each of some past blocks, in batches. Raises NoHistory."""
        ...

    def send_raw(self, signed: str) -> str:
        """Hand in a signed transaction; its hash. Raises TransactionRefused."""
        ...

    def estimate(self, call: Call) -> int:
        """Gas a call would take. Raises CallReverted."""
        ...

    def fees(self) -> tuple[int, int]:
        """Base fee of the latest block and the tip the node proposes, in wei."""
        ...
