"""The nodes of a chain, by the addresses that the settings give it."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib import import_module

from wallets.chain.pool import NodePool
from wallets.chain.port import ChainNode

BETWEEN = "|"
"""Between the addresses of several nodes of one chain."""


@lru_cache(maxsize=200)
def _connected(url: str) -> ChainNode:
    """web3 takes a second to load, so it comes with the first node that is asked for."""
    node: ChainNode = import_module("wallets.chain.web3_node").connect(url)
    return node


@lru_cache(maxsize=100)
def _pooled(urls: tuple[str, ...]) -> ChainNode:
    """Kept, so that it remembers which node failed."""
    return NodePool([_connected(url) for url in urls])


def nodes_of(key: str, endpoints: Mapping[str, str]) -> tuple[ChainNode, ...]:
    """Every node of a chain of the registry, in the order of the settings."""
    return tuple(_connected(url) for url in _urls(key, endpoints))


def node_of(key: str, endpoints: Mapping[str, str], numbers: Collection[int] | None = None) -> ChainNode | None:
    """A chain's node, or its nodes as one, None when there is none. `numbers` (from 1): only these are asked."""
    urls = _urls(key, endpoints)
    kept = tuple(url for number, url in enumerate(urls, start=1) if numbers is None or number in numbers)
    if len(kept) < 2:
        return _connected(kept[0]) if kept else None
    return _pooled(kept)


def _urls(key: str, endpoints: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(url.strip() for url in endpoints.get(key, "").split(BETWEEN) if url.strip())
