"""One application with everything a decision needs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from accounts.permissions import Capability, can
from accounts.selectors import Access, access
from lending.engine.floor import Outcome
from lending.engine.reasons import ReasonCode, reason, statements
from lending.models import STEPS, Decision, LoanApplication
from lending.models.applications import DECISIONS
from lending.selectors.applications import due_of, visible_application
from lending.selectors.assessments import assess
from lending.selectors.casework import Casework, casework
from lending.selectors.verdicts import FacilityReport, VerdictReport, read_verdict
from lending.selectors.wallet_scores import WalletBeside, wallet_beside
from scoring import selectors as scoring
from scoring.models import ScoreRun
from wallets import selectors as wallets

VERDICT_WORDS = {
    Outcome.RECOMMEND: "recommend",
    Outcome.REFER: "look closer",
    Outcome.DECLINE: "decline",
    Outcome.HOLD: "held",
}


@dataclass(frozen=True)
class DecisionReport:
    """One decision of the timeline; `letter` is what the applicant is told when it is a refusal."""

    decision: Decision
    reasons: tuple[ReasonCode, ...]
    letter: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """The case view. `verdict` is the last decision's once nothing is left to decide, else today's.

    `access` is what the bank may read; `may_ask` says that this person may ask for more.
    `steps` are those this person may take now; `own_recommendation` says that somebody else has to check.
    """

    application: LoanApplication
    run: ScoreRun | None
    score: scoring.ScoreReport | None
    verdict: VerdictReport
    facility: FacilityReport
    sources: tuple[wallets.Freshness, ...]
    decisions: tuple[DecisionReport, ...]
    access: Access
    may_ask: bool
    steps: tuple[str, ...]
    own_recommendation: bool
    due: date
    work: Casework
    wallet: WalletBeside

    @property
    def verdict_words(self) -> str:
        """The policy's outcome in words."""
        return VERDICT_WORDS[self.verdict.outcome]


def case(*, user: User, application_id: UUID, at: datetime) -> Case:
    """An application the person may see, as known at `at`. Raises NotVisible."""
    application = visible_application(user=user, application_id=application_id, at=at)
    run = scoring.latest_run(business_id=application.business_id)
    decisions = decisions_of(application)
    verdict = _verdict(application, run, decisions, at)
    allowed = access(business=application.business, organisation_id=application.organisation_id, at=at)
    maker = decisions[-1].decision.by_id if decisions and application.is_open else None
    return Case(
        application=application,
        run=run,
        score=scoring.score_report(run) if run else None,
        verdict=verdict,
        facility=verdict.facility(application.product.facility),
        sources=wallets.freshness(business=application.business, as_of=at, ground=wallets.ground_of(allowed.live)),
        access=allowed,
        may_ask=can(user, Capability.REQUEST_CONSENT),
        decisions=decisions,
        steps=() if maker == user.pk else _steps(application, user),
        own_recommendation=maker == user.pk,
        due=due_of(application),
        work=casework(application, user),
        wallet=wallet_beside(application=application, at=at),
    )


def decisions_of(application: LoanApplication) -> tuple[DecisionReport, ...]:
    """The timeline of an application, first step first."""
    taken = application.decisions.in_order().select_related("by", "maker", "score_run", "policy", "supersedes")
    return tuple(decision_report(decision) for decision in taken)


def decision_report(decision: Decision) -> DecisionReport:
    """A decision with its reasons in words."""
    return DecisionReport(
        decision=decision,
        reasons=tuple(reason(code) for code in decision.reasons),
        letter=statements(tuple(decision.reasons)),
    )


def _verdict(
    application: LoanApplication, run: ScoreRun | None, decisions: tuple[DecisionReport, ...], at: datetime
) -> VerdictReport:
    if decisions and not application.is_open:
        return read_verdict(decisions[-1].decision.snapshot)
    return read_verdict(assess(business=application.business, run=run, at=at, application=application).document)


def _steps(application: LoanApplication, user: User) -> tuple[str, ...]:
    events = (event for event in STEPS.events_from(application.state) if event in DECISIONS)
    possible = (STEPS.follow(application.state, event) for event in events)
    return tuple(step.event for step in possible if can(user, Capability(step.capability)))
