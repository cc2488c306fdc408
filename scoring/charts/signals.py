"""Signals over the weeks and against their training."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scoring.charts.scores import Row
from scoring.selectors import AmnestyWindow, Chronicle, SignalDetail, SignalPage, Toggle

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
    edges = edges_of([moment for moment, _ in history])
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
    shown = within(windows, edges)
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
                "shapes": amnesty_bands(shown),
            },
        },
        "columns": ["Read on", "PSI"],
        "rows": [[day, f"{psi:.3f}"] for day, (_, psi) in zip(days, history, strict=True)],
    }


LINES = (
    ("accent", "circle"),
    ("good", "square"),
    ("warn", "diamond"),
    ("bad", "x"),
    ("ink-3", "cross"),
    ("ink", "star"),
)


def toggled(signals: Sequence[Toggle], windows: Sequence[AmnestyWindow] = ()) -> Row | None:
    """The indices of the chosen signals over the weeks, amnesties as bands; None before the first reading."""
    drawn = [signal for signal in signals if signal.history]
    if not drawn:
        return None
    edges = edges_of([moment for signal in drawn for moment, _ in signal.history])
    shown = within(windows, edges)
    lead = max(drawn, key=lambda signal: signal.history[-1][1])
    return {
        "title": f"{lead.title} stands furthest from its training: {lead.history[-1][1]:.3f}",
        "caption": "Stability index of each chosen signal, week by week: below 0.10 stable, to 0.25 watch, above act."
        + _in_words(shown),
        "figure": {
            "data": [_line(signal, *LINES[place % len(LINES)]) for place, signal in enumerate(drawn)],
            "layout": {
                "xaxis": {"type": "date", "range": edges},
                "yaxis": {"title": "PSI", "rangemode": "tozero"},
                "showlegend": True,
                "height": 340,
                "shapes": amnesty_bands(shown),
            },
        },
        "columns": ["Signal", "Read on", "PSI"],
        "rows": [
            [signal.title, f"{moment:%Y-%m-%d}", f"{index:.3f}"] for signal in drawn for moment, index in signal.history
        ],
    }


def _line(signal: Toggle, color: str, symbol: str) -> Row:
    return {
        "type": "scatter", "mode": "lines+markers", "name": signal.title,
        "x": [f"{moment:%Y-%m-%d}" for moment, _ in signal.history], "y": [index for _, index in signal.history],
        "marker": {"color": color, "symbol": symbol, "size": 8}, "line": {"color": color},
    }  # fmt: skip


def over_time(told: Chronicle, signals: Sequence[Toggle], windows: Sequence[AmnestyWindow] = ()) -> Row | None:
    """One firm's score over time and what the chosen signals brought to it; None with fewer than two numbers."""
    if len(told.points) < 2:
        return None
    edges = edges_of([point.as_of for point in told.points])
    shown, chosen = within(windows, edges), [signal for signal in signals if signal.chosen]
    days = [f"{point.as_of:%Y-%m-%dT%H:%M}" for point in told.points]
    score = {
        "type": "scatter", "mode": "lines+markers", "name": "Score", "x": days,
        "y": [point.score for point in told.points], "marker": {"color": "ink", "size": 9}, "line": {"color": "ink"},
    }  # fmt: skip
    effects = [_effect(signal, told, days, *LINES[place % len(LINES)]) for place, signal in enumerate(chosen)]
    first, last = told.points[0].score, told.points[-1].score
    return {
        "title": f"From {first} to {last}, and what the chosen signals brought",
        "caption": "The line is the score, read on the left; the dotted ones are what each chosen signal brought to "
        "it, in points, read on the right." + _in_words(shown),
        "figure": {
            "data": [score, *effects],
            "layout": {
                "xaxis": {"type": "date", "range": edges},
                "yaxis": {"title": "Score"},
                "yaxis2": {"title": "Effect, points", "overlaying": "y", "side": "right", "showgrid": False},
                "showlegend": True,
                "height": 360,
                "shapes": amnesty_bands(shown),
            },
        },
        "columns": ["As of", "Score", *(signal.title for signal in chosen)],
        "rows": [
            [
                f"{point.as_of:%Y-%m-%d}",
                str(point.score),
                *(f"{point.effects.get(signal.name, 0.0):+.1f}" for signal in chosen),
            ]
            for point in told.points
        ],
    }


def _effect(signal: Toggle, told: Chronicle, days: Sequence[str], color: str, symbol: str) -> Row:
    return {
        "type": "scatter", "mode": "lines+markers", "name": signal.title, "x": list(days), "yaxis": "y2",
        "y": [round(point.effects.get(signal.name, 0.0), 2) for point in told.points],
        "marker": {"color": color, "symbol": symbol, "size": 7}, "line": {"color": color, "dash": "dot"},
    }  # fmt: skip


def rates(page: SignalPage, windows: Sequence[AmnestyWindow] = ()) -> Row | None:
    """Shares over the weeks: who has a number, whose interval holds, what was rejected and decided otherwise."""
    known = {metric: found for metric, found in page.rates.items() if found}
    if not known:
        return None
    edges = edges_of([moment for found in known.values() for moment, _ in found])
    shown = within(windows, edges)
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
                "shapes": amnesty_bands(shown),
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


def edges_of(moments: Sequence[datetime]) -> list[str]:
    """A week before the first reading and after the last, so that a lone one can be seen."""
    return [f"{min(moments) - WEEK:%Y-%m-%d}", f"{max(moments) + WEEK:%Y-%m-%d}"]


def within(windows: Sequence[AmnestyWindow], edges: Sequence[str]) -> list[AmnestyWindow]:
    first, last = edges
    return [window for window in windows if f"{window.first}" <= last and f"{window.last}" >= first]


def amnesty_bands(windows: Sequence[AmnestyWindow]) -> list[Row]:
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
