"""A wallet read from an explorer: as from a node, with internal calls, once beside files, right after a fork."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from tests.wallets.chain import explorer
from tests.wallets.chain.conftest import AT
from tests.wallets.chain.explorer import OTHER, WHO, Instance, Modules, World
from wallets import services
from wallets.chain.sources import etherscan
from wallets.engine.ledger import reconstruct
from wallets.models import Chain, ChainRow, SyncCursor, SyncState, Wallet, WalletEvidence, WalletSync
from wallets.selectors.wallets import stored_evidence

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HEADER = (
    '"Txhash","Blockno","UnixTimestamp","DateTime (UTC)","ParentTxFrom","ParentTxTo","ParentTxETH_Value","From","TxTo",'
    '"ContractAddress","Value_IN(ETH)","Value_OUT(ETH)","CurrentValue @ $1/Eth","Historical $Price/Eth","Status",'
    '"ErrCode","Type"'
)


@pytest.fixture
def indexer(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Modules]:
    """An explorer in the settings, and its chain."""
    monkeypatch.setattr("wallets.chain.configured.PER_SECOND", {"etherscan": 10_000.0, "blockscout": 10_000.0})
    server = Modules(World())
    services.register_networks()
    with explorer.serving(server) as url:
        settings.CHAIN_ENDPOINTS, settings.CHAIN_FINALITY_BLOCKS = {}, 0
        settings.CHAIN_INDEXERS, settings.CHAIN_INDEXER_URLS = {"ethereum": "etherscan"}, {"etherscan": url}
        settings.CHAIN_INDEXER_KEYS = {"etherscan": "key"}
        Chain.objects.filter(key="ethereum").update(genesis_hash=server.world.hash(0))
        assert services.check_endpoints(at=AT) == 1
        yield server


@pytest.fixture
def watched(indexer: Modules, asha: User) -> Wallet:
    return services.add_wallet(chain="ethereum", address=WHO, label="", by=asha, at=AT)


def sync(wallet: Wallet, by: User, *, most_pages: int = 50) -> bool:
    services.ask_sync(wallet_id=wallet.uuid, by=by, at=AT)
    return services.sync_wallet(wallet_id=wallet.pk, at=AT, most_pages=most_pages)


def test_an_explorer_fills_every_stream_and_says_so(watched: Wallet, asha: User) -> None:
    assert sync(watched, asha)
    evidence = stored_evidence(watched)
    assert (len(evidence.transactions), len(evidence.logs), len(evidence.transfers)) == (40, 21, 10)
    assert {row.stream: (row.complete, row.source) for row in evidence.streams} == dict.fromkeys(
        ("native", "logs", "erc20", "nft", "approvals", "internal", "balances"), (1.0, "etherscan")
    )
    coins = [flow for flow in reconstruct(evidence).flows if flow.asset == "eip155:1/native" and flow.incoming]
    assert sum(flow.amount for flow in coins) <= 150
    assert WalletEvidence.objects.get(wallet=watched).confirmed


def test_resumed_in_pieces_it_ends_with_the_same_root(
    indexer: Modules, watched: Wallet, asha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(watched, asha)
    whole = WalletEvidence.objects.get(wallet=watched).root
    for model in (ChainRow, SyncCursor, WalletEvidence, WalletSync):
        model.objects.all().delete()
    monkeypatch.setattr(etherscan, "MOST_ROWS", 6)
    indexer.most_rows = 6
    done, rounds = sync(watched, asha, most_pages=2), 1
    while not done:
        done, rounds = services.sync_wallet(wallet_id=watched.pk, at=AT, most_pages=2), rounds + 1
    assert rounds > 5
    assert WalletEvidence.objects.get(wallet=watched).root == whole


def test_a_reorganisation_leaves_no_rows_of_the_other_fork(indexer: Modules, watched: Wallet, asha: User) -> None:
    sync(watched, asha)
    before = set(ChainRow.objects.values_list("key", flat=True))
    indexer.world = Forked()
    sync(watched, asha)
    after = set(ChainRow.objects.values_list("key", flat=True))
    assert {row.hash for row in stored_evidence(watched).transactions} == {
        row["hash"] for row in indexer.world.transactions
    }
    assert before & after
    assert before - after


class Forked(World):
    """The same chain up to block 37."""

    def hash(self, block: int) -> str:
        return explorer.named("block", "", block) if block <= 37 else explorer.named("block", "b", block)

    def transaction(self, block: int, place: int) -> explorer.Row:
        row = super().transaction(block, place)
        return row if block <= 37 else row | {"hash": explorer.named("tx", "b", block, place)}

    def log(self, block: int, index: int, topics: list[str], amount: int) -> explorer.Row:
        row = super().log(block, index, topics, amount)
        return row if block <= 37 else row | {"transactionHash": explorer.named("tx", "b", block, 0)}


def test_an_internal_transfer_of_a_file_counts_once_and_stays_where_no_source_tells_it(
    indexer: Modules, watched: Wallet, asha: User
) -> None:
    known, unknown = explorer.named("tx", "", 4, 0), explorer.named("tx", "", 5, 0)
    lines = [
        f'"{name}","{block}","{indexer.world.at(block)}","","{OTHER}","{WHO}","0","{OTHER}","{WHO}","","{value}","0",'
        f'"0","0","0","","call"'
        for name, block, value in ((known, 4, "0.000000000000000015"), (unknown, 5, "0.5"))
    ]
    file = services.WalletUpload("internal.csv", "\n".join([HEADER, *lines]).encode(), "etherscan_internal")
    taken = services.import_wallet_file(wallet_id=watched.uuid, file=file, by=asha, at=AT)
    assert taken.rows == 2
    sync(watched, asha)
    moved = [(row.hash, row.amount) for row in stored_evidence(watched).transfers]
    assert moved.count((known, 15)) == 1
    assert moved.count((unknown, 5 * 10**17)) == 1
    assert len(moved) == 11


def test_an_explorer_that_falls_silent_stops_the_reading_in_words(
    indexer: Modules, watched: Wallet, asha: User
) -> None:
    services.ask_sync(wallet_id=watched.uuid, by=asha, at=AT)
    indexer.hooks.append(lambda *_: (503, b"", {}))
    services.sync_wallet(wallet_id=watched.pk, at=AT)
    stopped = WalletSync.objects.get(wallet=watched)
    assert (stopped.state, stopped.wallet.pk) == (SyncState.STOPPED, watched.pk)
    assert "status 503" in stopped.trouble
    assert WalletEvidence.objects.filter(wallet=watched).exists() is False


def test_two_explorers_tell_each_row_once(indexer: Modules, watched: Wallet, asha: User, settings: object) -> None:
    with explorer.serving(Instance(World(gaps=frozenset({7})))) as url:
        settings.CHAIN_INDEXERS = {"ethereum": "blockscout|etherscan"}
        settings.CHAIN_INDEXER_URLS |= {"blockscout": url}
        services.check_endpoints(at=AT)
        sync(watched, asha)
    evidence = stored_evidence(watched)
    assert (len(evidence.transactions), len(evidence.logs), len(evidence.transfers)) == (40, 21, 10)
    assert {row.source for row in evidence.streams} == {"blockscout, etherscan"}
