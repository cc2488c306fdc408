"""The declared features, and the SQL of each grain.

Every grain is one aggregation by business over its own rows. The text is the same for a population and for one firm;
only the rows differ.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from scoring.engine.features import bank, cross, eway, gst, network, receivables, returns, upi
from scoring.engine.features.dialect import NumericValue, Table, to_sql
from scoring.engine.features.registry import MODEL, NOTES, REGISTRY, Feature, Grain, Note

# Order of modules is the order of columns.
MODULES: Final = (gst, returns, upi, eway, bank, receivables, cross, network)


def features() -> tuple[Feature, ...]:
    """All features in column order: by stream as in `MODULES`, then as written; those of the model last."""
    place = {module.__name__: position for position, module in enumerate(MODULES)}
    return tuple(
        sorted(REGISTRY.values(), key=lambda entry: (entry.grain is MODEL, place[entry.expression.__module__]))
    )


def grain_statements() -> Mapping[str, str]:
    """SQL text of each grain, as DuckDB runs it."""
    return {name: to_sql(table) for name, table in grain_tables().items()}


def grain_tables() -> Mapping[str, Table]:
    """The expression of each grain: business, then the features and notes of that grain as float64."""
    columns: defaultdict[Grain, dict[str, NumericValue]] = defaultdict(dict)
    tables: dict[Grain, Table] = {}
    declared: tuple[Feature | Note, ...] = (*features(), *NOTES.values())
    for entry in declared:
        if entry.grain.build is None:
            continue
        table = tables.setdefault(entry.grain, entry.grain.build())
        columns[entry.grain][entry.name] = entry.expression(table).cast("float64")
    return {grain.name: _per_business(tables[grain], grain, columns[grain]) for grain in columns}


def definition(feature: Feature) -> str:
    """What a feature computes: its own statement, whatever helper it is written with, and its value without rows."""
    if feature.grain.build is None:
        return f"{feature.name} of the model"
    table = feature.grain.build()
    columns = {feature.name: feature.expression(table).cast("float64")}
    return f"{to_sql(_per_business(table, feature.grain, columns))}\nempty {feature.empty}"


def _per_business(table: Table, grain: Grain, columns: Mapping[str, NumericValue]) -> Table:
    if grain.single:
        return table.select("business", **columns)
    return table.group_by("business").aggregate(**columns)
