"""Recourse, what-if, faithfulness and difference: what the model itself says of changed rows."""

import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.difference import Parted, Way, difference
from scoring.engine.explain import parts_of, reasons_of, top_reasons
from scoring.engine.faithfulness import LEAST_EFFECT, MOST_ADVERSE, adverse_reasons, moves_as_said
from scoring.engine.levers import HORIZON, levers_of
from scoring.engine.plans import MOST_LEVERS, plan_for
from scoring.engine.scorecard import Scorecard
from scoring.engine.standing import percentile
from scoring.engine.what_if import UnableToTry, attempt, dials_of
from tests.scoring.engine.conftest import NAMES, RISKY, SAFE, Workshop

ROWS = 60
SHIPPED = Path(__file__).resolve().parents[3] / "scoring" / "artefacts"


def reasons_for(workshop: Workshop, row: np.ndarray):
    values = [None if np.isnan(cell) else float(cell) for cell in row]
    assessment = workshop.card.assess(row[None, :])[0]
    card = workshop.card
    return reasons_of(parts_of(card.columns, values, assessment, peers=card.peers, sector="textiles"))


def test_a_plan_is_what_re_scoring_its_changes_gives(workshop: Workshop) -> None:
    card, reached = workshop.card, 0
    for row in workshop.sample.matrix[:ROWS]:
        plan = plan_for(card, row, sector="textiles")
        if plan is None:
            continue
        changed = row.copy()
        for step in plan.steps:
            for change in step.changes:
                changed[NAMES.index(change.feature)] = change.goal
        assert card.assess(changed[None, :])[0].score == plan.after
        assert math.fsum(step.gain for step in plan.steps) == pytest.approx(plan.gain)
        assert plan.reaches == (plan.after.score >= plan.target_score)
        assert len(plan.steps) <= MOST_LEVERS
        assert plan.months <= HORIZON
        reached += plan.reaches
    assert reached > 10


def test_a_plan_asks_for_nothing_it_does_not_need(workshop: Workshop) -> None:
    card, looked = workshop.card, 0
    for row in workshop.sample.matrix[:ROWS]:
        plan = plan_for(card, row, sector="textiles")
        if plan is None or not plan.reaches:
            continue
        for left_out in plan.steps:
            changed = row.copy()
            for step in plan.steps:
                for change in step.changes if step is not left_out else ():
                    changed[NAMES.index(change.feature)] = change.goal
            assert card.assess(changed[None, :])[0].score.score < plan.target_score
            looked += 1
    assert looked > 10


def test_levers_move_only_what_can_be_acted_on_and_only_for_the_better(workshop: Workshop) -> None:
    card = workshop.card
    for row in workshop.sample.matrix[:ROWS]:
        for lever in levers_of(card.columns, card.peers, row, "textiles"):
            for goal in lever.goals:
                assert goal.column.name in RISKY + SAFE
                assert goal.limit < goal.now if goal.column.risk == "rises" else goal.limit > goal.now
                assert goal.at(0.0) == goal.now


def test_the_top_band_has_no_plan(workshop: Workshop) -> None:
    best = max(workshop.sample.matrix, key=lambda row: workshop.card.points(row[None, :])[0])
    assert plan_for(workshop.card, best, sector="textiles") is None


def test_what_if_tells_the_exact_parts_of_its_gain(workshop: Workshop) -> None:
    row = workshop.sample.matrix[3]
    dials = dials_of(workshop.card, row.tolist(), sector="textiles")
    assert {dial.feature for dial in dials} <= set(RISKY + SAFE)
    assert all(dial.low <= dial.now <= dial.high for dial in dials)
    trial = attempt(workshop.card, row.tolist(), {dial.feature: dial.high for dial in dials})
    assert math.fsum(trial.parts.values()) == pytest.approx(trial.gain)
    assert {moved.feature for moved in trial.moved} == {dial.feature for dial in dials if dial.high != dial.now}


def test_what_if_changes_nothing_when_nothing_is_set(workshop: Workshop) -> None:
    trial = attempt(workshop.card, workshop.sample.matrix[3].tolist(), {})
    assert (trial.gain, trial.moved, trial.parts) == (0.0, (), {})


@pytest.mark.parametrize("wanted", [{"months_active_gst": 3.0}, {"nonsense": 1.0}, {"upi_hhi_30d": math.nan}])
def test_what_if_refuses_what_nobody_can_set(workshop: Workshop, wanted: dict[str, float]) -> None:
    row = next(row for row in workshop.sample.matrix if not np.isnan(row[NAMES.index("upi_hhi_30d")]))
    with pytest.raises(UnableToTry) as refused:
        attempt(workshop.card, row.tolist(), wanted)
    assert refused.value.feature in wanted


def faithful(card: Scorecard, rows: np.ndarray) -> dict[tuple[str, str], list[bool]]:
    """Whether each reason moved the score as was said, by (top or told, direction)."""
    found: dict[tuple[str, str], list[bool]] = {}
    for row, assessment in zip(rows, card.assess(rows), strict=True):
        values = [None if np.isnan(cell) else float(cell) for cell in row]
        parts = parts_of(card.columns, values, assessment, peers=card.peers, sector="textiles")
        reasons = reasons_of(parts)
        told = [reason for reason in reasons if reason.repairable and abs(reason.points) >= LEAST_EFFECT]
        for shown, chosen in (("top", top_reasons(reasons)), ("told", told)):
            for reason in chosen:
                moved = moves_as_said(card, row.tolist(), reason, sector="textiles")
                found.setdefault((shown, reason.direction), []).append(moved)
    return found


def test_shown_reasons_are_faithful_in_both_directions() -> None:
    """scoring.md §3, on the model that serves: 99 of 100 shown reasons move the score as was said, both ways.

    Shown are the top reasons of whatever size, and every reason of the list that is worth a rounded point.
    """
    folder = next(path.parent for path in SHIPPED.glob("*/manifest.json"))
    golden = json.loads((folder / "golden.json").read_text())["matrix"]
    found = faithful(Scorecard.load(folder), np.array(golden, dtype=float))
    assert found.keys() == set(product(("top", "told"), ("increases_risk", "decreases_risk")))
    for moved in found.values():
        assert len(moved) > 100
        assert sum(moved) / len(moved) >= 0.99


def test_reasons_of_a_refusal_are_few_and_each_was_tried(workshop: Workshop) -> None:
    told = 0
    for row in workshop.sample.matrix[:ROWS]:
        adverse = adverse_reasons(workshop.card, row, reasons_for(workshop, row), sector="textiles")
        assert len(adverse) <= MOST_ADVERSE
        assert all(moves_as_said(workshop.card, row, reason, sector="textiles") for reason in adverse)
        assert all(reason.value is not None and reason.points < 0 for reason in adverse)
        told += len(adverse)
    assert told > ROWS


parted = st.builds(
    Parted,
    base=st.floats(500, 700),
    parts=st.dictionaries(st.sampled_from("abcd"), st.floats(-80, 80)),
    values=st.just({}),
)


@given(way=st.builds(Way, *[parted] * 6))
def test_a_difference_adds_up_and_so_does_every_step(way: Way) -> None:
    found = difference(way, first=round(way.first.points), second=round(way.second.points))
    assert math.fsum(move.points for move in found.moves) == pytest.approx(found.total, abs=1e-9)
    for move in found.moves:
        told = math.fsum((move.base, *(feature.points for feature in move.features)))
        assert move.kind == "rounding" or told == pytest.approx(move.points, abs=1e-9)


def test_nothing_changed_is_told_as_nothing() -> None:
    same = Parted(600.25, {"a": 1.5}, {"a": 2.0})
    found = difference(Way(*[same] * 6), first=602, second=602)
    assert (found.total, [move.points for move in found.moves]) == (0, [0.0] * 5)


def test_percentiles_are_read_between_the_quantiles() -> None:
    healthy = (1.0, 2.0, 3.0, 4.0, 5.0)
    assert [percentile(value, healthy) for value in (None, 0.5, 1.0, 2.5, 5.0, 9.0)] == [None, 5, 10, 38, 90, 95]
    assert percentile(1.0, None) is None
