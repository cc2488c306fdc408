"""Pages and API of what the house does on chains, without a node: empty, filled, refused, off."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts import services as accounts_services
from accounts.models import AuditCheckpoint, User
from accounts.permissions import OF_THE_HOUSE, capabilities_of
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, NotVisible
from tests.architecture.permission_matrix import MATRIX
from tests.factories.accounts import AdminFactory, BankFactory, RiskManagerFactory, UserFactory
from wallets import services, tasks
from wallets.models import (
    Anchor,
    AnchoredCheckpoint,
    Chain,
    ChainEndpoint,
    ChainTransaction,
    DeployedContract,
    TransactionState,
)
from wallets.services.transactions import Order, prepare

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PINNED = {
    "/chain": 6, "/chain/contracts": 6, "/chain/anchors": 7, "/api/v1/contracts": 4,
    "/api/v1/chain-transactions": 4, "/api/v1/anchors": 4,
}  # fmt: skip
PAGES = ("/chain", "/chain/contracts", "/chain/anchors", "/chain/gas")
HOUSE_PATHS = ("chain", "api/v1/contracts", "api/v1/chain-transactions", "api/v1/anchors")
API = ("contracts", "chain-transactions", "chain-transactions/gas", "anchors")


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    services.register_networks()


@pytest.fixture
def arjun() -> User:
    return AdminFactory()


@pytest.fixture
def signed_in(client: Client, arjun: User) -> Client:
    client.force_login(arjun)
    return client


@pytest.fixture
def contract(arjun: User) -> DeployedContract:
    made = services.register_contract(
        name="AttestationRegistry", chain="polygon", caps=services.Caps(), by=arjun, at=now()
    )
    DeployedContract.objects.filter(pk=made.pk).update(address="0x" + "77" * 20, deployed_at=now())
    DeployedContract.objects.filter(pk=made.pk).update(deployed_by=arjun, approved_by=RiskManagerFactory())
    made.refresh_from_db()
    return made


def some(contract: DeployedContract, count: int) -> list[ChainTransaction]:
    with transaction.atomic():
        orders = [Order(contract, f"revoke:{place}", "revoke", (f"0x{place + 1:064x}",)) for place in range(count)]
        return [prepare(order, at=now()) for order in orders]


def test_every_page_says_what_will_be_there(signed_in: Client) -> None:
    for address in PAGES:
        answer = signed_in.get(address)
        assert answer.status_code == 200
        assert 'class="empty"' in answer.content.decode()
    assert "Nobody signs here yet" in signed_in.get("/chain").content.decode()
    for path in API:
        assert signed_in.get(f"/api/v1/{path}").status_code == 200


def test_the_pages_show_what_was_prepared(signed_in: Client, contract: DeployedContract) -> None:
    row = some(contract, 3)[0]
    ChainTransaction.objects.filter(pk=row.pk).update(
        state="confirmed", nonce=7, gas=60_000, max_fee=3 * 10**9, raw="0x02", hash="0x" + "ab" * 32, block=9,
        succeeded=True, gas_used=50_000, price=2 * 10**9, cost_gwei=100_000, mined_at=now(), sender="0x" + "11" * 20,
    )  # fmt: skip
    assert "3 transactions" in signed_in.get("/chain").content.decode()
    assert "1 transaction, confirmed" in signed_in.get("/chain?state=confirmed").content.decode()
    page = signed_in.get(f"/chain/transactions/{row.uuid}").content.decode()
    assert "100,000 gwei, 50,000 gas" in page
    assert "100,000 gwei for 1 transaction" in signed_in.get("/chain/gas").content.decode()
    assert "Send something else" in signed_in.get(f"/chain/contracts/{contract.uuid}").content.decode()
    report = signed_in.get("/api/v1/chain-transactions/gas").json()
    assert (report["gwei"], report["lines"][0]["function"]) == (100_000, "revoke")
    told = signed_in.get(f"/api/v1/chain-transactions/{row.uuid}").json()
    assert (told["state"], told["cost_gwei"], told["title"]) == ("confirmed", 100_000, "AttestationRegistry.revoke")
    assert "raw" not in told
    assert signed_in.get("/api/v1/chain-transactions?state=lost").status_code == 422


def test_a_contract_is_registered_on_the_page_and_refusals_are_said(signed_in: Client) -> None:
    ChainEndpoint.objects.create(chain=Chain.objects.get(key="polygon"), healthy=True, checked_at=now())
    with override_settings(CHAIN_ENDPOINTS={"polygon": "http://127.0.0.1:9"}):
        caps = {"fee_cap": "5", "spend_cap": "4", "day_cap": "9"}
        wanted = {"name": "AuditAnchor", "chain": "polygon", **caps}
        refused = signed_in.post("/chain/contracts/register", wanted)
        assert (refused.status_code, "caps are positive" in refused.content.decode()) == (422, True)
        made = signed_in.post("/chain/contracts/register", wanted | {"spend_cap": "7"})
        assert made.status_code == 302
        assert "Not deployed" in signed_in.get(made.url).content.decode()
        again = signed_in.post("/chain/contracts/register", wanted | {"spend_cap": "7"})
        assert "is registered on" in again.content.decode()
        asked = signed_in.post(f"{made.url}/deploy", {"step": "ask"})
        assert "Nobody signs here" in asked.content.decode()
    body = {"name": "Ponzi", "chain": "polygon"}
    assert signed_in.post("/api/v1/contracts", body, content_type="application/json").status_code == 422
    body = {"name": "AuditAnchor", "chain": "bitcoin"}
    assert signed_in.post("/api/v1/contracts", body, content_type="application/json").status_code == 422


def test_who_looks_may_not_run_it(client: Client, contract: DeployedContract) -> None:
    client.force_login(RiskManagerFactory())
    assert "Send something else" not in client.get(f"/chain/contracts/{contract.uuid}").content.decode()
    assert client.post(f"/chain/contracts/{contract.uuid}/call", {}).status_code == 403
    assert client.post("/api/v1/contracts", {}, content_type="application/json").status_code == 403
    row = some(contract, 1)[0]
    body = {"gwei": 5}
    address = f"/api/v1/chain-transactions/{row.uuid}/spending"
    assert client.post(address, body, content_type="application/json").status_code == 403


def test_who_read_the_source_is_written_down_by_somebody_who_agrees(client: Client, contract: DeployedContract) -> None:
    client.force_login(RiskManagerFactory())
    assert client.post(f"/chain/contracts/{contract.uuid}/source", {"status": "blessed"}).status_code == 422
    assert client.post(f"/chain/contracts/{contract.uuid}/source", {"status": "reviewed"}).status_code == 302
    assert "reviewed by a colleague" in client.get(f"/chain/contracts/{contract.uuid}").content.decode()
    assert client.get(f"/api/v1/contracts/{contract.uuid}").json()["audit_status"] == "reviewed"


def test_spending_more_is_asked_for_on_the_page(signed_in: Client, contract: DeployedContract) -> None:
    row = some(contract, 1)[0]
    asked = signed_in.post(f"/chain/transactions/{row.uuid}/spending", {"gwei": "5", "reason": "busy"})
    assert asked.status_code == 302
    assert "Let AttestationRegistry.revoke on" in signed_in.get(asked.url).content.decode()
    again = signed_in.post(f"/chain/transactions/{row.uuid}/spending", {"gwei": "5"})
    assert "asked for already" in again.content.decode()


def test_with_the_switch_off_nothing_is_there(signed_in: Client, contract: DeployedContract) -> None:
    row = some(contract, 1)[0]
    assert 'href="/chain"' in signed_in.get("/audit").content.decode()
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        cache.clear()
        assert [signed_in.get(address).status_code for address in PAGES] == [404] * 4
        assert [signed_in.get(f"/api/v1/{path}").status_code for path in API] == [404] * 4
        assert signed_in.get(f"/chain/transactions/{row.uuid}").status_code == 404
        assert signed_in.post("/api/v1/contracts", {}, content_type="application/json").status_code == 404
        assert 'href="/chain"' not in signed_in.get("/audit").content.decode()
        tasks.move_transactions()
        tasks.send_transactions(transaction_id=row.pk)
        tasks.anchor_audit_root()
        tasks.publish_attestation_roots()
    cache.clear()
    row.refresh_from_db()
    assert row.state == TransactionState.PREPARED
    assert not Anchor.objects.exists()


def anchored(contract: DeployedContract, count: int) -> None:
    checkpoints = [
        AuditCheckpoint.objects.create(
            number=900 + place, first_seq=10**6 + place, last_seq=10**6 + place, merkle_root="0" * 64, head="0" * 64,
            at=now(), previous_hash="", hash=f"{place:064x}",
        )
        for place in range(count)
    ]  # fmt: skip
    for place, checkpoint in enumerate(checkpoints):
        made = Anchor.objects.create(
            contract=contract, batch=place, root="1" * 64, first=place + 1, last=place + 1, previous="0" * 64,
            made_at=now() - timedelta(hours=place),
        )  # fmt: skip
        AnchoredCheckpoint.objects.create(anchor=made, number=place + 1, checkpoint=checkpoint)


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_takes_its_pinned_number_of_queries(address: str, signed_in: Client, contract: DeployedContract) -> None:
    some(contract, 3)
    anchored(contract, 3)
    signed_in.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get(address).status_code == 200
    assert len(queries) == PINNED[address], [query["sql"][:90] for query in queries]


DOORS = [row.split(" ") for row in MATRIX if row.split(" ")[1].startswith(HOUSE_PATHS)]


@pytest.mark.parametrize(("role", "duties"), [("risk_manager", []), ("admin", []), ("risk_manager", ["auditor"])])
def test_staff_of_a_bank_find_every_door_of_the_house_closed(role: str, duties: list[str], client: Client) -> None:
    person = UserFactory(role=role, duties=duties, organisation=BankFactory())
    assert not capabilities_of(person) & OF_THE_HOUSE
    client.force_login(person)
    nowhere = "00000000-0000-4000-8000-000000000000"
    answers = {
        (method, path): client.generic(method, "/" + re.sub("<[^>]+>", nowhere, path)).status_code
        for method, path in DOORS
    }
    assert len(answers) > 20
    assert set(answers.values()) == {403}, answers
    assert 'href="/chain"' not in client.get("/audit").content.decode()


def test_staff_of_a_bank_neither_ask_nor_agree(contract: DeployedContract, arjun: User) -> None:
    admin, manager = AdminFactory(organisation=BankFactory()), RiskManagerFactory(organisation=BankFactory())
    with pytest.raises(Forbidden):
        services.register_contract(name="AuditAnchor", chain="polygon", caps=services.Caps(), by=admin, at=now())
    with pytest.raises(Forbidden):
        services.record_audit(contract_id=contract.uuid, status="audited", by=manager, at=now())
    (row,) = some(contract, 1)
    with pytest.raises(Forbidden):
        services.propose_spending(transaction_id=row.uuid, gwei=5, reason="", by=admin, at=now())
    asked = services.propose_spending(transaction_id=row.uuid, gwei=5, reason="", by=arjun, at=now())
    for person in (admin, manager):
        with pytest.raises((Forbidden, NotVisible)):
            accounts_services.approve_request(approval_id=asked, by=person, at=now())
    row.refresh_from_db()
    assert row.spend_limit is None
    accounts_services.approve_request(approval_id=asked, by=RiskManagerFactory(), at=now())
    row.refresh_from_db()
    assert row.spend_limit == 5
