"""A chain for these tests, and a wallet on it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from accounts.models import User
from tests import npm
from tests.factories.accounts import UserFactory
from tests.wallets.chain import anvil
from tests.wallets.chain.anvil import ACCOUNTS, Anvil
from wallets import services
from wallets.models import Chain, Wallet

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def node() -> Iterator[Anvil]:
    """One node for the session. Without npm the tests are skipped, in continuous integration they fail."""
    try:
        with anvil.running() as chain:
            yield chain
    except npm.Unavailable as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))


@pytest.fixture
def chain(node: Anvil) -> Iterator[Anvil]:
    """The chain as it was before the test, once the test is over."""
    before = node.ask("evm_snapshot")
    yield node
    node.ask("evm_revert", before)


@pytest.fixture
def asha() -> User:
    """Somebody with wallets."""
    return UserFactory()


@pytest.fixture
def wallet(chain: Anvil, asha: User, settings: object) -> Wallet:
    """A watched wallet of the chain's first account; the test node passes for Ethereum's."""
    settings.CHAIN_ENDPOINTS = {"ethereum": chain.url}
    settings.CHAIN_FINALITY_BLOCKS = 0
    services.register_networks()
    Chain.objects.filter(key="ethereum").update(genesis_hash=chain.node.genesis_hash())
    assert services.check_endpoints(at=AT) == 1
    return services.add_wallet(chain="ethereum", address=ACCOUNTS[1], label="", by=asha, at=AT)
