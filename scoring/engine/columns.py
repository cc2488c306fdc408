"""What a model version knows of its columns: written into its artefacts, so that an old score keeps its words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

SIGNS = {"rises": 1, "falls": -1, "neither": 0}


@dataclass(frozen=True)
class Column:
    """A feature as the catalogue described it when the model was trained. `risk`: rises, falls or neither."""

    name: str
    label: str
    doc: str
    family: str
    unit: str
    risk: str
    actionable: bool
    low: float | None
    high: float | None


def constraints(columns: Sequence[Column]) -> tuple[int, ...]:
    """Monotone constraints on the margin (log-odds of default), one per column.

    >>> constraints([Column("a", "", "", "", "", "falls", True, None, None)])
    (-1,)
    """
    return tuple(SIGNS[column.risk] for column in columns)


def documents(columns: Sequence[Column]) -> list[dict[str, object]]:
    """Plain values for JSON."""
    return [asdict(column) for column in columns]


def columns_from(rows: Sequence[Mapping[str, object]]) -> tuple[Column, ...]:
    """The inverse of `documents`."""
    return tuple(
        Column(
            **{name: str(row[name]) for name in ("name", "label", "doc", "family", "unit", "risk")},
            actionable=bool(row["actionable"]),
            low=_bound(row["low"]),
            high=_bound(row["high"]),
        )
        for row in rows
    )


def _bound(value: object) -> float | None:
    return None if value is None else float(str(value))
