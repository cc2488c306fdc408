"""A score joined with what it allows: the fields of the score API (scoring rules §2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from accounts.models import User
from creditiq.kernel.money import Rupees, rupees
from lending.selectors.assessments import assess
from lending.selectors.verdicts import VerdictReport, read_verdict
from scoring import selectors as scoring
from scoring.models import ScoreRequest, ScoreRun

Row = dict[str, object]
SHOWN = ("feature", "label", "value", "points", "direction", "estimate")
TERMINAL = frozenset({"complete", "failed", "insufficient_evidence"})


@dataclass(frozen=True)
class ScoreView:
    """One answer with amounts in rupees; None where a score does not carry the field.

    base_points + Σ points of the waterfall, clipped to 300–900 and rounded half up, is the credit score.
    `missing` says what an answer without a number lacks. `fraud_details` are for staff: an owner learns that the
    business is held, not by which ring.
    """

    task_id: UUID
    gstin: str
    status: str
    credit_score: int | None
    score_low: int | None
    score_high: int | None
    interval_coverage: float | None
    pd: float | None
    risk_band: str | None
    top_reasons: tuple[Row, ...]
    reasons: tuple[Row, ...]
    recommended_wc_amount: Rupees | None
    recommended_term_amount: Rupees | None
    binding_constraint: str | None
    msme_category: str | None
    cgtmse_eligible: bool | None
    mudra_eligible: bool | None
    fraud_flag: bool | None
    fraud_details: Row | None
    shap_waterfall: tuple[Row, ...]
    base_points: float | None
    score_freshness: scoring.Freshness | None
    estimated_wait_seconds: float | None
    data_maturity_months: int | None
    coverage: float | None
    model_version: str | None
    model: Row | None
    scorecard: Row | None
    missing: tuple[Row, ...]
    error: str

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in TERMINAL


def score_view(*, user: User, task_id: UUID, at: datetime) -> ScoreView:
    """The state of a request with its answer and amounts. Raises NotVisible."""
    request = scoring.visible_request(user=user, task_id=task_id)
    view = _joined(scoring.report_of_request(request), request, at)
    return view if user.organisation_id is not None else replace(view, fraud_details=None)


def limits_report(*, run: ScoreRun, at: datetime) -> VerdictReport:
    """What the business could borrow on this score by the policy in force at `at`."""
    return read_verdict(assess(business=run.business, run=run, at=at).document)


def _joined(report: scoring.ScoreReport, request: ScoreRequest, at: datetime) -> ScoreView:
    run = request.run
    limits = limits_report(run=run, at=at) if run is not None and run.score is not None else None
    return ScoreView(
        task_id=request.uuid,
        gstin=report.gstin,
        status=report.status,
        credit_score=report.credit_score,
        score_low=report.score_low,
        score_high=report.score_high,
        interval_coverage=report.interval_coverage,
        pd=report.pd,
        risk_band=report.risk_band,
        top_reasons=report.top_reasons,
        reasons=report.reasons,
        recommended_wc_amount=_amount(limits, "working_capital"),
        recommended_term_amount=_amount(limits, "term_loan"),
        binding_constraint=limits.binding_constraint if limits else None,
        msme_category=limits.category if limits else None,
        cgtmse_eligible=limits.cgtmse.eligible if limits else None,
        mudra_eligible=limits.mudra.eligible if limits else None,
        fraud_flag=report.fraud_flag,
        fraud_details=report.fraud_details,
        shap_waterfall=tuple({key: row[key] for key in SHOWN if key in row} for row in report.shap_waterfall),
        base_points=report.base_points,
        score_freshness=report.score_freshness,
        estimated_wait_seconds=report.estimated_wait_seconds,
        data_maturity_months=report.data_maturity_months,
        coverage=report.coverage,
        model_version=report.model_version,
        model=report.model,
        scorecard=report.scorecard,
        missing=report.missing,
        error=report.error,
    )


def _amount(limits: VerdictReport | None, facility: str) -> Rupees | None:
    return rupees(limits.facility(facility).amount) if limits else None
