"""Signals over the weeks and against their training."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scoring.charts.scores import Row
from scoring.selectors import AmnestyWindow, SignalDetail, SignalPage

Dated = tuple[datetime, float]


WEEK = timedelta(days=7)
RATES = {
    "coverage": ("With a number", "circle", "accent"),
    "interval": ("Interval holds", "square", "good"),
    "rejection": ("Rejected", "diamond", "warn"),
    "override": ("Against the policy", "x", "bad"),
}


def trend(history: Sequence[Dated], name: str, windows: Sequence[AmnestyWindow] = ()) -> Row | None:
    """A stability index over the weeks, amnesties as bands; nothing to draw before the first reading."""
    if not history:
        return None
    edges = _edges([moment for moment, _ in history])
    limits = [("Watch from 0.10", 0.10, "warn"), ("Act from 0.25", 0.25, "bad")]
    lines = [
        {
            "type": "scatter", "mode": "lines", "name": told, "x": edges, "y": [limit, limit],
            "line": {"dash": "dot", "color": tone},
        }
        for told, limit, tone in limits
    ]  # fmt: skip
    days = [f"{moment:%Y-%m-%d}" for moment, _ in history]
    index = {"type": "scatter", "mode": "lines+markers", "name": "Index", "x": days, "y": [psi for _, psi in history]}
    shown = _shown(windows, edges)
    return {
        "title": f"How far {name} stood from its training, week by week",
        "caption": "Population stability index of the businesses scored by then against the training sample."
        + _in_words(shown),
        "figure": {
            "data": [index | {"marker": {"color": "accent"}}, *lines],
            "layout": {
                "xaxis": {"type": "date", "range": edges},
                "yaxis": {"title": "PSI", "rangemode": "tozero"},
                "showlegend": True,
                "height": 320,
                "shapes": _bands(shown),
            },
        },
        "columns": ["Read on", "PSI"],
        "rows": [[day, f"{psi:.3f}"] for day, (_, psi) in zip(days, history, strict=True)],
    }


def rates(page: SignalPage, windows: Sequence[AmnestyWindow] = ()) -> Row | None:
    """Shares over the weeks: who has a number, whose interval holds, what was rejected and decided otherwise."""
    known = {metric: found for metric, found in page.rates.items() if found}
    if not known:
        return None
    edges = _edges([moment for found in known.values() for moment, _ in found])
    shown = _shown(windows, edges)
    return {
        "title": "What became of the scores, week by week",
        "caption": "Share of businesses with a number, of intervals that hold the member left out (90 % is meant), of "
        "applications rejected and of decisions against the policy in the quarter before." + _in_words(shown),
        "figure": {
            "data": [_rate(metric, found) for metric, found in known.items()],
            "layout": {
                "xaxis": {"type": "date", "range": edges},
                "yaxis": {"title": "Share", "tickformat": ".0%", "range": [0, 1.02]},
                "showlegend": True,
                "height": 320,
                "shapes": _bands(shown),
            },
        },
        "columns": ["Figure", "Read on", "Share"],
        "rows": [
            [RATES[metric][0], f"{moment:%Y-%m-%d}", f"{share:.1%}"]
            for metric, found in known.items()
            for moment, share in found
        ],
    }


def _rate(metric: str, found: Sequence[Dated]) -> Row:
    name, symbol, color = RATES[metric]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": [f"{moment:%Y-%m-%d}" for moment, _ in found],
        "y": [share for _, share in found], "marker": {"symbol": symbol, "size": 8, "color": color},
        "line": {"color": color},
    }  # fmt: skip


def _edges(moments: Sequence[datetime]) -> list[str]:
    """A week before the first reading and after the last, so that a lone one can be seen."""
    return [f"{min(moments) - WEEK:%Y-%m-%d}", f"{max(moments) + WEEK:%Y-%m-%d}"]


def _shown(windows: Sequence[AmnestyWindow], edges: Sequence[str]) -> list[AmnestyWindow]:
    first, last = edges
    return [window for window in windows if f"{window.first}" <= last and f"{window.last}" >= first]


def _bands(windows: Sequence[AmnestyWindow]) -> list[Row]:
    """Amnesties behind the lines, each with its name."""
    return [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": f"{window.first}", "x1": f"{window.last}",
            "y0": 0, "y1": 1, "fillcolor": "accent-soft", "opacity": 0.6, "layer": "below", "line": {"width": 0},
            "label": {"text": window.title, "textposition": "top left"},
        }
        for window in windows
    ]  # fmt: skip


def _in_words(windows: Sequence[AmnestyWindow]) -> str:
    told = "; ".join(f"{window.title}, {window.first:%d %b %Y} to {window.last:%d %b %Y}" for window in windows)
    return f" Shaded: {told}." if told else ""


def distribution(detail: SignalDetail) -> Row | None:
    """Shares per bin at training and now, side by side."""
    if not detail.bins:
        return None
    texts = [text for text, _, _ in detail.bins]
    sides = (("At training", 1, "ink-3", "/"), ("Now", 2, "accent", ""))
    return {
        "title": f"{detail.entry.label}: training and now",
        "caption": "Share of the businesses with a value, by bins that held a tenth each at training.",
        "figure": {
            "data": [
                {
                    "type": "bar", "name": name, "x": texts, "y": [found[place] for found in detail.bins],
                    "marker": {"color": tone, "pattern": {"shape": shape}},
                }
                for name, place, tone, shape in sides
            ],
            "layout": {"yaxis": {"title": "Share", "tickformat": ".0%"}, "showlegend": True, "height": 340},
        },
        "columns": ["Value", "At training", "Now"],
        "rows": [[text, f"{then:.1%}", f"{share:.1%}"] for text, then, share in detail.bins],
    }  # fmt: skip
