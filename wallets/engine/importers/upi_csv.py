"""UPI payments from CSV: every line is either a good payment or refused with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from wallets.engine.importers.lines import UnreadableFile, read_csv
from wallets.engine.importers.rejections import MOST_KEPT, Parsed, Refusal, masked

COLUMNS = ("reference", "occurred_at", "direction", "amount", "kind", "status", "vpa", "counterparty_vpa")
TEMPLATE = (
    ",".join(COLUMNS)
    + "\n612345678901,2026-10-01T11:25:00+05:30,in,1250.00,P2M,success,shop@okaxis,asha@ybl"
    + "\n612345678902,2026-10-01 18:05:00,out,8400.50,P2P,success,shop@okaxis,supplier@okicici\n"
)
EARLIEST = 1_459_449_000_000_000
"""1 April 2016 IST, the month UPI was launched, in microseconds."""
VPA_PATTERN = r"^[a-z0-9._-]{2,256}@[a-z][a-z0-9]{1,63}$"
AMOUNT_PATTERN = r"^[0-9]{1,13}(\.[0-9]{1,2})?$"
RRN = r"^[0-9]{12}$"
STATUSES = ("success", "failed_technical", "failed_funds")
POSITIVE = "Write a positive amount in rupees with at most two decimals."
ZONED = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"


@dataclass(frozen=True)
class Rule:
    """A line is refused where `broken` is true."""

    field: str
    rule: str
    message: str
    broken: pl.Expr


def parse(content: bytes, *, as_of: int) -> Parsed:
    """Rows of the `upi_payments` frame (without business, counterparty, received_at) and the refused lines.

    `as_of`: microseconds; a payment later than this is refused. Times without a zone are read as IST.
    """
    try:
        lines = read_csv(content, COLUMNS)
    except UnreadableFile as error:
        nothing = _shape(_typed(pl.DataFrame(schema=_raw_schema())))
        return Parsed(nothing, (error.refusal,), lines=0, refused_lines=1)
    columns = {name: [row[place] for row in lines.cells] for place, name in enumerate(COLUMNS)}
    typed = _typed(pl.DataFrame({"line": lines.numbers, **columns}, schema=_raw_schema()))
    broken = [(rule, typed.filter(rule.broken).select("line", value=rule.field)) for rule in _rules(as_of)]
    bad = pl.concat([found["line"] for _, found in broken]).unique()
    refusals = sorted([*lines.refusals, *_refusals(broken)], key=lambda it: (it.line, it.field))
    return Parsed(
        rows=_shape(typed.filter(~pl.col("line").is_in(bad.implode()))),
        refusals=tuple(refusals[:MOST_KEPT]),
        lines=typed.height + lines.refused,
        refused_lines=bad.len() + lines.refused,
    )


def _raw_schema() -> dict[str, type[pl.DataType]]:
    return {"line": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)}


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    zoned = (
        pl.when(pl.col("occurred_at").str.contains(ZONED))
        .then(pl.col("occurred_at"))
        .otherwise(pl.col("occurred_at") + "+05:30")
    )
    instant = (
        zoned.str.replace(" ", "T")
        .str.replace("Z$", "+00:00")
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", strict=False)
    )
    amount = pl.when(pl.col("amount").str.contains(AMOUNT_PATTERN)).then(pl.col("amount"))
    return raw.with_columns(
        instant=instant.dt.epoch("us"),
        amount_paise=_paise(amount),
        direction=pl.col("direction").str.to_lowercase(),
        kind=pl.col("kind").str.to_uppercase(),
        status=pl.col("status").str.to_lowercase(),
        vpa=pl.col("vpa").str.to_lowercase(),
        counterparty_vpa=pl.col("counterparty_vpa").str.to_lowercase(),
    )


def _paise(amount: pl.Expr) -> pl.Expr:
    """Decimal text to whole paise by cutting the text, never through a float."""
    fraction = amount.str.extract(r"\.([0-9]{1,2})$", 1).fill_null("").str.pad_end(2, "0")
    whole = amount.str.extract(r"^([0-9]+)", 1)
    return (whole + fraction).cast(pl.Int64, strict=False)


def _rules(as_of: int) -> tuple[Rule, ...]:
    reference, instant, direction = pl.col("reference"), pl.col("instant"), pl.col("direction")
    kind, status, vpa, payee = pl.col("kind"), pl.col("status"), pl.col("vpa"), pl.col("counterparty_vpa")
    paise = pl.col("amount_paise")
    address = "This is not a UPI address (name@bank)."
    wrong_status = ~status.is_in(STATUSES)
    again = "This reference and direction stand on an earlier line."
    repeated = ~pl.struct("reference", "direction").is_first_distinct()
    return (
        Rule("reference", "upi.reference", "Give the 12-digit bank reference (RRN).", ~reference.str.contains(RRN)),
        Rule("occurred_at", "upi.time", "Write the time as 2026-10-01T11:25:00+05:30.", instant.is_null()),
        Rule("occurred_at", "upi.time_future", "This time lies in the future.", instant > as_of),
        Rule("occurred_at", "upi.time_past", "This time is before UPI existed (April 2016).", instant < EARLIEST),
        Rule("direction", "upi.direction", "Direction is “in” or “out”.", ~direction.is_in(["in", "out"])),
        Rule("amount", "upi.amount", POSITIVE, paise.is_null() | (paise <= 0)),
        Rule("kind", "upi.kind", "Kind is “P2P” or “P2M”.", ~kind.is_in(["P2P", "P2M"])),
        Rule("status", "upi.status", f"Status is one of: {', '.join(STATUSES)}.", wrong_status),
        Rule("vpa", "vpa.pattern", address, ~vpa.str.contains(VPA_PATTERN)),
        Rule("counterparty_vpa", "vpa.pattern", address, ~payee.str.contains(VPA_PATTERN)),
        Rule("counterparty_vpa", "upi.self", "Payer and payee are the same address.", vpa == payee),
        Rule("reference", "upi.repeated", again, repeated),
    )


def _refusals(broken: Sequence[tuple[Rule, pl.DataFrame]]) -> Iterator[Refusal]:
    for rule, found in broken:
        for line, value in found.head(MOST_KEPT).iter_rows():
            yield Refusal(line, rule.field, rule.rule, rule.message, masked(value))


def _shape(typed: pl.DataFrame) -> pl.DataFrame:
    return typed.select(
        "line", "reference", "direction", "amount_paise", "kind", "status", "vpa", "counterparty_vpa",
        occurred_at="instant",
    )  # fmt: skip
