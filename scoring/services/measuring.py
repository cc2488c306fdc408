"""Evidence tables to vectors, by the feature engine."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa

from creditiq.kernel.clock import micros
from scoring.engine.features.frames import SCHEMAS
from scoring.engine.measure import Evidence, Population, Vector, measure, measure_population

ARROW = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "bool": pa.bool_()}
STREAMS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")


def measure_one(tables: Mapping[str, pa.Table], network: pa.Table, as_of: datetime) -> Vector:
    """The vector of the one business in `tables`."""
    return measure(evidence_of(tables, network), micros(as_of))


def measure_many(tables: Mapping[str, pa.Table], network: pa.Table, as_of: datetime) -> Population:
    """Features and notes of every business in `tables`, by the same statements."""
    return measure_population(evidence_of(tables, network), micros(as_of))


def evidence_of(tables: Mapping[str, pa.Table], network: pa.Table) -> Evidence:
    """The engine's evidence from frames by name."""
    return Evidence(**{name: tables[name] for name in ("businesses", *STREAMS)}, network=network)


def rehearse() -> None:
    """Measure a firm that has nothing, so that the feature engine of this process is ready for the first that has."""
    tables = {
        name: pa.schema([(column, ARROW[kind]) for column, kind in columns.items()]).empty_table()
        for name, columns in SCHEMAS.items()
    }
    nobody = {"business": [0], "deals_in_goods": [True], "quarterly_filer": [False]}
    tables["businesses"] = pa.table(nobody, schema=tables["businesses"].schema)
    measure(Evidence(**tables), 0)
