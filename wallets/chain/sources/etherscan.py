"""A history from an explorer that speaks Etherscan's module interface: Etherscan v2 itself, and every Blockscout.

Formats: docs.etherscan.io/api-reference (txlist, txlistinternal, getLogs, tokenbalance, proxy) and
docs.blockscout.com/devs/apis/rpc (modules account and logs; eth-rpc). Lists end at 1,000 rows, so a reading goes on
from the last block seen, never by page number; that block is asked for again, because its rows may not have fitted.
Tokens are read as logs, as from a node: then nothing is told twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wallets.chain.answers import Fields, block_of, hash_of, known_address, list_of, number_of, object_of
from wallets.chain.port import Block, ChainUnreachable
from wallets.chain.sources.explorers import Explorer
from wallets.chain.sources.protocol import INTERNAL, LOGS, NATIVE, Page, Standing
from wallets.engine.evidence import BalanceRow, LogRow, PriceRow, TransactionRow, TransferRow

MOST_ROWS = 1_000
"""Rows of one answer: what Etherscan's free plan gives since 1 July 2026."""
MOST_TOKENS = 25
"""Tokens whose balance is asked for, one request each; the others lower the coverage of balances."""
READINGS: dict[str, tuple[str, ...]] = {
    NATIVE: ("native",),
    LOGS: ("logs", "erc20", "nft", "approvals"),
    INTERNAL: ("internal",),
}
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


@dataclass(frozen=True)
class _Rows:
    """Rows of one list that are surely all up to block `last`; `missed` blocks gave only a part of theirs."""

    rows: Sequence[Fields]
    last: int
    missed: int = 0


class EtherscanLikeSource:
    """`ChainDataSource` of an explorer. Balances are those of now: explorers sell the past."""

    readings = READINGS

    def __init__(self, explorer: Explorer, chain: str) -> None:
        self.explorer = explorer
        self.chain = chain
        self.name = explorer.name

    def chain_id(self) -> int:
        return self.explorer.chain_id()

    def head(self) -> Block:
        return block_of(self.explorer.rpc("eth_getBlockByNumber", "latest", False))

    def blocks(self, numbers: list[int]) -> tuple[Block, ...]:
        found = tuple(block_of(self.explorer.rpc("eth_getBlockByNumber", hex(number), False)) for number in numbers)
        if [block.number for block in found] != list(numbers):
            raise ChainUnreachable("the explorer answered with other blocks")
        return found

    def page(self, reading: str, account: str, first: int, last: int) -> Page:
        read = {NATIVE: self._native, LOGS: self._logs, INTERNAL: self._internal}[reading]
        return read(account, first, last)

    def _native(self, account: str, first: int, last: int) -> Page:
        found = self._account_rows("txlist", account, first, last)
        rows = {row.hash: row for row in (self._transaction(fields) for fields in found.rows)}
        _involving(account, ((row.sender, row.recipient) for row in rows.values()))
        nonces = {number(row["nonce"]) for row in found.rows if str(row["from"]).lower() == account}
        seen = len(nonces) / (max(nonces) - min(nonces) + 1) if nonces else 1.0
        blocks = {number(row["blockNumber"]): hash_of(row["blockHash"]) for row in found.rows if "blockHash" in row}
        return Page(
            first, found.last, seen * self._complete(found, first), self._headers(blocks, found.last),
            transactions=tuple(rows.values()),
        )  # fmt: skip

    def _transaction(self, row: Fields) -> TransactionRow:
        price = number(row["gasPrice"])
        recipient = str(row["to"] or row.get("contractAddress") or "").lower()
        method = str(row.get("methodId") or str(row.get("input") or "")[:10])
        return TransactionRow(
            self.chain, hash_of(row["hash"]), number(row["timeStamp"]), number(row["blockNumber"]),
            known_address(row["from"]), known_address(recipient) if recipient else "", number(row["value"]),
            _succeeded(row), price, price * number(row["gasUsed"]), method[:10], None,
        )  # fmt: skip

    def _internal(self, account: str, first: int, last: int) -> Page:
        """Calls of one transaction with the same ends are one transfer of their sum: they have no name of their own."""
        found = self._account_rows("txlistinternal", account, first, last)
        moved: dict[tuple[int, str, int, str, str], int] = {}
        for row in found.rows:
            amount, recipient = number(row["value"]), str(row.get("to") or row.get("contractAddress") or "").lower()
            if amount and _succeeded(row):
                told = hash_of(row.get("hash") or row["transactionHash"])
                ends = (known_address(row["from"]), known_address(recipient))
                key = (number(row["blockNumber"]), told, number(row["timeStamp"]), *ends)
                moved[key] = moved.get(key, 0) + amount
        _involving(account, ((sender, recipient) for *_, sender, recipient in moved))
        coin = f"{self.chain}/native"
        rows = tuple(
            (block, TransferRow(self.chain, told, at, coin, sender, recipient, amount, ""))
            for (block, told, at, sender, recipient), amount in moved.items()
        )
        return Page(first, found.last, self._complete(found, first), self._headers({}, found.last), transfers=rows)

    def _logs(self, account: str, first: int, last: int) -> Page:
        """Logs with the account in any indexed place, whoever emitted them."""
        word = f"0x{account[2:]:0>64}"
        lists = []
        for place in range(1, 4):
            lists.append(self._rows("logs", "getLogs", first, last, {f"topic{place}": word}))
            last = min(last, lists[-1].last)
        rows = {self._log(row) for found in lists for row in found.rows}
        if not all(word in row.topics[1:] for row in rows):
            raise ChainUnreachable("the explorer answered with logs nobody asked for")
        missed = max(found.missed for found in lists)
        kept = tuple(sorted((row for row in rows if row.block <= last), key=lambda row: (row.block, row.index)))
        return Page(first, last, 1 - missed / (last - first + 1), self._headers({}, last), logs=kept)

    def _log(self, row: Fields) -> LogRow:
        topics = tuple(hash_of(topic) for topic in list_of(row["topics"]) if topic)
        return LogRow(
            self.chain, hash_of(row["transactionHash"]), number(row["logIndex"]), number(row["timeStamp"]),
            number(row["blockNumber"]), known_address(row["address"]), topics, str(row["data"]).lower(),
        )  # fmt: skip

    def _account_rows(self, action: str, account: str, first: int, last: int) -> _Rows:
        return self._rows("account", action, first, last, {"address": account, "sort": "asc"})

    def _rows(self, module: str, action: str, first: int, last: int, asked: Mapping[str, str]) -> _Rows:
        names = ("fromBlock", "toBlock") if module == "logs" else ("startblock", "endblock")
        span = {names[0]: first, names[1]: last, "page": 1, "offset": MOST_ROWS}
        rows = [object_of(row) for row in self.explorer.rows(module, action, {**asked, **span})]
        numbers = [number(row["blockNumber"]) for row in rows]
        if any(not first <= block <= last for block in numbers) or len(rows) > MOST_ROWS:
            raise ChainUnreachable("the explorer answered with rows nobody asked for")
        if len(rows) < MOST_ROWS:
            return _Rows(rows, last)
        if max(numbers) == first:
            return _Rows(rows, first, missed=1)  # one block with more rows than an answer holds
        whole = max(numbers) - 1
        return _Rows([row for row in rows if number(row["blockNumber"]) <= whole], whole)

    def _complete(self, found: _Rows, first: int) -> float:
        return 1 - found.missed / (found.last - first + 1)

    def _headers(self, told: Mapping[int, str], last: int) -> tuple[Block, ...]:
        """The block a page ends with, and the hashes its rows named."""
        (end,) = self.blocks([last])
        if told.get(last, end.hash) != end.hash:
            raise ChainUnreachable("the chain changed while it was read")
        return (*(Block(block, name, "", 0) for block, name in sorted(told.items()) if block != last), end)

    def confirms(self, rows: tuple[TransactionRow, ...]) -> bool:
        return all(self._confirms(row) for row in rows)

    def _confirms(self, row: TransactionRow) -> bool:
        told = self.explorer.rpc("eth_getTransactionReceipt", row.hash)
        if told is None:
            return False
        receipt = object_of(told)
        ok = number_of(receipt.get("status", "0x1")) != 0
        price = number_of(receipt.get("effectiveGasPrice", hex(row.gas_price)))
        return (known_address(receipt["from"]), ok, price) == (row.sender, row.ok, row.gas_price)

    def standing(self, account: str, logs: tuple[LogRow, ...], block: Block) -> Standing:
        tokens = sorted({log.address for log in logs if log.topics[:1] == (TRANSFER,) and len(log.topics) == 3})
        held = [("native", self._amount("balance", account, {}))]
        for token in tokens[:MOST_TOKENS]:
            held.append((token, self._amount("tokenbalance", account, {"contractaddress": token})))
        rows = [BalanceRow(self.chain, account, f"{self.chain}/{asset}", amount) for asset, amount in held]
        kept = tuple(row for row in rows if row.amount or row.asset.endswith("/native"))
        return Standing(kept, (), len(held) / (1 + len(tokens)))

    def _amount(self, action: str, account: str, more: Mapping[str, str]) -> int:
        asked = {"address": account, "tag": "latest", **more}
        return number(self.explorer.value("account", action, asked))

    def prices(self, assets: frozenset[str], moments: Mapping[int, int]) -> tuple[PriceRow, ...]:
        """None: prices are sold apart."""
        return ()


def number(value: object) -> int:
    """A quantity, decimal or in hex; Etherscan writes 0 as `0x`. Raises ChainUnreachable."""
    text = str(value)
    if text == "0x":
        return 0
    if text.startswith("0x"):
        return number_of(text)
    if not (text.isascii() and text.isdigit() and len(text) <= 78):
        raise ChainUnreachable("a number was expected")
    return int(text)


def _succeeded(row: Fields) -> bool:
    return str(row.get("isError", "0")) != "1" and str(row.get("txreceipt_status", "1")) != "0"


def _involving(account: str, ends: Iterable[tuple[str, str]]) -> None:
    if not all(account in pair for pair in ends):
        raise ChainUnreachable("the explorer answered with rows nobody asked for")
