"""Histories that come as files: Etherscan's CSV exports (both generations of headers), its JSON, logs, Aave's events.

What a file says is unverified evidence: rows are read strictly, and how much of the past they cover is worked out from
the rows themselves (`covered_since`), never taken from the sender.
"""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from creditiq.kernel.nesting import shallow
from wallets.engine.chains import aave_events, known
from wallets.engine.evidence import LogRow, PriceRow, StreamRow, TransactionRow, TransferRow

MOST_ROWS = 200_000
MOST_REFUSALS = 100
HASH = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
ADDRESS = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
DEFAULT_DECIMALS = 18
LATEST = 4_102_444_800
SOURCE = "file"
TRANSACTIONS, TOKENS, INTERNAL, RAW_LOGS, AAVE = (
    "etherscan_transactions",
    "etherscan_tokens",
    "etherscan_internal",
    "raw_logs",
    "aave_events",
)
KINDS = {
    TRANSACTIONS: "Etherscan: transactions (CSV or JSON)",
    TOKENS: "Etherscan: ERC-20 transfers (CSV or JSON)",
    INTERNAL: "Etherscan: internal transactions (CSV or JSON)",
    RAW_LOGS: "Raw logs (JSON of eth_getLogs)",
    AAVE: "Aave: acts of one account (JSON of its subgraph's userTransactions)",
}
STREAMS = {
    TRANSACTIONS: ("native",), TOKENS: ("erc20",), INTERNAL: (), RAW_LOGS: ("logs", "approvals", "nft", "erc20"),
    AAVE: ("aave",),
}  # fmt: skip


class UnreadableFile(ValueError):
    """Nothing of the file can be read; the sentence says why."""


class UnreadableRow(ValueError):
    """A field of a row breaks a rule."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where, which field, why."""

    line: int
    field: str
    message: str


@dataclass
class Imported:
    """What a file gave."""

    transactions: list[TransactionRow] = field(default_factory=list)
    transfers: list[TransferRow] = field(default_factory=list)
    logs: list[LogRow] = field(default_factory=list)
    prices: list[PriceRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    """How many acts of Aave each transaction told so far."""

    @property
    def rows(self) -> int:
        """Rows taken."""
        return len(self.transactions) + len(self.transfers) + len(self.logs)


class Cells:
    """A row whose columns are found however the export spells them: case, spaces and the coin's symbol aside."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self._cells = {_plain(name): str(value).strip() for name, value in row.items() if value is not None}

    def first(self, *names: str) -> str:
        """The first of the names that is there. Raises UnreadableRow."""
        found = self.maybe(*names)
        if found is None:
            raise UnreadableRow(names[0], f"There is no column “{names[0]}”.")
        return found

    def maybe(self, *names: str) -> str | None:
        """The same, None when none of them is there."""
        return next((self._cells[name] for name in names if name in self._cells), None)


def _plain(name: str) -> str:
    """`TxnFee(ETH)` is `txnfee` and `TxnFee(USD)` is `txnfee_usd`; the coin's symbol is not part of a name."""
    return re.sub(r"\(.*?\)|@.*$|/\w+$|[^a-z0-9_$]", "", str(name).lower().replace("(usd)", "_usd"))


def read(content: bytes, kind: str, chain: str, address: str) -> Imported:
    """Read a file of one wallet (`address` in lower case). Raises UnreadableFile; bad rows are refused one by one."""
    if kind not in KINDS:
        raise UnreadableFile(f"Choose one of: {', '.join(KINDS)}.")
    rows = list(_rows(content))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"The file has more than {MOST_ROWS:,} rows; split it.")
    imported = Imported()
    for line, row in rows:
        try:
            flat = Cells(row) if kind not in {RAW_LOGS, AAVE} else Cells({})
            READERS[kind](imported, flat, row, Place(chain, address))
        except UnreadableRow as error:
            imported.refusals.append(Refusal(line, error.name, str(error)))
    if rows and not imported.rows:
        first = imported.refusals[0]
        raise UnreadableFile(f"No row could be read. Line {first.line}, {first.field}: {first.message}")
    return imported


@dataclass(frozen=True)
class Place:
    """Whose file it is."""

    chain: str
    address: str

    @property
    def coin(self) -> str:
        """The chain's own asset."""
        return f"{self.chain}/native"


def _rows(content: bytes) -> Iterable[tuple[int, Mapping[str, object]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not UTF-8 text.") from error
    if "\0" in text:
        raise UnreadableFile("The file holds a zero byte; it is not text.")
    return _json_rows(text) if text.lstrip()[:1] in {"[", "{"} else _csv_rows(text)


def _json_rows(text: str) -> Iterable[tuple[int, Mapping[str, object]]]:
    """A list of objects, bare or as the `result` of an answer; lines are counted as rows."""
    try:
        document = json.loads(shallow(text.encode()))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"The file is not JSON: {error}") from error
    listed = _answer(document) if isinstance(document, dict) else document
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise UnreadableFile("A list of objects is expected, or an answer whose result is one.")
    return list(enumerate(listed, 1))


def _answer(document: Mapping[str, object]) -> object:
    """The rows of an explorer's answer (`result`) or of a subgraph's (`data.userTransactions`)."""
    inner = document.get("data")
    return inner.get("userTransactions") if isinstance(inner, dict) else document.get("result")


def _csv_rows(text: str) -> Iterable[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if None not in row]
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num}: {error}") from error


def _hash(cells: Cells) -> str:
    text = cells.first("transactionhash", "txhash", "hash", "parenttxhash").lower()
    if HASH.fullmatch(text) is None:
        raise UnreadableRow("hash", "A transaction hash is 0x and 64 hexadecimal digits.")
    return text


def _address(text: str, name: str) -> str:
    if text and ADDRESS.fullmatch(text.lower()) is None:
        raise UnreadableRow(name, "An address is 0x and 40 hexadecimal digits.")
    return text.lower()


def _whole(text: str, name: str, most: int = 2**256 - 1) -> int:
    """A whole number, decimal or 0x."""
    try:
        value = int(text, 16 if text.lower().startswith("0x") else 10)
    except ValueError as error:
        raise UnreadableRow(name, "A whole number is expected.") from error
    if not 0 <= value <= most or len(text) > 80:
        raise UnreadableRow(name, "The number is out of range.")
    return value


def _at(cells: Cells) -> int:
    return _whole(cells.first("unixtimestamp", "timestamp"), "timestamp", LATEST)


def _units(text: str, decimals: int, name: str) -> int:
    """Smallest units of a decimal number as explorers write it (thousands with commas)."""
    plain = text.replace(",", "") or "0"
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise UnreadableRow(name, "A number is expected.") from error
    if not value.is_finite() or value < 0 or value.adjusted() > 60 or len(plain) > 90:
        raise UnreadableRow(name, "The number is out of range.")
    return int(value.scaleb(decimals))


def _transaction(imported: Imported, cells: Cells, _row: Mapping[str, object], place: Place) -> None:
    at, name = _at(cells), _hash(cells)
    sender = _address(cells.first("from"), "from")
    recipient = _address(cells.maybe("to") or cells.maybe("contractaddress") or "", "to")
    ours = {sender, recipient} & {place.address}
    if not ours:
        raise UnreadableRow("from", "The row is of another wallet.")
    method = cells.maybe("method", "functionname", "methodid") or ""
    imported.transactions.append(
        TransactionRow(
            place.chain, name, at, _whole(cells.first("blockno", "blocknumber"), "block", 2**62), sender, recipient,
            _value(cells), _ok(cells), *_fee(cells), method[:40], None,
        )
    )  # fmt: skip
    price = cells.maybe("historical$price")
    if price and re.fullmatch(r"\d{1,12}(\.\d{1,18})?", price, re.ASCII):
        imported.prices.append(PriceRow(place.coin, at, price, SOURCE))


def _value(cells: Cells) -> int:
    if (raw := cells.maybe("value")) is not None:
        return _whole(raw, "value")
    coming, going = cells.first("value_in"), cells.first("value_out")
    return _units(coming, 18, "value_in") or _units(going, 18, "value_out")


def _ok(cells: Cells) -> bool:
    if (flag := cells.maybe("iserror")) is not None:
        return flag == "0"
    return not (cells.maybe("status") or "").lower().startswith("error") and not cells.maybe("errcode")


def _fee(cells: Cells) -> tuple[int, int]:
    """Gas price and fee in wei; an export names the fee only."""
    if (price := cells.maybe("gasprice")) is not None:
        return _whole(price, "gasprice"), _whole(price, "gasprice") * _whole(cells.first("gasused"), "gasused")
    return 0, _units(cells.maybe("txnfee") or "0", 18, "txnfee")


def _token(imported: Imported, cells: Cells, _row: Mapping[str, object], place: Place) -> None:
    at, name = _at(cells), _hash(cells)
    contract = _address(cells.first("contractaddress"), "contractaddress")
    if not contract:
        raise UnreadableRow("contractaddress", "The token's address is missing.")
    asset = f"{place.chain}/{contract}"
    ends = (_address(cells.first("from"), "from"), _address(cells.first("to"), "to"))
    if place.address not in ends:
        raise UnreadableRow("from", "The row is of another wallet.")
    token_id = cells.maybe("tokenid") or ""
    amount = _token_amount(cells, asset)
    imported.transfers.append(TransferRow(place.chain, name, at, asset, *ends, amount, token_id[:78]))


def _token_amount(cells: Cells, asset: str) -> int:
    if (raw := cells.maybe("value")) is not None:
        return _whole(raw, "value")
    decimals = {token.asset: token.decimals for token in known.tokens()}.get(asset, DEFAULT_DECIMALS)
    return _units(cells.first("tokenvalue"), decimals, "tokenvalue")


def _internal(imported: Imported, cells: Cells, _row: Mapping[str, object], place: Place) -> None:
    ends = (_address(cells.first("from"), "from"), _address(cells.first("txto", "to"), "txto"))
    if place.address not in ends:
        raise UnreadableRow("from", "The row is of another wallet.")
    if _ok(cells):
        row = TransferRow(place.chain, _hash(cells), _at(cells), place.coin, *ends, _value(cells), "")
        imported.transfers.append(row)


def _log(imported: Imported, _cells: Cells, row: Mapping[str, object], place: Place) -> None:
    topics, data = row.get("topics"), row.get("data")
    if not isinstance(topics, list) or not 1 <= len(topics) <= 4:
        raise UnreadableRow("topics", "A log has one to four topics.")
    named = tuple(str(topic).lower() for topic in topics)
    if any(HASH.fullmatch(topic) is None for topic in named):
        raise UnreadableRow("topics", "A topic is 0x and 64 hexadecimal digits.")
    if not isinstance(data, str) or re.fullmatch(r"0x[0-9a-fA-F]{0,20000}", data, re.ASCII) is None:
        raise UnreadableRow("data", "Data is 0x and hexadecimal digits.")
    cells = Cells({str(name): value for name, value in row.items() if isinstance(value, str | int)})
    at = _whole(cells.first("timestamp", "blocktimestamp"), "timestamp", LATEST)
    block = _whole(cells.first("blocknumber"), "blocknumber", 2**62)
    index = _whole(cells.first("logindex"), "logindex", 2**31)
    emitter = _address(cells.first("address"), "address")
    imported.logs.append(LogRow(place.chain, _hash(cells), index, at, block, emitter, named, data.lower()))


def _aave(imported: Imported, _cells: Cells, row: Mapping[str, object], place: Place) -> None:
    try:
        log = aave_events.log_of(row, imported.acts, place.chain, place.address)
    except aave_events.NotAnEvent as error:
        raise UnreadableRow(error.name, str(error)) from error
    if log is not None:
        imported.acts[log.hash] += 1
        imported.logs.append(log)


READERS: Mapping[str, Callable[[Imported, Cells, Mapping[str, object], Place], None]] = {
    TRANSACTIONS: _transaction,
    TOKENS: _token,
    INTERNAL: _internal,
    RAW_LOGS: _log,
    AAVE: _aave,
}


def streams(imported: Imported, kind: str, chain: str, address: str) -> tuple[StreamRow, ...]:
    """What the file covers: from the beginning when its own rows prove it, else from its first row; to its last row."""
    moments = [row.at for row in (*imported.transactions,)] + [row.at for row in imported.transfers]
    moments += [row.at for row in imported.logs]
    if not moments:
        return ()
    since = 0 if kind != AAVE and covers_the_beginning(imported, address) else min(moments)
    taken = imported.rows / (imported.rows + len(imported.refusals))
    span = (since, max(moments), taken, SOURCE)
    return tuple(StreamRow(chain, address, name, *span) for name in STREAMS[kind])


def covers_the_beginning(imported: Imported, address: str) -> bool:
    """Whether balances worked out from zero never fall below it: then nothing came in before the first row.

    Nobody can spend what never arrived, so a history that lacks its beginning shows a hole as soon as old money moves.
    """
    changes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in imported.transactions:
        coin = f"{row.chain}/native"
        if row.recipient == address and row.ok:
            changes[coin].append((row.at, row.value))
        if row.sender == address:
            changes[coin].append((row.at, -(row.value * row.ok) - row.fee))
    for move in imported.transfers:
        if not move.token:
            changes[move.asset].append((move.at, move.amount if move.recipient == address else -move.amount))
    return bool(changes) and all(_never_negative(listed) for listed in changes.values())


def _never_negative(changes: Iterable[tuple[int, int]]) -> bool:
    balance = 0
    for _, amount in sorted(changes, key=lambda change: (change[0], -change[1])):
        balance += amount
        if balance < 0:
            return False
    return True
