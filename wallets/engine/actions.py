"""What the scored wallets did with protocols of the registry."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wallets.engine.addresses import ZERO
from wallets.engine.contracts import Decoded
from wallets.engine.evidence import Evidence, TransactionRow
from wallets.engine.pricing import PriceBook


@dataclass(frozen=True)
class Action:
    """One act: supply, withdraw, borrow, repay, liquidated, stake, unstake, reward, lp_in, lp_out, swap or use."""

    at: int
    chain: str
    hash: str
    kind: str
    protocol: str
    contract: str
    user: str
    asset: str
    amount: int
    usd: float | None


SIMPLE: Mapping[str, tuple[str, str]] = {
    # event: (kind of action, where the asset is named: a value of the event, "contract" or "native")
    "aave_v3.Supply": ("supply", "asset"), "aave_v2.Deposit": ("supply", "asset"),
    "aave.Withdraw": ("withdraw", "asset"),
    "aave_v3.Borrow": ("borrow", "asset"), "aave_v2.Borrow": ("borrow", "asset"),
    "aave_v3.Repay": ("repay", "asset"), "aave_v2.Repay": ("repay", "asset"),
    "aave.LiquidationCall": ("liquidated", "asset"),
    "comet.SupplyCollateral": ("supply", "asset"), "comet.WithdrawCollateral": ("withdraw", "asset"),
    "comet.AbsorbDebt": ("liquidated", "contract"),
    "ctoken.Mint": ("supply", "contract"), "ctoken.Redeem": ("withdraw", "contract"),
    "ctoken.Borrow": ("borrow", "contract"), "ctoken.RepayBorrow": ("repay", "contract"),
    "ctoken.LiquidateBorrow": ("liquidated", "contract"),
    "lido.Submitted": ("stake", "native"), "lido.WithdrawalRequested": ("unstake", "native"),
    "reth.TokensMinted": ("stake", "native"), "reth.TokensBurned": ("unstake", "native"),
    "rocketpool.DepositReceived": ("use", "native"), "lido.WithdrawalClaimed": ("use", "native"),
    "staking.Staked": ("stake", "contract"), "staking.Withdrawn": ("unstake", "contract"),
    "staking.RewardPaid": ("reward", "reward"),
    "masterchef.Deposit": ("stake", "contract"), "masterchef.Withdraw": ("unstake", "contract"),
    "erc4626.Deposit": ("stake", "contract"), "erc4626.Withdraw": ("unstake", "contract"),
}  # fmt: skip


class Reader:
    """Turns believed logs into acts of the scored wallets, in their order."""

    def __init__(self, evidence: Evidence, own: frozenset[str], book: PriceBook) -> None:
        self.own = own
        self.book = book
        self.transactions: Mapping[str, TransactionRow] = {row.hash: row for row in evidence.transactions}
        self.principal: dict[tuple[str, str], int] = defaultdict(int)
        self.shares: dict[tuple[str, str], int] = defaultdict(int)
        self.positions: dict[tuple[str, int], str] = {}
        self.special: Mapping[str, Callable[[Decoded], list[Action]]] = {
            "comet.Supply": self._comet, "comet.Withdraw": self._comet,
            "lido.TransferShares": self._shares, "lido.TokenRebased": self._rebase,
            "beacon.DepositEvent": self._validator, "erc20.Transfer": self._pool_share,
            "erc721.Transfer": self._position, "uniswap_v3.IncreaseLiquidity": self._liquidity,
            "uniswap_v3.DecreaseLiquidity": self._liquidity, "uniswap_v2.Swap": self._swap,
            "uniswap_v3.Swap": self._swap, "aave_v3.FlashLoan": self._by_sender,
        }  # fmt: skip

    def read(self, decoded: Iterable[Decoded]) -> list[Action]:
        """All acts; a log of somebody else's doing is none."""
        found: list[Action] = []
        for item in decoded:
            if item.contract is None:
                continue
            if item.key in SIMPLE:
                found += self._simple(item)
            elif item.key in self.special:
                found += self.special[item.key](item)
        return found

    def _action(self, item: Decoded, kind: str, user: str, asset: str, amount: int) -> list[Action]:
        """One act, or none when the user is not ours."""
        if user not in self.own or item.contract is None:
            return []
        log, contract = item.log, item.contract
        usd = self.book.usd(asset, amount, log.at) if asset else None
        return [
            Action(log.at, log.chain, log.hash, kind, contract.protocol, contract.address, user, asset, amount, usd)
        ]

    def _simple(self, item: Decoded) -> list[Action]:
        kind, named = SIMPLE[item.key]
        return self._action(item, kind, item.address("user"), self._asset(item, named), item.number("amount"))

    def _asset(self, item: Decoded, named: str) -> str:
        if named == "native" or item.contract is None:
            return f"{item.log.chain}/native"
        if named == "contract":
            return item.contract.asset
        if named == "reward":
            return item.contract.token0 or item.contract.asset
        return f"{item.log.chain}/{item.address(named)}"

    def _comet(self, item: Decoded) -> list[Action]:
        """Supplying while in debt repays; withdrawing what was never supplied borrows."""
        user, amount, asset = item.address("user"), item.number("amount"), self._asset(item, "contract")
        key = (item.log.address, user)
        before = self.principal[key]
        if item.key == "comet.Supply":
            repaid = min(amount, max(-before, 0))
            self.principal[key] = before + amount
            parts = (("repay", repaid), ("supply", amount - repaid))
        else:
            borrowed = min(amount, max(amount - max(before, 0), 0))
            self.principal[key] = before - amount
            parts = (("borrow", borrowed), ("withdraw", amount - borrowed))
        return [act for kind, part in parts if part for act in self._action(item, kind, user, asset, part)]

    def _shares(self, item: Decoded) -> list[Action]:
        for name, sign in (("from", -1), ("to", 1)):
            if item.address(name) in self.own:
                self.shares[(item.log.address, item.address(name))] += sign * item.number("shares")
        return []

    def _rebase(self, item: Decoded) -> list[Action]:
        """A rebase pays every share the rise of the rate between ether and shares."""
        before = (item.number("ether_before"), item.number("shares_before"))
        after = (item.number("ether_after"), item.number("shares_after"))
        if not before[1] or not after[1]:
            return []
        found = []
        for (address, user), shares in self.shares.items():
            gained = shares * after[0] // after[1] - shares * before[0] // before[1]
            if address == item.log.address and gained > 0:
                found += self._action(item, "reward", user, self._asset(item, "native"), gained)
        return found

    def _validator(self, item: Decoded) -> list[Action]:
        """The deposit contract names no user: it is who sent the transaction, and the value is what was sent."""
        row = self.transactions.get(item.log.hash)
        return [] if row is None else self._action(item, "stake", row.sender, self._asset(item, "native"), row.value)

    def _pool_share(self, item: Decoded) -> list[Action]:
        """Uniswap v2: shares that come out of nothing are liquidity given, those that go back are liquidity taken."""
        if item.contract is None or item.contract.kind != "uniswap_v2_pair":
            return []
        asset, amount = f"{item.log.chain}/{item.log.address}", item.number("amount")
        if item.address("from") == ZERO:
            return self._action(item, "lp_in", item.address("to"), asset, amount)
        if item.address("to") in {ZERO, item.log.address}:
            return self._action(item, "lp_out", item.address("from"), asset, amount)
        return []

    def _position(self, item: Decoded) -> list[Action]:
        self.positions[(item.log.address, item.number("token"))] = item.address("to")
        return []

    def _liquidity(self, item: Decoded) -> list[Action]:
        user = self.positions.get((item.log.address, item.number("token")), "")
        kind = "lp_in" if item.key.endswith("IncreaseLiquidity") else "lp_out"
        return self._action(item, kind, user, "", item.number("liquidity"))

    def _swap(self, item: Decoded) -> list[Action]:
        """The pool names the router; the person is who sent the transaction or whom the pool paid."""
        row = self.transactions.get(item.log.hash)
        user = row.sender if row is not None and row.sender in self.own else item.address("user")
        return self._action(item, "swap", user, "", 0)

    def _by_sender(self, item: Decoded) -> list[Action]:
        row = self.transactions.get(item.log.hash)
        return [] if row is None else self._action(item, "use", row.sender, "", 0)
