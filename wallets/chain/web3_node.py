"""A node behind web3's provider. The only module that imports web3; it is loaded when the first node is asked.

Requests go out as plain JSON-RPC: no middleware guesses, and nobody's contract can send us elsewhere (CCIP read).
"""

from collections.abc import Sequence

from web3 import HTTPProvider
from web3.types import RPCEndpoint

from creditiq.kernel import outgoing
from wallets.chain import ranges
from wallets.chain.answers import (
    Refused,
    block_of,
    kept,
    list_of,
    log_of,
    number_of,
    object_of,
    receipt_of,
    result_of,
    transaction_of,
)
from wallets.chain.pace import Pace, pace_of
from wallets.chain.port import (
    Block,
    Call,
    CallReverted,
    ChainUnreachable,
    Log,
    LogFilter,
    NoHistory,
    Receipt,
    TooManyLogs,
    Transaction,
    TransactionRefused,
)

MOST_IN_BATCH = 100
PER_SECOND = 20.0
"""Requests to one endpoint; a batch is one. A node of our own network is asked as often as we like."""
TOO_WIDE = frozenset({-32005, -32602, -32000, -32600, -32011, -32614})
"""Codes under which nodes refuse a range of logs (wallets.md §7)."""
REVERTED = 3


def connect(url: str) -> "Web3Node":
    """A node at an address from the settings."""
    kwargs = {"timeout": outgoing.READ_SECONDS, "allow_redirects": False}
    session = outgoing.session_for(url)
    provider = HTTPProvider(url, request_kwargs=kwargs, session=session, exception_retry_configuration=None)
    return Web3Node(provider, None if outgoing.is_local(url) else pace_of(url, PER_SECOND))


class Web3Node:
    """`ChainNode` by JSON-RPC over HTTP."""

    def __init__(self, provider: HTTPProvider, pace: Pace | None = None) -> None:
        self.provider = provider
        self.pace = pace

    def ask(self, method: str, *params: object) -> object:
        """One request. Raises Refused, ChainUnreachable."""
        self._wait()
        try:
            answer = self.provider.make_request(RPCEndpoint(method), list(params))
        except Exception as error:
            raise ChainUnreachable(type(error).__name__) from error
        return result_of(answer)

    def ask_all(self, requests: Sequence[tuple[str, Sequence[object]]]) -> list[object | Refused]:
        """Many requests in batches, answered in their order; what was refused stands in its place."""
        pieces = [requests[start : start + MOST_IN_BATCH] for start in range(0, len(requests), MOST_IN_BATCH)]
        return [answer for piece in pieces for answer in self._batch(piece)]

    def _wait(self) -> None:
        if self.pace is not None:
            self.pace.wait()

    def _batch(self, requests: Sequence[tuple[str, Sequence[object]]]) -> list[object | Refused]:
        batch = [(RPCEndpoint(method), list(params)) for method, params in requests]
        self._wait()
        try:
            answers = self.provider.make_batch_request(batch)
        except Exception as error:
            raise ChainUnreachable(type(error).__name__) from error
        if not isinstance(answers, list) or len(answers) != len(batch):
            raise ChainUnreachable("the batch was not answered")
        return [kept(answer) for answer in answers]

    def _known(self, method: str, *params: object) -> object:
        """An answer that a healthy node always has."""
        try:
            return self.ask(method, *params)
        except Refused as error:
            raise ChainUnreachable(str(error)) from error

    def chain_id(self) -> int:
        return number_of(self._known("eth_chainId"))

    def genesis_hash(self) -> str:
        return self.blocks([0])[0].hash

    def head(self) -> Block:
        return block_of(self._known("eth_getBlockByNumber", "latest", False))

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        answers = self.ask_all([("eth_getBlockByNumber", (hex(number), False)) for number in numbers])
        return tuple(block_of(answer) for answer in answers)

    def transactions(self, block: int) -> tuple[Transaction, ...]:
        whole = object_of(self._known("eth_getBlockByNumber", hex(block), True))
        return tuple(transaction_of(row) for row in list_of(whole.get("transactions")))

    def receipts(self, block: int) -> tuple[Receipt, ...]:
        return tuple(receipt_of(row) for row in list_of(self._known("eth_getBlockReceipts", hex(block))))

    def receipt(self, transaction_hash: str) -> Receipt | None:
        answer = self._known("eth_getTransactionReceipt", transaction_hash)
        return None if answer is None else receipt_of(answer)

    def knows(self, transaction_hash: str) -> bool:
        return self._known("eth_getTransactionByHash", transaction_hash) is not None

    def logs(self, sought: LogFilter) -> tuple[Log, ...]:
        asked: dict[str, object] = {"fromBlock": hex(sought.from_block), "toBlock": hex(sought.to_block)}
        if sought.addresses:
            asked["address"] = list(sought.addresses)
        if sought.topics:
            asked["topics"] = [list(place) or None for place in sought.topics]
        try:
            return tuple(log_of(row) for row in list_of(self.ask("eth_getLogs", asked)))
        except Refused as error:
            if error.code in TOO_WIDE and ranges.REFUSALS.search(str(error)):
                raise TooManyLogs(ranges.suggestion(str(error), error.data)) from error
            raise ChainUnreachable(str(error)) from error

    def code(self, address: str, block: int | None = None) -> str:
        return str(self._known("eth_getCode", address, _place(block)))

    def call(self, call: Call, block: int | None = None) -> str:
        try:
            return str(self.ask("eth_call", _asked(call), _place(block)))
        except Refused as error:
            if error.code == REVERTED or "revert" in str(error):
                raise CallReverted(error.data if isinstance(error.data, str) else "0x") from error
            raise ChainUnreachable(str(error)) from error

    def calls(self, calls: Sequence[Call], block: int | None = None) -> tuple[str | None, ...]:
        answers = self.ask_all([("eth_call", (_asked(call), _place(block))) for call in calls])
        return tuple(None if isinstance(answer, Refused) else str(answer) for answer in answers)

    def nonce(self, address: str, block: int | None = None) -> int:
        return number_of(self._known("eth_getTransactionCount", address, _place(block)))

    def balance(self, address: str, block: int | None = None) -> int:
        return number_of(self._known("eth_getBalance", address, _place(block)))

    def standings(self, address: str, blocks: Sequence[int]) -> tuple[tuple[int, int], ...]:
        asked = [
            (method, (address, hex(block)))
            for block in blocks
            for method in ("eth_getTransactionCount", "eth_getBalance")
        ]
        answers = self.ask_all(asked)
        if any(isinstance(answer, Refused) for answer in answers):
            raise NoHistory
        numbers = [number_of(answer) for answer in answers]
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))

    def send_raw(self, signed: str) -> str:
        try:
            return str(self.ask("eth_sendRawTransaction", signed))
        except Refused as error:
            raise TransactionRefused(str(error)) from error

    def estimate(self, call: Call) -> int:
        try:
            return number_of(self.ask("eth_estimateGas", _asked(call)))
        except Refused as error:
            raise CallReverted(error.data if isinstance(error.data, str) else "0x") from error

    def fees(self) -> tuple[int, int]:
        whole = object_of(self._known("eth_getBlockByNumber", "latest", False))
        try:
            tip = number_of(self.ask("eth_maxPriorityFeePerGas"))
        except Refused:
            tip = 10**9
        return number_of(whole.get("baseFeePerGas", "0x0")), tip


def _place(block: int | None) -> str:
    return "latest" if block is None else hex(block)


def _asked(call: Call) -> dict[str, str]:
    asked = {"data": call.data, "to": call.to, "from": call.sender}
    return {name: value for name, value in asked.items() if value is not None}
