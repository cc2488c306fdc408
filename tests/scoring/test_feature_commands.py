"""The commands about features."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring.engine.features import catalogue


def spoken(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_describe_features_prints_every_feature_as_markdown() -> None:
    told = spoken("describe_features")
    assert "## Velocity (11)" in told
    assert all(f"| `{name}` |" in told for name in catalogue.names())


def test_describe_features_prints_every_feature_as_json() -> None:
    told = json.loads(spoken("describe_features", "--json"))
    assert [entry["name"] for entry in told] == list(catalogue.names())


def test_lock_features_says_when_there_is_nothing_to_write() -> None:
    assert spoken("lock_features") == "the lock is up to date\n"


@pytest.mark.django_db
def test_compute_features_refuses_a_business_without_evidence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="27AAPFU0939F1ZV"):
        spoken("compute_features", "--business", "27AAPFU0939F1ZV", "--out", str(tmp_path / "matrix.parquet"))
    assert not (tmp_path / "matrix.parquet").exists()
