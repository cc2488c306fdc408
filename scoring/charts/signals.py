"""Signals over the weeks and against their training."""

from collections.abc import Sequence
from datetime import datetime

from scoring.charts.scores import Row
from scoring.selectors import SignalDetail


def trend(history: Sequence[tuple[datetime, float]], name: str) -> Row | None:
    """A stability index over the weeks; nothing to draw before the second reading."""
    if len(history) < 2:
        return None
    days = [f"{moment:%Y-%m-%d}" for moment, _ in history]
    limits = [("Watch from 0.10", 0.10, "warn"), ("Act from 0.25", 0.25, "bad")]
    lines = [
        {
            "type": "scatter", "mode": "lines", "name": told, "x": [days[0], days[-1]], "y": [limit, limit],
            "line": {"dash": "dot", "color": tone},
        }
        for told, limit, tone in limits
    ]  # fmt: skip
    index = {"type": "scatter", "mode": "lines+markers", "name": "Index", "x": days, "y": [psi for _, psi in history]}
    return {
        "title": f"How far {name} stood from its training, week by week",
        "caption": "Population stability index of the businesses scored by then against the training sample.",
        "figure": {
            "data": [index | {"marker": {"color": "accent"}}, *lines],
            "layout": {"yaxis": {"title": "PSI", "rangemode": "tozero"}, "showlegend": True, "height": 320},
        },
        "columns": ["Read on", "PSI"],
        "rows": [[day, f"{psi:.3f}"] for day, (_, psi) in zip(days, history, strict=True)],
    }


def distribution(detail: SignalDetail) -> Row | None:
    """Shares per bin at training and now, side by side."""
    if not detail.bins:
        return None
    texts = [text for text, _, _ in detail.bins]
    sides = (("At training", 1, "muted", "/"), ("Now", 2, "accent", ""))
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
