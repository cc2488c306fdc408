"""From pieces of text to a record frame: read every column, apply every rule, keep good rows, explain the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from wallets.engine.importers.columns import Column, Context, Rule, Table
from wallets.engine.importers.pieces import Piece, raw_frame
from wallets.engine.importers.rejections import MOST_KEPT, Parsed, Refusal, UnreadableFile, masked


@dataclass(frozen=True)
class _Checked:
    """Good rows of a piece, why the others were refused, and how many of how many."""

    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    lines: int
    refused: int


def parse_pieces(table: Table, pieces: Iterable[Piece], context: Context) -> Parsed:
    """The record frame (without business and received_at, with `line`) of all good rows, and every refusal.

    Columns of a piece that the table does not know (`pointer`, `amended_from` …) are carried along.
    A file that cannot be read as a whole gives no rows and its one refusal.
    """
    try:
        checked = list(_watched(table, pieces, context)) or [_nothing(table, context)]
    except UnreadableFile as error:
        return Parsed(_nothing(table, context).rows, (error.refusal,), lines=0, refused_lines=1)
    rows = pl.concat([part.rows for part in checked])
    again = ~pl.struct(table.key).is_first_distinct()
    # Equal keys have equal hashes, so distinct hashes prove distinct keys, in a fraction of the memory.
    distinct = rows.select(pl.struct(table.key).hash().n_unique()).item() == rows.height
    repeated = rows.clear() if distinct else rows.filter(again)
    refusals = [refusal for part in checked for refusal in part.refusals] + list(_repetitions(table, repeated))
    return Parsed(
        rows=rows.filter(~again) if repeated.height else rows,
        refusals=tuple(sorted(refusals, key=lambda it: (it.line, it.field))[:MOST_KEPT]),
        lines=sum(part.lines for part in checked),
        refused_lines=sum(part.refused for part in checked) + repeated.height,
    )


def _watched(table: Table, pieces: Iterable[Piece], context: Context) -> Iterator[_Checked]:
    seen = 0
    for piece in pieces:
        checked = _check(table, piece, context)
        seen += checked.lines
        context.watch(seen)
        yield checked


def _check(table: Table, piece: Piece, context: Context) -> _Checked:
    absent = [column.name for column in table.columns if column.name not in piece.raw.columns]
    raw = piece.raw.with_columns(pl.lit("").alias(name) for name in absent)
    filled = [(raw[column.name] != "").alias(_filled(column)) for column in table.columns]
    typed = raw.with_columns(_value(column) for column in table.columns).with_columns(filled)
    rules = (*_reading_rules(table), *table.rules(context))
    flags = typed.select(rule.broken.fill_null(False).alias(f"{place}") for place, rule in enumerate(rules))
    bad = flags.select(pl.any_horizontal(pl.all())).to_series()
    refusals = sorted([*piece.refusals, *_refusals(rules, flags, raw)], key=lambda it: (it.line, it.field))
    return _Checked(
        rows=typed.filter(~bad).select(*_carried(table, raw), **table.frame(context)),
        refusals=tuple(refusals[:MOST_KEPT]),
        lines=raw.height + piece.refused,
        refused=int(bad.sum()) + piece.refused,
    )


def _nothing(table: Table, context: Context) -> _Checked:
    """The frame without rows, with the columns and types of one that has some."""
    return _check(table, Piece(raw_frame(table.headings.all, [], [])), context)


def _filled(column: Column) -> str:
    """Name of the flag that tells an unreadable cell from an empty one."""
    return f"{column.name}?"


def _value(column: Column) -> pl.Expr:
    return column.reader(pl.col(column.name)).alias(column.name)


def _reading_rules(table: Table) -> Iterator[Rule]:
    for column in table.columns:
        unread = pl.col(column.name).is_null()
        broken = unread if column.required else unread & pl.col(_filled(column))
        yield Rule(column.name, column.rule, column.message, broken, column.explain)


def _carried(table: Table, raw: pl.DataFrame) -> list[str]:
    known = {column.name for column in table.columns}
    return [name for name in raw.columns if name not in known]


def _refusals(rules: Iterable[Rule], flags: pl.DataFrame, raw: pl.DataFrame) -> Iterator[Refusal]:
    pointer = pl.col("pointer") if "pointer" in raw.columns else pl.lit("")
    for place, rule in enumerate(rules):
        flag = flags[f"{place}"]
        if not flag.any():
            continue
        found = raw.filter(flag).head(MOST_KEPT).select("line", rule.field, where=pointer)
        for line, value, where in found.iter_rows():
            name, message = rule.explain(value) if rule.explain and value else (rule.rule, rule.message)
            yield Refusal(line, rule.field, name, message, masked(value), where)


def _repetitions(table: Table, repeated: pl.DataFrame) -> Iterator[Refusal]:
    pointer = pl.col("pointer") if "pointer" in repeated.columns else pl.lit("")
    for line, value, where in repeated.head(MOST_KEPT).select("line", table.key[0], where=pointer).iter_rows():
        yield Refusal(line, table.key_field, table.key_rule, table.key_message, masked(str(value)), where)
