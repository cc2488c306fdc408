"""The node of a chain, by the address that the settings give it."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from wallets.chain.port import ChainNode


@lru_cache(maxsize=100)
def _connected(url: str) -> ChainNode:
    """web3 takes a second to load, so it comes with the first node that is asked for."""
    node: ChainNode = import_module("wallets.chain.web3_node").connect(url)
    return node


def node_of(key: str, endpoints: Mapping[str, str]) -> ChainNode | None:
    """The node of a chain of the registry, None when none is configured."""
    url = endpoints.get(key)
    return _connected(url) if url else None
