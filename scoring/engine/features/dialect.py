"""The one door to ibis: the words in which grains and features are written.

Nothing here touches a database; an expression becomes SQL text in `to_sql` once per process.

Determinism. Adding floats in another order changes their last bit, and neither a parallel batch nor a re-read of the
same rows keeps an order. So every sum over rows is a sum of integers: paise and seconds as they are, squares as
38-digit decimals, and real-valued terms rounded to a fixed grain first (`exact_sum`). Each term depends on its own row
only, hence batch, online, any shard and any row order give the same bits.
"""

from collections.abc import Mapping

import ibis
from ibis.expr import operations
from ibis.expr.types import BooleanValue, NumericColumn, NumericValue, StringValue, Table, Value

from scoring.engine.features.frames import SCHEMAS

__all__ = [
    "BooleanValue",
    "NumericColumn",
    "NumericValue",
    "StringValue",
    "Table",
    "Value",
    "cases",
    "coalesce",
    "desc",
    "distinct",
    "exact_sum",
    "greatest",
    "ifelse",
    "least",
    "literal",
    "number",
    "ratio",
    "row_number",
    "sample_deviation",
    "source",
    "squares",
    "structure",
    "to_spark_sql",
    "to_sql",
    "union",
    "window",
]

cases = ibis.cases
coalesce = ibis.coalesce
desc = ibis.desc
greatest = ibis.greatest
ifelse = ibis.ifelse
least = ibis.least
literal = ibis.literal
row_number = ibis.row_number
structure = ibis.struct
union = ibis.union
window = ibis.window


def source(frame: str) -> Table:
    """The unbound table of one evidence frame: the columns of `frames.SCHEMAS` and `as_of`, the same in every row.

    as_of travels as a column, not as a parameter: the text stays constant, so a prepared statement keeps its plan.
    """
    return ibis.table({**SCHEMAS[frame], "as_of": "int64"}, name=frame)


def number(value: float) -> NumericValue:
    """A float64 literal, spelled as a cast: engines read a bare 0.5 as DECIMAL."""
    return ibis.literal(repr(float(value))).cast("float64")


def exact_sum(terms: NumericValue, grain: int, where: BooleanValue | None = None) -> NumericValue:
    """Σ terms with every term rounded to 1/grain, so that the order of rows cannot matter.

    |term|·grain must stay under 2⁶³.
    """
    return (terms * number(grain)).round().cast("int64").sum(where=where).fill_null(0).cast("float64") / number(grain)


def distinct(values: Value, where: BooleanValue) -> NumericValue:
    """Number of different values where the condition holds; half the cost of a filtered distinct count."""
    return ifelse(where, values, None).nunique()


def squares(value: NumericValue) -> NumericValue:
    """value² as an exact 38-digit integer; value is an integer below 10¹⁸."""
    exact = value.cast("decimal(19, 0)")
    return exact * exact


def ratio(part: NumericValue, whole: NumericValue) -> NumericValue:
    """part ÷ whole as float64; null when the whole is zero."""
    return part.cast("float64") / whole.cast("float64").nullif(number(0))


def sample_deviation(*, count: NumericValue, total: NumericValue, total_of_squares: NumericValue) -> NumericValue:
    """s = √((n·Σx² − (Σx)²) / (n·(n−1))) from exact integer sums; null under two values."""
    spread = count.cast("decimal(7, 0)") * total_of_squares.cast("decimal(31, 0)") - squares(total.cast("int64"))
    pairs = count * (count - 1)
    return ratio(spread, pairs).sqrt()


def to_sql(expression: Table) -> str:
    """DuckDB SQL text of an expression over unbound frames."""
    return str(ibis.to_sql(expression, dialect="duckdb"))


def to_spark_sql(expression: Table) -> str:
    """Spark SQL text of the same expression, with the two words spelled otherwise that Spark does not know.

    A Spark session must have started: ibis reads Spark's options from it.
    """
    spelled = expression.op().replace(_in_spark_words).to_expr()
    return str(ibis.pyspark.compile(spelled))


def _in_spark_words(node: operations.Node, children: Mapping[str, object] | None) -> operations.Node:
    """Spark makes times of whole seconds only, and takes a median of a column, not of a condition."""
    known = node.__recreate__(children) if children else node
    if isinstance(known, operations.TimestampFromUNIX):
        return operations.TimestampFromUNIX((known.arg.to_expr() // 1000).cast("int64"), "s")
    if isinstance(known, operations.Median | operations.Quantile) and known.where is not None:
        chosen = ifelse(known.where.to_expr(), known.arg.to_expr(), None)
        return known.copy(arg=chosen.op(), where=None)
    return known
