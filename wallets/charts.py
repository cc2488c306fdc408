"""Plotly figures of evidence over time. Colours are token names; the browser knows the theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from creditiq.kernel.money import LAKH, Rupees, format_inr, short_inr
from wallets.models import ScoreComponent
from wallets.selectors.series import Period, Series

Figure = dict[str, object]
SPANS = {"day": "90 days", "week": "53 weeks"}
GROUP_NAMES = {
    "account": "Age and ownership", "history": "Activity", "staking": "Staking", "defi": "Protocols and borrowing",
    "portfolio": "Holdings", "risk": "Care", "reputation": "Collectibles",
}  # fmt: skip
FIRSTS = {"day": "Day", "week": "Week from"}


@dataclass(frozen=True)
class Chart:
    """What components/figure.html takes."""

    title: str
    caption: str
    figure: Figure
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def movement(series: Series, label: str) -> Chart:
    """Bars of both sides per day or week; the second side is hatched, so that colour is not alone."""
    first, second = series.sides
    return Chart(
        title=_finding(series, label),
        caption=f"{label} per {series.grain}, by India's clock, in lakh rupees. Solid: {first}; hatched: {second}.",
        figure=_figure(series),
        columns=(FIRSTS[series.grain], first, second, "Records"),
        rows=tuple(_line(period) for period in series.periods),
    )


def _finding(series: Series, label: str) -> str:
    if not series.periods:
        return f"{label}: nothing in {SPANS[series.grain]}"
    one, two = series.totals
    (first, second) = series.sides
    return f"{label}: {first} {short_inr(one)}, {second} {short_inr(two)} in {SPANS[series.grain]}"


def _line(period: Period) -> tuple[str, ...]:
    return (f"{period.start:%d %b %Y}", format_inr(period.first), format_inr(period.second), str(period.rows))


def _figure(series: Series) -> Figure:
    days = [period.start.isoformat() for period in series.periods]
    sides = zip(series.sides, ("accent", "warn"), ("", "/"), strict=True)
    sums = ([period.first for period in series.periods], [period.second for period in series.periods])
    traces = [_bars(name, days, amounts, tone, hatch) for (name, tone, hatch), amounts in zip(sides, sums, strict=True)]
    return {
        "data": traces,
        "layout": {
            "barmode": "group",
            "xaxis": {"type": "date"},
            "yaxis": {"title": "₹ lakh", "showgrid": True},
            "showlegend": True,
            "height": 260,
        },
    }


def _bars(name: str, days: Sequence[str], amounts: Sequence[Rupees], tone: str, hatch: str) -> Figure:
    return {
        "type": "bar",
        "name": name,
        "x": list(days),
        "y": [float(amount / LAKH) for amount in amounts],
        "text": [short_inr(amount) for amount in amounts],
        "textposition": "none",
        "hovertemplate": "%{x|%d %b %Y}<br>%{text}<extra>" + name + "</extra>",
        "marker": {"color": tone, "pattern": {"shape": hatch}},
    }


@dataclass(frozen=True)
class GroupRow:
    """Points of one group of parameters, for the waterfall; x and width in per cent of the track of 900."""

    label: str
    detail: str
    value_text: str
    x: float
    width: float
    kind: str


def groups(parts: Sequence[ScoreComponent]) -> tuple[GroupRow, ...]:
    """The seven groups one after the other, and their sum."""
    rows: list[GroupRow] = []
    reached = 0.0
    for name in dict.fromkeys(part.group for part in parts):
        points = sum(part.points for part in parts if part.group == name)
        most = sum(part.weight for part in parts if part.group == name) * 9
        label = GROUP_NAMES.get(name, name)
        rows.append(GroupRow(label, f"of {most:.0f}", f"{points:.0f}", reached / 9, points / 9, "up"))
        reached += points
    return (*rows, GroupRow("Sum", "of 900", f"{reached:.0f}", 0.0, reached / 9, "total"))
