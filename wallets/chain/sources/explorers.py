"""The two ways explorers are asked: one host for all chains (Etherscan v2), or an address for each (Blockscout).

Formats: docs.etherscan.io (v2: `chainid`, `module`, `action`; status "1" or "0", message, result; errors of the body in
resources/common-error-messages) and docs.blockscout.com (module interface under `/api`, nodes' methods under
`/api/eth-rpc`, on api.blockscout.com under `/json-rpc`; the key as a bearer token).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from wallets.chain.answers import Refused, list_of, number_of, object_of, result_of
from wallets.chain.asking import MOST_ATTEMPTS, Asking, Busy, pause
from wallets.chain.port import ChainUnreachable

NONE_FOUND = re.compile(r"^no (internal )?(transactions|records|logs|token transfers)\b.*found", re.IGNORECASE)
SLOW_DOWN = re.compile(r"max (calls per sec )?rate limit|too many requests", re.IGNORECASE)
NO_KEY = re.compile(r"api key", re.IGNORECASE)
USED_UP = re.compile(r"daily|quota|credits", re.IGNORECASE)
HOSTED = "api.blockscout.com"
T = TypeVar("T")


class Explorer(Protocol):
    """Every method raises ChainUnreachable when the explorer does not answer, or answers what is no answer."""

    @property
    def name(self) -> str:
        """What the evidence says where a row is from."""
        ...

    def chain_id(self) -> int:
        """The chain it says it tells of."""
        ...

    def rows(self, module: str, action: str, query: Mapping[str, object]) -> Sequence[object]:
        """A list; an empty one for "nothing found", which explorers tell as an error."""
        ...

    def value(self, module: str, action: str, query: Mapping[str, object]) -> object:
        """One value."""
        ...

    def rpc(self, method: str, *params: object) -> object:
        """What the explorer's own node answers."""
        ...


class _Modules:
    """What both have in common: `module` and `action`, and the words they refuse with."""

    def __init__(self, asking: Asking, path: str, always: Mapping[str, object]) -> None:
        self.asking, self.path, self.always = asking, path, always

    def rows(self, module: str, action: str, query: Mapping[str, object]) -> Sequence[object]:
        return list_of(self._ask(module, action, query))

    def value(self, module: str, action: str, query: Mapping[str, object]) -> object:
        return self._ask(module, action, query)

    def _ask(self, module: str, action: str, query: Mapping[str, object]) -> object:
        asked = {**self.always, "module": module, "action": action, **query}
        return patiently(lambda: _result(self.asking.get(self.path, asked)))


class EtherscanV2(_Modules):
    """One host, one key, the chain by its number."""

    name = "etherscan"

    def __init__(self, asking: Asking, chain_id: int, key: str) -> None:
        super().__init__(asking, "", {"chainid": chain_id, "apikey": key})

    def chain_id(self) -> int:
        return int(str(self.always["chainid"]))  # it has no question for it; the genesis block tells

    def rpc(self, method: str, *params: object) -> object:
        """Its `proxy` module answers for a node."""
        asked = {**self.always, "module": "proxy", "action": method, **_proxied(method, params)}
        return patiently(lambda: _proxy_result(self.asking.get(self.path, asked)))


class Blockscout(_Modules):
    """An instance of its own for each chain, or the hosted address that ends with the chain's number."""

    name = "blockscout"

    def __init__(self, asking: Asking) -> None:
        super().__init__(asking, "/api", {})
        self.node = "/json-rpc" if urlsplit(asking.url).hostname == HOSTED else "/api/eth-rpc"

    def chain_id(self) -> int:
        return number_of(self.rpc("eth_chainId"))

    def rpc(self, method: str, *params: object) -> object:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        return patiently(lambda: _rpc_result(self.asking.post(self.node, body)))


def patiently(question: Callable[[], T]) -> T:
    """Ask again after the pauses that the source wants. Raises ChainUnreachable."""
    for attempt in range(MOST_ATTEMPTS):
        try:
            return question()
        except Busy as busy:
            pause(attempt, busy)
    raise ChainUnreachable("the source wants a longer pause than we wait")


def _result(answer: object) -> object:
    whole = object_of(answer)
    result, message = whole.get("result"), str(whole.get("message", ""))
    if str(whole["status"]) == "1" and result is not None:
        return result
    if NONE_FOUND.search(message) and result in ([], None, ""):
        return []
    raise _refusal(f"{message} {result if isinstance(result, str) else ''}")


def _refusal(sentence: str) -> Exception:
    """Busy for a rate that will pass, ChainUnreachable in our own words for the rest: theirs may hold anything."""
    if USED_UP.search(sentence):
        return ChainUnreachable("the day's requests to the source are used up")
    if SLOW_DOWN.search(sentence):
        return Busy()
    if NO_KEY.search(sentence):
        return ChainUnreachable("the source does not accept our key")
    return ChainUnreachable("the source refused the question")


def _proxy_result(answer: object) -> object:
    """Errors of the proxy come as a node's, or in the form of the modules."""
    if "status" in object_of(answer):
        return _result(answer)
    return _rpc_result(answer)


def _rpc_result(answer: object) -> object:
    try:
        return result_of(answer)
    except Refused as refused:
        raise _refusal(str(refused)) from refused


def _proxied(method: str, params: Sequence[object]) -> dict[str, object]:
    """The proxy module names its parameters."""
    if method == "eth_getBlockByNumber":
        return {"tag": params[0], "boolean": str(params[1]).lower()}
    return {"txhash": params[0]} if method == "eth_getTransactionReceipt" else {}
