"""The evidence in the shape the 24 parameters read: own transactions, net movements, acts, holdings, permissions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from wallets.engine import movements
from wallets.engine.actions import Action, Reader
from wallets.engine.chains.registry import by_caip2
from wallets.engine.contracts import Decoded, decode
from wallets.engine.evidence import Contract, Evidence, TransactionRow
from wallets.engine.movements import Flow
from wallets.engine.permits import Approval, open_approvals
from wallets.engine.pricing import DAY, PriceBook

WEEK = 7 * DAY
FIRST_BLOCK = 1_438_269_988
"""When the oldest EVM chain began (Ethereum, 30 July 2015): an unseen past may be as old as this."""
FRESH = DAY
Row = TypeVar("Row")


@dataclass(frozen=True)
class Ledger:
    """One evidence set, read. `outgoing` succeeded and went to others, `failed` did not succeed."""

    evidence: Evidence
    book: PriceBook
    own: frozenset[str]
    decoded: tuple[Decoded, ...]
    outgoing: tuple[TransactionRow, ...]
    failed: tuple[TransactionRow, ...]
    flows: tuple[Flow, ...]
    actions: tuple[Action, ...]
    approvals: tuple[Approval, ...]

    @property
    def as_of(self) -> int:
        """The moment of the score."""
        return self.evidence.as_of

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """Contracts of the registry by address."""
        return {contract.address: contract for contract in self.evidence.contracts}

    def holdings(self) -> list[tuple[str, int, float | None]]:
        """Asset, amount and dollars of everything held at the moment of the score."""
        held: dict[str, int] = defaultdict(int)
        for row in self.evidence.balances:
            held[row.asset] += row.amount
        return [(asset, amount, self.book.usd(asset, amount, self.as_of)) for asset, amount in sorted(held.items())]

    def synced(self, *streams: str) -> float:
        """Share of the wallets' history that all the streams cover, in the mean over wallets (0 to 1)."""
        wallets = self.evidence.wallets
        if not wallets:
            return 0.0
        return sum(min(self._synced(row.chain, row.address, name) for name in streams) for row in wallets) / len(
            wallets
        )

    def _synced(self, chain: str, address: str, stream: str) -> float:
        rows = [
            row for row in self.evidence.streams
            if (row.chain, row.address, row.stream) == (chain, address, stream)
        ]  # fmt: skip
        return max((self._span(row.since, row.until) * row.complete for row in rows), default=0.0)

    def _span(self, since: int, until: int) -> float:
        """Covered share of the time from the beginning (0: the source says it saw it) to now."""
        until = self.as_of if until >= self.as_of - FRESH else until
        start = min((row.at for row in self.evidence.transactions), default=since) if since == 0 else FIRST_BLOCK
        whole = self.as_of - start
        return 1.0 if whole <= 0 else min(1.0, max(0.0, (until - max(since, start)) / whole))

    def priced(self) -> float:
        """Share of movements with a known price; unlisted tokens that strangers sent do not count."""
        counted = [flow for flow in self.flows if not flow.incoming or self.book.is_listed(flow.asset)]
        return sum(flow.usd is not None for flow in counted) / len(counted) if counted else 1.0

    def weeks(self) -> list[int]:
        """Weeks since 1970 in which the wallets did something."""
        moments = [row.at for row in (*self.outgoing, *self.failed)]
        moments += [flow.at for flow in self.flows] + [act.at for act in self.actions]
        return sorted({at // WEEK for at in moments})

    def of_weeks(self, drawn: Sequence[int]) -> "Ledger":
        """The ledger with the activity of the drawn weeks, each as often as it was drawn."""
        times: dict[int, int] = defaultdict(int)
        for week in drawn:
            times[week] += 1
        return replace(
            self,
            outgoing=tuple(row for row in self.outgoing for _ in range(times[row.at // WEEK])),
            failed=tuple(row for row in self.failed for _ in range(times[row.at // WEEK])),
            flows=tuple(row for row in self.flows for _ in range(times[row.at // WEEK])),
            actions=tuple(row for row in self.actions for _ in range(times[row.at // WEEK])),
        )


def scored(evidence: Evidence) -> Evidence:
    """The evidence without chains whose coins are worth nothing, unknown chains, and rows after its moment."""
    chains = {caip2 for caip2, network in by_caip2().items() if network.scored}

    def kept(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        known = {row for row in rows if getattr(row, "at", 0) <= evidence.as_of}
        return tuple(sorted((row for row in known if getattr(row, "chain", "") in chains | {""}), key=repr))

    return Evidence(
        as_of=evidence.as_of,
        wallets=kept(evidence.wallets),
        streams=kept(evidence.streams),
        transactions=kept(evidence.transactions),
        transfers=kept(evidence.transfers),
        logs=kept(evidence.logs),
        balances=kept(evidence.balances),
        prices=kept(evidence.prices),
        health=kept(evidence.health),
        tokens=kept(evidence.tokens),
        contracts=kept(evidence.contracts),
        risks=kept(evidence.risks),
    )


def reconstruct(whole: Evidence) -> Ledger:
    """Read an evidence set. The order of its rows changes nothing."""
    evidence = scored(whole)
    book = PriceBook(evidence.prices, evidence.tokens)
    own = frozenset(row.address for row in evidence.wallets)
    logs = sorted(evidence.logs, key=lambda log: (log.at, log.chain, log.block, log.index))
    decoded = tuple(decode(logs, evidence.contracts))
    wrappers = frozenset(contract.address for contract in evidence.contracts if contract.kind == "weth")
    moved = movements.flows(movements.transfers(evidence, decoded), own, wrappers, book)
    sent = [row for row in _sent(evidence, decoded, own) if row.recipient not in own]
    return Ledger(
        evidence=evidence,
        book=book,
        own=own,
        decoded=decoded,
        outgoing=tuple(row for row in sent if row.ok),
        failed=tuple(row for row in sent if not row.ok),
        flows=tuple(movements.without_round_trips(moved)),
        actions=tuple(Reader(evidence, own, book).read(decoded)),
        approvals=tuple(open_approvals(decoded, own)),
    )


def _sent(evidence: Evidence, decoded: Sequence[Decoded], own: frozenset[str]) -> list[TransactionRow]:
    """Transactions the wallets signed, and operations a smart account did through the entry point (ERC-4337)."""
    signed = [row for row in evidence.transactions if row.sender in own]
    operations = [
        TransactionRow(
            item.log.chain, item.log.hash, item.log.at, item.log.block, item.address("user"), item.log.address, 0,
            bool(item.values["success"]), 0, item.number("cost"), "userop", None,
        )
        for item in decoded
        if item.key == "erc4337.UserOperationEvent" and item.address("user") in own
    ]  # fmt: skip
    return sorted(signed + operations, key=lambda row: (row.at, row.chain, row.block, row.hash))
