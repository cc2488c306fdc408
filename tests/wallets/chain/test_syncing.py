"""Reading a wallet from a real node: everything once, right after a reorganisation, the same after a kill."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from tests.npm import folder
from tests.wallets.chain.anvil import ACCOUNTS, Anvil, Deployed
from tests.wallets.chain.conftest import AT
from wallets import services
from wallets.chain.port import ChainUnreachable, LogFilter, TooManyLogs
from wallets.chain.sources import json_rpc
from wallets.engine.ledger import reconstruct
from wallets.models import BlockRef, ChainRow, SyncCursor, SyncState, Wallet, WalletEvidence, WalletSync
from wallets.selectors import wallets as selectors

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
WHO, OTHER = ACCOUNTS[1], ACCOUNTS[2]
ETHER = 10**18


def token(chain: Anvil) -> Deployed:
    build = folder("@openzeppelin/contracts", "4.9.6") / "build" / "contracts"
    return chain.deploy(build / "ERC20PresetMinterPauser.json", "Dollar", "USD")


def live(chain: Anvil) -> Deployed:
    """Twelve acts in some thirty blocks: coins out and in, tokens, an approval, a failed transaction."""
    coin = token(chain)
    for number in range(3):
        chain.transact(WHO, OTHER, value=ETHER * (number + 1))
        chain.mine(4)
        chain.transact(OTHER, WHO, value=ETHER)
        coin.send("mint", WHO, 1_000 + number)
        coin.send("transfer", OTHER, 10 + number, sender=WHO)
    coin.send("approve", OTHER, 2**256 - 1, sender=WHO)
    return coin


def sync(wallet: Wallet, by: User, *, most_pages: int = 50) -> bool:
    services.ask_sync(wallet_id=wallet.uuid, by=by, at=AT)
    return services.sync_wallet(wallet_id=wallet.pk, at=AT, most_pages=most_pages)


def root(wallet: Wallet) -> str:
    return WalletEvidence.objects.get(wallet=wallet).root


def test_everything_is_read_once(chain: Anvil, wallet: Wallet, asha: User) -> None:
    coin = live(chain)
    assert sync(wallet, asha)
    evidence = selectors.stored_evidence(wallet)
    assert sum(row.sender == WHO for row in evidence.transactions) == chain.node.nonce(WHO) == 7
    assert sum(row.recipient == WHO for row in evidence.transactions) == 3
    assert len(evidence.logs) == 7
    held = {row.asset.rpartition("/")[2]: row.amount for row in evidence.balances}
    assert held == {"native": chain.node.balance(WHO), coin.address: coin.call("balanceOf", WHO)}
    (open_approval,) = reconstruct(evidence).approvals
    assert (open_approval.spender, open_approval.unlimited) == (OTHER, True)
    assert {row.stream: row.complete for row in evidence.streams} == dict.fromkeys(
        ("native", "logs", "erc20", "nft", "approvals", "balances"), 1.0
    )
    assert WalletEvidence.objects.get(wallet=wallet).confirmed


def test_reading_again_goes_on_where_it_ended(chain: Anvil, wallet: Wallet, asha: User) -> None:
    coin = live(chain)
    sync(wallet, asha)
    rows = ChainRow.objects.count()
    coin.send("transfer", OTHER, 5, sender=WHO)
    sync(wallet, asha)
    assert ChainRow.objects.count() == rows + 2  # the transaction and its log


@pytest.mark.parametrize("deep", [3, 12])
def test_a_reorganisation_leaves_no_orphan_rows_and_no_mark_on_history(
    deep: int, chain: Anvil, wallet: Wallet, asha: User
) -> None:
    coin = live(chain)
    fork = chain.ask("evm_snapshot")
    lost = set(range(71, 71 + deep))
    for amount in sorted(lost):
        coin.send("transfer", OTHER, amount, sender=WHO)
    sync(wallet, asha)
    before = services.score_wallets(wallet_ids=[wallet.uuid], by=asha, at=AT)
    orphaned = set(ChainRow.objects.filter(wallet=wallet).values_list("key", flat=True))
    chain.ask("evm_revert", fork)
    chain.mine(1, seconds=77)
    coin.send("transfer", OTHER, 99, sender=WHO)
    coin.send("transfer", OTHER, 98, sender=WHO)
    sync(wallet, asha)
    kept = selectors.stored_evidence(wallet)
    amounts = {int(row.data, 16) for row in kept.logs if row.topics[1:2] == (f"0x{WHO[2:]:0>64}",)}
    assert {99, 98} <= amounts
    assert not lost & amounts
    assert len(orphaned - set(ChainRow.objects.filter(wallet=wallet).values_list("key", flat=True))) == 2 * deep
    before.refresh_from_db()
    assert selectors.evidence_of_score(before).root == before.evidence_root != kept.root
    for ref in BlockRef.objects.all():
        assert chain.node.blocks([ref.number])[0].hash == ref.hash


def test_killed_and_resumed_it_ends_with_the_same_evidence_root(
    chain: Anvil, wallet: Wallet, asha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(chain)
    sync(wallet, asha)
    whole = root(wallet)
    for model in (ChainRow, SyncCursor, BlockRef, WalletEvidence, WalletSync):
        model.objects.all().delete()
    monkeypatch.setitem(json_rpc.WINDOW, "logs", 3)
    monkeypatch.setitem(json_rpc.WINDOW, "native", 5)
    done, rounds = sync(wallet, asha, most_pages=2), 1
    while not done:  # each call stands for a worker that died after two pages
        done = services.sync_wallet(wallet_id=wallet.pk, at=AT + timedelta(minutes=rounds), most_pages=2)
        rounds += 1
    assert rounds > 5
    assert root(wallet) == whole


class Limited:
    """A proxy before a node that refuses as the named providers do."""

    def __init__(self, node: object, widest: int, suggests: bool) -> None:
        self.node, self.widest, self.suggests, self.asked = node, widest, suggests, 0

    def logs(self, sought: LogFilter) -> object:
        self.asked += 1
        if sought.to_block - sought.from_block + 1 > self.widest:
            hint = (sought.from_block, sought.from_block + self.widest - 1)
            raise TooManyLogs(hint if self.suggests else None)
        return self.node.logs(sought)

    def __getattr__(self, name: str) -> object:
        return getattr(self.node, name)


@pytest.mark.parametrize(("widest", "suggests"), [(1, False), (5, False), (5, True), (2_000, False)])
def test_limits_of_logs_still_give_every_row_once(chain: Anvil, widest: int, suggests: bool) -> None:
    live(chain)
    head = chain.node.head().number
    plain = json_rpc.JsonRpcSource(chain.node, "eip155:1", ()).page("logs", WHO, 1, head)
    limited = json_rpc.JsonRpcSource(Limited(chain.node, widest, suggests), "eip155:1", ()).page("logs", WHO, 1, head)
    assert sorted(limited.logs) == sorted(plain.logs)
    assert len(plain.logs) == 7


def test_a_node_that_answers_what_nobody_asked_for_is_not_believed(chain: Anvil) -> None:
    coin = live(chain)
    head = chain.node.head().number

    class Liar(Limited):
        def logs(self, sought: LogFilter) -> object:
            return self.node.logs(LogFilter(sought.from_block, sought.to_block, (coin.address,)))

    with pytest.raises(ChainUnreachable, match="nobody asked"):
        json_rpc.JsonRpcSource(Liar(chain.node, 1, False), "eip155:1", ()).page("logs", OTHER, 1, head)


def test_a_node_without_past_states_lowers_the_coverage(chain: Anvil, monkeypatch: pytest.MonkeyPatch) -> None:
    live(chain)
    head = chain.node.head().number

    class Pruned(Limited):
        def standings(self, address: str, blocks: object) -> object:
            raise json_rpc.NoHistory

    monkeypatch.setattr(json_rpc, "MOST_SCANNED", 10)
    page = json_rpc.JsonRpcSource(Pruned(chain.node, 1, False), "eip155:1", ()).page("native", WHO, 1, head)
    assert page.complete == pytest.approx(10 / head)
    assert 0 < len(page.transactions) < 10


def test_a_node_that_falls_silent_stops_the_reading_in_words(wallet: Wallet, asha: User, settings: object) -> None:
    services.ask_sync(wallet_id=wallet.uuid, by=asha, at=AT)
    settings.CHAIN_ENDPOINTS = {"ethereum": "http://127.0.0.1:9"}
    services.sync_wallet(wallet_id=wallet.pk, at=AT)
    stopped = WalletSync.objects.get(wallet=wallet)
    assert stopped.state == SyncState.STOPPED
    assert "no usable answer" in stopped.trouble


def test_without_a_node_it_says_so(wallet: Wallet, asha: User, settings: object) -> None:
    settings.CHAIN_ENDPOINTS = {}
    with pytest.raises(services.UnableToSync, match="No node is configured"):
        services.ask_sync(wallet_id=wallet.uuid, by=asha, at=AT)


@pytest.fixture
def signed_in(client: Client, asha: User) -> Client:
    client.force_login(asha)
    return client


def test_the_page_and_the_interface_tell_the_same_progress(chain: Anvil, wallet: Wallet, signed_in: Client) -> None:
    live(chain)
    page, interface = f"/wallets/{wallet.uuid}", f"/api/v1/wallets/{wallet.uuid}/sync"
    assert "Read the history" in signed_in.get(page).content.decode()
    assert signed_in.get(interface).json()["state"] == "never"
    assert signed_in.post(f"{page}/sync").status_code == 302
    assert "every 2s" in signed_in.get(f"{page}/sync/panel").content.decode()
    assert signed_in.post(interface).json()["state"] == "waiting"
    services.sync_wallet(wallet_id=wallet.pk, at=AT, most_pages=1)
    assert 0 < signed_in.get(interface).json()["share"] < 1
    services.sync_wallet(wallet_id=wallet.pk, at=AT)
    told = signed_in.get(interface).json()
    assert (told["state"], told["share"], told["running"]) == ("done", 1.0, False)
    assert {row["source_name"] for row in told["coverage"]} == {"node"}
    ended = signed_in.get(f"{page}/sync/panel")
    assert ended["HX-Refresh"] == "true"
    assert "Read what is new" in signed_in.get(page).content.decode()
