"""From files to rows of streams: whose row it is, and the row as JSON with the columns of its kind's template.

Files are frames as `manage.py simulate` writes them (parquet with `business`, beside businesses.parquet) or rows of a
template with a `gstin` in front (parquet or CSV).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.columns import IST
from wallets.engine.importers.parquet import as_text


class UnreadableFeed(ValueError):
    """The folder or a file in it is not what can be published."""


@dataclass(frozen=True)
class Feed:
    """One file of one kind, and the digest of its bytes."""

    kind: str
    path: Path
    digest: str


def feeds(folder: Path, kinds: tuple[str, ...]) -> list[Feed]:
    """The files of these kinds in a folder, whole or in blocks. Raises UnreadableFeed when there is none."""
    found = []
    for kind in kinds:
        whole = [folder / f"{kind}.parquet", folder / f"{kind}.csv"]
        paths = [path for path in whole if path.is_file()] or sorted((folder / kind).glob("*.parquet"))
        found += [Feed(kind, path, _digest(path)) for path in paths]
    if not found:
        raise UnreadableFeed(f"There is none of {', '.join(kinds)} (.parquet or .csv) in {folder}.")
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_of(feed: Feed, folder: Path) -> pl.DataFrame:
    """`gstin` and `row`, a JSON object, in the order of the file. Raises UnreadableFeed."""
    try:
        frame = pl.read_parquet(feed.path) if feed.path.suffix == ".parquet" else _csv(feed.path)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        message = f"{feed.path.name} cannot be read: it is damaged, or no {feed.path.suffix} file."
        raise UnreadableFeed(message) from error
    if "business" in frame.columns:
        frame = _simulated(frame, feed.kind, folder)
    wanted = TABLES[feed.kind].headings
    missing = [name for name in ("gstin", *wanted.required) if name not in frame.columns]
    if missing:
        raise UnreadableFeed(f"{feed.path.name} has no column {missing[0]}.")
    columns = [name for name in wanted.all if name in frame.columns]
    texts = frame.select(as_text(frame[name]) for name in ("gstin", *columns))
    return texts.select("gstin", row=pl.struct(columns).struct.json_encode())


def _csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _simulated(frame: pl.DataFrame, kind: str, folder: Path) -> pl.DataFrame:
    single, blocks = folder / "businesses.parquet", sorted((folder / "businesses").glob("*.parquet"))
    paths = [single] if single.is_file() else blocks
    if not paths:
        raise UnreadableFeed(f"There is no businesses.parquet beside {kind}: whose records are they?")
    owners = pl.concat(pl.read_parquet(path, columns=["business", "gstin"]) for path in paths)
    known = frame.join(owners, on="business", how="left", maintain_order="left")
    return known.with_columns(**TEMPLATES[kind]())


def _rupees(paise: str) -> pl.Expr:
    whole, rest = pl.col(paise) // 100, pl.col(paise) % 100
    return whole.cast(pl.String) + "." + rest.cast(pl.String).str.zfill(2)


def _time(micros: pl.Expr) -> pl.Expr:
    return pl.from_epoch(micros, time_unit="us").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00")


def _invoices() -> dict[str, pl.Expr]:
    selling = pl.col("direction") == "out"
    return {
        "invoice_date": pl.from_epoch(pl.col("occurred_at") + IST, time_unit="us").dt.strftime("%Y-%m-%d"),
        "buyer_gstin": pl.when(selling).then("counterparty_gstin").otherwise("gstin"),
        "rate": _rupees("rate_bp"),
        "taxable_value": _rupees("taxable_paise"),
        "igst": _rupees("igst_paise"),
        "cgst": _rupees("cgst_paise"),
        "sgst": _rupees("sgst_paise"),
        "cancelled": pl.when("cancelled").then(pl.lit("yes")).otherwise(pl.lit("no")),
    }


def _payments() -> dict[str, pl.Expr]:
    return {"occurred_at": _time(pl.col("occurred_at")), "amount": _rupees("amount_paise")}


def _bills() -> dict[str, pl.Expr]:
    sending, other = pl.col("direction") == "out", pl.col("counterparty_gstin").fill_null("URP")
    return {
        "generated_at": _time(pl.col("occurred_at")),
        "from_gstin": pl.when(sending).then("gstin").otherwise(other),
        "to_gstin": pl.when(sending).then(other).otherwise("gstin"),
        "total_value": _rupees("value_paise"),
        "taxable_value": _rupees("taxable_paise"),
    }


TEMPLATES: Mapping[str, Callable[[], dict[str, pl.Expr]]] = {
    "gst_invoices": _invoices,
    "upi_payments": _payments,
    "eway_bills": _bills,
}
"""The template's columns that a simulated frame spells otherwise."""
