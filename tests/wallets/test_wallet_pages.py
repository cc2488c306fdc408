"""Pages and API of wallets: import, score, permissions, differences; off with one flag; pinned queries."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import User
from creditiq.kernel.clock import now
from tests.factories.accounts import BankFactory, UserFactory
from wallets import services, tasks
from wallets.engine import evidence_json
from wallets.engine.onchain_model import serving
from wallets.engine.onchain_score import evaluate
from wallets.models import Chain, OnchainScore, Wallet

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PINNED = {
    "/wallets": 8, "/wallets/networks": 5, "/api/v1/chains": 4, "/api/v1/wallets": 5, "/api/v1/onchain-scores": 3,
}  # fmt: skip
ADDRESS = "0x" + "11" * 20
CSV = (
    '"Txhash","Blockno","UnixTimestamp","DateTime","From","To","ContractAddress","Value_IN(ETH)","Value_OUT(ETH)",'
    '"CurrentValue @ $2000/Eth","TxnFee(ETH)","TxnFee(USD)","Historical $Price/Eth","Status","ErrCode"\n'
    f'"0x{"ab" * 32}","1","1700000000","2023-11-14","0x{"22" * 20}","{ADDRESS}","","1.5","0",'
    '"3000","0.001","2","2010","",""\n'
)


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    """A test that empties the tables takes the networks along."""
    services.register_networks()


@pytest.fixture
def asha() -> User:
    return UserFactory()


@pytest.fixture
def demo(asha: User) -> Wallet:
    return services.link_demo_wallet(user=asha, at=now() - timedelta(days=3))


@pytest.fixture
def signed_in(client: Client, asha: User) -> Client:
    client.force_login(asha)
    return client


def test_the_registry_has_76_networks_with_honest_status() -> None:
    answer = Client().get("/api/v1/chains").json()
    assert len(answer) == 76
    found = {chain["key"]: chain for chain in answer}
    assert [found[key]["status"] for key in ("ethereum", "holesky", "sepolia", "bitcoin", "covalent", "evmos")] == [
        "live", "sunset", "testnet", "non-evm", "internal", "sunset",
    ]  # fmt: skip
    assert found["ethereum"]["caip2"] == "eip155:1"
    assert len(Client().get("/api/v1/chains?group=Archived").json()) == 12
    assert [chain["key"] for chain in Client().get("/api/v1/chains?status=non-evm").json()] == ["bitcoin", "solana"]
    assert Client().get("/api/v1/chains?status=dead").status_code == 422


def test_the_demo_wallet_has_a_score_that_its_evidence_reproduces(signed_in: Client, demo: Wallet) -> None:
    (score,) = signed_in.get("/api/v1/onchain-scores").json()["results"]
    assert (score["status"], score["low"] <= score["score"] <= score["high"]) == ("complete", True)
    content = signed_in.get(f"/api/v1/onchain-scores/{score['id']}/evidence").content
    again = evaluate(evidence_json.read(content), serving())
    assert (again.score, again.evidence_root) == (score["score"], score["evidence_root"])
    parts = signed_in.get(f"/api/v1/onchain-scores/{score['id']}/components").json()
    assert len(parts) == 24
    assert sum(part["points"] for part in parts) == pytest.approx(again.estimate)


def test_every_page_of_a_wallet_answers(signed_in: Client, demo: Wallet) -> None:
    score = OnchainScore.objects.get()
    for address in (
        "/wallets", f"/wallets/{demo.uuid}", f"/wallets/{demo.uuid}/approvals", f"/wallets/scores/{score.uuid}",
        "/wallets/networks?status=live",
    ):  # fmt: skip
        assert signed_in.get(address).status_code == 200, address
    assert "095ea7b3" in signed_in.get(f"/wallets/{demo.uuid}/approvals").content.decode()


def test_a_second_score_says_what_changed(signed_in: Client, demo: Wallet) -> None:
    answer = signed_in.post(f"/wallets/{demo.uuid}/score", follow=True)
    assert "What changed since" in answer.content.decode()
    new, old = OnchainScore.objects.order_by("-as_of")
    steps = signed_in.get(f"/api/v1/onchain-scores/{new.uuid}/diff/{old.uuid}").json()
    assert sum(step["points"] for step in steps) == pytest.approx(new.estimate - old.estimate)
    assert len(signed_in.get(f"/api/v1/onchain-scores/{new.uuid}/history").json()) == 2


def test_what_if_and_reasons_come_from_the_real_scorecard(signed_in: Client, demo: Wallet) -> None:
    score = OnchainScore.objects.get()
    body = json.dumps({"change": "revoke_approvals"})
    answer = signed_in.post(f"/api/v1/onchain-scores/{score.uuid}/simulate", body, "application/json").json()
    assert answer["points"] > 0
    told = signed_in.get(f"/api/v1/onchain-scores/{score.uuid}/explain").json()
    assert {reason["direction"] for reason in told["reasons"]} == {"increases_risk", "decreases_risk"}
    assert len(told["costs"]) == 24
    wrong = signed_in.post(f"/api/v1/onchain-scores/{score.uuid}/simulate", '{"change": "x"}', "application/json")
    assert wrong.status_code == 422


def test_a_file_becomes_unconfirmed_evidence_and_a_watched_wallet_gets_no_number(signed_in: Client) -> None:
    answer = signed_in.post("/wallets", {"chain": "ethereum", "address": ADDRESS, "label": "Cold"})
    wallet = Wallet.objects.get()
    assert answer.url == f"/wallets/{wallet.uuid}"
    for _ in range(2):
        sent = {"kind": "etherscan_transactions", "file": SimpleUploadedFile("export.csv", CSV.encode())}
        assert signed_in.post(f"/wallets/{wallet.uuid}/import", sent).status_code == 302
    assert [file.rows for file in wallet.files.all()] == [1]
    body = json.dumps({"wallets": [str(wallet.uuid)]})
    score = signed_in.post("/api/v1/onchain-scores", body, "application/json").json()
    assert (score["status"], score["score"], score["confirmed"]) == ("address_report", None, False)
    (moved,) = signed_in.get(f"/api/v1/wallets/{wallet.uuid}/activity").json()["results"]
    assert (moved["incoming"], moved["usd"]) == (True, pytest.approx(3015))
    assert signed_in.get(f"/api/v1/wallets/{wallet.uuid}/sync").json()["coverage"][0]["since"] is None
    bad = {"kind": "raw_logs", "file": SimpleUploadedFile("x.json", b"{]")}
    assert signed_in.post(f"/wallets/{wallet.uuid}/import", bad).status_code == 422


def test_a_wallet_without_history_cannot_be_scored(signed_in: Client) -> None:
    signed_in.post("/wallets", {"chain": "ethereum", "address": ADDRESS})
    wallet = Wallet.objects.get()
    assert signed_in.post(f"/wallets/{wallet.uuid}/score").status_code == 409
    assert "No wallet" not in signed_in.get("/wallets").content.decode()


def test_proof_by_the_page_and_its_refusals(signed_in: Client) -> None:
    signed_in.post("/wallets", {"chain": "ethereum", "address": ADDRESS})
    wallet = Wallet.objects.get()
    page = signed_in.post(f"/wallets/{wallet.uuid}/challenge").content.decode()
    assert "wants you to sign in" in page
    assert signed_in.post(f"/wallets/{wallet.uuid}/proof", {}).status_code == 422
    sent = {"message": "hello", "signature": "0x00"}
    assert signed_in.post(f"/wallets/{wallet.uuid}/proof", sent).status_code == 409
    assert signed_in.post("/wallets", {"chain": "ethereum", "address": "0x1"}).status_code == 422


def test_somebody_elses_wallet_is_not_there(client: Client, demo: Wallet) -> None:
    client.force_login(UserFactory())
    score = OnchainScore.objects.get()
    for address in (f"/wallets/{demo.uuid}", f"/wallets/scores/{score.uuid}", f"/api/v1/onchain-scores/{score.uuid}"):
        assert client.get(address).status_code == 404


def test_one_flag_turns_all_of_it_off(signed_in: Client, demo: Wallet, request: pytest.FixtureRequest) -> None:
    cache.clear()  # where a switch stands is kept for a while
    request.addfinalizer(cache.clear)
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        score = OnchainScore.objects.get().uuid
        for address in (
            "/wallets", f"/wallets/{demo.uuid}", f"/wallets/{demo.uuid}/approvals", f"/wallets/{demo.uuid}/sync/panel",
            f"/wallets/scores/{score}", "/wallets/networks", "/wallets/attestations", "/api/v1/chains",
            "/api/v1/wallets", "/api/v1/wallets/warnings", f"/api/v1/wallets/{demo.uuid}/approvals",
            "/api/v1/onchain-scores", f"/api/v1/onchain-scores/{score}/evidence", "/api/v1/attestations",
            "/api/v1/attestations/status-list", "/api/v1/attestations/root/2026-11-20",
        ):  # fmt: skip
            assert signed_in.get(address).status_code == 404, address
        for address in (
            "/api/v1/wallets",
            "/api/v1/onchain-scores",
            "/api/v1/wallets/challenge",
            "/api/v1/attestations",
        ):
            assert signed_in.post(address, {}, content_type="application/json").status_code == 404, address
        tasks.look_over_wallet(wallet_id=demo.pk)
        tasks.look_over_wallets()
        tasks.sync_wallet(wallet_id=demo.pk)
        for work in (tasks.check_endpoints, tasks.move_transactions, tasks.anchor_audit_root):
            work()
        tasks.publish_attestation_roots()
        assert "/wallets" not in signed_in.get("/welcome").content.decode()


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_takes_its_pinned_number_of_queries(address: str, signed_in: Client, demo: Wallet) -> None:
    signed_in.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get(address).status_code == 200
    assert len(queries) == PINNED[address], [query["sql"][:90] for query in queries]


def test_registering_networks_again_keeps_a_genesis_that_a_node_told() -> None:
    Chain.objects.filter(key="zora").update(genesis_hash="0x01")
    assert services.register_networks() == 76
    assert Chain.objects.get(key="zora").genesis_hash == "0x01"


def test_the_score_page_says_where_its_evidence_came_from(signed_in: Client, demo: Wallet) -> None:
    score = OnchainScore.objects.get()
    assert "made up for the demo" in signed_in.get(f"/wallets/scores/{score.uuid}").content.decode()
    told = signed_in.get(f"/api/v1/onchain-scores/{score.uuid}/explain").json()
    assert told["sources"] == ["made up for the demo"]


def test_a_score_is_shown_to_a_lender_and_taken_back(signed_in: Client, demo: Wallet) -> None:
    score, bank = OnchainScore.objects.get(), BankFactory(name="Harbour Bank")
    page = f"/wallets/scores/{score.uuid}"
    answer = signed_in.post(f"{page}/share", {"organisation": str(bank.uuid)}, follow=True)
    assert "Harbour Bank sees it until" in answer.content.decode()
    (share,) = signed_in.get(f"/api/v1/onchain-scores/{score.uuid}/shares").json()
    assert (share["organisation"], share["name"]) == (str(bank.uuid), "Harbour Bank")
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(f"/wallets/shares/{share['id']}/end").status_code == 404
    answer = signed_in.post(f"/wallets/shares/{share['id']}/end", follow=True)
    assert "Harbour Bank sees it until" not in answer.content.decode()
    asked = {"organisation": str(bank.uuid)}
    again = signed_in.post(f"/api/v1/onchain-scores/{score.uuid}/shares", asked, content_type="application/json")
    assert again.status_code == 201
    assert signed_in.delete(f"/api/v1/onchain-scores/shares/{again.json()['id']}").status_code == 204
    assert signed_in.get(f"/api/v1/onchain-scores/{score.uuid}/shares").json() == []
    assert signed_in.post(f"{page}/share", {"organisation": "nobody"}).status_code == 302


def test_the_score_page_plays_open_loans_along_past_prices(signed_in: Client, demo: Wallet) -> None:
    score = OnchainScore.objects.get()
    assert "if prices moved as they have before" in signed_in.get(f"/wallets/scores/{score.uuid}").content.decode()
    (loan,) = signed_in.get(f"/api/v1/onchain-scores/{score.uuid}/explain").json()["stress"]
    assert loan["factor"] > 1
    assert loan["paths"] > 500
