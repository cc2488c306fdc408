"""The chain that `make chain` plays: its wallet is read, priced by the feeds and scored; without Node it says so."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from eth_account import Account
from eth_account.messages import encode_defunct

from accounts.models import Role, User
from creditiq.management.demo.cast import OWNERS, PERSONAS
from tests import npm
from tests.chain import ADMIN, EMAIL, RISK_MANAGER
from tests.wallets.chain import anvil, played
from tests.wallets.chain.anvil import Anvil
from tests.wallets.chain.conftest import AT
from wallets import services
from wallets.engine.ledger import reconstruct
from wallets.models import Chain, OnchainScore
from wallets.selectors.wallets import stored_evidence

UNTIL = int(AT.timestamp())


@pytest.fixture
def stage(node: Anvil) -> Iterator[Anvil]:
    """A chain of its own: the others' clock is past its months. `node` skips it where there is none."""
    with anvil.running(born=UNTIL - played.SPAN) as chain:
        played.play(chain, UNTIL)
        yield chain


@pytest.mark.integration
@pytest.mark.django_db
def test_the_played_wallet_is_read_priced_and_scored(stage: Anvil, asha: User, settings: object) -> None:
    settings.CHAIN_ENDPOINTS, settings.CHAIN_LOCAL, settings.CHAIN_FINALITY_BLOCKS = {"ethereum": stage.url}, [], 0
    services.register_networks()
    with pytest.raises(CommandError, match="No configured source"):
        call_command("check_chain_sources")
    settings.CHAIN_LOCAL = ["ethereum"]
    call_command("check_chain_sources")
    assert Chain.objects.get(key="ethereum").genesis_hash != stage.node.genesis_hash()
    wallet = services.add_wallet(chain="ethereum", address=played.WHO, label="", by=asha, at=AT)
    challenge = services.issue_challenge(wallet_id=wallet.uuid, host="localhost:8000", by=asha, at=AT)
    signed = Account.from_key(played.KEY).sign_message(encode_defunct(text=challenge.message))
    signature = "0x" + signed.signature.hex().removeprefix("0x")
    services.prove_ownership(wallet_id=wallet.uuid, message=challenge.message, signature=signature, by=asha, at=AT)
    services.ask_sync(wallet_id=wallet.uuid, by=asha, at=AT)
    assert services.sync_wallet(wallet_id=wallet.pk, at=AT)
    evidence = stored_evidence(wallet)
    ledger = reconstruct(evidence)
    assert {row.source for row in evidence.streams} == {"local chain"}
    assert {row.source for row in evidence.prices} == {"chainlink"}
    assert {row.usd for row in evidence.prices} == {"2000", "1"}
    assert ledger.priced() > 0.95  # shares and debts have no feed
    kinds = [act.kind for act in ledger.actions]
    assert (kinds.count("swap"), kinds.count("borrow"), kinds.count("repay"), kinds.count("supply")) == (7, 2, 2, 1)
    made = services.score_wallets(wallet_ids=[wallet.uuid], by=asha, at=AT)
    assert made.status == "complete", made.reason
    assert 0 < made.low <= made.value <= made.high <= 900
    assert made.coverage > 0.8
    assert OnchainScore.objects.get().confirmed


def test_without_node_make_chain_says_so(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    root = Path(npm.__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.chain"], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "needs Node" in ended.stderr
    assert "make run" in ended.stderr
    assert OWNERS[0].email == EMAIL
    roles = {one.email: one.role for one in PERSONAS}
    assert (roles[ADMIN], roles[RISK_MANAGER]) == (Role.ADMIN, Role.RISK_MANAGER)
