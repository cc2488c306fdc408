"""Rows and Plotly figures of scores. Colours are token names; the browser knows the theme."""

from scoring.charts.scores import explained_figure, explorer, importance, waterfall_rows, waterfall_sum
from scoring.charts.signals import distribution, trend
from scoring.charts.versions import of_version

__all__ = [
    "distribution",
    "explained_figure",
    "explorer",
    "importance",
    "of_version",
    "trend",
    "waterfall_rows",
    "waterfall_sum",
]
