"""The house on a test chain: its key, people who ask and agree, and contracts deployed through the desk."""

from datetime import datetime, timedelta

from accounts import services as accounts_services
from accounts.models import ApprovalRequest, User
from tests.factories.accounts import AdminFactory, RiskManagerFactory
from tests.wallets.chain.anvil import KEYS, Anvil
from wallets import services
from wallets.models import Chain, ChainTransaction, DeployedContract

HOUSE_KEY = KEYS[0]
CONFIRMATIONS = 3


def set_up(chain: Anvil, settings: object, at: datetime) -> None:
    """The test node passes for Ethereum's, and the house signs with anvil's first key."""
    settings.CHAIN_ENDPOINTS = {"ethereum": chain.url}
    settings.CHAIN_FINALITY_BLOCKS = 0
    settings.CHAIN_CONFIRMATIONS = {"ethereum": CONFIRMATIONS}
    settings.CHAIN_SENDER_KEY = HOUSE_KEY
    services.register_networks()
    Chain.objects.filter(key="ethereum").update(genesis_hash=chain.node.genesis_hash())
    assert services.check_endpoints(at=at) == 1


def agree(request_id: object, at: datetime) -> ApprovalRequest:
    """A risk manager agrees at the desk."""
    return accounts_services.approve_request(approval_id=request_id, by=RiskManagerFactory(), at=at)


def registered(name: str, at: datetime, by: User | None = None, **caps: int) -> DeployedContract:
    """A contract in the registry."""
    return services.register_contract(
        name=name, chain="ethereum", caps=services.Caps(**caps), by=by or AdminFactory(), at=at
    )


def deployed(chain: Anvil, name: str, at: datetime, **caps: int) -> DeployedContract:
    """A contract deployed by two people, and confirmed."""
    admin = AdminFactory()
    contract = registered(name, at, admin, **caps)
    agree(services.propose_deployment(contract_id=contract.uuid, reason="", by=admin, at=at), at)
    settle(chain, at)
    contract.refresh_from_db()
    assert contract.address
    return contract


def settle(chain: Anvil, at: datetime) -> None:
    """Send what waits, bury it, and see it confirmed."""
    services.send_transactions(at=at)
    chain.mine(CONFIRMATIONS)
    services.watch_transactions(at=at + timedelta(seconds=1))


def newest(purpose: str = "") -> ChainTransaction:
    """The newest transaction (of a purpose)."""
    rows = ChainTransaction.objects.select_related("contract__chain", "chain").order_by("pk")
    found = (rows.filter(purpose=purpose) if purpose else rows).last()
    assert found is not None
    return found
