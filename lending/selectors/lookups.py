"""Finding what is meant by a public id, and what a person may choose from."""

from datetime import datetime
from uuid import UUID

from accounts.models import Business, Consent, Organisation, Purpose, User
from creditiq.kernel.errors import NotVisible
from lending.models import Decision, LoanApplication
from lending.models.decisions import DecisionQuerySet
from scoring import selectors as scoring
from scoring.models import ScoreRun


def visible_decision(*, user: User, decision_id: UUID, at: datetime) -> Decision:
    """A decision on an application the person may see. Raises NotVisible."""
    seen = Decision.objects.filter(application__in=LoanApplication.objects.visible_to(user, at))
    decision = _with_parts(seen).filter(uuid=decision_id).first()
    if decision is None:
        raise NotVisible
    return decision


def stored_decision(*, decision_id: UUID) -> Decision:
    """A decision by its public id, for the command line. Raises NotVisible."""
    decision = _with_parts(Decision.objects.all()).filter(uuid=decision_id).first()
    if decision is None:
        raise NotVisible(f"There is no decision {decision_id}.")
    return decision


def visible_score_run(*, user: User, score_id: UUID) -> ScoreRun:
    """A score by its public id. Raises NotVisible."""
    return scoring.visible_run(user=user, run_id=score_id)


def banks_open_to(*, business: Business, at: datetime) -> list[Organisation]:
    """The banks a business can apply to now: active, and with its live consent."""
    consents = Consent.objects.live_at(at).filter(business=business, purpose=Purpose.CREDIT_ASSESSMENT)
    banks = Organisation.objects.banks().active().filter(consents__in=consents)
    return list(banks.distinct().order_by("name"))


def _with_parts(decisions: DecisionQuerySet) -> DecisionQuerySet:
    return decisions.select_related(
        "application__business",
        "application__product",
        "application__organisation",
        "score_run__consent",
        "score_run__model_version",
        "score_run__business",
        "policy",
    )
