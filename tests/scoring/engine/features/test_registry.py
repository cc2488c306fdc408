"""The declarations and what is derived from them."""

from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from scoring.engine.features import catalogue, generate, lock
from scoring.engine.features.frames import NETWORK_COLUMNS
from scoring.engine.features.registry import NOTES, Family, Grain, Risk, Unit, feature
from scoring.engine.features.statement import features
from scoring.engine.measure import NOTES as MEASURED_NOTES

FAMILIES = {
    Family.VELOCITY: 11,
    Family.CADENCE: 5 + 1,
    Family.RATIO: 9,
    Family.MATURITY: 4,
    Family.EXTENDED: 8,
    Family.NETWORK: 9,
    Family.RECONCILIATION: 7,
    Family.BEHAVIOUR: 9 + 1,
}


def test_the_lock_and_everything_derived_is_up_to_date() -> None:
    for name, text in generate.files().items():
        assert lock.LOCK_FILE.with_name(name).read_text(encoding="utf-8") == text, f"{name}: run `make features-lock`"


def test_the_catalogue_equals_the_declarations() -> None:
    assert catalogue.entries() == tuple(generate.entry_of(feature) for feature in features())
    assert {field.name for field in fields(catalogue.Entry)} >= {"name", "label", "doc", "unit", "risk", "actionable"}


def test_there_are_the_46_features_16_beyond_and_the_two_of_the_model() -> None:
    assert Counter(entry.family for entry in features()) == FAMILIES
    assert len(catalogue.measured()) == 46 + 16
    assert catalogue.names()[-2:] == ("sector_relative_turnover", "temporal_anomaly_flag")


def test_network_columns_follow_the_glossary_in_order() -> None:
    assert tuple(entry.name for entry in catalogue.entries() if entry.family == "network") == NETWORK_COLUMNS


def test_every_feature_is_told_in_words() -> None:
    for entry in catalogue.entries():
        assert entry.label, entry.name
        assert not entry.label.endswith("."), entry.name
        assert len(entry.doc) > 20, entry.name


def test_notes_of_a_measurement_are_those_declared() -> None:
    assert tuple(NOTES) == MEASURED_NOTES


def test_a_name_is_declared_once() -> None:
    again = next(entry for entry in features() if entry.name == "gst_7d_value")
    declare = feature(grain=Grain("none", None), family=Family.RATIO, unit=Unit.RATIO, risk=Risk.NEITHER)
    with pytest.raises(ValueError, match="gst_7d_value is declared twice"):
        declare(again.expression)


def test_writing_an_unchanged_lock_changes_no_file() -> None:
    assert generate.write() == []


def test_a_missing_or_stale_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "features.lock").write_text("stale")
    assert generate.write(tmp_path) == ["features.lock", "features.sql", "catalogue.json"]
    assert generate.write(tmp_path) == []


def test_every_grain_has_a_statement() -> None:
    grains = {entry.grain for entry in catalogue.measured()}
    assert set(lock.statements()) == grains
