"""What the points table says of a run, beside the model: made from the run's own vector and its version's table."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext

from scoring.engine import artefacts
from scoring.engine.features import catalogue
from scoring.engine.paper import Line, PaperColumn, PaperTable, Reading, paper_table
from scoring.engine.sentences.voice import ENGLISH, label, value_in
from scoring.models import ModelVersion, ScoreRun
from scoring.selectors.policies import bands_of


@dataclass(frozen=True)
class PaperBin:
    """One bin of a column: its bounds in words, its points, whether the firm is in it."""

    text: str
    points: float
    mine: bool


@dataclass(frozen=True)
class PaperRow:
    """One column of the table: what was observed, what it brought, every bin; `short` of the best bin."""

    feature: str
    label: str
    value_text: str
    points: float
    short: float
    bins: tuple[PaperBin, ...]


@dataclass(frozen=True)
class Paper:
    """The whole reading: base_points + Σ points of rows = points, clipped and rounded to score.

    `low` to `high` is the table's own 90 % interval; both are the score in a version from before it was measured.

    `reasons` are at most four rows, those furthest from their best bin.
    """

    score: int
    low: int
    high: int
    band: str
    pd: float
    points: float
    base_points: float
    rows: tuple[PaperRow, ...]
    reasons: tuple[PaperRow, ...]


def paper_of(run: ScoreRun, language: str = ENGLISH) -> Paper | None:
    """The points table's answer to the run's vector, its signals named in one of the languages.

    None without a number, or when the version's files are gone.
    """
    table = table_of(run.model_version) if run.score is not None else None
    if table is None:
        return None
    reading = table.read(run.vector, bands_of(run))
    columns = {column.name: column for column in table.columns}
    rows = {line.feature: _row(line, columns[line.feature], language=language) for line in reading.lines}
    return Paper(
        score=reading.score,
        low=reading.low,
        high=reading.high,
        band=reading.band,
        pd=reading.pd,
        points=reading.points,
        base_points=reading.base_points,
        rows=tuple(rows.values()),
        reasons=tuple(rows[line.feature] for line in reading.reasons),
    )


def paper_row(run: ScoreRun) -> dict[str, object] | None:
    """The compact line: score, band, points and reasons, as programs read it."""
    paper = paper_of(run)
    if paper is None:
        return None
    reasons = [
        {"feature": row.feature, "label": row.label, "value_text": row.value_text, "short": row.short}
        for row in paper.reasons
    ]
    told = {"score": paper.score, "low": paper.low, "high": paper.high, "band": paper.band, "pd": paper.pd}
    return {**told, "points": paper.points, "reasons": reasons}


def table_of(version: ModelVersion) -> PaperTable | None:
    """The version's table; None when its files are gone or altered."""
    try:
        return _read(version.folder, version.digest)
    except artefacts.BrokenArtefacts:
        return None


@lru_cache(maxsize=8)
def _read(folder: Path, digest: str) -> PaperTable:
    files = artefacts.read(folder)
    if files.digest != digest:
        raise artefacts.BrokenArtefacts(f"{folder.name} is not the version that was registered")
    return paper_table(files.document("points_table.json"))


def table_rows(table: PaperTable) -> tuple[PaperRow, ...]:
    """The table itself, nobody's values in it."""
    empty: Reading = table.read({})
    columns = {column.name: column for column in table.columns}
    return tuple(_row(line, columns[line.feature], anybody=False) for line in empty.lines)


def _row(line: Line, column: PaperColumn, *, anybody: bool = True, language: str = ENGLISH) -> PaperRow:
    entry = catalogue.by_name().get(line.feature)
    unit = entry.unit if entry else ""
    bounds = _bounds([value_in(cut, unit, language) for cut in column.cuts])
    texts, points = [*bounds, gettext("not known")], [*column.points, column.points_missing]
    mine = line.place if line.place is not None else len(bounds)
    return PaperRow(
        feature=line.feature,
        label=label(line.feature, language) if entry else line.feature,
        value_text=value_in(line.value, unit, language) if anybody else "",
        points=line.points,
        short=line.short,
        bins=tuple(
            PaperBin(text, brought, anybody and place == mine)
            for place, (text, brought) in enumerate(zip(texts, points, strict=True))
        ),
    )


def _bounds(cuts: list[str]) -> list[str]:
    if not cuts:
        return [gettext("any value")]
    return [*(gettext("up to %(cut)s") % {"cut": cut} for cut in cuts), gettext("above %(cut)s") % {"cut": cuts[-1]}]
