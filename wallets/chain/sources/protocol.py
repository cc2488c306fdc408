"""Where the history of an account comes from. Nothing above a source knows which one it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from wallets.chain.port import Block
from wallets.engine.evidence import BalanceRow, Contract, HealthRow, LogRow, PriceRow, TransactionRow, TransferRow

NATIVE, LOGS, TOKENS, INTERNAL = "native", "logs", "erc20", "internal"
"""Readings a source offers; each has a cursor of its own."""


@dataclass(frozen=True)
class Page:
    """Rows of the blocks `first` to `last`; `complete` is the share of them the source could get (0 to 1).

    `transfers` come with their blocks. `blocks` are headers met on the way, `last` among them: by their hashes a
    reorganised chain is noticed.
    """

    first: int
    last: int
    complete: float
    blocks: tuple[Block, ...]
    transactions: tuple[TransactionRow, ...] = ()
    transfers: tuple[tuple[int, TransferRow], ...] = ()
    logs: tuple[LogRow, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What an account holds at a block, and how its loans stand. `seen` are shares of streams found out on the way,
    `contracts` pools that a factory of the registry made.
    """

    balances: tuple[BalanceRow, ...] = ()
    health: tuple[HealthRow, ...] = ()
    complete: float = 0.0
    seen: tuple[tuple[str, float], ...] = ()
    contracts: tuple[Contract, ...] = ()
    prices: tuple[PriceRow, ...] = ()


class ChainDataSource(Protocol):
    """Every method raises ChainUnreachable when the source does not answer, or answers what cannot be."""

    @property
    def name(self) -> str:
        """What the evidence says where a row is from."""
        ...

    @property
    def readings(self) -> dict[str, tuple[str, ...]]:
        """Readings on offer, and the streams of the evidence each fills."""
        ...

    def chain_id(self) -> int:
        """EIP-155 id of the chain the source tells of, as it says."""
        ...

    def head(self) -> Block:
        """The latest block."""
        ...

    def blocks(self, numbers: list[int]) -> tuple[Block, ...]:
        """Headers, in the order asked."""
        ...

    def page(self, reading: str, account: str, first: int, last: int) -> Page:
        """Rows from block `first` on, at most to `last`; it may cover less, then the next page goes on after it."""
        ...

    def confirms(self, rows: tuple[TransactionRow, ...]) -> bool:
        """Whether every one of these transactions is on the chain as told (true of none)."""
        ...

    def standing(self, account: str, logs: tuple[LogRow, ...], block: Block) -> Standing:
        """Holdings of the native coin and every token the logs name, and the health of loans."""
        ...

    def prices(self, assets: frozenset[str], moments: Mapping[int, int]) -> tuple[PriceRow, ...]:
        """What the assets were worth at blocks (number: time), where the source can tell; none where it cannot."""
        ...
