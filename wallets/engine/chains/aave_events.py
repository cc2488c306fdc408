"""Events of Aave as its subgraph gives them (`userTransactions`), put back into the logs their pools emitted.

Decimals and dollars of the answer are left alone: amounts are smallest units, prices come from elsewhere.
"""

import re
from collections.abc import Iterable, Mapping

from wallets.engine import abi
from wallets.engine.chains import known
from wallets.engine.evidence import LogRow

ADDRESS = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
HASH = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
LATEST = 4_102_444_800
UNNUMBERED = 1 << 30
"""Index of the first log of a transaction that came without one; real blocks never hold so many."""
POOL_OF = {"2": "aave_v2_pool", "3": "aave_v3_pool"}
EVENTS: Mapping[str, Mapping[str, str]] = {
    "3": {
        "supply": "aave_v3.Supply", "deposit": "aave_v3.Supply", "borrow": "aave_v3.Borrow", "repay": "aave_v3.Repay",
        "redeemunderlying": "aave.Withdraw", "withdraw": "aave.Withdraw", "liquidationcall": "aave.LiquidationCall",
    },
    "2": {
        "supply": "aave_v2.Deposit", "deposit": "aave_v2.Deposit", "borrow": "aave_v2.Borrow",
        "repay": "aave_v2.Repay", "redeemunderlying": "aave.Withdraw", "withdraw": "aave.Withdraw",
        "liquidationcall": "aave.LiquidationCall",
    },
}  # fmt: skip
"""What the subgraph calls an act, and the event that its pool emitted."""
SILENT = frozenset({"usageascollateral", "swap", "swapborrowrate", "flashloan", "mintunbacked", "backunbacked"})
"""Acts that move no debt of the wallet; they are passed over."""


class NotAnEvent(ValueError):
    """A field of a row is not what Aave's subgraph would say; `name` is the field."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def log_of(row: Mapping[str, object], told: Mapping[str, int], chain: str, wallet: str) -> LogRow | None:
    """The log behind one act of the wallet; None for an act that moves no debt. Raises NotAnEvent.

    `told`: by transaction, how many acts came before this one; where the row has no index, that is its number.
    """
    act = str(row.get("action") or row.get("__typename") or "").lower()
    if act in SILENT:
        return None
    user = _named(row, "user", "onBehalfOf")
    if user != wallet:
        raise NotAnEvent("user", "The row is of another wallet.")
    version, pool = _pool(row, act, chain)
    if act not in EVENTS[version]:
        raise NotAnEvent("action", f"Expected one of {', '.join(sorted(EVENTS[version]))}.")
    values: dict[str, abi.Value] = {"user": user}
    if act == "liquidationcall":
        values["asset"] = _asset(row, "principalReserve", chain)
        values["collateral"] = _asset(row, "collateralReserve", chain)
        values["amount"], values["seized"] = _whole(row, "principalAmount"), _whole(row, "collateralAmount")
    else:
        values["asset"], values["amount"] = _asset(row, "reserve", chain), _whole(row, "amount")
        values["by"] = values["to"] = user
    topics, data = abi.by_key()[EVENTS[version][act]].write(values)
    digest = _hash(row)
    index = _whole(row, "logIndex") if "logIndex" in row else UNNUMBERED + told.get(digest, 0)
    block = _whole(row, "blockNumber") if "blockNumber" in row else 0
    return LogRow(chain, digest, index, _moment(row), block, pool, topics, data)


def joined(held: Iterable[LogRow], fresh: Iterable[LogRow]) -> tuple[LogRow, ...]:
    """Logs of two sources as one: an act without an index is left out where its transaction tells it already.

    Overlapping exports may cut a transaction, so that its acts are counted otherwise; and a log with its true index
    says all that the subgraph says of the same event, and more.
    """
    kept = set(held)
    told = {_act(row) for row in kept if row.index >= UNNUMBERED}
    kept |= {row for row in fresh if row.index < UNNUMBERED or _act(row) not in told}
    numbered = {_event(row) for row in kept if row.index < UNNUMBERED}
    return tuple(row for row in kept if row.index < UNNUMBERED or _event(row) not in numbered)


def _act(row: LogRow) -> tuple[object, ...]:
    return row.chain, row.hash, row.address, row.topics, row.data


def _event(row: LogRow) -> tuple[object, ...]:
    return row.chain, row.hash, row.address, row.topics[:1]


def _pool(row: Mapping[str, object], act: str, chain: str) -> tuple[str, str]:
    """Version and address of the pool: as the row names it, else the chain's; `Deposit` is an act of version 2."""
    pools = {
        contract.address: version
        for version, kind in POOL_OF.items()
        for contract in known.contracts()
        if contract.chain == chain and contract.kind == kind
    }
    named = _id(row.get("pool"))
    if named in pools:
        return pools[named], named
    told = str(row.get("version") or ("2" if act == "deposit" else "3"))
    found = next((address for address, version in pools.items() if version == told), None)
    if found is None or (named and ADDRESS.fullmatch(named)):
        raise NotAnEvent("pool", "The registry knows no such pool of Aave on this network.")
    return told, found


def _id(value: object) -> str:
    """The id of an object or the text itself, in lower case."""
    told = value.get("id") if isinstance(value, dict) else value
    return str(told or "").lower()


def _named(row: Mapping[str, object], *names: str) -> str:
    for name in names:
        found = _id(row.get(name))
        if ADDRESS.fullmatch(found):
            return found
    raise NotAnEvent(names[0], "An address is 0x and 40 hexadecimal digits.")


def _asset(row: Mapping[str, object], name: str, chain: str) -> str:
    """Address of a reserve: its underlying asset, the beginning of its id, or its symbol on the token list."""
    told = row.get(name)
    fields = told if isinstance(told, dict) else {"underlyingAsset": told}
    for text in (str(fields.get("underlyingAsset") or "").lower(), str(fields.get("id") or "").lower()[:42]):
        if ADDRESS.fullmatch(text):
            return text
    symbol = str(fields.get("symbol") or "")
    for token in known.tokens():
        if symbol and token.symbol == symbol and token.asset.startswith(f"{chain}/0x"):
            return token.asset.rpartition("/")[2]
    raise NotAnEvent(name, "The reserve needs its underlyingAsset, or a symbol of the token list.")


def _hash(row: Mapping[str, object]) -> str:
    text = str(row.get("txHash") or row.get("transactionHash") or "").lower()
    if HASH.fullmatch(text) is None:
        raise NotAnEvent("txHash", "A transaction hash is 0x and 64 hexadecimal digits.")
    return text


def _whole(row: Mapping[str, object], name: str) -> int:
    text = str(row.get(name))
    if re.fullmatch(r"[0-9]{1,78}", text, re.ASCII) is None or int(text) >= 1 << 256:
        raise NotAnEvent(name, "A whole number in the token's smallest units is expected.")
    return int(text)


def _moment(row: Mapping[str, object]) -> int:
    at = _whole(row, "timestamp")
    if at > LATEST:
        raise NotAnEvent("timestamp", "Seconds since 1970 are expected.")
    return at
