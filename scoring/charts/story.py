"""The owner's scores over time with what happened meanwhile: filings, amnesties, new models and policies."""

from itertools import pairwise

from django.utils.translation import gettext, ngettext

from scoring.charts.signals import amnesty_bands, edges_of, within
from scoring.selectors import Chronicle, Filing

Row = dict[str, object]


def story(told: Chronicle) -> Row | None:
    """Score with its range, filings in time and late below it, amnesties as bands; None with fewer than two numbers."""
    if len(told.points) < 2:
        return None
    edges = edges_of([point.as_of for point in told.points])
    windows = within(told.windows, edges)
    floor = min(point.low for point in told.points) - 20
    first, last = told.points[0].score, told.points[-1].score
    return {
        "title": gettext("From %(first)s to %(last)s") % {"first": first, "last": last},
        "caption": gettext(
            "Your score with its range. The marks below are tax returns: filed in time, filed late, or still due. "
            "Shaded quarters are filing amnesties."
        ),
        "figure": {
            "data": [
                _line(told),
                *(trace for trace in (_filed(told, floor, late) for late in (False, True, None)) if trace["x"]),
                *(trace for trace in (_changed(told),) if trace["x"]),
            ],
            "layout": {
                "xaxis": {"type": "date", "range": edges},
                "yaxis": {"title": gettext("Score")},
                "showlegend": True,
                "height": 340,
                "shapes": amnesty_bands(windows),
            },
        },
        "columns": [gettext("When"), gettext("What happened")],
        "rows": _rows(told),
    }


def _line(told: Chronicle) -> Row:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": gettext("Score"),
        "x": [_day(point.as_of) for point in told.points],
        "y": [point.score for point in told.points],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [point.high - point.score for point in told.points],
            "arrayminus": [point.score - point.low for point in told.points],
            "thickness": 1,
            "color": "ink-3",
        },
        "marker": {"color": "accent", "size": 8},
        "line": {"color": "accent"},
    }


def _filed(told: Chronicle, floor: int, late: bool | None) -> Row:
    """Returns in time (False), late (True) or not filed (None), on one line below the scores."""
    looks = {
        False: (gettext("Filed in time"), "good", "circle"),
        True: (gettext("Filed late"), "warn", "diamond"),
        None: (gettext("Not filed yet"), "bad", "x"),
    }
    name, color, symbol = looks[late]
    shown = [filing for filing in told.filings if _is_late(filing) is late]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [_day(filing.filed_at or filing.due_at) for filing in shown],
        "y": [floor] * len(shown),
        "text": [f"{filing.return_type} {filing.month}" for filing in shown],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": color, "symbol": symbol, "size": 9},
    }


def _is_late(filing: Filing) -> bool | None:
    return None if filing.late_days is None else filing.late_days > 0


def _changed(told: Chronicle) -> Row:
    """Scores at which another model or another policy was new."""
    moved = [
        later
        for earlier, later in pairwise(told.points)
        if (earlier.model, earlier.policy) != (later.model, later.policy)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": gettext("New model or policy"),
        "x": [_day(point.as_of) for point in moved],
        "y": [point.score for point in moved],
        "marker": {"color": "ink", "symbol": "star", "size": 13},
    }


def _rows(told: Chronicle) -> list[list[str]]:
    scored = [(point.as_of, gettext("Score %(score)s") % {"score": point.score}) for point in told.points]
    filed = [(filing.filed_at or filing.due_at, _words(filing)) for filing in told.filings]
    return [[f"{moment:%Y-%m-%d}", text] for moment, text in sorted(scored + filed, reverse=True)]


def _words(filing: Filing) -> str:
    days, named = filing.late_days, {"name": filing.return_type, "period": filing.month}
    if days is None:
        return gettext("%(name)s for %(period)s was due and is not filed") % named
    if not days:
        return gettext("%(name)s for %(period)s filed in time") % named
    late = ngettext(
        "%(name)s for %(period)s filed %(days)s day late", "%(name)s for %(period)s filed %(days)s days late", days
    )
    return late % {**named, "days": days}


def _day(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
