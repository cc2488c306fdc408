"""Estimates of a thin GST file from its UPI record: who is asked, what they say, what an estimate may do and not do."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from creditiq.kernel.hashing import canonical_json
from scoring.engine import artefacts
from scoring.engine.appraisal import Subject
from scoring.engine.estimating import (
    Estimate,
    Estimates,
    estimates_from,
    estimates_of,
    filled,
    guarded,
    half_width_of,
    read_rows,
)
from scoring.engine.explain import parts_of, reasons_of, top_reasons
from scoring.engine.faithfulness import adverse_reasons
from scoring.engine.levers import levers_of
from scoring.engine.neighbours import GST, NEIGHBOURS, UPI, Population, fit_neighbours, neighbours_from
from scoring.engine.paper_card import PaperCard
from scoring.engine.permitted import KINDS, RANGED
from scoring.engine.recourse import path_to_prime
from scoring.engine.scorecard import Scorecard
from scoring.engine.what_if import dials_of
from scoring.services.shipping import SHIPPED

NAMES = (*UPI, *GST, "months_active_gst")
FOLDER = next(path.parent for path in SHIPPED.glob(f"*/{artefacts.MANIFEST}"))
LACKING = ("filing_compliance_rate", "gst_std_filing_interval_days", "gst_filing_delay_trend")


def population(firms: int = 80) -> Population:
    """Firms whose every GST column is the firm's first UPI column times its place, plus one; two rows each."""
    chance = np.random.default_rng(4)
    upi = chance.lognormal(2, 1, (firms, len(UPI)))
    gst = upi[:, :1] * np.arange(1, len(GST) + 1) + 1.0
    once = np.column_stack([upi, gst, np.full(firms, 24.0)])
    return Population(
        NAMES, np.vstack([once * 0.5, once]), np.tile(np.arange(firms), 2), np.repeat([1, 2], firms).astype(np.int64)
    )


def test_the_nearest_are_asked_and_their_median_and_spread_told() -> None:
    seen = population()
    table = fit_neighbours(seen, "2025-09-30")
    assert table is not None
    query = seen.matrix[-1, : len(UPI)]
    latest = seen.matrix[80:]
    sizes = [UPI.index(name) for name in (*UPI[:4], "upi_daily_avg_throughput")]
    block = latest[:, : len(UPI)].copy()
    asked = query.copy()
    block[:, sizes], asked[sizes] = np.log1p(block[:, sizes]), np.log1p(asked[sizes])
    apart = np.sqrt((((block - asked) / block.std(axis=0)) ** 2).sum(axis=1))
    nearest = latest[np.argsort(apart)[:NEIGHBOURS], len(UPI) : len(UPI) + len(GST)]
    told = table.expect(query)
    assert told.middle == pytest.approx(np.median(nearest, axis=0), rel=1e-4)
    assert told.spread == pytest.approx(nearest.std(axis=0, ddof=1), rel=1e-4)
    assert told.values.shape == (NEIGHBOURS, len(GST))


def test_what_most_neighbours_do_not_know_is_not_told() -> None:
    seen = population()
    seen.matrix[:, NAMES.index("hsn_entropy_90d")] = np.nan
    seen.matrix[::2, NAMES.index("upi_hhi_30d")] = np.nan
    table = fit_neighbours(seen, "2025-09-30")
    assert table is not None
    told = table.expect(seen.matrix[0, : len(UPI)])
    assert [name for name, value in zip(GST, told.middle, strict=True) if math.isnan(value)] == ["hsn_entropy_90d"]


def test_only_mature_firms_are_asked_and_too_few_tell_nothing() -> None:
    seen = population()
    young = seen.matrix.copy()
    young[:, -1] = 8.0
    assert fit_neighbours(replace(seen, matrix=young), "2025-09-30") is None
    assert fit_neighbours(replace(seen, names=("months_active_gst",)), "2025-09-30") is None


def test_the_table_survives_json() -> None:
    table = fit_neighbours(population(), "2025-09-30")
    assert table is not None
    again = neighbours_from(json.loads(canonical_json(table.document())))
    assert (tuple(again.upi), tuple(again.gst)) == (UPI, GST)
    query = population().matrix[3, : len(UPI)]
    assert np.array_equal(again.expect(query).middle, table.expect(query).middle, equal_nan=True)
    with pytest.raises(ValueError, match=r"neighbours\.json"):
        neighbours_from({**table.document(), "gst": {}})
    with pytest.raises(ValueError, match=r"neighbours\.json"):
        neighbours_from({"fitted_on": "", "upi": 3, "gst": {}})


def test_a_median_row_widens_by_how_far_its_neighbours_score() -> None:
    assert half_width_of(600.0, [600.0] * 15) == 0.0
    assert half_width_of(600.0, [580.0] * 15) > half_width_of(600.0, [590.0] * 15) > 10.0


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return Scorecard.load(FOLDER)


def thin_row(card: Scorecard, **values: float) -> np.ndarray:
    """A golden row as a thin GST file with a rich UPI record that lacks LACKING."""
    golden = json.loads((FOLDER / "golden.json").read_bytes())["matrix"][7]
    row = np.array([np.nan if cell is None else cell for cell in golden], dtype=np.float64)
    told = dict.fromkeys(LACKING, math.nan) | {
        "months_active_gst": 5.0, "upi_dormancy_periods": 2.0, "upi_90d_inbound_count": 40.0, **values
    }  # fmt: skip
    for name, value in told.items():
        row[card.names.index(name)] = value
    return row


def test_a_thin_file_with_a_rich_upi_record_is_estimated_where_it_lacks_a_value(card: Scorecard) -> None:
    row = thin_row(card)
    found = estimates_of(card, row, KINDS)
    assert found is not None
    assert set(found.columns) == set(LACKING)
    assert all(math.isfinite(each.value) and each.spread >= 0 for each in found.columns.values())
    full = filled(card.names, row, found)
    changed = {card.names[place] for place in np.flatnonzero(~((full == row) | (np.isnan(full) & np.isnan(row))))}
    assert changed == set(LACKING)
    assert estimates_from(json.loads(json.dumps(found.document()))) == found


def test_the_shipped_table_tells_each_column_by_its_own_values(card: Scorecard) -> None:
    """Rates of the same sales lie near each other whatever the span, and every figure is one that firms have."""
    sales = {f"gst_{days}d_value": days for days in (7, 30, 90)}
    found = estimates_of(card, thin_row(card, **dict.fromkeys(sales, math.nan)), KINDS)
    assert found is not None
    assert card.neighbours is not None
    assert set(found.columns) == {*LACKING, *sales}
    for name, each in found.columns.items():
        known = [cell for cell in card.neighbours.gst[name] if not math.isnan(cell)]
        assert min(known) <= each.value <= max(known), name
    daily = [found.columns[name].value / days for name, days in sales.items()]
    assert max(daily) < 4 * min(daily)


def test_a_consent_without_a_row_shares_nothing_to_estimate_by() -> None:
    rows = {"gst_invoices": 40, "gst_returns": 0, "upi_payments": 300}
    subject = Subject(
        gstin="29AAACG0569P1Z3", sector="textiles", deals_in_goods=True, as_of=datetime(2026, 6, 1, tzinfo=UTC),
        rows=rows, consent="c", screening=None, policy=None,
    )  # fmt: skip
    assert subject.shared == ("gst_invoices", "upi_payments")
    assert replace(subject, notes=(RANGED,)).shared == ()


@pytest.mark.parametrize(
    "values",
    [
        {"months_active_gst": 12.0},
        {"months_active_gst": math.nan},
        {"upi_dormancy_periods": 9.0},
        {"upi_90d_inbound_count": 11.0},
        {"upi_dormancy_periods": math.nan},
        dict.fromkeys(LACKING, 0.5),
    ],
)
def test_a_mature_file_a_poor_upi_record_or_a_full_one_is_not_estimated(
    card: Scorecard, values: dict[str, float]
) -> None:
    assert estimates_of(card, thin_row(card, **values), KINDS) is None


def test_withheld_is_not_thin(card: Scorecard) -> None:
    row = thin_row(card)
    assert estimates_of(card, row, [kind for kind in KINDS if kind != "gst_returns"]) is None
    without_upi = row.copy()
    without_upi[[card.names.index(name) for name in UPI]] = np.nan
    assert estimates_of(card, without_upi, [kind for kind in KINDS if kind != "upi_payments"]) is None


def test_neither_the_points_table_nor_an_older_version_estimates(card: Scorecard) -> None:
    row = thin_row(card)
    assert estimates_of(PaperCard.load(FOLDER), row, KINDS) is None
    assert estimates_of(replace(card, neighbours=None), row, KINDS) is None


def test_estimates_widen_the_interval_and_leave_other_rows_alone(card: Scorecard) -> None:
    thin, full = thin_row(card), thin_row(card, months_active_gst=30.0)
    read = read_rows(card, np.vstack([thin, full]), [KINDS, KINDS])
    assert [found is not None for found in read.estimates] == [True, False]
    wide, same = read.assess(card)
    estimates = read.estimates[0]
    assert estimates is not None
    bare = card.assess(read.rows[:1])[0]
    assert wide.points == bare.points
    assert wide.score.score == bare.score.score
    assert wide.score.high - wide.score.low > bare.score.high - bare.score.low
    missing = card.assess(thin[None, :])[0]
    assert wide.score.high - wide.score.low > missing.score.high - missing.score.low
    assert same == card.assess(full[None, :])[0]
    alone = read_rows(card, thin[None, :], [KINDS])
    assert alone.assess(card)[0] == wide
    assert alone.estimates[0] == estimates


def test_an_estimate_is_nothing_to_act_on_and_no_reason_to_decline(card: Scorecard) -> None:
    """Even where it costs most: compliance estimated at zero."""
    row = thin_row(card)
    estimates = Estimates(dict.fromkeys(LACKING, Estimate(0.0, 0.1)), 30.0)
    own, full = guarded(card, estimates), filled(card.names, row, estimates)
    assessment = own.assess(full[None, :])[0]
    values = [None if math.isnan(cell) else cell for cell in row]
    parts = parts_of(own.columns, values, assessment, peers=card.peers, sector="textiles", estimates=estimates.columns)
    told = {part.feature: part for part in parts}["filing_compliance_rate"]
    assert told.value is None
    assert told.estimate == Estimate(0.0, 0.1)
    assert told.points < -10
    reasons = reasons_of(parts)
    [mine] = [reason for reason in reasons if reason.code == "estimated.filing"]
    assert "estimated from similar businesses" in mine.sentence
    assert mine not in top_reasons(reasons)
    refusal = adverse_reasons(own, full.tolist(), reasons, sector="textiles")
    assert not {reason.feature for reason in refusal} & set(LACKING)
    path = path_to_prime(own, full.tolist(), assessment.score, sector="textiles")
    assert path is None or path.feature not in LACKING
    assert not {dial.feature for dial in dials_of(own, full.tolist(), sector="textiles")} & set(LACKING)
    levers = levers_of(own.columns, own.peers, full, "textiles")
    assert not {goal.column.name for lever in levers for goal in lever.goals} & set(LACKING)


def test_the_shipped_card_measures_estimates_on_masked_firms() -> None:
    """Better than the fitted firms' median in sales, half the error of the score, and an interval that holds it."""
    found = json.loads((FOLDER / "metrics.json").read_bytes())["masked"]
    by_name = {row["feature"]: row for row in found["columns"]}
    assert set(by_name) == set(GST)
    assert by_name["gst_90d_value"]["error"] < 0.8 * by_name["gst_90d_value"]["median_error"]
    assert found["score_error_after"] < 0.5 * found["score_error_before"]
    assert found["coverage_before"] < 0.5
    assert 0.87 <= found["coverage_after"] <= 0.95
    assert "Thin GST files, estimated from the UPI record" in (FOLDER / "card.md").read_text()
