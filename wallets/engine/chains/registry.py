"""The 76 networks, and what is honestly known of each."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
REFERENCES = {"bitcoin": "bip122:000000000019d6689c085ae165831e93", "solana": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"}
"""CAIP-2 ids of the two networks that are not EVM chains (namespaces bip122 and solana)."""
KINDS = {"bitcoin": "utxo", "solana": "svm"}
LIVE, SUNSET, TESTNET, NON_EVM, INTERNAL = "live", "sunset", "testnet", "non-evm", "internal"
STATUSES = (LIVE, SUNSET, TESTNET, NON_EVM, INTERNAL)
GROUPS = ("Foundational", "Community", "Frontier", "Archived")
MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
DUAL_ADDRESSES = frozenset({"sei", "evmos", "canto", "cronos", "harmony", "axie"})
"""Chains whose accounts are also written in another form (bech32, `ronin:`); the 0x form is the one taken here."""


@dataclass(frozen=True)
class Network:
    """One network of the list. `symbol` is a text for people; the key is `caip2` with the genesis hash."""

    number: int
    group: str
    key: str
    indexer_name: str
    eip155_id: int | None
    name: str
    symbol: str
    multicall3: str
    note: str
    genesis_hash: str

    @property
    def caip2(self) -> str:
        """Chain id of CAIP-2."""
        return REFERENCES.get(self.key) or f"eip155:{self.eip155_id}"

    @property
    def kind(self) -> str:
        """evm, utxo or svm."""
        return KINDS.get(self.key, "evm")

    @property
    def testnet(self) -> bool:
        """Whether its coins are worth nothing; it never feeds a score."""
        return "testnet" in self.note

    @property
    def status(self) -> str:
        """One of STATUSES; networks that the indexer archived count as sunset until a node says otherwise."""
        if self.kind != "evm":
            return NON_EVM
        if "internal" in self.note:
            return INTERNAL
        if "sunset" in self.note or self.group == "Archived":
            return SUNSET
        return TESTNET if self.testnet else LIVE

    @property
    def scored(self) -> bool:
        """Whether activity there may feed a score."""
        return self.kind == "evm" and not self.testnet and self.status != INTERNAL


@cache
def networks() -> tuple[Network, ...]:
    """All of them in the order of the list."""
    with (HERE / "genesis.csv").open(encoding="utf-8", newline="") as file:
        pinned = {row["key"]: row["genesis_hash"] for row in csv.DictReader(file)}
    with (HERE / "chains.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_network(row, pinned.get(row["key"], "")) for row in csv.DictReader(file))


def _network(row: Mapping[str, str], genesis_hash: str) -> Network:
    return Network(
        number=int(row["number"]),
        group=row["group"],
        key=row["key"],
        indexer_name=row["goldrush_name"],
        eip155_id=int(row["eip155_id"]) if row["eip155_id"] else None,
        name=row["name"],
        symbol=row["symbol"],
        multicall3=row["multicall3"],
        note=row["note"],
        genesis_hash=genesis_hash,
    )


@cache
def by_caip2() -> Mapping[str, Network]:
    """The same, found by CAIP-2 id."""
    return {network.caip2: network for network in networks()}
