"""From evidence to numbers: the same statements for one business and for all of them.

Rows are read as of a moment: occurred_at ≤ as_of and received_at ≤ as_of. Missing is None, never 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa

from scoring.engine.features import catalogue
from scoring.engine.features.execution import Execution, Part

if TYPE_CHECKING:
    from scoring.engine.features.duck import Engine

__all__ = [
    "Evidence",
    "Execution",
    "Population",
    "Vector",
    "measure",
    "measure_all",
    "measure_on_spark",
    "measure_population",
]

NOTE_CASH_IS_ESTIMATE: Final = "cash_buffer_is_estimate"
NOTES: Final = (NOTE_CASH_IS_ESTIMATE,)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Arrow tables with at least the columns of `features.frames.SCHEMAS`; one row per business in `businesses`."""

    businesses: pa.Table
    gst_invoices: pa.Table
    gst_returns: pa.Table
    upi_payments: pa.Table
    eway_bills: pa.Table
    bank_entries: pa.Table
    network: pa.Table

    def frames(self) -> Mapping[str, pa.Table]:
        """The tables by frame name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Vector:
    """The measured features of one business, in catalogue order. `notes` names the remarks that hold for them."""

    names: tuple[str, ...]
    values: tuple[float | None, ...]
    as_of: int
    lock: str
    notes: tuple[str, ...] = ()

    def mapping(self) -> dict[str, float | None]:
        """Value by name."""
        return dict(zip(self.names, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Population:
    """`features`: business and the measured features. `notes`: business and 1, 0 or null per note."""

    features: pl.DataFrame
    notes: pl.DataFrame


def measure(evidence: Evidence, as_of: int) -> Vector:
    """The vector of the only business in the evidence, as of a time in microseconds since the epoch."""
    if evidence.businesses.num_rows != 1:
        message = f"measure takes one business, not {evidence.businesses.num_rows}"
        raise ValueError(message)
    found = _engine().online().values(evidence.frames(), as_of)
    columns = catalogue.measured()
    return Vector(
        names=tuple(entry.name for entry in columns),
        values=tuple(_or_empty(found.get(entry.name), entry.empty) for entry in columns),
        as_of=as_of,
        lock=catalogue.lock_digest(),
        notes=tuple(name for name in NOTES if found.get(name) == 1.0),
    )


def _or_empty(value: float | None, empty: float | None) -> float | None:
    return empty if value is None else value


def measure_all(evidence: Evidence, as_of: int, execution: Execution | None = None) -> pl.DataFrame:
    """Business and the measured features in catalogue order, one row per business in the order of the evidence."""
    return measure_population(evidence, as_of, execution).features


def measure_population(evidence: Evidence, as_of: int, execution: Execution | None = None) -> Population:
    """Features and notes of every business in the evidence."""
    execution = execution or Execution()
    parts = execution.parts(evidence.businesses.column("business"))
    return _population(evidence, pl.concat(_part(evidence, as_of, execution, part) for part in parts))


def measure_on_spark(evidence: Evidence, as_of: int) -> Population:
    """The same by the same expressions on Spark, for evidence that outgrows one machine (extra `spark`)."""
    from scoring.engine.features import spark

    wide = pl.DataFrame(pl.from_arrow(evidence.businesses.select(["business"])))
    return _population(evidence, _joined(wide, spark.population(evidence.frames(), as_of)))


def _population(evidence: Evidence, measured: pl.DataFrame) -> Population:
    businesses = pl.from_arrow(evidence.businesses.select(["business"]))
    wide = pl.DataFrame(businesses).join(measured, on="business", how="left", maintain_order="left")
    columns = [pl.coalesce(pl.col(entry.name), pl.lit(entry.empty)) for entry in catalogue.measured()]
    return Population(features=wide.select("business", *columns), notes=wide.select("business", *NOTES))


def _part(evidence: Evidence, as_of: int, execution: Execution, part: Part | None) -> pl.DataFrame:
    """The features of the businesses of a part, or of all."""
    wide = pl.DataFrame(pl.from_arrow(evidence.businesses.select(["business"])))
    if part is not None:
        wide = wide.filter(pl.col("business").is_between(part.first, part.last))
    return _joined(wide, _engine().population(evidence.frames(), as_of, part, execution))


def _joined(wide: pl.DataFrame, grains: Iterable[pa.Table]) -> pl.DataFrame:
    """A row of `wide` for every business, with the columns of every grain it has rows in."""
    for grain in grains:
        wide = wide.join(pl.DataFrame(pl.from_arrow(grain)), on="business", how="left")
    return wide


def _engine() -> "Engine":
    """DuckDB, loaded when the first vector is measured."""
    from scoring.engine.features.duck import Engine

    return Engine()
