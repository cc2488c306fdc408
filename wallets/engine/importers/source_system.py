"""The parquet layouts of the source system as our frames, so that both systems can be compared on the same input.

Its population is synthetic: GSTINs need not have a check character, documents may be numbered by UUIDs, and payments
carry no bank reference. Here the shape of a GSTIN is enough; long numbers and missing references are replaced by
digests, made so that both legs of one payment get the same. Rows keep `gstin`, the business they belong to.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from wallets.engine.importers.columns import (
    DAY,
    HOUR,
    MIDDAY,
    Context,
    Rule,
    Watch,
    financial_year,
    known,
    unwatched,
)
from wallets.engine.importers.parquet import MOST_UNPACKED, check_types, frame_of
from wallets.engine.importers.rejections import MOST_KEPT, Parsed, Refusal, UnreadableFile, masked, unreadable

MOST_ROWS = 20_000_000
"""Rows of one file: it holds a whole population."""
PROFILE_COLUMNS = (
    "gstin", "vpa", "business_name", "profile_type", "business_age_months", "state_code", "hsn_sector",
    "circular_ring_id",
)  # fmt: skip
_GSTIN = r"^[0-9]{2}[0-9A-Z]{13}$"
_RATES = (0, 10, 25, 150, 300, 500, 1200, 1800, 2800, 4000)
_UNFILED = ("not_filed", "unfiled", "pending", "missed", "defaulted", "non_filed", "not filed")
_INWARD = ("in", "inward", "inbound", "credit", "received", "cr")
_OUTWARD = ("out", "outward", "outbound", "debit", "sent", "dr")
_RETURN_DUE = 19
"""Days after the first of the following month that a GSTR-3B falls due: the 20th."""
_LATEST = 3_650
_EARLIEST = 946_665_000_000_000
"""1 January 2000 IST, in microseconds."""
_MAY_LACK = frozenset({"counterparty_gstin", "filed_at", "arn", "vehicle"})


@dataclass(frozen=True)
class Layout:
    """Columns a file must have, the rules of its rows, and the frame made of them."""

    columns: tuple[str, ...]
    rules: Callable[[Context], tuple[Rule, ...]]
    frame: Callable[[pl.DataFrame, Context], pl.DataFrame]


def parse_own(content: bytes, *, layout: str, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The rows of one business in a file of a population, as somebody sends it; refused where it has none there."""
    parsed = parse(content, layout=layout, as_of=as_of, own_gstin=own_gstin)
    watch(parsed.lines)
    if parsed.lines or parsed.refusals:
        return Parsed(parsed.rows.drop("gstin", strict=False), parsed.refusals, parsed.lines, parsed.refused_lines)
    refusal = Refusal(1, "gstin", "source.own", "No row of this file is of your GSTIN.")
    return Parsed(parsed.rows, (refusal,), lines=0, refused_lines=1)


def returns_told(content: bytes, *, documents: pl.DataFrame, as_of: int, own_gstin: str) -> Parsed:
    """The returns that a file of invoices tells of: it holds the filing on every invoice. `documents` are those."""
    del documents
    return parse_own(content, layout="gst_returns", as_of=as_of, own_gstin=own_gstin)


def parse(content: bytes, *, layout: str, as_of: int, own_gstin: str = "") -> Parsed:
    """One of LAYOUTS as its record frame with `line` (the row from 1) and `gstin`, the business.

    With `own_gstin` only that business's rows are read; without, the whole population.
    """
    wanted, context = LAYOUTS[layout], Context(as_of, own_gstin)
    try:
        raw = _columns(content, wanted.columns)
    except UnreadableFile as error:
        return Parsed(pl.DataFrame(schema={"line": pl.Int64}), (error.refusal,), lines=0, refused_lines=1)
    rows = raw.filter(pl.col("gstin") == own_gstin) if own_gstin else raw
    rules = wanted.rules(context)
    flags = rows.select(rule.broken.fill_null(True).alias(f"{place}") for place, rule in enumerate(rules))
    bad = flags.select(pl.any_horizontal(pl.all())).to_series()
    refusals = [
        Refusal(line, rule.field, rule.rule, rule.message, masked(str(value)))
        for place, rule in enumerate(rules)
        for line, value in rows.filter(flags[f"{place}"]).head(MOST_KEPT).select("line", rule.field).iter_rows()
    ]
    made = wanted.frame(rows.filter(~bad), context)
    whole = (
        made.select(pl.all_horizontal(_storable(made))).to_series() if made.height else pl.Series([], dtype=pl.Boolean)
    )
    refusals += _gaps(made.filter(~whole))
    kept = tuple(sorted(refusals, key=lambda it: (it.line, it.field))[:MOST_KEPT])
    return Parsed(made.filter(whole), kept, rows.height, int(bad.sum()) + made.height - int(whole.sum()))


def _storable(made: pl.DataFrame) -> list[pl.Expr]:
    """What must hold of every column: a value where one is needed, and no character NUL."""
    needed = [pl.col(name).is_not_null() for name in made.columns if name not in _MAY_LACK]
    texts = [
        ~pl.col(name).fill_null("").str.contains("\0", literal=True) for name in made.select(pl.col(pl.String)).columns
    ]
    return [*needed, *texts]


def _gaps(rows: pl.DataFrame) -> list[Refusal]:
    """One refusal for each row that lacks a value or holds one that cannot be kept, naming the first such column."""
    found = []
    for row in rows.head(MOST_KEPT).iter_rows(named=True):
        lacking = (name for name, value in row.items() if name not in _MAY_LACK and value is None)
        field = next(lacking, "") or next(name for name, value in row.items() if "\0" in str(value))
        found.append(Refusal(row["line"], field, "source.value", "This value is missing or cannot be read."))
    return found


def read_profiles(content: bytes) -> pl.DataFrame:
    """The `msme_profiles` layout: one row per business, with the ring it belongs to or null. Raises UnreadableFile."""
    return _read(content, PROFILE_COLUMNS)


def _columns(content: bytes, names: tuple[str, ...]) -> pl.DataFrame:
    frame = _read(content, names)
    numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True).alias("line")
    return frame.with_columns(numbers, _moment(frame["timestamp"]))


def _read(content: bytes, names: tuple[str, ...]) -> pl.DataFrame:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        missing = [name for name in names if name not in file.schema_arrow.names]
        if missing:
            raise UnreadableFile(Refusal(1, missing[0], "csv.header", f"Missing column: {', '.join(missing)}."[:200]))
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        if file.metadata.num_rows > MOST_ROWS or sum(group.total_byte_size for group in groups) > MOST_UNPACKED:
            raise unreadable("file.unpacked", "Unpacked, the file is too large; split it.")
        check_types(file.schema_arrow, names)
        return frame_of(file.read(columns=list(names)))
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise unreadable("parquet.broken", "This is not a Parquet file, or it is damaged.") from error


def _moment(column: pl.Series) -> pl.Series:
    """Microseconds of time stamps, whatever unit or text they are kept in; without a zone they are UTC."""
    if column.dtype == pl.String:
        return column.str.to_datetime(time_unit="us", strict=False, time_zone="UTC").dt.epoch("us").alias("timestamp")
    if isinstance(column.dtype, pl.Datetime):
        return column.cast(pl.Datetime("us", column.dtype.time_zone)).dt.epoch("us").alias("timestamp")
    return column.cast(pl.Int64, strict=False).alias("timestamp")


def _paise(name: str) -> pl.Expr:
    """Floating rupees as whole paise, rounded half up once, here."""
    return (pl.col(name).cast(pl.Float64, strict=False) * 100 + 0.5).floor().cast(pl.Int64, strict=False)


def _sound(context: Context, amount: str) -> tuple[Rule, ...]:
    value = pl.col(amount).cast(pl.Float64, strict=False)
    return (
        Rule("gstin", "gstin.pattern", "This is not a GSTIN.", ~pl.col("gstin").str.contains(_GSTIN)),
        Rule(
            "timestamp",
            "source.time",
            "This time lies in the future or is none.",
            ~pl.col("timestamp").is_between(_EARLIEST, context.as_of),
        ),
        Rule(amount, "source.amount", "This is no amount.", ~value.is_between(0, 1e13) | value.is_nan()),
    )


def _digests(keys: pl.Series, prefix: str, letters: int) -> pl.Series:
    """A stable short name for each key."""
    short = [
        None if key is None else prefix + hashlib.sha256(key.encode()).hexdigest()[:letters].upper() for key in keys
    ]
    return pl.Series(short, dtype=pl.String)


def _invoices(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    number = pl.col("invoice_id").cast(pl.String)
    short = rows.with_columns(
        invoice_number=pl.when(number.str.contains(r"^[0-9A-Za-z][0-9A-Za-z/-]{0,15}$")).then(number),
        digest=_digests(rows["invoice_id"].cast(pl.String), "S", 15),
        buyer=pl.when(pl.col("buyer_gstin").str.contains(_GSTIN)).then(pl.col("buyer_gstin")),
        taxable_paise=_paise("taxable_value"),
        tax=_paise("gst_amount"),
    )
    within = pl.col("buyer").is_null() | (pl.col("buyer").str.head(2) == pl.col("gstin").str.head(2))
    state = pl.coalesce("buyer", "gstin").str.head(2).cast(pl.Int32)
    points = pl.col("tax") * 10_000 // pl.max_horizontal(pl.col("taxable_paise"), 1)
    nearest = pl.concat_list((points - rate).abs() for rate in _RATES).list.arg_min()
    half = pl.col("tax") // 2
    return short.select(
        "line", "gstin", direction=pl.lit("out"), supplier_gstin="gstin", counterparty_gstin="buyer",
        invoice_number=pl.coalesce("invoice_number", "digest"), financial_year=financial_year(pl.col("timestamp")),
        kind=pl.when(pl.col("buyer").is_null()).then(pl.lit("B2CS")).otherwise(pl.lit("B2B")),
        cancelled=pl.lit(False), hsn=pl.lit(""), place_of_supply=state,
        rate_bp=nearest.replace_strict(dict(enumerate(_RATES)), return_dtype=pl.Int32), taxable_paise="taxable_paise",
        igst_paise=pl.when(within).then(0).otherwise(pl.col("tax")),
        cgst_paise=pl.when(within).then(half).otherwise(0),
        sgst_paise=pl.when(within).then(pl.col("tax") - half).otherwise(0),
        occurred_at="timestamp",
    )  # fmt: skip


def _returns(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The source system writes filing on every invoice; here it becomes one GSTR-3B a month, as late as its latest."""
    date = pl.from_epoch(pl.col("timestamp") + 12 * HOUR - MIDDAY, time_unit="us")
    filed = ~pl.col("filing_status").cast(pl.String).str.to_lowercase().is_in(_UNFILED)
    months = rows.with_columns(period=(date.dt.year() * 12 + date.dt.month() - 1).cast(pl.Int32), filed=filed)
    grouped = months.group_by("gstin", "period", maintain_order=True).agg(
        pl.col("line").min(),
        turnover_paise=_paise("taxable_value").sum(),
        tax_cash_paise=_paise("gst_amount").sum(),
        filed=pl.col("filed").any(),
        delay=pl.col("filing_delay_days")
        .cast(pl.Float64, strict=False)
        .fill_nan(0)
        .fill_null(0)
        .max()
        .clip(-_LATEST, _LATEST),
    )
    following = pl.col("period") + 1
    opening = pl.date(following // 12, following % 12 + 1, 1).cast(pl.Datetime("us")).dt.epoch("us")
    dated = grouped.with_columns(due_at=opening + _RETURN_DUE * DAY + MIDDAY)
    filed_at = pl.when("filed").then(pl.col("due_at") + (pl.col("delay") * DAY).cast(pl.Int64))
    known_filing = filed_at <= context.as_of
    return dated.select(
        "line", "gstin", return_type=pl.lit("GSTR3B"), period="period", due_at="due_at",
        filed_at=pl.when(known_filing).then(filed_at), turnover_paise="turnover_paise",
        tax_cash_paise="tax_cash_paise", tax_itc_paise=pl.lit(0, dtype=pl.Int64), arn=pl.lit(None, dtype=pl.String),
        occurred_at=known(pl.col("due_at"), context),
    )  # fmt: skip


def _payments(rows: pl.DataFrame, _context: Context) -> pl.DataFrame:
    said = pl.col("direction").cast(pl.String).str.to_lowercase()
    status = pl.col("status").cast(pl.String).str.to_lowercase()
    own, other = pl.col("vpa").str.to_lowercase(), pl.col("counterparty_vpa").str.to_lowercase()
    read = rows.with_columns(inward=said.is_in(_INWARD), vpa=own, counterparty_vpa=other, amount_paise=_paise("amount"))
    payer = pl.when("inward").then("counterparty_vpa").otherwise("vpa")
    payee = pl.when("inward").then("vpa").otherwise("counterparty_vpa")
    keys = read.select(pl.concat_str([payer, payee, "timestamp", "amount_paise"], separator="|")).to_series()
    failed = pl.when(status.str.contains("fund|insufficient|balance")).then(pl.lit("failed_funds"))
    return read.select(
        "line", "gstin", reference=_digests(keys, "S", 24),
        direction=pl.when("inward").then(pl.lit("in")).otherwise(pl.lit("out")), amount_paise="amount_paise",
        kind=pl.when(pl.col("txn_type").cast(pl.String).str.to_uppercase() == "P2P").then(pl.lit("P2P"))
        .otherwise(pl.lit("P2M")),
        status=pl.when(status.is_in(["success", "successful", "completed", "settled"])).then(pl.lit("success"))
        .otherwise(failed.otherwise(pl.lit("failed_technical"))),
        vpa=pl.col("vpa").str.head(320), counterparty_vpa=pl.col("counterparty_vpa").str.head(320),
        occurred_at="timestamp",
    )  # fmt: skip


def _pin(name: str) -> pl.Expr:
    """A pin code that may be kept as a number."""
    return pl.col(name).cast(pl.Int64, strict=False).cast(pl.String).str.head(6)


def _bills(rows: pl.DataFrame, _context: Context) -> pl.DataFrame:
    number = pl.col("eway_id").cast(pl.String)
    sender, receiver = pl.col("fromGstin"), pl.col("toGstin")
    outward = sender == pl.col("gstin")
    other = pl.when(outward).then(receiver).otherwise(sender)
    return rows.with_columns(digest=_digests(rows["eway_id"].cast(pl.String), "S", 11)).select(
        "line", "gstin", number=pl.when(number.str.contains(r"^[0-9]{12}$")).then(number).otherwise("digest"),
        direction=pl.when(outward).then(pl.lit("out")).otherwise(pl.lit("in")),
        counterparty_gstin=pl.when(other.str.contains(_GSTIN)).then(other),
        document_type=pl.col("docType").cast(pl.String).str.head(3),
        document_number=pl.col("docNo").cast(pl.String).str.head(16),
        value_paise=_paise("totInvValue"), taxable_paise=_paise("totalValue"),
        distance_km=pl.col("transDistance").cast(pl.Int32, strict=False),
        hsn=pl.col("mainHsnCode").cast(pl.String).str.head(8),
        from_pincode=_pin("fromPincode"), to_pincode=_pin("toPincode"),
        from_state=pl.col("fromStateCode").cast(pl.Int32, strict=False),
        to_state=pl.col("toStateCode").cast(pl.Int32, strict=False),
        vehicle=pl.col("vehicleNo").cast(pl.String).str.head(15),
        transport_mode=pl.col("transMode").cast(pl.Int32, strict=False).fill_null(1), occurred_at="timestamp",
    )  # fmt: skip


_INVOICE_COLUMNS = (
    "gstin", "invoice_id", "timestamp", "taxable_value", "gst_amount", "buyer_gstin", "filing_status",
    "filing_delay_days",
)  # fmt: skip
LAYOUTS: Mapping[str, Layout] = {
    "gst_invoices": Layout(_INVOICE_COLUMNS, lambda context: _sound(context, "taxable_value"), _invoices),
    "gst_returns": Layout(_INVOICE_COLUMNS, lambda context: _sound(context, "taxable_value"), _returns),
    "upi_transactions": Layout(
        ("gstin", "vpa", "timestamp", "amount", "direction", "counterparty_vpa", "txn_type", "status"),
        lambda context: (
            *_sound(context, "amount"),
            Rule("direction", "upi.direction", "Direction is neither in nor out.",
                 ~pl.col("direction").cast(pl.String).str.to_lowercase().is_in([*_INWARD, *_OUTWARD])),
        ),
        _payments,
    ),
    "eway_bills": Layout(
        ("gstin", "eway_id", "timestamp", "fromGstin", "toGstin", "docType", "docNo", "totalValue", "totInvValue",
         "transDistance", "transMode", "vehicleNo", "mainHsnCode", "fromPincode", "toPincode", "fromStateCode",
         "toStateCode"),
        lambda context: _sound(context, "totInvValue"),
        _bills,
    ),
}  # fmt: skip
