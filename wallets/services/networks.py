"""The chain registry in the database, and what nodes say of it."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import audit
from wallets.chain.configured import Access, Place, each_source, source_of
from wallets.chain.port import Block, ChainUnreachable
from wallets.chain.sources.protocol import ChainDataSource
from wallets.engine.chains.registry import networks
from wallets.models import Chain, ChainEndpoint
from wallets.selectors.nodes import usable_endpoints

LOCAL = "a local chain in its place"
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
    """Ask every configured node and indexer who it is; the number of those that may be used.

    A source of another chain id or genesis is not used: numbers are reused, a genesis hash is not. The first source of
    a chain whose genesis nobody pinned tells it, once. What the settings no longer name is forgotten.
    """
    healthy = 0
    for key in {**settings.CHAIN_ENDPOINTS, **settings.CHAIN_INDEXERS}:
        chain = Chain.objects.filter(key=key).first()
        if chain is None:
            continue
        sources = each_source(_place(chain), _access())
        for (kind, number), source in sources.items():
            healthy += _check(ChainEndpoint(chain=chain, kind=kind, number=number), source, at)
        gone = [row.pk for row in ChainEndpoint.objects.filter(chain=chain) if (row.kind, row.number) not in sources]
        ChainEndpoint.objects.filter(pk__in=gone).delete()
    return healthy


def usable_source(chain: Chain) -> ChainDataSource | None:
    """Whatever of the settings passed its last check, as one source; None when nothing did."""
    return source_of(_place(chain), _access(), [(row.kind, row.number) for row in usable_endpoints(chain)])


def _access() -> Access:
    return Access(
        settings.CHAIN_ENDPOINTS, settings.CHAIN_INDEXERS, settings.CHAIN_INDEXER_URLS, settings.CHAIN_INDEXER_KEYS
    )


def _place(chain: Chain) -> Place:
    return Place(chain.key, chain.caip2, chain.eip155_id, chain.indexer_name, local=_is_local(chain))


def _is_local(chain: Chain) -> bool:
    """Whether the demo plays this chain on a node of its own: its genesis is not the chain's, and says so."""
    return bool(settings.DEMO) and chain.key in settings.CHAIN_LOCAL


def _check(endpoint: ChainEndpoint, source: ChainDataSource, at: datetime) -> bool:
    chain = endpoint.chain
    try:
        told, genesis, head = source.chain_id(), source.blocks([0])[0].hash, source.head()
        trouble = _trouble(chain, told, genesis)
    except ChainUnreachable:
        return _note(endpoint, None, "", "It does not answer.", at)
    return _note(endpoint, head, genesis, trouble, at)


def _trouble(chain: Chain, told: int, genesis: str) -> str:
    if told != chain.eip155_id:
        return f"It says it is chain {told}."
    if chain.genesis_hash and not _is_local(chain) and genesis != chain.genesis_hash:
        return "It has another genesis block: it is another chain with the same number."
    return ""


def _note(endpoint: ChainEndpoint, head: Block | None, genesis: str, trouble: str, at: datetime) -> bool:
    chain = endpoint.chain
    with transaction.atomic(durable=True):
        if not trouble and not chain.genesis_hash and not _is_local(chain):
            chain.genesis_hash = genesis
            chain.save(update_fields=["genesis_hash"])
            audit.record("chain.genesis_pinned", target=chain, at=at, payload={"genesis": genesis})
        found = {"healthy": not trouble, "checked_at": at, "trouble": trouble or (LOCAL if _is_local(chain) else "")}
        ChainEndpoint.objects.update_or_create(
            chain=chain, kind=endpoint.kind, number=endpoint.number,
            defaults={**found, "checked_block": head.number if head else None},
        )  # fmt: skip
    return not trouble
