"""The sources that the settings give for a chain: its nodes first, then the indexers it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from wallets.chain.asking import Asking
from wallets.chain.nodes import node_of, nodes_of
from wallets.chain.port import ChainNode
from wallets.chain.sources.combined import CombinedSource
from wallets.chain.sources.etherscan import EtherscanLikeSource
from wallets.chain.sources.explorers import HOSTED, Blockscout, EtherscanV2
from wallets.chain.sources.goldrush import GoldRushSource
from wallets.chain.sources.json_rpc import JsonRpcSource
from wallets.chain.sources.protocol import ChainDataSource
from wallets.engine.chains import known
from wallets.engine.evidence import Contract

NODE, ETHERSCAN, BLOCKSCOUT, GOLDRUSH = "node", "etherscan", "blockscout", "goldrush"
ETHERSCAN_URL, GOLDRUSH_URL = "https://api.etherscan.io/v2/api", "https://api.covalenthq.com"
LOCAL = "local chain"
PER_SECOND = {ETHERSCAN: 3.0, BLOCKSCOUT: 5.0, GOLDRUSH: 4.0}
"""Requests that the free plans allow."""
CAPABILITIES = {
    NODE: ("native_tx", "erc20", "nft", "approvals", "logs", "receipts"),
    ETHERSCAN: ("native_tx", "internal", "erc20", "nft", "approvals", "logs", "receipts"),
    BLOCKSCOUT: ("native_tx", "internal", "erc20", "nft", "approvals", "logs", "receipts"),
    GOLDRUSH: ("native_tx", "erc20", "nft", "approvals", "logs"),
}
"""What each kind of source is read for here (wallets.md §7, §8)."""


@dataclass(frozen=True)
class Access:
    """What the settings say: nodes by chain, indexers by chain, their addresses where not the usual, and their keys."""

    endpoints: Mapping[str, str]
    indexers: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Place:
    """A chain as its sources name it."""

    key: str
    caip2: str
    eip155_id: int | None
    indexer_name: str
    local: bool = False
    """Played on a node of our own; the evidence says so."""


Named = tuple[str, int]
"""A source by kind and number (from 1): its address stays in the settings."""


def each_source(place: Place, access: Access) -> dict[Named, ChainDataSource]:
    """Every source of a chain by itself, to be asked who it is."""
    found: dict[Named, ChainDataSource] = {
        (NODE, number): _node_source(node, place)
        for number, node in enumerate(nodes_of(place.key, access.endpoints), start=1)
    }
    for kind in access.indexers.get(place.key, "").split("|"):
        source = _indexer(kind.strip(), place, access)
        if source is not None:
            found[kind.strip(), 1] = source
    return found


def source_of(place: Place, access: Access, usable: Collection[Named]) -> ChainDataSource | None:
    """The sources that may be used, as one; None when there is none."""
    node = node_of(place.key, access.endpoints, [number for kind, number in usable if kind == NODE])
    sources: list[ChainDataSource] = [_node_source(node, place)] if node else []
    sources += [
        source for (kind, number), source in each_source(place, access).items()
        if kind != NODE and (kind, number) in usable
    ]  # fmt: skip
    if len(sources) < 2:
        return sources[0] if sources else None
    return CombinedSource(sources)


def _node_source(node: ChainNode, place: Place) -> JsonRpcSource:
    return JsonRpcSource(node, place.caip2, _contracts(place.caip2), name=LOCAL if place.local else NODE)


def _contracts(caip2: str) -> list[Contract]:
    return [row for row in known.contracts() if row.chain == caip2]


def _indexer(kind: str, place: Place, access: Access) -> ChainDataSource | None:
    """None without what it needs: a key, or for Blockscout an address or a key for the hosted one."""
    key, address = access.keys.get(kind, ""), access.addresses.get(f"{kind}:{place.key}") or access.addresses.get(kind)
    bearer = {"Authorization": f"Bearer {key}"} if key else {}
    if kind == ETHERSCAN and key and place.eip155_id:
        asking = Asking(address or ETHERSCAN_URL, PER_SECOND[kind])
        return EtherscanLikeSource(EtherscanV2(asking, place.eip155_id, key), place.caip2)
    if kind == BLOCKSCOUT and (key or address) and place.eip155_id:
        asking = Asking(address or f"https://{HOSTED}/{place.eip155_id}", PER_SECOND[kind], bearer)
        return EtherscanLikeSource(Blockscout(asking), place.caip2)
    if kind == GOLDRUSH and key:
        asking = Asking(address or GOLDRUSH_URL, PER_SECOND[kind], bearer)
        return GoldRushSource(asking, place.caip2, place.indexer_name)
    return None
