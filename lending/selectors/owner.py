"""What a business owner sees first: the score, why, what it allows, and who may look."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Business, Consent
from lending.models import LoanApplication
from lending.selectors.applications import own_applications
from lending.selectors.score_views import limits_report
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
    helps: tuple[scoring.ToldReason, ...]
    hurts: tuple[scoring.ToldReason, ...]
    change: int | None
    before: ScoreRun | None
    sources: tuple[wallets.Freshness, ...]
    consents: tuple[Consent, ...]
    applications: tuple[LoanApplication, ...]


def owner_home(*, business: Business, at: datetime, language: str = "en") -> OwnerHome:
    """Everything on the dashboard of one business, its reasons in `language`."""
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
        helps=_strongest(run, language, helping=True),
        hurts=_strongest(run, language, helping=False),
        change=_change(run, before),
        before=before,
        sources=score.score_freshness.sources if score and score.score_freshness else (),
        consents=tuple(consents.order_by("organisation__name", "pk")),
        applications=tuple(own_applications(business_id=business.pk)),
    )


def _strongest(run: ScoreRun | None, language: str, *, helping: bool) -> tuple[scoring.ToldReason, ...]:
    """The reasons of one direction with a value, strongest first."""
    if run is None or run.score is None:
        return ()
    direction = "decreases_risk" if helping else "increases_risk"
    known = {row["code"] for row in run.reasons if row["direction"] == direction and row["value"] is not None}
    return tuple(told for told in scoring.told_reasons(run, language) if told.code in known)[:MOST]


def _change(run: ScoreRun | None, before: ScoreRun | None) -> int | None:
    if run is None or run.score is None or before is None or before.score is None:
        return None
    return run.score - before.score
