"""The frozen evidence set of a wallet score: everything a score is made from, and nothing else.

Addresses and hashes are lower case with 0x. Amounts are whole units of the asset, times seconds since 1970 (UTC),
prices US dollars as decimal text. An asset is `<caip2>/<address>` or `<caip2>/native`.
"""

from dataclasses import asdict, dataclass, fields

from creditiq.kernel.hashing import canonical_json, merkle_root


@dataclass(frozen=True, order=True)
class WalletRow:
    """A wallet that is scored. `verified`: its holder proved that it is theirs."""

    chain: str
    address: str
    verified: bool


@dataclass(frozen=True, order=True)
class StreamRow:
    """How far a source saw: `since` 0 means from the first block; `complete` is the share of rows it could get."""

    chain: str
    address: str
    stream: str
    since: int
    until: int
    complete: float
    source: str


@dataclass(frozen=True, order=True)
class TransactionRow:
    """A transaction; `price_p95` is the 95th percentile of its block's gas prices where that is known."""

    chain: str
    hash: str
    at: int
    block: int
    sender: str
    recipient: str
    value: int
    ok: bool
    gas_price: int
    fee: int
    method: str
    price_p95: int | None


@dataclass(frozen=True, order=True)
class TransferRow:
    """A transfer that came without its log: internal native ones, and rows of an explorer's export."""

    chain: str
    hash: str
    at: int
    asset: str
    sender: str
    recipient: str
    amount: int
    token: str
    """Token id of an NFT, else empty."""


@dataclass(frozen=True, order=True)
class LogRow:
    """An event log as the chain keeps it."""

    chain: str
    hash: str
    index: int
    at: int
    block: int
    address: str
    topics: tuple[str, ...]
    data: str


@dataclass(frozen=True, order=True)
class BalanceRow:
    """What a wallet held at the moment of the score."""

    chain: str
    address: str
    asset: str
    amount: int


@dataclass(frozen=True, order=True)
class PriceRow:
    """Price of one whole unit of an asset at a time."""

    asset: str
    at: int
    usd: str
    source: str


@dataclass(frozen=True, order=True)
class HealthRow:
    """Health factor of a borrowing account, as its pool told it."""

    chain: str
    address: str
    protocol: str
    at: int
    factor: float


@dataclass(frozen=True, order=True)
class Token:
    """What is known of an asset. `peg_until` is 0 while a stable-coin keeps its peg, else when it lost it."""

    asset: str
    symbol: str
    decimals: int
    listed: bool
    stable: bool
    blue_chip: bool
    kind: str
    peg_until: int


@dataclass(frozen=True, order=True)
class Contract:
    """A contract whose events are believed. `asset` is what it takes in; `token0`/`token1` those of a pool."""

    chain: str
    address: str
    protocol: str
    kind: str
    asset: str
    token0: str
    token1: str


@dataclass(frozen=True, order=True)
class RiskRow:
    """An address on a list: which list, of what date, and why."""

    chain: str
    address: str
    kind: str
    list: str
    date: str


@dataclass(frozen=True)
class Evidence:
    """All rows known at `as_of`. Two sets with the same rows in any order have the same root."""

    as_of: int
    wallets: tuple[WalletRow, ...] = ()
    streams: tuple[StreamRow, ...] = ()
    transactions: tuple[TransactionRow, ...] = ()
    transfers: tuple[TransferRow, ...] = ()
    logs: tuple[LogRow, ...] = ()
    balances: tuple[BalanceRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    health: tuple[HealthRow, ...] = ()
    tokens: tuple[Token, ...] = ()
    contracts: tuple[Contract, ...] = ()
    risks: tuple[RiskRow, ...] = ()

    @property
    def root(self) -> str:
        """Merkle root (RFC 6962) over the canonical JSON of `[section, row]`, leaves in sorted order."""
        leaves = [canonical_json(["as_of", self.as_of])]
        leaves += [canonical_json([name, asdict(row)]) for name in SECTIONS for row in getattr(self, name)]
        return merkle_root(sorted(set(leaves)))


SECTIONS = tuple(field.name for field in fields(Evidence) if field.name != "as_of")
VERSION = 1
