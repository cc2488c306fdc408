"""The audit trail's checkpoints on a real node: root in the contract = root in the database, and what is off."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from accounts import audit
from accounts import selectors as accounts_selectors
from accounts import services as accounts_services
from accounts.models import AuditCheckpoint, AuditEntry
from creditiq.kernel import audit_verifier
from tests.factories.accounts import AdminFactory, BankFactory
from tests.wallets.chain import house
from tests.wallets.chain.anvil import Anvil
from tests.wallets.chain.house import deployed, newest, settle
from wallets import selectors, services
from wallets.models import Anchor, DeployedContract

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def setup(chain: Anvil, settings: object) -> None:
    house.set_up(chain, settings, AT)


@pytest.fixture
def contract(chain: Anvil) -> DeployedContract:
    return deployed(chain, "AuditAnchor", AT)


def acts(number: int) -> None:
    """Something for the trail of two chains, and their checkpoints."""
    bank = BankFactory()
    with transaction.atomic():
        for place in range(number):
            audit.record("bell.rung", target=f"bell:{place}", at=AT, organisation=bank if place % 2 else None)
    accounts_services.checkpoint_audit(at=AT)


def test_the_root_in_the_contract_is_the_root_of_the_database(chain: Anvil, contract: DeployedContract) -> None:
    for batch in range(2):
        acts(4)
        made = services.anchor_audit_root(at=AT)
        assert (made.batch, made.count >= 2) == (batch, True)
        settle(chain, AT)
    assert services.anchor_audit_root(at=AT) is None or newest().function == "anchor"
    first, second = Anchor.objects.order_by("batch")[:2]
    assert (second.previous, second.first) == (first.root, first.last + 1)
    assert first.count + second.count <= AuditCheckpoint.objects.count()
    views = list(selectors.verify_anchors())[:2]
    assert [(view.holds, view.computed == view.on_chain.root) for view in views] == [(True, True)] * 2


def test_one_transaction_a_batch_and_the_next_waits_for_it(chain: Anvil, contract: DeployedContract) -> None:
    acts(2)
    made = services.anchor_audit_root(at=AT)
    acts(2)
    assert services.anchor_audit_root(at=AT) is None
    assert Anchor.objects.count() == 1
    view = selectors.anchor_view(anchor_id=made.uuid)
    assert (view.holds, view.reason) == (None, "The contract does not have this batch yet.")
    settle(chain, AT)
    assert services.anchor_audit_root(at=AT).batch == 1


def test_a_checkpoint_changed_afterwards_is_found(chain: Anvil, contract: DeployedContract) -> None:
    acts(2)
    made = services.anchor_audit_root(at=AT)
    settle(chain, AT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        key = made.leaves.order_by("number").first().checkpoint_id
        cursor.execute("UPDATE accounts_auditcheckpoint SET merkle_root = %s WHERE id = %s", ["0" * 64, key])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    view = selectors.anchor_view(anchor_id=made.uuid)
    assert (view.holds, view.changed) == (False, (1,))
    assert "changed after they were anchored: no. 1" in view.reason


def test_an_entry_is_proved_up_to_the_chain_without_us(
    chain: Anvil, contract: DeployedContract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts(5)
    made = services.anchor_audit_root(at=AT)
    entry = AuditEntry.objects.filter(action="bell.rung").first()
    assert accounts_selectors.inclusion_proof(entry)["anchor"] is None  # nothing is claimed before it is in a block
    settle(chain, AT)
    proof = json.loads(json.dumps(accounts_selectors.inclusion_proof(entry)))
    anchor = proof["anchor"]
    assert (anchor["merkle_root"], anchor["contract"]) == (made.root, f"eip155:1:{contract.address}")
    assert audit_verifier.verify_proof(proof) == ""
    kept = tmp_path / "proof.json"
    kept.write_text(json.dumps(proof))
    assert audit_verifier.main(["--proof", str(kept), "--root", f"0x{made.root}"]) == 0
    assert f"batch {made.batch}" in capsys.readouterr().out
    assert audit_verifier.main(["--proof", str(kept), "--root", "0x" + "11" * 32]) == 1
    anchor["place"] = anchor["size"] - 1 - anchor["place"]
    assert audit_verifier.verify_proof(proof) == "the checkpoint is not in the tree of its anchor"


def test_the_command_says_whether_all_anchors_hold(chain: Anvil, contract: DeployedContract, settings: object) -> None:
    acts(2)
    made = services.anchor_audit_root(at=AT)
    settle(chain, AT)
    out = StringIO()
    call_command("verify_anchors", "--json", stdout=out)
    (line,) = json.loads(out.getvalue())["anchors"]
    assert (line["holds"], line["root"], line["on_chain"]) == (True, made.root, made.root)
    settings.CHAIN_ENDPOINTS = {}
    with pytest.raises(SystemExit):
        call_command("verify_anchors", stdout=StringIO())


def test_the_pages_and_the_interface_show_it(chain: Anvil, contract: DeployedContract, client: Client) -> None:
    client.force_login(AdminFactory())
    assert "No anchor yet" in client.get("/chain/anchors").content.decode()
    acts(2)
    made = services.anchor_audit_root(at=AT)
    settle(chain, AT + timedelta(minutes=1))
    assert made.root[:12] in client.get("/chain/anchors").content.decode()
    assert "is the root of our checkpoints" in client.get(f"/chain/anchors/{made.uuid}").content.decode()
    (listed,) = client.get("/api/v1/anchors").json()["results"]
    assert listed["merkle_root"] == made.root
    told = client.get(f"/api/v1/anchors/{made.uuid}/verify").json()
    assert (told["holds"], told["on_chain_root"], told["computed_root"]) == (True, made.root, made.root)
