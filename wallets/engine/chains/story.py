"""A wallet's history told act by act, and the evidence it leaves. The demo and the tests are written with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wallets.engine.abi import Value, by_key
from wallets.engine.chains import known
from wallets.engine.evidence import (
    BalanceRow,
    Contract,
    Evidence,
    HealthRow,
    LogRow,
    PriceRow,
    RiskRow,
    StreamRow,
    Token,
    TransactionRow,
    TransferRow,
    WalletRow,
)

STREAMS = ("native", "erc20", "nft", "approvals", "logs", "balances", "health")
GWEI = 10**9
GAS = 120_000
BLOCK_SECONDS = 12
ETHER = 10**18


@dataclass
class Story:
    """What one wallet does on one chain. Every act is a transaction of its own with a hash made from its number."""

    wallet: str
    as_of: int
    chain: str = "eip155:1"
    verified: bool = True
    gas_price: int = 20 * GWEI
    contracts: list[Contract] = field(default_factory=lambda: list(known.contracts()))
    tokens: list[Token] = field(default_factory=lambda: list(known.tokens()))
    transactions: list[TransactionRow] = field(default_factory=list)
    transfers: list[TransferRow] = field(default_factory=list)
    logs: list[LogRow] = field(default_factory=list)
    balances: list[BalanceRow] = field(default_factory=list)
    prices: list[PriceRow] = field(default_factory=list)
    health: list[HealthRow] = field(default_factory=list)
    risks: list[RiskRow] = field(default_factory=list)

    @property
    def coin(self) -> str:
        """The chain's own asset."""
        return f"{self.chain}/native"

    def send(self, at: int, recipient: str, value: int = 0, *, ok: bool = True, method: str = "") -> str:
        """A transaction of the wallet; its hash."""
        return self._transact(at, self.wallet, recipient, value, ok, method)

    def receive(self, at: int, sender: str, value: int) -> str:
        """Coins from somebody."""
        return self._transact(at, sender, self.wallet, value, True, "")

    def _transact(self, at: int, sender: str, recipient: str, value: int, ok: bool, method: str) -> str:
        name = f"0x{len(self.transactions) + 1:064x}"
        fee = GAS * self.gas_price
        limits = (self.gas_price, fee, method, 2 * self.gas_price)
        place = (self.chain, name, at, at // BLOCK_SECONDS)
        self.transactions.append(TransactionRow(*place, sender, recipient, value, ok, *limits))
        return name

    def event(self, at: int, contract: str, key: str, values: Mapping[str, Value], hash: str = "") -> None:
        """A log of a contract, in a transaction of the wallet to it unless another is named."""
        name = hash or self.send(at, contract)
        topics, data = by_key()[key].write(values)
        index = sum(log.hash == name for log in self.logs)
        self.logs.append(LogRow(self.chain, name, index, at, at // BLOCK_SECONDS, contract, topics, data))

    def move(self, at: int, token: str, sender: str, recipient: str, amount: int, hash: str = "") -> None:
        """A transfer of an ERC-20 token; of the wallet's own doing when it sends."""
        name = hash or (self.send(at, token) if sender == self.wallet else f"0x{len(self.logs) + 1:0>62}ff")
        self.event(at, token, "erc20.Transfer", {"from": sender, "to": recipient, "amount": amount}, name)

    def price(self, asset: str, at: int, usd: str, source: str = "story") -> None:
        """A price."""
        self.prices.append(PriceRow(asset, at, usd, source))

    def hold(self, asset: str, amount: int) -> None:
        """What the wallet holds in the end."""
        self.balances.append(BalanceRow(self.chain, self.wallet, asset, amount))

    def evidence(self, *, complete: float = 1.0, since: int = 0) -> Evidence:
        """The evidence, every stream seen from the beginning to now unless told otherwise."""
        streams = tuple(
            StreamRow(self.chain, self.wallet, name, since, self.as_of, complete, "story") for name in STREAMS
        )
        return Evidence(
            as_of=self.as_of,
            wallets=(WalletRow(self.chain, self.wallet, self.verified),),
            streams=streams,
            transactions=tuple(self.transactions),
            transfers=tuple(self.transfers),
            logs=tuple(self.logs),
            balances=tuple(self.balances),
            prices=tuple(self.prices),
            health=tuple(self.health),
            tokens=tuple(self.tokens),
            contracts=tuple(self.contracts),
            risks=tuple(self.risks),
        )
