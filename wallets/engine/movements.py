"""Value that moved between the scored wallets and others, with what only went round taken out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wallets.engine.contracts import Decoded
from wallets.engine.evidence import Evidence, TransferRow
from wallets.engine.pricing import DAY, PriceBook


@dataclass(frozen=True)
class Flow:
    """One movement: into the wallets or out of them. `usd` None: its price is unknown."""

    at: int
    chain: str
    hash: str
    asset: str
    amount: int
    usd: float | None
    incoming: bool
    other: str

    def part(self, amount: int) -> "Flow":
        """The same movement of a smaller amount."""
        return replace(self, amount=amount, usd=None if self.usd is None else self.usd * amount / self.amount)


def transfers(evidence: Evidence, decoded: Iterable[Decoded]) -> list[TransferRow]:
    """Every transfer of coins and fungible tokens: from transactions, from logs, and those that came as rows."""
    native = [
        TransferRow(row.chain, row.hash, row.at, f"{row.chain}/native", row.sender, row.recipient, row.value, "")
        for row in evidence.transactions
        if row.ok and row.value > 0
    ]
    logged = [
        TransferRow(
            item.log.chain, item.log.hash, item.log.at, f"{item.log.chain}/{item.log.address}", item.address("from"),
            item.address("to"), item.number("amount"), "",
        )
        for item in decoded
        if item.key == "erc20.Transfer"
    ]  # fmt: skip
    known = {(row.hash, row.asset, row.sender, row.recipient, row.amount) for row in logged}
    listed = [
        row
        for row in evidence.transfers
        if not row.token and (row.hash, row.asset, row.sender, row.recipient, row.amount) not in known
    ]
    return sorted(native + logged + listed, key=lambda row: (row.at, row.hash, row.asset, row.amount))


def flows(rows: Sequence[TransferRow], own: frozenset[str], wrappers: frozenset[str], book: PriceBook) -> list[Flow]:
    """Movements across the border of the wallets; moves between own wallets and wrapping of coins are none."""
    found = []
    for row in rows:
        coming, going = row.recipient in own, row.sender in own
        other = row.sender if coming else row.recipient
        if coming != going and other not in wrappers and row.amount > 0:
            usd = book.usd(row.asset, row.amount, row.at)
            found.append(Flow(row.at, row.chain, row.hash, row.asset, row.amount, usd, coming, other))
    return found


def without_round_trips(found: Sequence[Flow]) -> list[Flow]:
    """What is left when an amount that came back from the same party within 24 hours cancels the one that left."""
    open_flows: dict[tuple[str, str], list[int]] = defaultdict(list)
    left = [flow.amount for flow in found]
    for place, flow in enumerate(found):
        waiting = open_flows[(flow.other, flow.asset)]
        while waiting and flow.at - found[waiting[0]].at > DAY:
            waiting.pop(0)
        for earlier in waiting:
            if found[earlier].incoming != flow.incoming:
                cancelled = min(left[earlier], left[place])
                left[earlier] -= cancelled
                left[place] -= cancelled
        waiting.append(place)
    return [flow if left[place] == flow.amount else flow.part(left[place]) for place, flow in enumerate(found)
            if left[place] > 0]  # fmt: skip
