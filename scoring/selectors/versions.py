"""Model versions as a validator reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from creditiq.kernel.errors import NotVisible
from scoring.engine.features import catalogue
from scoring.models import ModelVersion
from scoring.selectors.papers import PaperRow, table_of, table_rows

Row = dict[str, object]
SAMPLES = (
    ("model", "Model, development, unseen firms"),
    ("out_of_time", "Model, last period, unseen firms"),
    ("scorecard", "Points table, development"),
    ("scorecard_out_of_time", "Points table, last period"),
)


@dataclass(frozen=True)
class VersionReport:
    """One version: figures by sample, what assures them, how far columns moved, the points table.

    `assurance` is empty for a version trained before it was measured. `drift` and `importance` are strongest first.
    """

    version: str
    status: str
    digest: str
    lock: str
    registered_at: datetime
    samples: tuple[Row, ...]
    interval_coverage: float | None
    thin_coverage: float | None
    table_coverage: float | None
    assurance: Row
    drift: tuple[Row, ...]
    importance: tuple[Row, ...]
    warnings: tuple[str, ...]
    table: tuple[PaperRow, ...]
    card: str


def versions() -> list[ModelVersion]:
    """Every version, the newest first."""
    return list(ModelVersion.objects.defer("card").order_by("-registered_at", "-pk"))


def version_report(name: str) -> VersionReport:
    """A version by its name. Raises NotVisible."""
    version = ModelVersion.objects.filter(version=name).first()
    if version is None:
        raise NotVisible
    figures: Row = version.metrics
    table = table_of(version)
    warnings = figures.get("warnings")
    return VersionReport(
        version=version.version,
        status=version.status,
        digest=version.digest,
        lock=version.lock,
        registered_at=version.registered_at,
        samples=tuple(_samples(figures)),
        interval_coverage=_share(figures.get("interval_coverage")),
        thin_coverage=_share(figures.get("interval_coverage_thin")),
        table_coverage=_share(figures.get("scorecard_interval_coverage")),
        assurance=_row(figures.get("assurance")),
        drift=_ranked(_row(figures.get("drift")), "psi"),
        importance=_ranked(_row(figures.get("importance")), "points"),
        warnings=tuple(str(told) for told in warnings) if isinstance(warnings, list) else (),
        table=table_rows(table) if table else (),
        card=version.card,
    )


def _samples(figures: Row) -> Iterator[Row]:
    for key, label in SAMPLES:
        found = _row(figures.get(key))
        if found:
            shown = {name: found.get(name) for name in ("rows", "target_rate", "auc", "gini", "ks", "brier", "ece")}
            yield {"sample": key, "title": label, **shown}


def _ranked(values: Mapping[str, object], name: str) -> tuple[Row, ...]:
    entries = catalogue.by_name()
    known = [(feature, float(str(value))) for feature, value in values.items()]
    return tuple(
        {"feature": feature, "title": entries[feature].label if feature in entries else feature, name: value}
        for feature, value in sorted(known, key=lambda pair: -pair[1])
    )


def _row(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _share(value: object) -> float | None:
    return value if isinstance(value, float) else None
