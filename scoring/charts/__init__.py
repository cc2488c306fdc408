"""Rows and Plotly figures of scores. Colours are token names; the browser knows the theme."""

from scoring.charts.interplay import comparison, interplay, rivals
from scoring.charts.scores import explained_figure, explorer, importance, waterfall_rows, waterfall_sum
from scoring.charts.signals import distribution, over_time, rates, toggled, trend
from scoring.charts.story import story
from scoring.charts.versions import fairness, of_version

__all__ = [
    "comparison",
    "distribution",
    "explained_figure",
    "explorer",
    "fairness",
    "importance",
    "interplay",
    "of_version",
    "over_time",
    "rates",
    "rivals",
    "story",
    "toggled",
    "trend",
    "waterfall_rows",
    "waterfall_sum",
]
