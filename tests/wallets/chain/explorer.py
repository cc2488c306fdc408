"""Indexers that behave like the real ones, over HTTP, with a made-up history: Etherscan v2, Blockscout, GoldRush.

Formats as documented at docs.etherscan.io/api-reference, docs.blockscout.com/devs/apis and
goldrush.dev/docs/api-reference/foundational-api; no answer of theirs is copied.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from eth_utils import keccak

WHO, OTHER, TOKEN = ("0x" + digits * 20 for digits in ("a1", "b2", "c3"))
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925"
BORN = 1_700_000_000
GWEI = 10**9
Row = dict[str, Any]
Answer = tuple[int, Any, dict[str, str]]


def word(address: str) -> str:
    return f"0x{address[2:]:0>64}"


def named(*parts: object) -> str:
    """A hash."""
    return "0x" + keccak(text=":".join(map(str, parts))).hex()


@dataclass
class World:
    """A chain: the account sends in every block, receives internally in every fourth, moves tokens in every second."""

    head: int = 40
    fork: str = ""
    per_block: int = 1
    gaps: frozenset[int] = frozenset()
    """Blocks whose transactions the indexer lost."""
    transactions: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        for block in range(1, self.head + 1):
            for place in range(self.per_block):
                if block not in self.gaps:
                    self.transactions.append(self.transaction(block, place))

    def hash(self, block: int) -> str:
        return named("block", self.fork, block)

    def at(self, block: int) -> int:
        return BORN + 12 * block

    def transaction(self, block: int, place: int) -> Row:
        """A row of txlist."""
        return {
            "blockNumber": str(block), "blockHash": self.hash(block), "timeStamp": str(self.at(block)),
            "hash": named("tx", self.fork, block, place), "nonce": str((block - 1) * self.per_block + place),
            "transactionIndex": str(place), "from": WHO, "to": OTHER, "value": str(10**15 * (block + place)),
            "gas": "21000", "gasPrice": str(GWEI), "input": "0x", "methodId": "0x", "functionName": "",
            "contractAddress": "", "cumulativeGasUsed": "21000", "txreceipt_status": "1", "gasUsed": "21000",
            "confirmations": "9", "isError": "1" if block % 10 == 0 else "0",
        }  # fmt: skip

    def internals(self) -> list[Row]:
        """Rows of txlistinternal: two calls of one transaction in every fourth block, and one that failed."""
        rows = []
        for block in range(4, self.head + 1, 4):
            for trace in range(3):
                rows.append({
                    "blockNumber": str(block), "timeStamp": str(self.at(block)),
                    "hash": named("tx", self.fork, block, 0), "from": OTHER,
                    "to": WHO, "value": str(7 + trace), "contractAddress": "", "input": "",
                    "type": "call", "gas": "1", "gasUsed": "0", "traceId": str(trace), "errCode": "",
                    "isError": "1" if trace == 2 else "0",
                })  # fmt: skip
        return rows

    def logs(self) -> list[Row]:
        """Rows of getLogs: transfers out and in turn by turn, and a permission in block 3."""
        return [row for block in range(2, max(self.head, 3) + 1) for row in self.logs_of(block)]

    def logs_of(self, block: int) -> list[Row]:
        """Those of one block."""
        if block == 3:
            return [self.log(3, 1, [APPROVAL, word(WHO), word(OTHER)], 2**256 - 1)]
        ends = (WHO, OTHER) if block % 4 else (OTHER, WHO)
        return [] if block % 2 else [self.log(block, 0, [TRANSFER, word(ends[0]), word(ends[1])], 1_000 + block)]

    def log(self, block: int, index: int, topics: list[str], amount: int) -> Row:
        return {
            "address": TOKEN, "topics": topics, "data": f"0x{amount:064x}", "blockNumber": hex(block),
            "blockHash": self.hash(block), "timeStamp": hex(self.at(block)), "gasPrice": hex(GWEI), "gasUsed": "0x5208",
            "logIndex": hex(index) if index else "0x", "transactionHash": named("tx", self.fork, block, 0),
            "transactionIndex": "0x",
        }  # fmt: skip

    def block(self, number: int) -> Row:
        return {
            "number": hex(number), "hash": self.hash(number), "parentHash": self.hash(number - 1),
            "timestamp": hex(self.at(number)),
        }  # fmt: skip

    def node(self, method: str, params: list[Any]) -> object:
        """What a node says."""
        if method == "eth_chainId":
            return "0x1"
        if method == "eth_getTransactionReceipt":
            row = next((row for row in self.transactions if row["hash"] == params[0]), None)
            status = "0x0" if row and row["isError"] == "1" else "0x1"
            return row and {"from": WHO, "status": status, "effectiveGasPrice": hex(GWEI)}
        return self.block(self.head if params[0] == "latest" else int(params[0], 16))


class Indexer:
    """Answers questions about a world. `hooks` may answer first; `asked` is what was asked, keys and all."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.hooks: list[Callable[[str, dict[str, str]], Answer | None]] = []

    def answer(self, path: str, query: dict[str, str], body: Row | None, headers: dict[str, str]) -> Answer:
        self.asked.append((path, query, headers))
        for hook in self.hooks:
            if (found := hook(path, query)) is not None:
                return found
        return 200, self.say(path, query, body), {}

    def say(self, path: str, query: dict[str, str], body: Row | None) -> object:
        raise NotImplementedError


class Modules(Indexer):
    """Etherscan v2 and Blockscout: `module` and `action`; nodes' methods as a module, or by POST."""

    most_rows = 1_000

    def say(self, path: str, query: dict[str, str], body: Row | None) -> object:
        if body is not None:
            return {"jsonrpc": "2.0", "id": body["id"], "result": self.world.node(body["method"], body["params"])}
        if query["module"] == "proxy":
            params = [query.get("tag") or query.get("txhash"), False]
            return {"jsonrpc": "2.0", "id": 83, "result": self.world.node(query["action"], params)}
        return self.listed(query)

    def listed(self, query: dict[str, str]) -> Row:
        action = query["action"]
        if action in {"balance", "tokenbalance"}:
            return {"status": "1", "message": "OK", "result": "5000" if action == "balance" else "77"}
        found = {"txlist": self.world.transactions, "txlistinternal": self.world.internals()}.get(action)
        first, last = (int(query[name]) for name in (("startblock", "endblock") if found else ("fromBlock", "toBlock")))
        if found is None:
            place, topic = next((int(name[5:]), query[name]) for name in query if name.startswith("topic"))
            found = [row for row in self.world.logs() if row["topics"][place : place + 1] == [topic]]
        rows = [row for row in found if first <= int(row["blockNumber"], 0) <= last]
        rows = rows[: min(self.most_rows, int(query["offset"]))]
        if not rows:
            message = "No records found" if action == "getLogs" else "No transactions found"
            return {"status": "0", "message": message, "result": []}
        return {"status": "1", "message": "OK", "result": rows}


class Instance(Modules):
    """A Blockscout: logs without a block hash and with empty topics, internal calls by `transactionHash`."""

    most_rows = 10_000

    def listed(self, query: dict[str, str]) -> Row:
        whole = super().listed(query)
        for row in whole["result"] if query["action"] == "getLogs" else ():
            row.pop("blockHash")
            row["topics"] = [*row["topics"], None, None, None][:4]
        for row in whole["result"] if query["action"] == "txlistinternal" else ():
            row["transactionHash"] = row.pop("hash")
        return whole


class GoldRush(Indexer):
    """The hosted indexer: pages of a hundred transactions from the earliest on."""

    per_page = 100

    def say(self, path: str, query: dict[str, str], body: Row | None) -> object:
        parts = path.strip("/").split("/")
        whole = self.told(parts[2:])
        head = {"chain_id": 1, "chain_name": parts[1], "chain_tip_height": self.world.head}
        return {"data": {**head, **whole}, "error": False, "error_message": None, "error_code": None}

    def told(self, asked: list[str]) -> Row:
        if asked[0] == "block_v2":
            return {"items": [self.block(self.world.head if asked[1] == "latest" else int(asked[1]))]}
        if asked[0] == "approvals":
            row = {"tx_hash": named("tx", self.world.fork, 3, 0), "log_offset": 1, "spender_address": OTHER}
            return {"items": [{"token_address": TOKEN, "spenders": [{**row, "allowance": "UNLIMITED"}]}]}
        if asked[0] == "transaction_v2":
            return {"items": [self.item(row) for row in self.world.transactions if row["hash"] == asked[1]]}
        if asked[2] == "transactions_summary":
            return {"items": [{"total_count": len(self.world.transactions) + len(self.world.gaps)}]}
        if asked[2] == "balances_v2":
            coin = {"native_token": True, "contract_address": "0x" + "ee" * 20, "balance": "5000"}
            return {"items": [coin, {"native_token": False, "contract_address": TOKEN, "balance": "77"}]}
        place, rows = int(asked[4]), self.world.transactions
        part = rows[place * self.per_page : (place + 1) * self.per_page]
        more = "next" if len(rows) > (place + 1) * self.per_page else None
        return {"current_page": place, "links": {"prev": None, "next": more}, "items": [self.item(row) for row in part]}

    def block(self, number: int) -> Row:
        return {
            "height": number, "block_hash": self.world.hash(number), "signed_at": self.written(number),
            "block_parent_hash": self.world.hash(number - 1),
        }  # fmt: skip

    def written(self, block: int) -> str:
        return datetime.fromtimestamp(self.world.at(block), UTC).isoformat().replace("+00:00", "Z")

    def item(self, row: Row) -> Row:
        block = int(row["blockNumber"])
        logs = self.world.logs_of(block) if row["transactionIndex"] == "0" else []
        return {
            "block_signed_at": self.written(block), "block_height": block, "block_hash": row["blockHash"],
            "tx_hash": row["hash"], "tx_offset": 0, "successful": row["isError"] == "0", "from_address": row["from"],
            "to_address": row["to"], "value": row["value"], "gas_offered": 21_000, "gas_spent": 21_000,
            "gas_price": int(row["gasPrice"]), "fees_paid": str(21_000 * GWEI),
            "log_events": [
                {
                    "block_signed_at": self.written(block), "block_height": block, "tx_offset": 0,
                    "log_offset": int(log["logIndex"], 16) if log["logIndex"] != "0x" else 0, "tx_hash": row["hash"],
                    "raw_log_topics": log["topics"], "raw_log_data": log["data"], "sender_address": TOKEN,
                }
                for log in logs
            ],
        }  # fmt: skip


@contextmanager
def serving(indexer: Indexer) -> Iterator[str]:
    """The indexer on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond(None)

        def do_POST(self) -> None:
            self.respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def respond(self, body: Row | None) -> None:
            asked = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, document, more = indexer.answer(asked.path, dict(parse_qsl(asked.query)), body, headers)
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
