"""The list of models: its columns, and its rows for the file."""

from collections.abc import Callable, Mapping

from accounts.selectors import Column, Listing, moment_cell
from scoring.models import ModelVersion
from scoring.selectors.versions import versions


def _measured(*path: str) -> Callable[[ModelVersion], str]:
    """The cell of a figure of the validation; nothing where it was not measured."""

    def cell(version: ModelVersion) -> str:
        found: object = version.metrics
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return "" if found is None else str(found)

    return cell


MODELS: Listing[ModelVersion] = Listing(
    "scoring:models",
    (
        Column("version", "Version", lambda row: row.version, also={"digest": lambda row: row.digest}),
        Column("state", "State", lambda row: row.status),
        Column("registered", "Registered", lambda row: moment_cell(row.registered_at)),
        Column("auc", "AUC", _measured("out_of_time", "auc"), numeric=True),
        Column("ks", "KS", _measured("out_of_time", "ks"), numeric=True),
        Column("ece", "ECE", _measured("out_of_time", "ece"), numeric=True),
        Column("table_auc", "Points table AUC", _measured("scorecard_out_of_time", "auc"), numeric=True),
        Column("coverage", "Interval holds", _measured("interval_coverage"), numeric=True),
    ),
    lambda _asked: versions(),
)
EXPLORER: Listing[object] = Listing("scoring:explorer", filters=("q", "business", "band", "feature"))
"""The SHAP explorer: a cohort, a firm and a feature may be kept as a view."""
