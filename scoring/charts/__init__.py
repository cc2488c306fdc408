"""Rows and Plotly figures of scores. Colours are token names; the browser knows the theme."""

from scoring.charts.interplay import comparison, interplay, rivals
from scoring.charts.scores import explained_figure, explorer, importance, waterfall_rows, waterfall_sum
from scoring.charts.signals import distribution, trend
from scoring.charts.versions import of_version

__all__ = [
    "comparison",
    "distribution",
    "explained_figure",
    "explorer",
    "importance",
    "interplay",
    "of_version",
    "rivals",
    "trend",
    "waterfall_rows",
    "waterfall_sum",
]
