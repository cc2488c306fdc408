"""What two signals do together, and what sets two answers apart."""

from collections.abc import Sequence
from statistics import median

from scoring.charts.scores import SHOWN_BARS, Figure, Row
from scoring.engine.features import catalogue
from scoring.engine.sentences.numbers import signed_points
from scoring.selectors import Comparison
from scoring.services import Interplay, Meeting, PairEffect, Rivals

MOST_ROWS = 100
HALVES = (("low", "circle", "accent"), ("high", "square", "warn"))


def interplay(found: Interplay) -> Row:
    """The strongest pairs, and one pair firm by firm; nothing where no two signals meet."""
    drawn: Row = {"pairs": _pairs(found) if found.pairs and found.firms else None}
    drawn["pair"] = _pair(found.pair, found.meetings) if found.pair and found.meetings else None
    return drawn


def _pairs(found: Interplay) -> Row:
    shown = found.pairs[:SHOWN_BARS]
    lead = shown[0]
    columns = ["Pair", "Mean size, points"]
    rows = [[_title(pair), f"{pair.mean_points:.2f}"] for pair in found.pairs]
    if found.business is not None:
        columns = [*columns, found.business.name]
        rows = [[*row, signed_points(pair.own_points or 0.0)] for row, pair in zip(rows, found.pairs, strict=True)]
    return {
        "title": f"{lead.first_title} and {lead.second_title.lower()} do most together",
        "caption": f"Mean size of what two signals do together, beyond what each does alone, over {found.firms} firms, "
        "in points of score. Half of it is in the contribution of either.",
        "figure": _bars([_title(pair) for pair in shown], [pair.mean_points for pair in shown], "Mean effect, points"),
        "columns": columns,
        "rows": rows,
    }


def _title(pair: PairEffect) -> str:
    return f"{pair.first_title} × {pair.second_title}"


def _pair(pair: PairEffect, meetings: Sequence[Meeting]) -> Row:
    known = [meeting for meeting in meetings if meeting.first_value is not None]
    middle = median([meeting.second_value for meeting in known if meeting.second_value is not None] or [0.0])
    units = {name: catalogue.by_name()[name].unit.replace("_", " ") for name in (pair.first, pair.second)}
    return {
        "title": f"{pair.first_title} with {pair.second_title.lower()}: {pair.mean_points:.1f} points on average",
        "caption": f"One mark per firm: its value of the first signal against what both do together. Circles have the "
        f"second signal up to its middle value {middle:,.4g}, squares above it or unknown. A mark opens its firm.",
        "figure": {
            "data": [
                _half(pair, shown, half)
                for half in HALVES
                if (shown := [meeting for meeting in known if _is_high(meeting, middle) == (half[0] == "high")])
            ],
            "layout": {
                "xaxis": {"title": f"{pair.first_title} ({units[pair.first]})"},
                "yaxis": {"title": "Together, points", "showgrid": True},
                "showlegend": True,
                "height": 400,
            },
        },
        "columns": ["Firm", pair.first_title, pair.second_title, "Together, points"],
        "rows": [
            [meeting.name, _value(meeting.first_value), _value(meeting.second_value), signed_points(meeting.points)]
            for meeting in sorted(meetings, key=lambda meeting: (-abs(meeting.points), meeting.name))[:MOST_ROWS]
        ],
    }


def _is_high(meeting: Meeting, middle: float) -> bool:
    return meeting.second_value is None or meeting.second_value > middle


def _half(pair: PairEffect, meetings: Sequence[Meeting], half: tuple[str, str, str]) -> Row:
    name, symbol, color = half
    chosen = f"first={pair.first}&second={pair.second}"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{pair.second_title}: {name}",
        "x": [meeting.first_value for meeting in meetings],
        "y": [round(meeting.points, 2) for meeting in meetings],
        "text": [meeting.name for meeting in meetings],
        "customdata": [f"/analyst/interactions?business={meeting.business_uuid}&{chosen}" for meeting in meetings],
        "hovertemplate": "%{text}<br>%{x}<br>%{y:+.1f} points<extra></extra>",
        "marker": {"color": color, "symbol": symbol, "size": 8},
    }


def _value(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.4g}"


def comparison(found: Comparison) -> Row:
    """What sets two firms apart, signal by signal."""
    parts = found.parts[:SHOWN_BARS]
    return {
        "title": f"{parts[0].title} sets them apart most" if parts else "Nothing sets them apart",
        "caption": f"Points of {found.other.business} less those of {found.one.business}; solid to the right for the "
        f"second. The {len(parts)} largest of {len(found.parts)} signals; the table has all of them.",
        "figure": _bars([part.title for part in parts], [part.apart for part in parts], "Apart, points"),
    }


def rivals(found: Rivals) -> Row:
    """Two versions over a cohort and, where one is asked for, on a firm."""
    parts = found.parts[:SHOWN_BARS]
    drawn: Row = {
        "cohort": {
            "title": f"{found.other} stands {found.mean_size:.1f} points from {found.one} on average",
            "caption": f"Mean effect of each signal under {found.other} less that under {found.one}, over "
            f"{found.firms} firms: how much more weight the second gives it, in points.",
            "figure": _bars([part.title for part in parts], [part.apart for part in parts], "Weight apart, points"),
            "columns": ["Signal", f"Mean effect, {found.one}", f"Mean effect, {found.other}", "Apart"],
            "rows": [
                [part.title, f"{part.one_points:.2f}", f"{part.other_points:.2f}", f"{part.apart:+.2f}"]
                for part in found.parts
            ],
        }
        if found.firms
        else None,
        "side": None,
    }
    if found.side is not None:
        shown = found.side.parts[:SHOWN_BARS]
        drawn["side"] = {
            "title": f"{found.side.mover.name}: {found.side.mover.one} by the first, {found.side.mover.other} by the "
            "second",
            "caption": f"Points of each signal under {found.other} less those under {found.one}. The starting points "
            f"are {found.side.one_base:.1f} and {found.side.other_base:.1f}; with them the parts add up to either.",
            "figure": _bars([part.title for part in shown], [part.apart for part in shown], "Apart, points"),
            "columns": ["Signal", found.one, found.other, "Apart"],
            "rows": [
                [part.title, f"{part.one_points:+.2f}", f"{part.other_points:+.2f}", f"{part.apart:+.2f}"]
                for part in found.side.parts
            ],
        }
    return drawn


def _bars(titles: Sequence[str], values: Sequence[float], axis: str) -> Figure:
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [round(value, 2) for value in values],
                "y": list(titles),
                "marker": {
                    "color": ["up" if value >= 0 else "down" for value in values],
                    "pattern": {"shape": ["" if value >= 0 else "/" for value in values]},
                },
                "hovertemplate": "%{y}<br>%{x:.1f} points<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {"title": axis},
            "yaxis": {"autorange": "reversed"},
            "height": 460,
            "showlegend": False,
        },
    }
