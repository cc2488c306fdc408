import json

from scoring.engine.columns import columns_from, constraints, documents
from scoring.engine.features import catalogue


def catalogue_columns():
    return columns_from([{name: getattr(entry, name) for name in entry.__slots__} for entry in catalogue.entries()])


def test_the_catalogue_survives_json() -> None:
    columns = catalogue_columns()
    assert columns_from(json.loads(json.dumps(documents(columns)))) == columns


def test_constraints_follow_the_direction_of_risk() -> None:
    columns = catalogue_columns()
    signs = dict(zip([column.name for column in columns], constraints(columns), strict=True))
    assert signs["debit_failure_rate_90d"] == 1
    assert signs["filing_compliance_rate"] == -1
    assert signs["hsn_entropy_90d"] == 0
