"""The source that the settings give for a chain: its node, else an indexer."""

from collections.abc import Mapping

from wallets.chain.nodes import node_of
from wallets.chain.sources.json_rpc import JsonRpcSource
from wallets.chain.sources.protocol import ChainDataSource
from wallets.engine.chains import known


def source_of(key: str, caip2: str, endpoints: Mapping[str, str]) -> ChainDataSource | None:
    """A source for the chain, None when the settings name none."""
    node = node_of(key, endpoints)
    return JsonRpcSource(node, caip2, [row for row in known.contracts() if row.chain == caip2]) if node else None
