"""What pages, the API and lending read of scores."""

from scoring.selectors.cohorts import Cohort, cohort
from scoring.selectors.governance import Life, life_of
from scoring.selectors.monitoring import SignalDetail, SignalPage, signal_detail, signal_page
from scoring.selectors.pages import (
    ExplorerPage,
    Glossary,
    ReportPage,
    explorer_page,
    glossary,
    report_page,
    visible_business,
)
from scoring.selectors.papers import Paper, paper_of, paper_row
from scoring.selectors.reports import Freshness, ScoreReport, report_of_request, score_report
from scoring.selectors.runs import champion_version, latest_run, run_before, visible_request, visible_run
from scoring.selectors.versions import VersionReport, version_report, versions

__all__ = [
    "Cohort",
    "ExplorerPage",
    "Freshness",
    "Glossary",
    "Life",
    "Paper",
    "ReportPage",
    "ScoreReport",
    "SignalDetail",
    "SignalPage",
    "VersionReport",
    "champion_version",
    "cohort",
    "explorer_page",
    "glossary",
    "latest_run",
    "life_of",
    "paper_of",
    "paper_row",
    "report_of_request",
    "report_page",
    "run_before",
    "score_report",
    "signal_detail",
    "signal_page",
    "version_report",
    "versions",
    "visible_business",
    "visible_request",
    "visible_run",
]
