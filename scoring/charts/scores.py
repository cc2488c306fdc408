"""Rows and Plotly figures of scores. Colours are token names; the browser knows the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NotRequired, TypedDict

from django.utils.translation import gettext

from scoring.charts.swarm import swarm
from scoring.engine.bands import DEFAULT_BANDS
from scoring.engine.features import catalogue
from scoring.engine.mapping import clip
from scoring.engine.sentences.numbers import MINUS, signed_points
from scoring.engine.sentences.voice import ENGLISH, label
from scoring.models import ScoreRun
from scoring.selectors import Cohort, ExplorerPage, observed, paper_row

Figure = dict[str, object]
Row = dict[str, object]

SHOWN_PARTS = 8
SHOWN_BARS = 15
MARGIN = 0.08
TONES = {"very_low_risk": "good", "low_risk": "fair", "medium_risk": "warn", "high_risk": "bad"}


class _Part(TypedDict):
    """One entry of a waterfall as it is stored, as far as a bar shows it."""

    feature: str
    label: str
    value: float | None
    value_text: str
    estimate: NotRequired[dict[str, float]]


@dataclass(frozen=True)
class _Step:
    label: str
    detail: str
    points: int
    kind: str


def waterfall_rows(run: ScoreRun, language: str = ENGLISH) -> list[Row]:
    """Bars from the starting point to the score, in whole points; rounding and clipping have their own lines."""
    steps = _steps(run, language)
    marks = [0]
    for step in steps:
        marks.append(marks[-1] + step.points)
    reached = [*marks[1:], run.score or 0]
    span = max(max(reached) - min(reached), 40)
    low, high = min(reached) - MARGIN * span, max(reached) + MARGIN * span
    bars = [_bar(step, before, low, high) for step, before in zip(steps, marks, strict=False)]
    score = run.score or 0
    total = {"label": gettext("Score"), "detail": "", "value_text": str(score), "x": 0, "kind": "total"}
    return [*bars, total | {"width": _percent(score, low, high)}]


def waterfall_sum(run: ScoreRun) -> str:
    """The same as a sum in words: `661 + 34 − 21 = 674`."""
    first, *others = _steps(run, ENGLISH)
    terms = [f"{'+' if step.points >= 0 else MINUS} {abs(step.points)}" for step in others if step.points]
    return f"{first.points} {' '.join(terms)} = {run.score}"


def _steps(run: ScoreRun, language: str) -> list[_Step]:
    parts = run.waterfall
    shown, rest = parts[:SHOWN_PARTS], parts[SHOWN_PARTS:]
    table, model = gettext("where the points table begins"), gettext("the average of all firms the model knows")
    steps = [_Step(gettext("Starting point"), table if run.from_table else model, round(run.base_points or 0), "base")]
    steps += [_step(*_named(part, language), part["points"]) for part in shown]
    if rest:
        steps.append(
            _step(gettext("%(count)s smaller parts") % {"count": len(rest)}, "", sum(part["points"] for part in rest))
        )
    points = run.points or 0.0
    if clip(points) != points:
        steps.append(_step(gettext("Held inside 300 to 900"), "", clip(points) - points))
    left = (run.score or 0) - sum(step.points for step in steps)
    if left:
        steps.append(_Step(gettext("Rounding"), gettext("parts are shown in whole points"), left, "rounding"))
    return steps


def _named(part: _Part, language: str) -> tuple[str, str]:
    """Label and value of a part; English as it was stored."""
    name = part["label"] if language == ENGLISH else label(part["feature"], language)
    return name, _seen(part, language)


def _seen(part: _Part, language: str = ENGLISH) -> str:
    """The value of a part, or what stands in for it; English as it was stored."""
    return part["value_text"] if language == ENGLISH and "estimate" not in part else observed(part, language)


def _step(label: str, detail: str, points: float) -> _Step:
    return _Step(label, detail, round(points), "up" if points >= 0 else "down")


def _bar(step: _Step, before: int, low: float, high: float) -> Row:
    after = before + step.points
    start = low if step.kind == "base" else min(before, after)
    end = after if step.kind == "base" else max(before, after)
    x = _percent(start, low, high)
    text = str(step.points) if step.kind == "base" else signed_points(step.points)
    width = max(_percent(end, low, high) - x, 0.4)
    return {
        "label": step.label, "detail": step.detail, "value_text": text, "x": x, "width": width, "kind": step.kind
    }  # fmt: skip


def _percent(points: float, low: float, high: float) -> float:
    return round(100.0 * (points - low) / (high - low), 2)


def explained_figure(run: ScoreRun) -> Figure:
    """Plotly waterfall of one run: horizontal bars that start where the one before ended."""
    parts = run.waterfall[:SHOWN_BARS]
    at = run.base_points or 0.0
    starts: list[float] = []
    for part in parts:
        starts.append(round(at, 2))
        at += part["points"]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "base": starts,
                "x": [round(part["points"], 2) for part in parts],
                "y": [part["label"] for part in parts],
                "text": [signed_points(part["points"]) for part in parts],
                "textposition": "outside",
                "cliponaxis": False,
                "customdata": [_seen(part) for part in parts],
                "hovertemplate": "%{y}<br>%{customdata}<br>%{x:+.1f} points<extra></extra>",
                "marker": {
                    "color": ["up" if part["points"] >= 0 else "down" for part in parts],
                    "pattern": {"shape": ["" if part["points"] >= 0 else "/" for part in parts]},
                },
            }
        ],
        "layout": {
            "xaxis": {"title": "Score, points"},
            "yaxis": {"autorange": "reversed"},
            "height": 460,
            "showlegend": False,
        },
    }


def explained_table(run: ScoreRun) -> list[list[str]]:
    """Every part of a run: label, value, peer median, points."""
    return [
        [part["label"], _seen(part), part["peer_text"], f"{part['points']:+.2f}".replace("-", MINUS)]
        for part in run.waterfall
    ]


def importance(cohort: Cohort) -> list[tuple[str, float]]:
    """Mean |points| per feature of today over the cohort, strongest first; scores of an older version may lack one."""
    if not cohort.members:
        return []
    effects = {
        name: [abs(member.contributions.get(name, 0.0)) for member in cohort.members] for name in catalogue.names()
    }
    return sorted(((name, fmean(sizes)) for name, sizes in effects.items()), key=lambda pair: -pair[1])


def importance_figure(ranked: Sequence[tuple[str, float]], labels: dict[str, str]) -> Figure:
    """Plotly bars of the strongest features of a cohort."""
    shown = ranked[:SHOWN_BARS]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [round(mean, 2) for _, mean in shown],
                "y": [labels[name] for name, _ in shown],
                "marker": {"color": "accent"},
                "hovertemplate": "%{y}<br>%{x:.1f} points on average<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {"title": "Mean effect, points"},
            "yaxis": {"autorange": "reversed"},
            "height": 460,
            "showlegend": False,
        },
    }


def dependence_figure(cohort: Cohort, feature: str, unit: str) -> Figure:
    """Plotly scatter: the value of one feature against its effect, a trace per band with its own shape."""
    shapes = {"very_low_risk": "circle", "low_risk": "square", "medium_risk": "diamond", "high_risk": "x"}
    traces = []
    for band in DEFAULT_BANDS.table:
        members = [member for member in cohort.members if member.band == band.name and _has(member.vector, feature)]
        if members:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": band.name.replace("_", " ").capitalize(),
                    "x": [member.vector[feature] for member in members],
                    "y": [round(member.contributions[feature], 2) for member in members],
                    "text": [member.name for member in members],
                    "customdata": [f"/analyst?business={member.business_uuid}&feature={feature}" for member in members],
                    "hovertemplate": "%{text}<br>%{x}<br>%{y:+.1f} points<extra></extra>",
                    "marker": {"color": TONES[band.name], "symbol": shapes[band.name], "size": 8},
                }
            )
    return {
        "data": traces,
        "layout": {
            "xaxis": {"title": unit.replace("_", " ")},
            "yaxis": {"title": "Effect, points", "showgrid": True},
            "showlegend": True,
            "height": 400,
        },
    }


def dependence_table(cohort: Cohort, feature: str) -> list[list[str]]:
    """The same as rows: firm, value, points, band."""
    return [
        [member.name, f"{member.vector[feature]:,.4g}", signed_points(member.contributions[feature]), str(member.score)]
        for member in cohort.members
        if _has(member.vector, feature)
    ][:100]


def _has(vector: dict[str, float | None], feature: str) -> bool:
    return vector.get(feature) is not None


def explorer(page: ExplorerPage, feature: str | None) -> Row:
    """Everything the explorer draws; figures only where there is somebody to draw."""
    bands = [{"band": band.name, "count": page.cohort.by_band.get(band.name, 0)} for band in DEFAULT_BANDS.table]
    if page.run is None:
        return {"bands": bands, "finding": "No firm of this cohort has a score yet"}
    ranked = importance(page.cohort)
    entry = catalogue.by_name()[feature or (ranked[0][0] if ranked else catalogue.names()[0])]
    return {
        "bands": bands,
        "feature": entry,
        "finding": _finding(page.run),
        "paper": paper_row(page.run),
        "sum": waterfall_sum(page.run),
        "parts": _parts_chart(page.run),
        "importance": _importance_chart(page.cohort, ranked),
        "swarm": swarm(page.cohort, ranked, {entry.name: entry.label for entry in catalogue.entries()}),
        "dependence": _dependence_chart(page.cohort, entry),
    }


def _finding(run: ScoreRun) -> str:
    hurts = next((part for part in run.waterfall if part["points"] < 0), None)
    helps = next((part for part in run.waterfall if part["points"] > 0), None)
    said = [f"{part['label']} ({signed_points(part['points'])})" for part in (helps, hurts) if part]
    return f"{run.business} scores {run.score}: {' against '.join(said)}"


def _parts_chart(run: ScoreRun) -> Row:
    return {
        "title": f"From the starting point {round(run.base_points or 0)} to {run.score}, part by part",
        "caption": "Each bar starts where the one before ended; solid raises the score, hatched lowers it. "
        f"The {SHOWN_BARS} strongest of {len(run.waterfall)} parts; the table has all of them.",
        "figure": explained_figure(run),
        "columns": ["Signal", "Observed", "Healthy firms like it", "Points"],
        "rows": explained_table(run),
    }


def _importance_chart(cohort: Cohort, ranked: Sequence[tuple[str, float]]) -> Row:
    labels = {entry.name: entry.label for entry in catalogue.entries()}
    lead = labels[ranked[0][0]] if ranked else ""
    return {
        "title": f"{lead} moves this cohort most" if lead else "This cohort is empty",
        "caption": f"Mean size of each signal's effect over {len(cohort.members)} firms, in points of score.",
        "figure": importance_figure(ranked, labels),
        "columns": ["Signal", "Mean effect, points"],
        "rows": [[labels[name], f"{mean:.2f}"] for name, mean in ranked],
    }


def _dependence_chart(cohort: Cohort, entry: catalogue.Entry) -> Row:
    moves = {"rises": "raises risk as it grows", "falls": "lowers risk as it grows"}
    return {
        "title": f"{entry.label}: {moves.get(entry.risk, 'has no fixed direction of risk')}",
        "caption": f"One mark per firm: its value against the points it brings. {entry.doc} Firms without a value are "
        "left out. A mark opens its firm.",
        "figure": dependence_figure(cohort, entry.name, entry.unit),
        "columns": ["Firm", "Value", "Points", "Score"],
        "rows": dependence_table(cohort, entry.name),
    }
