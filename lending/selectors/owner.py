"""What a business owner sees first: the score, why, what it allows, and who may look."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Business, Consent
from lending.models import LoanApplication
from lending.selectors.applications import own_applications
from lending.selectors.score_views import Row, limits_report
from lending.selectors.verdicts import VerdictReport
from scoring import selectors as scoring
from scoring.models import ScoreRun
from wallets import selectors as wallets

MOST = 3


@dataclass(frozen=True)
class OwnerHome:
    """The owner's dashboard. `score` and `limits` are None until something was scored; `change` is in points."""

    business: Business
    run: ScoreRun | None
    score: scoring.ScoreReport | None
    limits: VerdictReport | None
    helps: tuple[Row, ...]
    hurts: tuple[Row, ...]
    change: int | None
    before: ScoreRun | None
    sources: tuple[wallets.Freshness, ...]
    consents: tuple[Consent, ...]
    applications: tuple[LoanApplication, ...]


def owner_home(*, business: Business, at: datetime) -> OwnerHome:
    """Everything on the dashboard of one business."""
    run = scoring.latest_run(business_id=business.pk)
    score = scoring.score_report(run) if run else None
    numbered = run is not None and run.score is not None
    before = scoring.run_before(run) if run is not None and numbered else None
    consents = Consent.objects.live_at(at).filter(business=business).select_related("organisation")
    return OwnerHome(
        business=business,
        run=run,
        score=score,
        limits=limits_report(run=run, at=at) if run is not None and numbered else None,
        helps=_strongest(score, helping=True),
        hurts=_strongest(score, helping=False),
        change=_change(run, before),
        before=before,
        sources=score.score_freshness.sources if score and score.score_freshness else (),
        consents=tuple(consents.order_by("organisation__name", "pk")),
        applications=tuple(own_applications(business_id=business.pk)),
    )


def _strongest(score: scoring.ScoreReport | None, *, helping: bool) -> tuple[Row, ...]:
    """The reasons of one direction with a value, strongest first."""
    if score is None:
        return ()
    direction = "decreases_risk" if helping else "increases_risk"
    told = [row for row in score.reasons if row["direction"] == direction and row["value"] is not None]
    return tuple(told[:MOST])


def _change(run: ScoreRun | None, before: ScoreRun | None) -> int | None:
    if run is None or run.score is None or before is None or before.score is None:
        return None
    return run.score - before.score
