"""What the page of a model version draws."""

from collections.abc import Sequence

from scoring.charts.scores import SHOWN_BARS, Figure, Row, importance_figure
from scoring.selectors import FairnessPage, VersionReport

CURVES = {"model": ("Model", "circle", "accent"), "scorecard": ("Points table", "square", "warn")}


def of_version(report: VersionReport) -> Row:
    """What the page of a model version draws; only what was measured."""
    told = report.assurance.get("reliability")
    return {
        "reliability": _reliability_chart(told) if isinstance(told, dict) else None,
        "drift": _ranked_chart(report.drift, "psi", "PSI", "How far signals moved between development and last period")
        if report.drift
        else None,
        "importance": _ranked_chart(report.importance, "points", "Mean effect, points", "What moves the score most")
        if report.importance
        else None,
    }


def _reliability_chart(told: Row) -> Row:
    curves = {key: bins for key, bins in told.items() if isinstance(bins, list)}
    highest = max((max(found["told"], found["came"]) for bins in curves.values() for found in bins), default=1.0)
    axis = {"range": [0, round(1.05 * highest, 3)], "tickformat": ".0%"}
    even = {"type": "scatter", "mode": "lines", "name": "As told", "x": [0, 1], "y": [0, 1]}
    return {
        "title": "Chances told against what came",
        "caption": "Tenths of the last period by chance: on the dotted line what was told is what came.",
        "figure": {
            "data": [
                even | {"line": {"dash": "dot", "color": "ink-3"}},
                *(_reliability_curve(key, bins) for key, bins in curves.items()),
            ],
            "layout": {
                "xaxis": {"title": "Chance told", **axis},
                "yaxis": {"title": "Share that defaulted", "showgrid": True, **axis},
                "showlegend": True,
                "height": 380,
            },
        },
        "columns": ["Group", "Firms", "Told", "Came"],
        "rows": [
            [f"{CURVES[key][0]}, tenth {place}", str(tenth["rows"]), f"{tenth['told']:.2%}", f"{tenth['came']:.2%}"]
            for key, bins in curves.items()
            for place, tenth in enumerate(bins, start=1)
        ],
    }


def _reliability_curve(key: str, bins: Sequence[Row]) -> Row:
    name, symbol, color = CURVES[key]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [found["told"] for found in bins],
        "y": [found["came"] for found in bins],
        "marker": {"symbol": symbol, "size": 8, "color": color},
    }


def _ranked_chart(ranked: Sequence[Row], key: str, axis: str, title: str) -> Row:
    labels = {str(row["feature"]): str(row["title"]) for row in ranked}
    values = [(str(row["feature"]), float(str(row[key]))) for row in ranked]
    figure = importance_figure(values, labels)
    figure["layout"] = {**_layout(figure), "xaxis": {"title": axis}}
    return {
        "title": title,
        "caption": f"The {min(SHOWN_BARS, len(values))} largest of {len(values)}; the table has all of them.",
        "figure": figure,
        "columns": ["Signal", axis],
        "rows": [[labels[name], f"{value:.2f}"] for name, value in values],
    }


def fairness(page: FairnessPage) -> Row | None:
    """Today's ratios by group; nothing before there are groups with a ratio."""
    shown = sorted((row for row in page.today if row.air is not None), key=lambda row: row.air or 0.0)[:SHOWN_BARS]
    if not shown:
        return None
    titles = [f"{row.kind.replace('_', ' ').capitalize()}: {row.group.replace('_', ' ')}" for row in shown]
    flagged = sum(row.flagged for row in page.today)
    seldom = "approved less than four fifths as often as the largest"
    return {
        "title": f"{flagged} {'group is' if flagged == 1 else 'groups are'} {seldom}"
        if flagged
        else f"No group is {seldom}",
        "caption": f"Approvals of each group today against those of the largest group of its kind; the {len(shown)} "
        "lowest. Hatched: below 0.80, a person looks at it.",
        "figure": {
            "data": [
                {
                    "type": "bar",
                    "orientation": "h",
                    "x": [round(row.air or 0.0, 3) for row in shown],
                    "y": titles,
                    "marker": {
                        "color": ["bad" if row.flagged else "good" for row in shown],
                        "pattern": {"shape": ["/" if row.flagged else "" for row in shown]},
                    },
                    "hovertemplate": "%{y}<br>%{x:.2f}<extra></extra>",
                }
            ],
            "layout": {"xaxis": {"title": "Ratio of approvals"}, "yaxis": {"autorange": "reversed"}, "height": 460},
        },
        "columns": ["Group", "Ratio"],
        "rows": [[title, f"{row.air:.2f}"] for title, row in zip(titles, shown, strict=True)],
    }


def _layout(figure: Figure) -> Row:
    layout = figure["layout"]
    return layout if isinstance(layout, dict) else {}
