"""Several nodes of one chain: the next answers, two agree, each is asked who it is, and a fork leads nobody astray."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client, override_settings

from tests.factories.accounts import AT
from tests.wallets.chain import explorer
from tests.wallets.chain.explorer import World
from wallets import services
from wallets.chain.nodes import node_of, nodes_of
from wallets.chain.pool import NodePool
from wallets.chain.port import Block, Call, CallReverted, ChainUnreachable, LogFilter, NoHistory, TooManyLogs
from wallets.chain.web3_node import connect
from wallets.models import Chain, ChainEndpoint

pytestmark = pytest.mark.integration
DEAD = "http://127.0.0.1:9"


class Node:
    """A node in memory: of a world, perhaps dead, perhaps without past states."""

    def __init__(self, world: World, *, dead: bool = False, pruned: bool = False) -> None:
        self.world, self.dead, self.pruned, self.asked = world, dead, pruned, 0

    def _alive(self) -> None:
        self.asked += 1
        if self.dead:
            raise ChainUnreachable("dead")

    def head(self) -> Block:
        return self.blocks([self.world.head])[0]

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        self._alive()
        if max(numbers) > self.world.head:
            raise ChainUnreachable("no such block")
        return tuple(Block(n, self.world.hash(n), self.world.hash(n - 1), self.world.at(n)) for n in numbers)

    def nonce(self, address: str, block: int | None = None) -> int:
        self._alive()
        return 7

    def call(self, call: Call, block: int | None = None) -> str:
        raise CallReverted("0x08c379a0")

    def logs(self, sought: LogFilter) -> tuple[object, ...]:
        raise TooManyLogs((1, 2))

    def standings(self, address: str, blocks: Sequence[int]) -> tuple[tuple[int, int], ...]:
        self._alive()
        if self.pruned:
            raise NoHistory
        return tuple((1, 2) for _ in blocks)


def test_the_next_node_answers_and_the_dead_one_is_asked_last_from_then_on() -> None:
    dead, alive = Node(World(), dead=True), Node(World())
    pool = NodePool([dead, alive])
    assert [pool.nonce("0x") for _ in range(5)] == [7] * 5
    assert (dead.asked, alive.asked) == (1, 5)
    with pytest.raises(ChainUnreachable):
        NodePool([dead, Node(World(), dead=True)]).nonce("0x")


def test_the_head_is_the_highest_block_two_nodes_have() -> None:
    assert NodePool([Node(World(head=40)), Node(World(head=43)), Node(World(head=42))]).head().number == 42
    assert NodePool([Node(World(head=40)), Node(World(), dead=True)]).head().number == 40


def test_two_nodes_on_different_forks_are_not_believed_but_a_third_decides() -> None:
    right, wrong = Node(World()), Node(World(fork="b"))
    with pytest.raises(ChainUnreachable, match="disagree"):
        NodePool([right, wrong]).head()
    pool = NodePool([wrong, right, Node(World())])
    assert pool.head().hash == World().hash(40)
    assert [block.hash for block in pool.blocks([3, 4])] == [World().hash(3), World().hash(4)]


def test_refusals_of_a_question_are_answers_and_an_archive_node_helps_a_pruned_one() -> None:
    pool = NodePool([Node(World(), pruned=True), Node(World())])
    with pytest.raises(CallReverted):
        pool.call(Call("0x", "0x"))
    with pytest.raises(TooManyLogs):
        pool.logs(LogFilter(1, 9))
    assert pool.standings("0x", [1]) == ((1, 2),)
    with pytest.raises(NoHistory):
        NodePool([Node(World(), pruned=True), Node(World(), dead=True)]).standings("0x", [1])


@contextmanager
def served(world: World) -> Iterator[str]:
    """A node of a world over HTTP."""

    class Rpc(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            many = asked if isinstance(asked, list) else [asked]
            answers = [
                {"jsonrpc": "2.0", "id": one["id"], "result": world.node(one["method"], one["params"])} for one in many
            ]
            content = json.dumps(answers if isinstance(asked, list) else answers[0]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Rpc)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.django_db
def test_every_source_is_asked_who_it_is_and_only_those_that_pass_are_used() -> None:
    """Of five sources two pass: one is dead, one on a chain with another genesis, one explorer tells of that one."""
    services.register_networks()
    Chain.objects.filter(key="ethereum").update(genesis_hash=World().hash(0))
    with ExitStack() as running:
        good, other = (running.enter_context(served(World(fork=fork))) for fork in ("", "b"))
        scan = running.enter_context(explorer.serving(explorer.Modules(World())))
        scout = running.enter_context(explorer.serving(explorer.Instance(World(fork="b"))))
        chosen = {
            "CHAIN_ENDPOINTS": {"ethereum": f"{DEAD}| {other} |{good}"},
            "CHAIN_INDEXERS": {"ethereum": "etherscan|blockscout"},
            "CHAIN_INDEXER_URLS": {"etherscan": scan, "blockscout:ethereum": scout},
            "CHAIN_INDEXER_KEYS": {"etherscan": "key"},
        }
        with override_settings(**chosen):
            chain = Chain.objects.get(key="ethereum")
            assert services.check_endpoints(at=AT) == 2
            told = {(row.kind, row.number): row.trouble for row in ChainEndpoint.objects.filter(chain=chain)}
            source = services.usable_source(chain)
            listed = next(row for row in Client().get("/api/v1/chains").json() if row["key"] == "ethereum")
            assert services.usable_node(chain).nonce is not None
        assert told["node", 3] == told["etherscan", 1] == ""
        assert "not answer" in told["node", 1]
        assert "another genesis" in told["node", 2]
        assert "another genesis" in told["blockscout", 1]
        assert source.name == "node, etherscan"
        assert set(listed["capabilities"]) == {"file", "node", "etherscan"}
        assert "internal" in listed["capabilities"]["etherscan"]
        assert listed["last_checked_block"] == 40
        with override_settings(**chosen | {"CHAIN_ENDPOINTS": {"ethereum": good}, "CHAIN_INDEXERS": {}}):
            assert services.check_endpoints(at=AT) == 1
            assert ChainEndpoint.objects.filter(chain=chain).count() == 1


def test_strangers_nodes_are_asked_at_a_pace_and_our_own_are_not() -> None:
    assert connect("http://127.0.0.1:8").pace is None
    paced = connect("https://node.example").pace
    assert paced is not None
    assert paced is connect("https://node.example").pace
    assert paced is not connect("https://other.example").pace


def test_several_addresses_of_the_settings_are_one_node() -> None:
    several = {"ethereum": f"{DEAD}|http://127.0.0.1:8|"}
    assert len(nodes_of("ethereum", several)) == 2
    assert isinstance(node_of("ethereum", several), NodePool)
    assert node_of("ethereum", several) is node_of("ethereum", several)
    assert node_of("ethereum", several, [2]) is nodes_of("ethereum", several)[1]
    assert node_of("ethereum", several, []) is None
