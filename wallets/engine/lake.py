"""The Parquet lake on disk: parts that are added and never changed, and one manifest that says which of them count.

A part is written beside its place, flushed and renamed; it counts only from the moment the manifest names it, and the
manifest is replaced in one step. Whatever breaks off before that leaves a file that nobody reads and the next run
overwrites.
"""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import polars as pl

MANIFEST = "manifest.json"
ROW_GROUP = 65_536
"""Rows that share one set of statistics: sorted by business, a reader of few businesses skips most groups."""


@dataclass(frozen=True)
class Part:
    """One file: rows of one kind that happened in one month (`2026-10`, by the clock in India)."""

    kind: str
    month: str
    file: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """The parts that count. `watermarks`, by kind: everything learned up to then (microseconds) is in them."""

    parts: tuple[Part, ...] = ()
    watermarks: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str, month: str | None = None) -> tuple[Part, ...]:
        """Parts of a kind, of one month if named."""
        return tuple(part for part in self.parts if part.kind == kind and month in (None, part.month))

    def rows(self, kind: str, month: str) -> int:
        """How many rows of a kind and month are in the lake."""
        return sum(part.rows for part in self.of(kind, month))

    def grown(self, kind: str, parts: Sequence[Part], watermark: int) -> "Manifest":
        """The manifest with further parts and a later watermark of a kind."""
        return replace(self, parts=(*self.parts, *parts), watermarks={**self.watermarks, kind: watermark})


def read_manifest(lake: Path) -> Manifest:
    """What the lake holds; nothing where no lake is."""
    try:
        found = json.loads((lake / MANIFEST).read_text())
    except FileNotFoundError:
        return Manifest()
    return Manifest(tuple(Part(**part) for part in found["parts"]), found["watermarks"])


def write_manifest(lake: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step: a reader sees the old one or the new one."""
    lake.mkdir(parents=True, exist_ok=True)
    draft = lake / f"{MANIFEST}.draft"
    draft.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True))
    _settle(draft, lake / MANIFEST)


def write_part(lake: Path, part: Part, frame: pl.DataFrame) -> Part:
    """Write a part sorted by business and time; answers it with its rows. It counts once a manifest names it."""
    place = lake / part.file
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(".draft")
    ordered = frame.sort("business", "occurred_at", "received_at", maintain_order=True)
    ordered.write_parquet(draft, compression="zstd", statistics=True, row_group_size=ROW_GROUP)
    _settle(draft, place)
    return replace(part, rows=frame.height)


def next_part(manifest: Manifest, kind: str, month: str) -> Part:
    """The place of the next part of a month: the same until a manifest names it, so a retry leaves nothing over."""
    number = len(manifest.of(kind, month))
    return Part(kind, month, f"{kind}/month={month}/part-{number:05d}.parquet", 0)


def scan(lake: Path, parts: Collection[Part], schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The rows of parts, read when collected."""
    if not parts:
        return pl.LazyFrame(schema=dict(schema))
    files = [lake / part.file for part in parts]
    return pl.scan_parquet(files, hive_partitioning=False).select(list(schema))


def newest_versions(rows: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """Of each natural key the version learned last: a row that was amended is in the lake twice."""
    return rows.sort("received_at", maintain_order=True).unique(subset=list(key), keep="last", maintain_order=True)


def _settle(draft: Path, place: Path) -> None:
    """Make the draft's bytes durable, then give it its name, durably."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
