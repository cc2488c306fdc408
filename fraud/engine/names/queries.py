"""Files of questions: whom to screen, and labelled pairs to score the matcher on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fraud.engine.names.entities import Subject
from fraud.engine.names.lists.reading import BadList, country_of, date_of, rows_of, text_of
from fraud.engine.names.normalise import kind_of
from fraud.engine.names.probability import NAMELESS, THRESHOLD, judge_texts

PARTS = ("first_name", "middle_name", "last_name")
YES, NO = frozenset({"true", "1", "1.0", "yes", "t", "y"}), frozenset({"false", "0", "0.0", "no", "f", "n"})
BINS = 10
DELIMITERS = ",;\t|"
SAME_EVIDENCE = 9
"""Decimals to which two comparisons have the same features: beyond them is how floats add up."""


def read_subjects(content: bytes) -> list[Subject]:
    """Rows with full_name, or first_name / middle_name / last_name; date_of_birth and nationality when known."""
    rows = rows_of(content, delimiter_of(content))
    header = [name.strip().casefold() for name in next(rows, (0, []))[1]]
    if "full_name" not in header and not {"first_name", "last_name"} & set(header):
        raise BadList("line 1: expected a column full_name, or first_name, middle_name and last_name")
    return [_subject(line, dict(zip(header, row, strict=False))) for line, row in rows]


def delimiter_of(content: bytes) -> str:
    """What separates the columns: the sign that stands most often in the first line with text; a comma in doubt.

    >>> delimiter_of(b"schema;name1;name2;is_match"), delimiter_of(b"full_name")
    (';', ',')
    """
    header = next((line for line in text_of(content).splitlines() if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def _subject(line: int, cells: Mapping[str, str]) -> Subject:
    parts = " ".join(cells[part] for part in PARTS if cells.get(part))
    name = cells.get("full_name") or parts
    if not name:
        raise BadList(f"line {line}: no name; fill full_name, or first_name and last_name")
    birth = cells.get("date_of_birth", "")
    if birth and not date_of(birth):
        raise BadList(f"line {line}: date_of_birth {birth!r} is no date; write it as 1970-12-31")
    countries = frozenset(country_of(one) for one in cells.get("nationality", "").split(";") if one.strip())
    return Subject(str(line), name, "person" if parts else "unknown", date_of(birth), countries)


@dataclass(frozen=True)
class PairsReport:
    """How the matcher did on labelled pairs. `ece` is the expected calibration error over ten bins of probability.

    `strictly_ordered`: no two pairs of different evidence share a probability, and none is 0 or 1.
    """

    pairs: int
    f1: float
    precision: float
    recall: float
    threshold: float
    ece: float
    strictly_ordered: bool


def score_pairs(content: bytes) -> PairsReport:
    """Judge every pair of a file with the columns schema, name1, name2, is_match. Raises BadList."""
    rows = rows_of(content, delimiter_of(content))
    header = [name.strip().casefold() for name in next(rows, (0, []))[1]]
    if missing := [name for name in ("schema", "name1", "name2", "is_match") if name not in header]:
        raise BadList(f"line 1: no column {', '.join(missing)}; the columns are schema, name1, name2, is_match")
    judged: list[tuple[float, bool]] = []
    evidence: dict[float, set[tuple[float, ...]]] = {}
    for line, row in rows:
        cells = dict(zip(header, row, strict=False))
        same = _label(line, cells.get("is_match", ""))
        verdict = judge_texts(cells.get("name1", ""), cells.get("name2", ""), kind_of(cells.get("schema", "")))
        judged.append((verdict.probability, same))
        told = () if verdict.margin == NAMELESS else verdict.comparison.features
        evidence.setdefault(verdict.probability, set()).add(tuple(round(value, SAME_EVIDENCE) for value in told))
    if not judged:
        raise BadList("the file has no pairs below its header")
    ordered = all(len(kinds) == 1 for kinds in evidence.values()) and 0.0 < min(evidence) <= max(evidence) < 1.0
    return _report(judged, ordered)


def _label(line: int, text: str) -> bool:
    if text.casefold() not in YES | NO:
        raise BadList(f"line {line}: is_match is {text!r}; write true or false")
    return text.casefold() in YES


def _report(judged: Sequence[tuple[float, bool]], ordered: bool) -> PairsReport:
    hits = sum(same for probability, same in judged if probability >= THRESHOLD)
    said = sum(probability >= THRESHOLD for probability, _ in judged)
    true = sum(same for _, same in judged)
    return PairsReport(
        pairs=len(judged),
        f1=2 * hits / (said + true) if said + true else 0.0,
        precision=hits / said if said else 0.0,
        recall=hits / true if true else 0.0,
        threshold=THRESHOLD,
        ece=_calibration_error(judged),
        strictly_ordered=ordered,
    )


def _calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Mean gap between what was said and what was so, weighted by pairs (Naeini et al., AAAI 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for probability, same in judged:
        bins.setdefault(min(int(probability * BINS), BINS - 1), []).append((probability, same))
    gaps = (abs(sum(p for p, _ in held) - sum(same for _, same in held)) for held in bins.values())
    return sum(gaps) / len(judged)
