"""The nodes of a chain that may be asked: those that passed their last check."""

from django.conf import settings

from wallets.chain.nodes import node_of
from wallets.chain.port import ChainNode
from wallets.models import Chain, ChainEndpoint


def usable_endpoints(chain: Chain) -> list[ChainEndpoint]:
    """Nodes and indexers of a chain that passed their last check, in the order of the settings."""
    return list(ChainEndpoint.objects.filter(chain=chain, healthy=True).order_by("kind", "number"))


def usable_node(chain: Chain) -> ChainNode | None:
    """The nodes of a chain that passed their last check, as one; None when none did."""
    numbers = [row.number for row in usable_endpoints(chain) if row.kind == "node"]
    return node_of(chain.key, settings.CHAIN_ENDPOINTS, numbers)
