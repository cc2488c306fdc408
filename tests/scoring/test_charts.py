"""The waterfall as people see it."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from scoring import charts
from scoring.charts.swarm import heights, swarm
from scoring.selectors import Cohort
from scoring.selectors.cohorts import Member


def run_of(*points: float, base: float, score: int) -> SimpleNamespace:
    parts = [
        {"label": f"Part {place}", "value_text": "x", "points": value, "peer_text": "y"}
        for place, value in enumerate(points)
    ]
    return SimpleNamespace(
        waterfall=parts, base_points=base, points=base + sum(points), score=score, business="Firm", from_table=False
    )


def shown_sum(rows: list[dict]) -> int:
    texts = [row["value_text"].replace("−", "-").replace("+", "") for row in rows if row["kind"] != "total"]
    return sum(int(text) for text in texts)


@pytest.mark.parametrize(
    ("points", "base", "score"),
    [
        ((34.4, 22.4, -20.6, 9.4), 661.4, 707),
        (tuple(0.4 for _ in range(40)), 650.0, 666),
        ((150.0, 120.0), 660.0, 900),
        ((-200.0, -210.0), 661.0, 300),
    ],
)
def test_what_is_shown_adds_up_in_whole_points(points: tuple[float, ...], base: float, score: int) -> None:
    rows = charts.waterfall_rows(run_of(*points, base=base, score=score))
    assert shown_sum(rows) == score
    assert rows[-1]["value_text"] == str(score)


def test_the_strongest_signals_of_a_cohort_are_told_though_older_scores_lack_one() -> None:
    members = tuple(
        Member(uuid4(), "Firm", "textiles", 600, "medium_risk", {}, contributions)
        for contributions in ({"gone_since": 9.0, "cash_buffer_days": -4.0}, {"longest_gap_days": 3.0})
    )
    ranked = charts.importance(Cohort(members, 2, {"medium_risk": 2}))
    assert ranked[:2] == [("cash_buffer_days", 2.0), ("longest_gap_days", 1.5)]
    assert charts.importance(Cohort((), 0, {})) == []


def test_clipping_has_its_own_line() -> None:
    rows = charts.waterfall_rows(run_of(150.0, 120.0, base=660.0, score=900))
    assert [row["label"] for row in rows if "300" in row["label"]] == ["Held inside 300 to 900"]


def test_bars_stay_on_the_track_and_begin_where_the_last_ended() -> None:
    rows = charts.waterfall_rows(run_of(40.0, -25.0, 12.0, base=650.0, score=677))
    assert all(0 <= row["x"] <= 100 and row["x"] + row["width"] <= 100.01 for row in rows)
    up, down = rows[1], rows[2]
    assert up["x"] + up["width"] == pytest.approx(down["x"] + down["width"], abs=0.02)


def test_the_sum_in_words_is_the_sum() -> None:
    text = charts.waterfall_sum(run_of(34.0, -21.0, base=661.0, score=674))
    assert text == "661 + 34 − 21 = 674"


def test_the_figure_begins_each_bar_where_the_last_ended() -> None:
    figure = charts.explained_figure(run_of(34.0, -21.0, base=661.0, score=674))
    assert figure["data"][0]["base"] == [661.0, 695.0]
    assert figure["data"][0]["marker"]["color"] == ["up", "down"]


def test_a_beeswarm_has_a_mark_per_firm_and_signal_that_opens_the_firm() -> None:
    members = tuple(
        Member(uuid4(), f"Firm {n}", "textiles", 600, "medium_risk", {"cash_buffer_days": None if n == 7 else float(n)},
               {"cash_buffer_days": float(n - 4), "longest_gap_days": 0.0})
        for n in range(9)
    )  # fmt: skip
    cohort = Cohort(members, 9, {"medium_risk": 9})
    labels = {"cash_buffer_days": "Cash", "longest_gap_days": "Gap"}
    drawn = swarm(cohort, [("cash_buffer_days", 2.2), ("longest_gap_days", 0.0)], labels)
    traces = {trace["name"]: trace for trace in drawn["figure"]["data"]}
    assert sum(len(trace["x"]) for trace in traces.values()) == 9
    assert max(traces["Lowest third of values"]["x"]) < min(traces["Highest third"]["x"])
    assert traces["Not known"]["x"] == [3.0]
    assert all(abs(height) < 0.5 for trace in traces.values() for height in trace["y"])
    assert all(link.startswith("/analyst?business=") for trace in traces.values() for link in trace["customdata"])
    assert drawn["rows"] == [["Cash", "−4", "0", "+4"]]


def test_an_empty_cohort_has_an_empty_beeswarm() -> None:
    drawn = swarm(Cohort((), 0, {}), [], {})
    assert drawn["figure"]["data"] == []
    assert drawn["title"] == "Nothing spreads this cohort"


def test_the_marks_of_a_full_slot_are_spread_around_their_line() -> None:
    placed = heights([1.0] * 11 + [50.0])
    assert len(set(placed)) == 12 - 1
    assert max(placed) == pytest.approx(0.36)
    assert min(placed) == pytest.approx(-0.36)
