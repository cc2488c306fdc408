"""A history from GoldRush (Covalent). Off unless a key is set.

Formats: goldrush.dev/docs/api-reference/foundational-api (transactions_v3/page, transactions_summary, balances_v2,
approvals, transaction_v2, block_v2); the key is a bearer token. Transactions come a hundred to a page, the earliest on
page 0, so the page on which a block lies is found by bisection and nothing has to be remembered between two readings.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from wallets.chain.answers import HIGHEST, Fields, hash_of, known_address, list_of, object_of
from wallets.chain.asking import Asking
from wallets.chain.port import Block, ChainUnreachable
from wallets.chain.sources.etherscan import number
from wallets.chain.sources.explorers import patiently
from wallets.chain.sources.protocol import NATIVE, Page, Standing
from wallets.engine.evidence import BalanceRow, LogRow, PriceRow, TransactionRow

READINGS: dict[str, tuple[str, ...]] = {NATIVE: ("native", "logs", "erc20", "nft", "approvals")}
"""One reading: the logs of a transaction come with it."""
PER_PAGE = 100
MOST_PAGES = 100_000
ZERO = "0x" + "0" * 40


class GoldRushSource:
    """`ChainDataSource` of the hosted indexer; `network` is its name for the chain. It knows no internal calls."""

    name = "goldrush"
    readings = READINGS

    def __init__(self, asking: Asking, chain: str, network: str) -> None:
        self.asking, self.chain, self.network = asking, chain, network
        self._full: dict[tuple[str, int], int] = {}

    def _ask(self, path: str) -> Fields:
        whole = object_of(patiently(partial(self.asking.get, f"/v1/{self.network}/{path}", {})))
        if whole.get("error") is not False:
            raise ChainUnreachable("the source refused the question")
        return object_of(whole["data"])

    def _items(self, path: str) -> list[Fields]:
        return [object_of(row) for row in list_of(self._ask(path)["items"])]

    def chain_id(self) -> int:
        return number(self._ask("block_v2/0/")["chain_id"])

    def head(self) -> Block:
        return self._block("latest")

    def blocks(self, numbers: list[int]) -> tuple[Block, ...]:
        found = tuple(self._block(str(name)) for name in numbers)
        if [block.number for block in found] != list(numbers):
            raise ChainUnreachable("the source answered with other blocks")
        return found

    def _block(self, name: str) -> Block:
        (row,) = self._items(f"block_v2/{name}/") or [Fields()]
        parent = str(row.get("block_parent_hash") or "")
        return Block(_height(row["height"]), hash_of(row["block_hash"]), parent, _seconds(row["signed_at"]))

    def page(self, reading: str, account: str, first: int, last: int) -> Page:
        """The transactions of one page from block `first` on, and those of its last block on the next."""
        place = self._place(account, first)
        whole = self._page(account, place)
        if (tip := _height(whole["chain_tip_height"])) < first:
            raise ChainUnreachable("the source is behind the chain")
        items = _items(whole)
        more = object_of(whole["links"]).get("next") is not None
        if more and items and _height(items[-1]["block_height"]) <= first:  # a page that ends inside this block
            following = self._page(account, place + 1)
            items, more = items + _items(following), object_of(following["links"]).get("next") is not None
        until = min(last, tip, _height(items[-1]["block_height"]) - 1) if more and items else min(last, tip)
        until = max(until, first)
        rows = [row for row in items if first <= _height(row["block_height"]) <= until]
        seen = 1.0 if more else self._seen(account, place * PER_PAGE + len(_items(whole)))
        return Page(
            first, until, seen, self._ends(rows, until), transactions=tuple(self._transaction(row) for row in rows),
            logs=tuple(log for row in rows for log in self._logs(account, row)),
        )  # fmt: skip

    def _page(self, account: str, place: int) -> Fields:
        return self._ask(f"address/{account}/transactions_v3/page/{place}/")

    def _place(self, account: str, first: int) -> int:
        """The first page that may hold a transaction of block `first` or later."""
        beyond = 1
        while beyond < MOST_PAGES and self._before(account, beyond - 1, first):
            beyond *= 2
        low, high = beyond // 2, beyond - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._before(account, middle, first) else (low, middle)
        return low

    def _before(self, account: str, place: int, first: int) -> bool:
        """Whether a page is full and ends before a block: what is sought lies after it."""
        if (account, place) not in self._full:
            whole = self._page(account, place)
            items = _items(whole)
            if not items or object_of(whole["links"]).get("next") is None:
                return False
            self._full[account, place] = _height(items[-1]["block_height"])
        return self._full[account, place] < first

    def _seen(self, account: str, listed: int) -> float:
        """Listed transactions of those the source itself counts; computed on the last page."""
        rows = self._items(f"address/{account}/transactions_summary/")
        counted = number(rows[0]["total_count"]) if rows else 0
        return min(1.0, listed / counted) if counted else 1.0

    def _ends(self, rows: Sequence[Fields], until: int) -> tuple[Block, ...]:
        (end,) = self.blocks([until])
        told = {_height(row["block_height"]): hash_of(row["block_hash"]) for row in rows}
        if told.get(until, end.hash) != end.hash:
            raise ChainUnreachable("the chain changed while it was read")
        return (*(Block(height, name, "", 0) for height, name in sorted(told.items()) if height != until), end)

    def _transaction(self, row: Fields) -> TransactionRow:
        recipient = str(row["to_address"] or "").lower()
        return TransactionRow(
            self.chain, hash_of(row["tx_hash"]), _seconds(row["block_signed_at"]), _height(row["block_height"]),
            known_address(row["from_address"]), known_address(recipient) if recipient else "", number(row["value"]),
            row["successful"] is True, number(row["gas_price"]), number(row["fees_paid"] or 0), "", None,
        )  # fmt: skip

    def _logs(self, account: str, row: Fields) -> list[LogRow]:
        """The logs of a transaction that name the account in an indexed place."""
        word = f"0x{account[2:]:0>64}"
        found = [object_of(log) for log in list_of(row.get("log_events") or [])]
        rows = [
            LogRow(
                self.chain, hash_of(log["tx_hash"]), number(log["log_offset"]), _seconds(log["block_signed_at"]),
                _height(log["block_height"]), known_address(log["sender_address"]),
                tuple(hash_of(topic) for topic in list_of(log["raw_log_topics"])),
                str(log.get("raw_log_data") or "0x").lower(),
            )
            for log in found
        ]  # fmt: skip
        if any(log.hash != hash_of(row["tx_hash"]) for log in rows):
            raise ChainUnreachable("a transaction came with logs of another")
        return [log for log in rows if word in log.topics[1:]]

    def confirms(self, rows: tuple[TransactionRow, ...]) -> bool:
        return all(self._confirms(row) for row in rows)

    def _confirms(self, row: TransactionRow) -> bool:
        told = self._items(f"transaction_v2/{row.hash}/")
        return bool(told) and (
            known_address(told[0]["from_address"]), told[0]["successful"] is True, number(told[0]["gas_price"])
        ) == (row.sender, row.ok, row.gas_price)  # fmt: skip

    def standing(self, account: str, logs: tuple[LogRow, ...], block: Block) -> Standing:
        """Balances of now, and how many of the open permissions it counts are among the logs that were read."""
        rows = [self._balance(account, row) for row in self._items(f"address/{account}/balances_v2/")]
        known = {(log.hash, log.index) for log in logs}
        spenders = [
            object_of(row) for token in self._items(f"approvals/{account}/") for row in list_of(token["spenders"])
        ]
        met = sum((hash_of(row["tx_hash"]), number(row["log_offset"])) in known for row in spenders)
        seen = met / len(spenders) if spenders else 1.0
        return Standing(tuple(row for row in rows if row.amount), (), 1.0, (("approvals", seen),))

    def _balance(self, account: str, row: Fields) -> BalanceRow:
        asset = "native" if row.get("native_token") is True else known_address(row["contract_address"])
        return BalanceRow(self.chain, account, f"{self.chain}/{asset}", number(row["balance"] or 0))

    def prices(self, assets: frozenset[str], moments: Mapping[int, int]) -> tuple[PriceRow, ...]:
        """None: its quotes are of now."""
        return ()


def _items(whole: Fields) -> list[Fields]:
    rows = [object_of(row) for row in list_of(whole["items"])]
    heights = [_height(row["block_height"]) for row in rows]
    if heights != sorted(heights) or len(rows) > PER_PAGE:
        raise ChainUnreachable("the pages are out of order")
    return rows


def _height(value: object) -> int:
    if (found := number(value)) >= HIGHEST:
        raise ChainUnreachable("a block number is out of range")
    return found


def _seconds(value: object) -> int:
    """A time as `2025-04-30T16:42:18Z`, in seconds since 1970."""
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except (ValueError, OverflowError) as error:
        raise ChainUnreachable("a time was expected") from error
