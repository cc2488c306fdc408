import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from scoring.engine.appraisal import COMPLETE, INSUFFICIENT, Bench, Subject, appraise, without_consent
from scoring.engine.policy import ScoringPolicy
from tests.scoring.engine.conftest import NAMES, Workshop

ROWS = {"gst_invoices": 40, "gst_returns": 12, "upi_payments": 300, "eway_bills": 9, "bank_entries": 80}
SUBJECT = Subject(
    gstin="27AAPFU0939F1ZV",
    sector="textiles",
    deals_in_goods=True,
    as_of=datetime(2026, 11, 20, 5, 30, tzinfo=UTC),
    rows=ROWS,
    consent="c0ffee",
    screening=7,
    policy=None,
)


@pytest.fixture
def bench(workshop: Workshop) -> Bench:
    return Bench(workshop.card, "2026.11-test", ScoringPolicy())


def rows_of(workshop: Workshop, count: int) -> np.ndarray:
    return workshop.sample.matrix[:count, :-1]


def test_a_row_gives_the_same_bytes_alone_and_among_others(bench: Bench, workshop: Workshop) -> None:
    matrix = rows_of(workshop, 40)
    together = appraise(bench, [SUBJECT] * 40, NAMES[:-1], matrix)
    alone = [appraise(bench, [SUBJECT], NAMES[:-1], matrix[line : line + 1])[0] for line in range(40)]
    assert [one.snapshot for one in together] == [one.snapshot for one in alone]


def test_a_number_only_with_three_months_and_enough_coverage(bench: Bench, workshop: Workshop) -> None:
    matrix = rows_of(workshop, 60)
    months = matrix[:, NAMES.index("months_active_gst")]
    coverage = matrix[:, NAMES.index("data_completeness_score")]
    found = appraise(bench, [SUBJECT] * 60, NAMES[:-1], matrix)
    expected = [COMPLETE if m >= 3 and c >= 0.4 else INSUFFICIENT for m, c in zip(months, coverage, strict=True)]
    assert [one.status for one in found] == expected
    assert all((one.explanation is None) == (one.status == INSUFFICIENT) for one in found)


def test_the_snapshot_is_the_whole_answer(bench: Bench, workshop: Workshop) -> None:
    found = next(
        one for one in appraise(bench, [SUBJECT] * 20, NAMES[:-1], rows_of(workshop, 20)) if one.status == COMPLETE
    )
    shown = json.loads(found.snapshot)
    assert found.explanation is not None
    assert shown["answer"]["score"]["score"] == found.explanation.assessment.score.score
    assert shown["model"]["digest"] == workshop.card.digest
    assert shown["subject"]["as_of"] == "2026-11-20T05:30:00.000000Z"
    assert len(shown["answer"]["parts"]) == len(NAMES) == len(shown["vector"])


def test_another_moment_is_another_snapshot(bench: Bench, workshop: Workshop) -> None:
    later = replace(SUBJECT, as_of=datetime(2026, 11, 21, tzinfo=UTC))
    one, two = appraise(bench, [SUBJECT, later], NAMES[:-1], np.repeat(rows_of(workshop, 1), 2, axis=0))
    assert one.sha256 != two.sha256
    assert one.vector == two.vector


def test_without_consent_nothing_is_read_and_consent_is_what_is_missing(bench: Bench) -> None:
    found = without_consent(bench, replace(SUBJECT, rows={}, consent=None))
    assert found.status == INSUFFICIENT
    assert found.vector == {}
    assert [gap.kind for gap in found.sufficiency.gaps] == ["consent"]
