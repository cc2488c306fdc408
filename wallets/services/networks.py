"""The chain registry in the database, and what nodes say of it."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import audit
from wallets.chain.nodes import node_of
from wallets.chain.port import Block, ChainNode, ChainUnreachable
from wallets.engine.chains.registry import networks
from wallets.models import Chain, ChainEndpoint

DERIVED = ("caip2", "kind", "status", "testnet")


def register_networks() -> int:
    """Write the 76 networks of the list; a genesis hash that a node told is kept."""
    for network in networks():
        row = asdict(network) | {name: getattr(network, name) for name in DERIVED}
        if not network.genesis_hash:
            row.pop("genesis_hash")
        Chain.objects.update_or_create(key=row.pop("key"), defaults=row)
    return len(networks())


def check_endpoints(*, at: datetime) -> int:
    """Ask every configured node who it is; the number of those that may be used.

    A node of another chain id or genesis is not used: numbers are reused, a genesis hash is not. The first node of a
    chain whose genesis nobody pinned tells it, once.
    """
    healthy = 0
    for key in settings.CHAIN_ENDPOINTS:
        chain = Chain.objects.filter(key=key).first()
        node = node_of(key, settings.CHAIN_ENDPOINTS)
        if chain is not None and node is not None:
            healthy += _check(chain, node, at)
    return healthy


def _check(chain: Chain, node: ChainNode, at: datetime) -> bool:
    try:
        told, genesis, head = node.chain_id(), node.genesis_hash(), node.head()
        trouble = _trouble(chain, told, genesis)
    except ChainUnreachable:
        return _note(chain, None, "", "The node does not answer.", at)
    return _note(chain, head, genesis, trouble, at)


def _trouble(chain: Chain, told: int, genesis: str) -> str:
    if told != chain.eip155_id:
        return f"The node says it is chain {told}."
    if chain.genesis_hash and genesis != chain.genesis_hash:
        return "The node has another genesis block: it is another chain with the same number."
    return ""


def _note(chain: Chain, head: Block | None, genesis: str, trouble: str, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        if not trouble and not chain.genesis_hash:
            chain.genesis_hash = genesis
            chain.save(update_fields=["genesis_hash"])
            audit.record("chain.genesis_pinned", target=chain, at=at, payload={"genesis": genesis})
        found = {"healthy": not trouble, "checked_at": at, "trouble": trouble}
        ChainEndpoint.objects.update_or_create(
            chain=chain, defaults={**found, "checked_block": head.number if head else None}
        )
    return not trouble
