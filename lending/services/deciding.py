"""Recommend, sanction, decline: each a person's step, each a row that is never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from creditiq.kernel.money import format_inr
from creditiq.kernel.transitions import Transition
from fraud import selectors as fraud
from lending.engine.dossier import Facility
from lending.engine.floor import Outcome, facility_limit
from lending.engine.limits import Constraint
from lending.engine.reasons import REASONS, Effect
from lending.events import DecisionMade
from lending.models import STEPS, Decision, LoanApplication, Step
from lending.selectors.applications import visible_application
from lending.selectors.assessments import Assessed, assess
from scoring import selectors as scoring


class UnableToDecide(ApplicationError):
    """The step is not allowed now; `code` says which rule stands against it."""

    code = "unable_to_decide"


def decide(
    *, application_id: UUID, outcome: str, reason_codes: Sequence[str], note: str, by: User, at: datetime
) -> Decision:
    """Take one step of an application on the facts as known at `at`.

    Raises NotVisible, Forbidden, ForbiddenTransition, InvalidInput for the reasons, and UnableToDecide when
    the fraud policy holds the business, the limits do not allow it, or maker and checker are one person.
    Every refused attempt leaves an audit entry.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    try:
        return _decide(application, outcome, tuple(reason_codes), note.strip(), by, at)
    except ApplicationError as refusal:
        with transaction.atomic(durable=True):
            audit.record(
                f"application.{outcome}"[:60], target=application, at=at, by=by,
                organisation=application.organisation, outcome="refused", payload={"code": refusal.code},
            )  # fmt: skip
        raise


def _decide(
    application: LoanApplication, outcome: str, codes: tuple[str, ...], note: str, by: User, at: datetime
) -> Decision:
    step = STEPS.follow(application.state, outcome)
    require(by, Capability(step.capability), application)
    _check_reasons(codes, outcome)
    run = scoring.latest_run(business_id=application.business_id)
    assessed = assess(business=application.business, run=run, at=at, application=application, from_records=True)
    if outcome != Step.DECLINE:
        _check_policy(application, assessed, note)
    with transaction.atomic(durable=True):
        locked = LoanApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
        step = STEPS.follow(locked.state, outcome)
        require(by, Capability(step.capability), application)  # it may have moved since it was read
        before = locked.decisions.in_order().last()
        _check_second_person(before, by)
        decision = _store(locked, step, assessed, before, (codes, note, by))
        _announce(decision, locked, step)
    return decision


def _check_reasons(codes: tuple[str, ...], outcome: str) -> None:
    if not codes:
        raise InvalidInput("Choose at least one reason.", field="reasons", rule="reasons.none")
    unknown = [code for code in codes if code not in REASONS]
    if unknown:
        raise InvalidInput(f"There is no reason “{unknown[0]}”.", field="reasons", rule="reasons.unknown")
    needed = Effect.AGAINST if outcome == Step.DECLINE else Effect.FOR
    if not any(REASONS[code].effect is needed for code in codes):
        raise InvalidInput(
            f"Choose at least one reason {needed.value} the loan.", field="reasons", rule="reasons.effect"
        )


def _check_policy(application: LoanApplication, assessed: Assessed, note: str) -> None:
    verdict, held = assessed.verdict, fraud.held_businesses(business_ids=[application.business_id])
    if held or verdict.limit.binding_constraint is Constraint.FRAUD:
        message = "The fraud policy holds this business. Only the risk team can clear the hold; it can be declined."
        raise UnableToDecide(message, code="held_by_fraud_policy")
    if assessed.run is None or assessed.run.score is None:
        raise UnableToDecide("There is no score to decide on yet.", code="no_score")
    limit = facility_limit(verdict.limit, Facility(application.product.facility))
    if application.amount > limit.amount:
        message = f"The limit is {format_inr(limit.amount)}, set by: {limit.binding.basis}. More cannot be recommended."
        raise UnableToDecide(message, code="above_limit")
    if verdict.outcome is not Outcome.RECOMMEND and not note:
        message = "The policy does not recommend this. Say in the note why you do."
        raise InvalidInput(message, field="note", rule="note.needed")


def _check_second_person(before: Decision | None, by: User) -> None:
    if before is not None and before.by_id == by.pk:
        raise UnableToDecide(
            "You recommended this application. Somebody else has to check it.", code="maker_is_checker"
        )


def _store(
    application: LoanApplication,
    step: Transition,
    assessed: Assessed,
    before: Decision | None,
    given: tuple[tuple[str, ...], str, User],
) -> Decision:
    codes, note, by = given
    application.state = step.target
    application.save(update_fields=["state"])
    return Decision.objects.create(
        application=application,
        outcome=step.event,
        reasons=list(dict.fromkeys(codes)),
        note=note,
        by=by,
        maker=before.by if before else None,
        at=assessed.at,
        score_run=assessed.run,
        policy=assessed.policy,
        supersedes=before,
        snapshot=assessed.document,
        sha256=assessed.sha256,
    )


def _announce(decision: Decision, application: LoanApplication, step: Transition) -> None:
    audit.record(
        f"application.{step.target}",
        target=application,
        at=decision.at,
        by=decision.by,
        organisation=application.organisation,
        payload={"decision": decision.uuid, "reasons": decision.reasons, "snapshot": decision.sha256},
    )
    publish(DecisionMade(decision_id=decision.pk, business_id=application.business_id))
