"""The lake on disk: what the manifest does not name does not count, and a retry leaves nothing over."""

from pathlib import Path

import polars as pl

from wallets.engine.lake import (
    Manifest,
    newest_versions,
    next_part,
    read_manifest,
    scan,
    write_manifest,
    write_part,
)

SCHEMA = {"business": pl.Int64(), "occurred_at": pl.Int64(), "received_at": pl.Int64(), "number": pl.String()}
ROWS = pl.DataFrame(
    {"business": [2, 1, 1], "occurred_at": [1, 3, 2], "received_at": [4, 4, 4], "number": ["a", "b", "c"]}
)


def test_no_lake_is_an_empty_one(tmp_path: Path) -> None:
    manifest = read_manifest(tmp_path / "nowhere")
    assert manifest == Manifest()
    assert scan(tmp_path, manifest.of("bills"), SCHEMA).collect().schema == SCHEMA


def test_a_part_is_sorted_by_business_and_time(tmp_path: Path) -> None:
    part = write_part(tmp_path, next_part(Manifest(), "bills", "2026-10"), ROWS)
    stored = scan(tmp_path, [part], SCHEMA).collect()
    assert stored["number"].to_list() == ["c", "b", "a"]
    assert part.rows == 3


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    part = write_part(tmp_path, next_part(Manifest(), "bills", "2026-10"), ROWS)
    manifest = Manifest().grown("bills", [part], 7)
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert manifest.rows("bills", "2026-10") == 3
    assert manifest.of("bills", "2026-11") == ()


def test_a_run_that_broke_off_before_the_manifest_is_overwritten(tmp_path: Path) -> None:
    lost = write_part(tmp_path, next_part(Manifest(), "bills", "2026-10"), ROWS)
    again = write_part(tmp_path, next_part(Manifest(), "bills", "2026-10"), ROWS.head(1))
    assert lost.file == again.file
    assert [path.name for path in tmp_path.rglob("*.*")] == ["part-00000.parquet"]


def test_parts_that_count_are_never_written_again(tmp_path: Path) -> None:
    first = write_part(tmp_path, next_part(Manifest(), "bills", "2026-10"), ROWS)
    second = next_part(Manifest().grown("bills", [first], 7), "bills", "2026-10")
    assert second.file != first.file


def test_of_an_amended_row_the_version_learned_last_is_read() -> None:
    rows = pl.LazyFrame({"business": [1, 1], "number": ["a", "a"], "received_at": [9, 4], "value": ["new", "old"]})
    assert newest_versions(rows, ["business", "number"]).collect()["value"].to_list() == ["new"]
