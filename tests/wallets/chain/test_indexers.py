"""Explorers and hosted indexers: everything once whatever a page holds, coverage computed, nothing hostile believed."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from tests.wallets.chain import explorer
from tests.wallets.chain.explorer import APPROVAL, GWEI, OTHER, WHO, Answer, GoldRush, Instance, Modules, World, named
from wallets.chain import asking, pace
from wallets.chain.configured import Access, Place, each_source, source_of
from wallets.chain.port import ChainUnreachable
from wallets.chain.sources import etherscan
from wallets.chain.sources.protocol import ChainDataSource, Page

pytestmark = pytest.mark.integration
ETHEREUM = Place("ethereum", "eip155:1", 1, "eth-mainnet")
KEY = "key-that-nobody-may-see"
SERVERS = {"etherscan": Modules, "blockscout": Instance, "goldrush": GoldRush}
EVERY = ("etherscan", "blockscout", "goldrush")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Free plans would make these tests wait."""
    monkeypatch.setattr("wallets.chain.configured.PER_SECOND", dict.fromkeys(EVERY, 10_000.0))
    monkeypatch.setattr(asking, "LONGEST_WAIT", 2.0)
    monkeypatch.setattr(asking.time, "sleep", lambda seconds: None)


def access(kind: str, url: str) -> Access:
    return Access({}, {"ethereum": kind}, {kind: url}, {kind: KEY})


def of(kind: str, url: str) -> ChainDataSource:
    return each_source(ETHEREUM, access(kind, url))[kind, 1]


@pytest.fixture
def ask() -> Iterator[Callable[[str, World], tuple[ChainDataSource, explorer.Indexer]]]:
    """A source and the server behind it."""
    running = []

    def started(kind: str, world: World) -> tuple[ChainDataSource, explorer.Indexer]:
        server = SERVERS[kind](world)
        context = explorer.serving(server)
        running.append(context)
        return of(kind, context.__enter__()), server

    yield started
    for context in running:
        context.__exit__(None, None, None)


def pages(source: ChainDataSource, reading: str, last: int, first: int = 1) -> list[Page]:
    found = []
    while first <= last:
        found.append(source.page(reading, WHO, first, last))
        assert found[-1].first == first
        assert any(block.number == found[-1].last for block in found[-1].blocks)
        first = found[-1].last + 1
    return found


@pytest.mark.parametrize("kind", EVERY)
def test_each_says_who_it_is_and_what_the_account_did(kind: str, ask: Callable) -> None:
    world = World()
    source, _ = ask(kind, world)
    assert (source.chain_id(), source.head().number, source.blocks([0])[0].hash) == (1, 40, world.hash(0))
    (page,) = pages(source, "native", 40)
    assert [row.hash for row in page.transactions] == [row["hash"] for row in world.transactions]
    row = page.transactions[2]
    assert (row.at, row.block, row.sender, row.recipient, row.value) == (world.at(3), 3, WHO, OTHER, 3 * 10**15)
    assert (row.gas_price, row.fee, row.ok, page.transactions[9].ok) == (GWEI, 21_000 * GWEI, True, False)
    assert page.complete == 1.0
    logs = page.logs if kind == "goldrush" else pages(source, "logs", 40)[0].logs
    assert [(log.block, log.index) for log in logs] == [(2, 0), (3, 1), *((block, 0) for block in range(4, 41, 2))]
    assert [log.topics[0] for log in logs].count(APPROVAL) == 1
    held = source.standing(WHO, logs, source.head())
    assert {row.asset.rpartition("/")[2]: row.amount for row in held.balances} == {"native": 5_000, explorer.TOKEN: 77}
    assert held.complete == 1.0
    assert source.confirms(page.transactions[8:11])


@pytest.mark.parametrize("kind", ["etherscan", "blockscout"])
def test_internal_calls_of_one_transaction_are_summed_and_failed_ones_left_out(kind: str, ask: Callable) -> None:
    world = World(head=8)
    page = pages(ask(kind, world)[0], "internal", 8)[0]
    assert [(block, row.amount, row.asset, row.token) for block, row in page.transfers] == [
        (4, 15, "eip155:1/native", ""), (8, 15, "eip155:1/native", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "most"), [("etherscan", 7), ("blockscout", 10), ("etherscan", 1_000)])
def test_pages_end_where_an_answer_is_full_and_give_every_row_once(
    kind: str, most: int, ask: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etherscan, "MOST_ROWS", most)
    world = World(head=30, per_block=3)
    source, server = ask(kind, world)
    server.most_rows = most
    found = pages(source, "native", 30)
    told = [row.hash for page in found for row in page.transactions]
    assert told == [row["hash"] for row in world.transactions]
    assert len(found) > 1 or most == 1_000
    assert {page.complete for page in found} == {1.0}
    assert not [query for _, query, _ in server.asked if query.get("page", "1") != "1"]
    logs = [log for page in pages(source, "logs", 30) for log in page.logs]
    assert len(logs) == len(set(logs)) == 16


def test_a_block_with_more_rows_than_an_answer_lowers_the_coverage(
    ask: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etherscan, "MOST_ROWS", 2)
    source, server = ask("etherscan", World(head=3, per_block=3))
    server.most_rows = 2
    assert [page.complete for page in pages(source, "native", 3)] == [0.0, 0.0, 0.0]


def test_goldrush_finds_the_page_of_a_block_without_remembering(ask: Callable) -> None:
    world = World(head=450, per_block=2)
    source, server = ask("goldrush", world)
    found = pages(source, "native", 450)
    assert [row.hash for page in found for row in page.transactions] == [row["hash"] for row in world.transactions]
    assert all(later.first == earlier.last + 1 for earlier, later in pairwise(found))
    before = len(server.asked)
    assert source.page("native", WHO, 441, 450).transactions[0].block == 441
    assert len(server.asked) - before < 12


@pytest.mark.parametrize("kind", EVERY)
def test_what_an_indexer_lost_lowers_the_coverage(kind: str, ask: Callable) -> None:
    source, _ = ask(kind, World(head=40, gaps=frozenset(range(11, 21))))
    (page,) = pages(source, "native", 40)
    assert page.complete == pytest.approx(0.75)


def test_permissions_that_were_not_met_lower_their_coverage(ask: Callable) -> None:
    source, _ = ask("goldrush", World())
    logs = pages(source, "native", 40)[0].logs
    assert source.standing(WHO, logs, source.head()).seen == (("approvals", 1.0),)
    assert source.standing(WHO, logs[2:], source.head()).seen == (("approvals", 0.0),)


def test_an_indexer_behind_the_chain_reads_as_far_as_it_is(ask: Callable) -> None:
    source, server = ask("goldrush", World(head=40))
    server.hooks.append(lambda path, _: None)
    assert pages(source, "native", 40)[0].last == 40
    with pytest.raises(ChainUnreachable, match="behind"):
        source.page("native", WHO, 41, 60)


BUSY: dict[str, Answer] = {
    "status 429": (429, {"message": "Too Many Requests"}, {}),
    "status 429 with a pause": (429, {"data": None, "error": True, "error_code": 429}, {"Retry-After": "1"}),
    "etherscan's body": (200, {"status": "0", "message": "NOTOK", "result": "Max rate limit reached"}, {}),
    "its newer body": (
        200, {"status": "0", "message": "NOTOK", "result": "Max calls per sec rate limit reached (3/sec)"}, {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", BUSY)
@pytest.mark.parametrize("times", [2, 100])
def test_a_rate_limit_is_waited_for_but_not_for_ever(words: str, times: int, ask: Callable) -> None:
    source, server = ask("etherscan", World())
    left = [BUSY[words]] * times
    server.hooks.append(lambda *_: left.pop() if left else None)
    if times < asking.MOST_ATTEMPTS:
        assert source.head().number == 40
    else:
        with pytest.raises(ChainUnreachable, match="pause"):
            source.head()
        assert len(server.asked) == asking.MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((429, {}, {"Retry-After": "86400"}), "pause"),
        ((200, {"status": "0", "message": "NOTOK", "result": "Max daily rate limit reached"}, {}), "used up"),
        ((200, {"status": "0", "message": "NOTOK", "result": "Invalid API Key"}, {}), "key"),
        ((401, {"error": True}, {}), "key"),
        ((200, {"status": "0", "message": "NOTOK", "result": f"Error! {KEY}"}, {}), "refused"),
        ((500, b"<html>", {}), "status 500"),
        ((307, b"", {"Location": "http://127.0.0.1:1/"}), "Hostile"),
        ((200, b"", {}), "JSON"),
        ((200, b"<html>", {}), "JSON"),
        ((200, b"[]", {}), "object"),
        ((200, b"[" * 100_000, {}), "Hostile"),
        ((200, {"status": "1", "message": "OK", "result": "rows"}, {}), "list"),
        ((200, {"status": "1", "message": "OK", "result": [None]}, {}), "object"),
        ((200, {"status": "1", "message": "OK", "result": [{}]}, {}), "missing"),
        ((200, {"status": "0", "message": "OK", "result": [{"blockNumber": "1"}]}, {}), "refused"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["etherscan", "blockscout"])
def test_a_bad_answer_is_none_and_never_names_the_key(kind: str, answer: Answer, words: str, ask: Callable) -> None:
    source, server = ask(kind, World())
    server.hooks.append(lambda *_: answer)
    with pytest.raises(ChainUnreachable, match=words) as refused:
        source.page("native", WHO, 1, 40)
    assert KEY not in repr(refused.value)
    assert KEY not in repr(refused.value.__cause__)
    assert KEY not in repr(source)


TWISTS: dict[str, dict[str, object]] = {
    "block": {"blockNumber": "41"}, "negative": {"blockNumber": "-1"}, "value": {"value": "1e9"},
    "hash": {"hash": "0xabc"}, "sender": {"from": "0x" + "99" * 20, "to": "0x" + "98" * 20},
    "time": {"timeStamp": None}, "fork": {"blockNumber": "40", "blockHash": named("other")},
    "digits": {"value": "9" * 100}, "script": {"value": "٣"}, "address": {"from": "<script>"}, "nonce": {"nonce": "x"},
}  # fmt: skip


@pytest.mark.parametrize("twist", TWISTS)
def test_a_row_that_cannot_be_spoils_its_page(twist: str, ask: Callable) -> None:
    world = World()
    world.transactions[-1].update(TWISTS[twist])
    source, server = ask("etherscan", world)
    listed = server.listed

    def lying(query: dict[str, str]) -> dict[str, object]:
        whole = listed({**query, "endblock": "10000"}) if twist == "block" else listed(query)
        return {**whole, "result": world.transactions} if query["action"] == "txlist" else whole

    server.listed = lying
    with pytest.raises(ChainUnreachable):
        source.page("native", WHO, 1, 40)


def test_logs_nobody_asked_for_are_not_believed(ask: Callable) -> None:
    world = World()
    source, server = ask("etherscan", world)
    stranger = world.log(4, 9, [explorer.TRANSFER, explorer.word(OTHER), explorer.word(OTHER)], 10**30)
    server.hooks.append(
        lambda _, query: (200, {"status": "1", "message": "OK", "result": [stranger]}, {})
        if query.get("action") == "getLogs" else None
    )  # fmt: skip
    with pytest.raises(ChainUnreachable, match="nobody asked"):
        source.page("logs", WHO, 1, 40)


def test_goldrush_pages_out_of_order_and_foreign_logs_are_not_believed(ask: Callable) -> None:
    world = World()
    world.transactions.reverse()
    with pytest.raises(ChainUnreachable, match="order"):
        ask("goldrush", world)[0].page("native", WHO, 1, 40)
    source, server = ask("goldrush", World())
    item = server.item
    server.item = lambda row: item(row) | {"tx_hash": named("another")}
    with pytest.raises(ChainUnreachable, match="another"):
        source.page("native", WHO, 1, 40)
    server.hooks.append(lambda *_: (200, {"data": None, "error": True, "error_message": KEY, "error_code": 501}, {}))
    with pytest.raises(ChainUnreachable, match="refused"):
        source.head()


def test_the_key_goes_where_each_wants_it_and_nowhere_else(ask: Callable) -> None:
    for kind in EVERY:
        source, server = ask(kind, World())
        source.head()
        ((path, query, headers),) = server.asked
        assert KEY not in path
        assert (query.get("apikey") == KEY) is (kind == "etherscan")
        assert (headers.get("authorization") == f"Bearer {KEY}") is (kind != "etherscan")


def test_without_a_key_an_indexer_is_off() -> None:
    for kind in EVERY:
        assert each_source(ETHEREUM, Access({}, {"ethereum": kind})) == {}
    solana = Place("solana", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", None, "solana-mainnet")
    assert each_source(solana, Access({}, {"solana": "etherscan|blockscout"}, {}, dict.fromkeys(EVERY, KEY))) == {}
    assert each_source(ETHEREUM, Access({}, {"ethereum": "a|b||"}, {}, dict.fromkeys(EVERY, KEY))) == {}
    hosted = each_source(ETHEREUM, Access({}, {"ethereum": "blockscout"}, {}, {"blockscout": KEY}))["blockscout", 1]
    assert hosted.explorer.asking.url == "https://api.blockscout.com/1"


def test_two_indexers_stand_in_for_each_other_and_the_more_complete_one_tells(ask: Callable) -> None:
    full, gappy = Modules(World()), Instance(World(gaps=frozenset(range(11, 21))))
    with explorer.serving(full) as one, explorer.serving(gappy) as two:
        both = Access(
            {}, {"ethereum": "blockscout|etherscan"}, {"blockscout": two, "etherscan": one}, {"etherscan": KEY}
        )
        assert source_of(ETHEREUM, both, []) is None
        assert source_of(ETHEREUM, both, [("etherscan", 1)]).name == "etherscan"
        joined = source_of(ETHEREUM, both, [("etherscan", 1), ("blockscout", 1)])
        assert joined.name == "blockscout, etherscan"
        page = joined.page("native", WHO, 1, 40)
        assert (len(page.transactions), page.complete) == (40, 1.0)
        full.hooks.append(lambda *_: (503, b"", {}))
        assert joined.page("native", WHO, 1, 40).complete == pytest.approx(0.75)
        assert joined.head().number == 40
        gappy.hooks.append(lambda *_: (503, b"", {}))
        with pytest.raises(ChainUnreachable):
            joined.page("native", WHO, 1, 40)


def test_nobody_is_asked_more_often_than_the_plan_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(pace.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(pace.time, "sleep", sleep)
    bucket = pace.Pace(3)
    for _ in range(9):
        bucket.wait()
    assert sum(slept) == pytest.approx(2.0, abs=0.01)


def test_the_formats_name_their_documentation() -> None:
    for module in (etherscan, explorer):
        assert re.search(r"docs\.etherscan\.io", module.__doc__ or "")
