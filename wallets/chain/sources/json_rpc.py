"""A history from nothing but a node: no indexer, no key.

Tokens and protocol events come from logs that name the account. Own transactions have no index; they are found by
bisecting nonce and balance where the node keeps past states, else by reading the latest blocks one by one.
"""

from collections.abc import Iterable, Mapping, Sequence

from eth_abi import decode, encode
from eth_abi.exceptions import DecodingError

from wallets.chain import ranges
from wallets.chain.port import Block, Call, ChainNode, ChainUnreachable, Log, LogFilter, NoHistory, Receipt, Transaction
from wallets.chain.sources.factories import derived_pools
from wallets.chain.sources.oracles import feed_prices
from wallets.chain.sources.protocol import LOGS, NATIVE, Page, Standing
from wallets.engine.chains.registry import MULTICALL3
from wallets.engine.evidence import BalanceRow, Contract, HealthRow, LogRow, PriceRow, TransactionRow

WINDOW = {LOGS: 50_000, NATIVE: 100_000}
"""Blocks of a page at most."""
READINGS: dict[str, tuple[str, ...]] = {NATIVE: ("native",), LOGS: ("logs", "erc20", "nft", "approvals")}
MOST_SCANNED = 300
"""Blocks of a page read one by one when the node keeps no past states."""
AGGREGATE3, BALANCE_OF, ACCOUNT_DATA = "0x82ad56cb", "70a08231", "0xbf92857c"
MOST_TOKENS = 500
RAY = 10**18
NO_DEBT = 10**6
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


class JsonRpcSource:
    """`ChainDataSource` of a node."""

    readings = READINGS

    def __init__(self, node: ChainNode, chain: str, contracts: Iterable[Contract], *, name: str = "node") -> None:
        self.name = name
        self.node = node
        self.chain = chain
        self.contracts = tuple(contracts)
        self.pools = {row.address: row.protocol for row in self.contracts if row.kind == "aave_v3_pool"}

    def chain_id(self) -> int:
        return self.node.chain_id()

    def head(self) -> Block:
        return self.node.head()

    def blocks(self, numbers: list[int]) -> tuple[Block, ...]:
        return self.node.blocks(numbers)

    def page(self, reading: str, account: str, first: int, last: int) -> Page:
        last = min(last, first + WINDOW[reading] - 1)
        return self._logs(account, first, last) if reading == LOGS else self._native(account, first, last)

    def _logs(self, account: str, first: int, last: int) -> Page:
        """Logs with the account in any indexed place, whoever emitted them."""
        word = f"0x{account[2:]:0>64}"
        found: dict[tuple[str, int], Log] = {}
        for place in range(1, 4):
            topics = (*(() for _ in range(place)), (word,))
            for log in ranges.read(self.node, LogFilter(first, last, topics=topics)):
                found[log.transaction_hash, log.log_index] = log
        headers = self._headers({log.block_number for log in found.values()} | {last})
        if any(headers[log.block_number].hash != log.block_hash for log in found.values()):
            raise ChainUnreachable("the chain changed while it was read")
        rows = tuple(self._log(log, headers[log.block_number]) for log in found.values())
        return Page(first, last, 1.0, tuple(headers.values()), logs=rows)

    def _log(self, log: Log, block: Block) -> LogRow:
        return LogRow(
            self.chain, log.transaction_hash, log.log_index, block.timestamp, log.block_number, log.address, log.topics,
            log.data,
        )  # fmt: skip

    def _headers(self, numbers: Iterable[int]) -> dict[int, Block]:
        wanted = sorted(set(numbers))
        return dict(zip(wanted, self.node.blocks(wanted), strict=True))

    def _native(self, account: str, first: int, last: int) -> Page:
        try:
            changed, sent = self._changes(account, first, last)
        except NoHistory:
            start = max(first, last - MOST_SCANNED + 1)
            rows = self._of_blocks(account, range(start, last + 1))
            seen = (last - start + 1) / (last - first + 1)
            return Page(first, last, seen, tuple(self._headers({last}).values()), transactions=rows)
        rows = self._of_blocks(account, changed)
        found = sum(row.sender == account for row in rows)
        headers = self._headers({*changed, last})
        return Page(first, last, found / sent if sent else 1.0, tuple(headers.values()), transactions=rows)

    def _changes(self, account: str, first: int, last: int) -> tuple[list[int], int]:
        """Blocks in which nonce or balance changed, by bisection of all open spans at once; how much was sent."""
        ends = [first - 1, last]
        known = dict(zip(ends, self.node.standings(account, ends), strict=True))
        spans, found = [(first - 1, last)], []
        while spans:
            differing = [span for span in spans if known[span[0]] != known[span[1]]]
            found += [after for before, after in differing if after - before == 1]
            wide = [span for span in differing if span[1] - span[0] > 1]
            middles = [(before + after) // 2 for before, after in wide]
            known.update(zip(middles, self.node.standings(account, middles), strict=True))
            spans = [half for (a, b), m in zip(wide, middles, strict=True) for half in ((a, m), (m, b))]
        return sorted(found), known[last][0] - known[first - 1][0]

    def _of_blocks(self, account: str, numbers: Sequence[int]) -> tuple[TransactionRow, ...]:
        headers = self._headers(numbers)
        return tuple(row for number in numbers for row in self._of_block(account, headers[number]))

    def _of_block(self, account: str, block: Block) -> Iterable[TransactionRow]:
        """The account's transactions of a block, with the 95th percentile of the block's prices (nearest rank)."""
        ours = [row for row in self.node.transactions(block.number) if account in {row.sender, row.recipient}]
        if not ours:
            return
        receipts = {row.transaction_hash: row for row in self.node.receipts(block.number)}
        prices = sorted(row.effective_gas_price for row in receipts.values())
        high = prices[-(-95 * len(prices) // 100) - 1] if prices else None
        for row in ours:
            if row.hash not in receipts or receipts[row.hash].block_hash != block.hash:
                raise ChainUnreachable("a transaction came without its receipt")
            yield self._transaction(row, receipts[row.hash], block, high)

    def _transaction(self, row: Transaction, receipt: Receipt, block: Block, high: int | None) -> TransactionRow:
        price = receipt.effective_gas_price
        return TransactionRow(
            self.chain, row.hash, block.timestamp, block.number, row.sender,
            row.recipient or receipt.contract_address or "", row.value, receipt.status != 0, price,
            price * receipt.gas_used, row.data[:10], high,
        )  # fmt: skip

    def confirms(self, rows: tuple[TransactionRow, ...]) -> bool:
        receipts = [self.node.receipt(row.hash) for row in rows]
        return all(
            receipt is not None
            and (receipt.sender, receipt.status != 0, receipt.effective_gas_price)
            == (row.sender, row.ok, row.gas_price)
            for row, receipt in zip(rows, receipts, strict=True)
        )

    def standing(self, account: str, logs: tuple[LogRow, ...], block: Block) -> Standing:
        tokens = sorted({log.address for log in logs if log.topics[:1] == (TRANSFER,) and len(log.topics) == 3})
        asked = tokens[:MOST_TOKENS]
        question = f"0x{BALANCE_OF}{account[2:]:0>64}"
        answers = self.many([Call(question, token) for token in asked], block.number)
        held = [(token, int(answer[:66], 16)) for token, answer in zip(asked, answers, strict=True) if len(answer) > 2]
        coin = BalanceRow(self.chain, account, f"{self.chain}/native", self.node.balance(account, block.number))
        rows = [BalanceRow(self.chain, account, f"{self.chain}/{token}", amount) for token, amount in held if amount]
        share = (1 + len(held)) / (1 + len(tokens))
        made = derived_pools(self.many, self.contracts, logs, block.number)
        return Standing((coin, *rows), self._health(account, logs, block), share, contracts=made)

    def many(self, calls: Sequence[Call], block: int) -> list[str]:
        """Calls through multicall3 where it is deployed, else in batches; `0x` for those that were refused."""
        if not calls:
            return []
        if self.node.code(MULTICALL3, block) in {"0x", ""}:
            return [answer or "0x" for answer in self.node.calls(calls, block)]
        rows = [(call.to, True, bytes.fromhex(call.data[2:])) for call in calls]
        packed = encode(["(address,bool,bytes)[]"], [rows]).hex()
        answer = self.node.call(Call(AGGREGATE3 + packed, MULTICALL3), block)
        try:
            (results,) = decode(["(bool,bytes)[]"], bytes.fromhex(answer[2:]))
        except (DecodingError, ValueError) as error:
            raise ChainUnreachable("multicall3 answered nonsense") from error
        return [f"0x{data.hex()}" if fine else "0x" for fine, data in results]

    def _health(self, account: str, logs: tuple[LogRow, ...], block: Block) -> tuple[HealthRow, ...]:
        """Health factor at every block in which a pool of the registry did something with the account, and now."""
        moments = {(log.address, log.block): log.at for log in logs if log.address in self.pools}
        moments |= {(pool, block.number): block.timestamp for pool, _ in list(moments)}
        rows = []
        for (pool, number), at in sorted(moments.items()):
            (answer,) = self.node.calls([Call(f"{ACCOUNT_DATA}{account[2:]:0>64}", pool)], number)
            if answer is None or len(answer) < 2 + 6 * 64:
                continue
            factor = int(answer[2 + 5 * 64 : 2 + 6 * 64], 16) / RAY
            if factor < NO_DEBT:
                rows.append(HealthRow(self.chain, account, self.pools[pool], at, factor))
        return tuple(rows)

    def prices(self, assets: frozenset[str], moments: Mapping[int, int]) -> tuple[PriceRow, ...]:
        return feed_prices(self.node.calls, self.contracts, assets, moments)
