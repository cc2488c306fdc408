"""From what sources told to the evidence of a wallet, beside what files told."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

from wallets.chain.port import Block
from wallets.chain.sources.protocol import ChainDataSource, Page, Standing
from wallets.engine import evidence_json
from wallets.engine.evidence import LogRow, PriceRow, StreamRow, TransactionRow, TransferRow
from wallets.engine.pricing import DAY
from wallets.models import ChainRow, SyncCursor, Wallet
from wallets.services.wallet_files import empty_evidence, keep_evidence, told_by_files

SAMPLE = 20
"""Hashes of a file that a node is asked to confirm."""


def chain_rows(wallet: Wallet, page: Page) -> list[ChainRow]:
    """The rows of a page as they are stored."""
    return [
        ChainRow(wallet=wallet, section=section, block=block, key=key, row=row)
        for section, block, key, row in _told(page)
    ]


def _told(page: Page) -> Iterator[tuple[str, int, str, dict[str, object]]]:
    for transaction in page.transactions:
        yield "transactions", transaction.block, transaction.hash, asdict(transaction)
    for block, transfer in page.transfers:
        ends = f"{transfer.asset}:{transfer.sender}:{transfer.recipient}:{transfer.token}"
        key = f"{transfer.hash}:{hashlib.sha256(ends.encode()).hexdigest()[:16]}"
        yield "transfers", block, key, asdict(transfer)
    for log in page.logs:
        yield "logs", log.block, f"{log.hash}:{log.index}", asdict(log)


def kept_logs(wallet: Wallet) -> tuple[LogRow, ...]:
    """Every log of the wallet that a source told."""
    return evidence_json.rows_of(LogRow, _kept(wallet, "logs"), "logs")


def _kept(wallet: Wallet, section: str) -> dict[str, object]:
    found = ChainRow.objects.filter(wallet=wallet, section=section).order_by("block", "key")
    return {section: list(found.values_list("row", flat=True))}


def file_sample(wallet: Wallet) -> tuple[TransactionRow, ...]:
    """Transactions of files for a node to confirm, evenly over the history; none when there is no file."""
    held = told_by_files(wallet)
    rows = sorted(held.transactions if held else (), key=lambda row: (row.at, row.hash))
    step = max(1, len(rows) // SAMPLE)
    return tuple(rows[::step][:SAMPLE])


def assemble(
    wallet: Wallet, source: ChainDataSource, standing: Standing, block: Block, *, confirmed: bool, at: datetime
) -> None:
    """Replace the wallet's evidence; a row that a file told as well counts once, as the source told it."""
    files = told_by_files(wallet)
    known = files or empty_evidence(wallet, at)
    transactions = evidence_json.rows_of(TransactionRow, _kept(wallet, "transactions"), "transactions")
    logs = kept_logs(wallet)
    transfers = evidence_json.rows_of(TransferRow, _kept(wallet, "transfers"), "transfers")
    known_transactions, logged = {row.hash for row in transactions}, {row.hash for row in logs}
    moved = {_ends(row) for row in transfers}
    evidence = replace(
        known,
        as_of=block.timestamp,
        streams=(*known.streams, *_streams(wallet, source, standing, block)),
        transactions=(*(row for row in known.transactions if row.hash not in known_transactions), *transactions),
        transfers=(
            *(row for row in known.transfers if not (_by_log(row, logged) or _ends(row) in moved)),
            *transfers,
        ),
        logs=tuple({*(row for row in known.logs if row.hash not in logged), *logs}),
        balances=standing.balances,
        contracts=tuple({*known.contracts, *standing.contracts}),
        prices=tuple({*known.prices, *standing.prices}),
        health=standing.health,
    )
    kept = keep_evidence(wallet, evidence, at=at, confirmed=confirmed)
    if files is not None and kept.imported is None:
        kept.imported = zlib.compress(evidence_json.write(files))
        kept.save(update_fields=["imported"])


def prices_of(wallet: Wallet, source: ChainDataSource, standing: Standing, block: Block) -> tuple[PriceRow, ...]:
    """What was moved and is held, priced on each day on which something happened, and at the end."""
    rows = ChainRow.objects.filter(wallet=wallet).order_by("block").values_list("block", "row__at")
    last_of_day = {at // DAY: (number, at) for number, at in rows}
    held = {row.asset for row in standing.balances}
    moved = {f"{wallet.chain.caip2}/{log.address}" for log in kept_logs(wallet)}
    moments = dict(last_of_day.values()) | {block.number: block.timestamp}
    return source.prices(frozenset({f"{wallet.chain.caip2}/native", *held, *moved}), moments)


def _by_log(row: TransferRow, logged: set[str]) -> bool:
    """Whether a transfer of a file came as a log as well. Coins leave no log: an internal transfer stays."""
    return row.hash in logged and not row.asset.endswith("/native")


def _ends(row: TransferRow) -> tuple[str, str, str, str]:
    return row.hash, row.asset, row.sender, row.recipient


def _streams(wallet: Wallet, source: ChainDataSource, standing: Standing, block: Block) -> Iterator[StreamRow]:
    """How far each stream was seen: computed from the cursors, never claimed."""
    place = (wallet.chain.caip2, wallet.address)
    found_out = dict(standing.seen)
    for cursor in SyncCursor.objects.filter(wallet=wallet).order_by("reading"):
        span = cursor.next_block - cursor.from_block
        complete = 1 - cursor.blocks_missed / span if span > 0 else 0.0
        for stream in source.readings.get(cursor.reading, ()):
            seen = min(complete, found_out.get(stream, 1.0))
            yield StreamRow(*place, stream, 0, block.timestamp, seen, source.name)
    yield StreamRow(*place, "balances", 0, block.timestamp, standing.complete, source.name)
    if standing.health:
        yield StreamRow(*place, "health", 0, block.timestamp, 1.0, source.name)
