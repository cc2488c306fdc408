"""The scoring section of the policy as other rooms read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import PolicySection, PolicyVersion
from creditiq.kernel.clock import IST, moment
from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.policy import ScoringPolicy
from scoring.models import ScoreRun


def written_out(document: Mapping[str, object]) -> dict[str, object]:
    """A scoring document as it is read, defaults filled in. Raises InvalidInput naming the entry."""
    return ScoringPolicy.from_document(document).written_out()


def bands_of(run: ScoreRun) -> Bands:
    """The cut-offs a run's band was read by: those of its own policy. Callers load the policy with the run."""
    return ScoringPolicy.from_document(run.policy_version.document).bands if run.policy_version else DEFAULT_BANDS


@dataclass(frozen=True)
class AmnestyWindow:
    """A quarter whose late filings an amnesty of a published policy relieves; `last` is its last day."""

    title: str
    first: date
    last: date


def amnesty_windows() -> tuple[AmnestyWindow, ...]:
    """Of every policy that was ever published, the earliest first, each quarter once."""
    published = PolicyVersion.objects.filter(section=PolicySection.SCORING, live_from__isnull=False)
    found: dict[tuple[int, int], AmnestyWindow] = {}
    for document in published.order_by("version").values_list("document", flat=True):
        amnesty = ScoringPolicy.from_document(document).relief
        if amnesty is not None:
            first, past = (moment(edge).astimezone(IST).date() for edge in amnesty.window)
            title = f"Filing amnesty, {amnesty.quarter} {amnesty.fiscal_year}"
            found[amnesty.window] = AmnestyWindow(title, first, past - timedelta(days=1))
    return tuple(window for _, window in sorted(found.items()))
