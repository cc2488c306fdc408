"""Open debts of the wallets, and what a repayment of one would look like on the chain."""

from collections import defaultdict
from dataclasses import dataclass

from wallets.engine.abi import by_key
from wallets.engine.evidence import Contract, LogRow
from wallets.engine.ledger import Ledger

REPAYMENTS = {"aave_v3_pool": "aave_v3.Repay", "aave_v2_pool": "aave_v2.Repay"}


@dataclass(frozen=True)
class Owed:
    """What one wallet still owes of one asset at one pool, in the asset's smallest units."""

    contract: Contract
    user: str
    asset: str
    amount: int

    def repayment(self, at: int, place: int, share: float) -> LogRow:
        """The log of the pool for paying back a share."""
        event = by_key()[REPAYMENTS[self.contract.kind]]
        user = f"0x{self.user[2:]:0>64}"
        topics = (event.topic, f"0x{self.asset.rpartition('/')[2][2:]:0>64}", user, user)
        data = f"0x{int(self.amount * share):064x}" + ("0" * 64 if event.key == "aave_v3.Repay" else "")
        marker = f"0x{place:064x}"
        return LogRow(self.contract.chain, marker, place, at, 2**62, self.contract.address, topics, data)


def owed(ledger: Ledger) -> list[Owed]:
    """Debts that are open, without interest."""
    open_debts: dict[tuple[str, str, str], int] = defaultdict(int)
    for act in ledger.actions:
        if act.kind == "borrow":
            open_debts[(act.contract, act.user, act.asset)] += act.amount
        elif act.kind in {"repay", "liquidated"}:
            open_debts[(act.contract, act.user, act.asset)] -= act.amount
    contracts = ledger.contracts
    return [
        Owed(contracts[contract], user, asset, amount)
        for (contract, user, asset), amount in sorted(open_debts.items())
        if amount > 0 and contracts[contract].kind in REPAYMENTS
    ]
