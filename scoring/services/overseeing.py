"""What the calendar asks of models: the quarter's look at known outcomes, and the year's list of validations due."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.permissions import Capability
from accounts.services import tell_staff
from creditiq.kernel.clock import IST
from scoring.models import ModelVersion, VersionAct, VersionStatus
from scoring.selectors.outcomes import matured_outcomes
from scoring.services.cards import NoChampion
from scoring.services.monitoring import Outcome, UnableToMonitor, monitor_model

HOLDS = timedelta(days=365)
"""How long a validation holds; a model that scores is validated anew each year."""
SCORES = (VersionStatus.CHAMPION, VersionStatus.CHALLENGER, VersionStatus.SHADOW)


def review_outcomes(*, at: datetime) -> int:
    """Every quarter: the model's figures on every outcome that is known by now, told to its governors; how many.

    A house with no outcome, no model or too few scores is told nothing. Twice in a quarter tells once.
    """
    known = [Outcome(one.gstin, one.since, one.defaulted) for one in matured_outcomes(at)]
    if not known:
        return 0
    try:
        report = monitor_model(as_of=at, outcomes=known)
    except (NoChampion, UnableToMonitor):
        return 0
    day, bad = at.astimezone(IST).date(), sum(one.defaulted for one in known)
    facts = {"known": str(len(known)), "bad": str(bad)}
    source = f"model.performance:{day.year}Q{(day.month + 2) // 3}"
    with transaction.atomic(durable=True):
        tell_staff(Capability.GOVERN_MODEL, topic="model.performance", source=source, at=at, facts=facts)
        audit.record("model.outcomes_reviewed", target=f"model:{report.version.version}", at=at, payload=facts)
    return len(known)


def list_due_validations(*, at: datetime) -> list[ModelVersion]:
    """Every year: versions that score and were never validated here, or not for a year; told to those who can."""
    due: list[ModelVersion] = []
    scoring = ModelVersion.objects.filter(status__in=SCORES).order_by("pk")
    for version in scoring:
        last = VersionAct.objects.filter(version=version, act="validate").order_by("-at", "-pk").first()
        if last is not None and last.at > at - HOLDS:
            continue
        due.append(version)
        topic = "model.validation_due" if last is not None else "model.never_validated"
        facts = {"version": version.version, "day": f"{last.at.astimezone(IST):%d %b %Y}" if last else ""}
        source = f"{topic}:{version.pk}:{at.astimezone(IST):%Y}"
        with transaction.atomic(durable=True):
            tell_staff(Capability.VALIDATE_MODEL, topic=topic, source=source, at=at, facts=facts)
    with transaction.atomic(durable=True):
        payload = {"scoring": len(scoring), "due": [version.version for version in due]}
        audit.record("model.validations_listed", target="scoring.modelversion", at=at, payload=payload)
    return due
