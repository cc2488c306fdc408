"""The score as people and programs read it: scoring.md §2 without what lending adds."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from creditiq.kernel.wall import named
from fraud import selectors as fraud_selectors
from scoring.engine.explain import LOWERS_RISK
from scoring.engine.interval import THIN_MONTHS
from scoring.engine.sentences import en
from scoring.engine.sufficiency import NOT_KNOWN
from scoring.models import RequestState, RunStatus, ScoreRequest, ScoreRun
from scoring.selectors.papers import paper_row
from wallets import selectors as wallet_selectors

SECONDS_PER_SCORE = 0.4
Row = dict[str, object]


@dataclass(frozen=True)
class Freshness:
    """When the evidence was read, and per source how recent it was then."""

    as_of: datetime
    issued_at: datetime
    sources: tuple[wallet_selectors.Freshness, ...]


@dataclass(frozen=True)
class ScoreReport:
    """One answer. base_points + Σ points of shap_waterfall is `points`, which clipped and rounded is credit_score.

    `top_reasons` are at most five, then `path_to_prime`: the step that helps most, or that none is worth naming.
    `interval_coverage` is the share of unseen firms whose score the 90 % interval held when it was last measured: of
    firms with a record like this one's, thin or thick, by whoever answered; None for a version that did not measure it.
    `missing` says what an insufficient file lacks, `scorecard` what the points table says beside the model. Points
    are unrounded; `direction` is increases_risk or decreases_risk.
    """

    task_id: UUID | None
    score_id: UUID | None
    gstin: str
    status: str
    credit_score: int | None = None
    score_low: int | None = None
    score_high: int | None = None
    interval_coverage: float | None = None
    pd: float | None = None
    risk_band: str | None = None
    base_points: float | None = None
    points: float | None = None
    top_reasons: tuple[Row, ...] = ()
    reasons: tuple[Row, ...] = ()
    shap_waterfall: tuple[Row, ...] = ()
    missing: tuple[Row, ...] = ()
    scorecard: Row | None = None
    fraud_flag: bool | None = None
    fraud_details: Row | None = None
    score_freshness: Freshness | None = None
    estimated_wait_seconds: float | None = None
    data_maturity_months: int | None = None
    coverage: float | None = None
    model_version: str | None = None
    model_digest: str | None = None
    model: Row | None = None
    features_lock: str | None = None
    policy_version: int | None = None
    error: str = ""


def report_of_request(request: ScoreRequest) -> ScoreReport:
    """The state of a request, with its answer when there is one."""
    if request.run is not None:
        return score_report(request.run, task_id=request.uuid)
    waiting = request.state in (RequestState.PENDING, RequestState.PROCESSING)
    return ScoreReport(
        task_id=request.uuid,
        score_id=None,
        gstin=request.gstin,
        status=request.state,
        missing=(asdict(NOT_KNOWN),) if request.business_id is None else (),
        estimated_wait_seconds=_wait(request) if waiting else None,
        error=request.error,
    )


def score_report(run: ScoreRun, *, task_id: UUID | None = None) -> ScoreReport:
    """A stored run as a report; the fraud standing is today's, everything else is the run's."""
    standing = fraud_selectors.standing(business_id=run.business_id)
    complete = run.status == RunStatus.COMPLETE
    return ScoreReport(
        task_id=task_id,
        score_id=run.uuid,
        gstin=run.business.gstin,
        status=run.status,
        credit_score=run.score,
        score_low=run.low,
        score_high=run.high,
        interval_coverage=_interval_coverage(run) if complete else None,
        pd=run.pd,
        risk_band=run.band if complete else None,
        base_points=run.base_points,
        points=run.points,
        top_reasons=_top(run),
        reasons=tuple(run.reasons),
        shap_waterfall=tuple(run.waterfall),
        missing=tuple(run.gaps),
        scorecard=paper_row(run),
        fraud_flag=standing.held,
        fraud_details=_fraud_details(standing) if standing.held else None,
        score_freshness=freshness_of(run),
        data_maturity_months=run.maturity_months,
        coverage=run.coverage,
        model_version=run.model_version.version,
        model_digest=run.model_version.digest,
        model=_made_by(run),
        features_lock=run.lock,
        policy_version=run.policy_version.version if run.policy_version else None,
    )


def freshness_of(run: ScoreRun) -> Freshness:
    """How recent each consented source was when the evidence was read."""
    ground = wallet_selectors.ground_of(run.consent)
    sources = wallet_selectors.freshness(business=run.business, as_of=run.as_of, ground=ground)
    return Freshness(as_of=run.as_of, issued_at=run.issued_at, sources=sources)


def _made_by(run: ScoreRun) -> Row:
    """`kind` is `model`, or `scorecard` where the points table answered because the model is suspended."""
    return {"kind": run.answered_by, "version": run.model_version.version, "digest": run.model_version.digest}


def _interval_coverage(run: ScoreRun) -> float | None:
    thin = (run.maturity_months or 0) < THIN_MONTHS
    by_model = "interval_coverage_thin" if thin else "interval_coverage"
    figures = run.model_version.metrics
    found = figures.get("scorecard_interval_coverage") if run.from_table else figures.get(by_model)
    common = figures.get("interval_coverage") if found is None and not run.from_table else found
    return float(common) if isinstance(common, int | float) else None


def _top(run: ScoreRun) -> tuple[Row, ...]:
    if run.status != RunStatus.COMPLETE:
        return ()
    path = run.path or {"gain": 0.0, "sentence": en.no_path()}
    step = {"code": "path_to_prime", "direction": LOWERS_RISK, "points": path["gain"], **path}
    return (*(reason for reason in run.reasons if reason["top"]), step)


def _fraud_details(standing: fraud_selectors.Standing) -> Row:
    return {"confidence": standing.confidence, "ring": str(standing.ring_id) if standing.ring_id else None}


def _wait(request: ScoreRequest) -> float:
    ahead = named(ScoreRequest.objects.waiting()).filter(queued_at__lt=request.queued_at).count()  # whose is not said
    return round(SECONDS_PER_SCORE * (ahead + 1), 1)
