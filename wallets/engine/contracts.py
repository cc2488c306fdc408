"""Which events a kind of contract is believed on. A log of an emitter that the registry does not name means nothing:
anybody can deploy a contract that emits `Repay`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wallets.engine import abi
from wallets.engine.evidence import Contract, LogRow

AAVE = ("aave.Withdraw", "aave.LiquidationCall")
BELIEVED: Mapping[str, tuple[str, ...]] = {
    "aave_v3_pool": ("aave_v3.Supply", "aave_v3.Borrow", "aave_v3.Repay", "aave_v3.FlashLoan", *AAVE),
    "aave_v2_pool": ("aave_v2.Deposit", "aave_v2.Borrow", "aave_v2.Repay", *AAVE),
    "comet": (
        "comet.Supply", "comet.Withdraw", "comet.SupplyCollateral", "comet.WithdrawCollateral", "comet.AbsorbDebt",
        "comet.AbsorbCollateral",
    ),
    "ctoken": ("ctoken.Mint", "ctoken.Redeem", "ctoken.Borrow", "ctoken.RepayBorrow", "ctoken.LiquidateBorrow"),
    "lido": ("lido.Submitted", "lido.TransferShares", "lido.TokenRebased"),
    "lido_queue": ("lido.WithdrawalRequested", "lido.WithdrawalClaimed"),
    "rocketpool_deposit": ("rocketpool.DepositReceived",),
    "reth": ("reth.TokensMinted", "reth.TokensBurned"),
    "beacon_deposit": ("beacon.DepositEvent",),
    "staking_rewards": ("staking.Staked", "staking.Withdrawn", "staking.RewardPaid"),
    "masterchef": ("masterchef.Deposit", "masterchef.Withdraw"),
    "erc4626": ("erc4626.Deposit", "erc4626.Withdraw"),
    "uniswap_v2_pair": ("uniswap_v2.Swap", "uniswap_v2.Burn", "uniswap_v2.Sync"),
    "uniswap_v3_pool": ("uniswap_v3.Swap",),
    "uniswap_v3_positions": ("uniswap_v3.IncreaseLiquidity", "uniswap_v3.DecreaseLiquidity"),
    "weth": ("weth.Deposit", "weth.Withdrawal"),
    "permit2": ("permit2.Approval", "permit2.Permit"),
    "entry_point": ("erc4337.UserOperationEvent",),
    "eas": ("eas.Attested", "eas.Revoked"),
}  # fmt: skip
TOKENS = (
    "erc20.Transfer", "erc721.Transfer", "erc20.Approval", "erc721.ApprovalForAll", "erc1155.TransferSingle",
)  # fmt: skip
"""Every contract may move its own tokens; what they are worth is another question."""
STAKING = frozenset(
    {"lido", "lido_queue", "rocketpool_deposit", "reth", "beacon_deposit", "staking_rewards", "masterchef", "erc4626"}
)
LENDING = frozenset({"aave_v3_pool", "aave_v2_pool", "comet", "ctoken"})


@dataclass(frozen=True)
class Decoded:
    """A log that was believed: its event, the contract of the registry (None for a token), and its values."""

    log: LogRow
    key: str
    contract: Contract | None
    values: Mapping[str, abi.Value]

    def address(self, name: str) -> str:
        """A value that is an address."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A value that is a whole number."""
        return int(self.values[name])


def decode(logs: Iterable[LogRow], contracts: Iterable[Contract]) -> Iterator[Decoded]:
    """Logs that mean something, in their order. Unknown emitters are heard on their own tokens only."""
    registry = {(contract.chain, contract.address): contract for contract in contracts}
    for log in logs:
        contract = registry.get((log.chain, log.address))
        event = _event(log, (*BELIEVED.get(contract.kind, ()), *TOKENS) if contract else TOKENS)
        if event is None:
            continue
        try:
            yield Decoded(log, event.key, contract, event.read(log.topics, log.data))
        except abi.UnreadableLog:
            continue


def _event(log: LogRow, allowed: tuple[str, ...]) -> abi.EventAbi | None:
    if not log.topics:
        return None
    candidates = abi.by_topic().get((log.topics[0], len(log.topics)), ())
    return next((event for event in candidates if event.key in allowed), None)
