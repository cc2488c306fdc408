"""Nodes are asked who they are: a dead one, one of another chain, and one with another genesis are not used."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.test import override_settings

from tests.factories.accounts import AT
from wallets import services
from wallets.chain.nodes import node_of
from wallets.chain.port import Call, CallReverted, ChainUnreachable
from wallets.models import Chain, ChainEndpoint

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
GENESIS = "0x" + "ab" * 32
BLOCK = {"number": "0x10", "hash": GENESIS, "parentHash": "0x00", "timestamp": "0x5"}
ANSWERS = {"eth_chainId": "0x1e240", "eth_getBlockByNumber": BLOCK, "eth_getCode": "0x", "eth_getBalance": "0x7"}


class Rpc(BaseHTTPRequestHandler):
    """A node that knows these answers."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        many = asked if isinstance(asked, list) else [asked]
        answers = [self.answer(one) for one in many]
        content = json.dumps(answers if isinstance(asked, list) else answers[0]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def answer(self, asked: dict[str, object]) -> dict[str, object]:
        base = {"jsonrpc": "2.0", "id": asked["id"]}
        if asked["method"] in ANSWERS:
            return {**base, "result": ANSWERS[asked["method"]]}
        return {**base, "error": {"code": 3, "message": "execution reverted", "data": "0x08c379a0"}}

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Rpc)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def checked(key: str, address: str, eip155_id: int = 123456, genesis: str = "") -> ChainEndpoint:
    services.register_networks()
    Chain.objects.filter(key=key).update(eip155_id=eip155_id, genesis_hash=genesis)
    with override_settings(CHAIN_ENDPOINTS={key: address}):
        healthy = services.check_endpoints(at=AT)
    endpoint = ChainEndpoint.objects.get(chain__key=key)
    assert endpoint.healthy is bool(healthy)
    return endpoint


def test_the_first_node_tells_the_genesis_once(url: str) -> None:
    endpoint = checked("zora", url)
    assert (endpoint.healthy, endpoint.checked_block) == (True, 16)
    assert Chain.objects.get(key="zora").genesis_hash == GENESIS


def test_a_node_of_another_chain_is_not_used(url: str) -> None:
    assert "chain 123456" in checked("zora", url, eip155_id=7777777).trouble
    assert "another genesis" in checked("zora", url, genesis="0x" + "cd" * 32).trouble


def test_a_node_that_does_not_answer_is_not_used() -> None:
    assert "does not answer" in checked("zora", "http://127.0.0.1:9").trouble


def test_a_node_answers_in_our_words(url: str) -> None:
    node = node_of("zora", {"zora": url})
    assert node is not None
    assert (node.chain_id(), node.code("0x00"), node.balance("0x00")) == (123456, "0x", 7)
    assert [block.number for block in node.blocks([1, 2])] == [16, 16]
    assert node.calls([Call("0x", "0x00")]) == (None,)
    with pytest.raises(CallReverted) as refused:
        node.call(Call("0x", "0x00"))
    assert refused.value.data == "0x08c379a0"
    with pytest.raises(ChainUnreachable):
        node.nonce("0x00")
    assert node_of("zora", {}) is None
