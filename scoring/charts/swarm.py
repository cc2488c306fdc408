"""The beeswarm: every firm of a cohort as a mark per signal, where its effect is, in the tone of its value."""

from collections.abc import Mapping, Sequence

import numpy as np

from scoring.engine.sentences.numbers import signed_points
from scoring.selectors import Cohort, Member

Row = dict[str, object]

SHOWN_SIGNALS = 12
MOST_FIRMS = 400
SPREAD = 0.36
"""How far from its line a mark may stand, in lines."""
STACK = 40
"""Slots along the axis within which marks are stacked, so that they do not hide each other."""
VALUES = (
    ("lowest third of values", "accent", "circle"),
    ("middle third", "ink-3", "square"),
    ("highest third", "warn", "diamond"),
    ("not known", "bad", "x"),
)


def swarm(cohort: Cohort, ranked: Sequence[tuple[str, float]], labels: Mapping[str, str]) -> Row:
    """The strongest signals of the cohort, the strongest at the top; a mark opens its firm."""
    names = [name for name, mean in ranked[:SHOWN_SIGNALS] if mean > 0]
    members = cohort.members[:: max(1, -(-len(cohort.members) // MOST_FIRMS))]
    marks: list[list[tuple[Member, str, float, float]]] = [[] for _ in VALUES]
    for line, name in enumerate(names):
        effects = [member.contributions.get(name, 0.0) for member in members]
        for member, third, height in zip(members, _thirds(members, name), heights(effects), strict=True):
            marks[third].append((member, name, member.contributions.get(name, 0.0), line + height))
    return {
        "title": f"{labels[names[0]]} spreads this cohort most" if names else "Nothing spreads this cohort",
        "caption": f"One mark per firm and signal, {len(members)} of {len(cohort.members)} firms: right of zero it "
        "raised the score, left of it it lowered it. Shape and colour tell whether the firm's value is low or high "
        "among them. A mark opens its firm.",
        "figure": {
            "data": [_trace(found, *words, labels=labels) for found, words in zip(marks, VALUES, strict=True) if found],
            "layout": {
                "xaxis": {"title": "Effect, points"},
                "yaxis": {
                    "tickmode": "array",
                    "tickvals": list(range(len(names))),
                    "ticktext": [labels[name] for name in names],
                    "range": [len(names) - 0.5, -0.5],
                    "showgrid": False,
                },
                "showlegend": True,
                "height": 560,
            },
        },
        "columns": ["Signal", "Lowest effect", "Middle", "Highest effect"],
        "rows": [_summary(name, labels, members) for name in names],
    }


def heights(effects: Sequence[float]) -> list[float]:
    """Where each mark stands beside its line, in −SPREAD to SPREAD: marks of one slot are stacked around the line.

    >>> heights([1.0, 1.0, 9.0])
    [0.0, 0.36, 0.0]
    """
    if not effects:
        return []
    values = np.asarray(effects, dtype=np.float64)
    width = float(np.ptp(values)) / STACK or 1.0
    slots = np.floor((values - values.min()) / width).astype(int)
    most = max(int(np.bincount(slots).max()) // 2, 1)
    seen: dict[int, int] = {}
    placed = []
    for slot in slots.tolist():
        order = seen.get(slot, 0)
        seen[slot] = order + 1
        step = (order + 1) // 2 * (1 if order % 2 else -1)
        placed.append(round(SPREAD * min(max(step / most, -1.0), 1.0), 3) + 0.0)
    return placed


def _thirds(members: Sequence[Member], name: str) -> list[int]:
    known = [value for member in members if (value := member.vector.get(name)) is not None]
    low, high = np.quantile(known, [1 / 3, 2 / 3]) if known else (0.0, 0.0)
    return [_third(member.vector.get(name), float(low), float(high)) for member in members]


def _third(value: float | None, low: float, high: float) -> int:
    if value is None:
        return len(VALUES) - 1
    return 0 if value <= low else 2 if value > high else 1


def _trace(
    found: Sequence[tuple[Member, str, float, float]], title: str, color: str, symbol: str, *, labels: Mapping[str, str]
) -> Row:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": title.capitalize(),
        "x": [round(points, 2) for _, _, points, _ in found],
        "y": [round(height, 3) for *_, height in found],
        "text": [f"{member.name}: {labels[name]}" for member, name, _, _ in found],
        "customdata": [f"/analyst?business={member.business_uuid}&feature={name}" for member, name, _, _ in found],
        "hovertemplate": "%{text}<br>%{x:+.1f} points<extra></extra>",
        "marker": {"color": color, "symbol": symbol, "size": 6, "opacity": 0.8},
    }


def _summary(name: str, labels: Mapping[str, str], members: Sequence[Member]) -> list[str]:
    effects = np.array([member.contributions.get(name, 0.0) for member in members])
    return [labels[name], *(signed_points(float(edge)) for edge in np.quantile(effects, [0.0, 0.5, 1.0]))]
