"""Recommend, sanction, decline, offer other terms, refer back: each a person's step and a row that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from creditiq.kernel.money import format_inr
from creditiq.kernel.transitions import ForbiddenTransition
from fraud import selectors as fraud
from lending.engine.dossier import Facility
from lending.engine.floor import Outcome, facility_limit
from lending.engine.limits import Constraint
from lending.engine.policy import Authority
from lending.engine.reasons import REASONS, Effect
from lending.events import DecisionMade
from lending.models import STEPS, ApplicationState, Decision, DecisionOutcome, LoanApplication, Step, WalletUse
from lending.models.applications import DECISIONS
from lending.selectors.applications import visible_application
from lending.selectors.assessments import Assessed, assess
from lending.selectors.exposures import is_related
from lending.selectors.policies import policy_at
from lending.selectors.wallet_scores import wallet_beside
from lending.services.applications import Asked, check_fits
from lending.services.limits import reserve
from lending.services.moving import follow, lock, refused_on_record
from scoring import selectors as scoring


class UnableToDecide(ApplicationError):
    """The step is not allowed now; `code` says which rule stands against it."""

    code = "unable_to_decide"


@dataclass(frozen=True)
class Given:
    """What a person says with a step: coded reasons, a note, and the other terms of a counter-offer."""

    codes: tuple[str, ...]
    note: str
    amount: Decimal | None = None
    months: int | None = None


def decide(
    *, application_id: UUID, outcome: str, reason_codes: Sequence[str], note: str, by: User, at: datetime
) -> Decision:
    """Take one step of an application on the facts as known at `at`.

    Raises NotVisible, Forbidden, ForbiddenTransition, InvalidInput for the reasons, and UnableToDecide when
    the fraud policy holds the business, the limits do not allow it, or maker and checker are one person.
    Every refused attempt leaves an audit entry.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    if outcome == Step.COUNTER:
        raise InvalidInput("Say which other terms you offer.", field="amount", rule="counter.terms")
    with refused_on_record(application, outcome, by, at):
        return _decide(application, outcome, Given(tuple(reason_codes), note.strip()), by, at)


def counter(*, application_id: UUID, amount: Decimal, months: int, given: Given, by: User, at: datetime) -> Decision:
    """Offer other terms than were asked for; the owner takes them or keeps asking. The clock stands still meanwhile.

    Raises what `decide` raises, and InvalidInput for terms that are the same, or outside the product.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    with refused_on_record(application, Step.COUNTER, by, at):
        if (amount, months) == (application.amount, application.months):
            raise InvalidInput("These are the terms that were asked for.", field="amount", rule="counter.same")
        asked = Asked(application.product.code, amount, months, application.purpose)
        check_fits(application.product, asked)
        said = replace(given, note=given.note.strip(), amount=amount, months=months)
        return _decide(application, Step.COUNTER, said, by, at)


def _decide(application: LoanApplication, outcome: str, given: Given, by: User, at: datetime) -> Decision:
    rules = policy_at(at).policy.authority
    _check_may(application, outcome, by, rules)
    _check_reasons(given, outcome)
    run = scoring.latest_run(business_id=application.business_id)
    assessed = assess(business=application.business, run=run, at=at, application=application, from_records=True)
    if outcome not in (Step.DECLINE, Step.REFER):
        _check_policy(application, assessed, given)
    if outcome == Step.SANCTION:
        _check_sanction(application, by, rules)
    beside = wallet_beside(application=application, at=at)
    with transaction.atomic(durable=True):
        locked = lock(application)
        _check_may(locked, outcome, by, rules)  # it may have moved since it was read
        if outcome == Step.SANCTION:
            _check_analysed(locked, assessed, rules)
        before = locked.decisions.in_order().last()
        _check_second_person(before, by)
        decision = _store(locked, outcome, assessed, before, (given, by))
        WalletUse.objects.create(decision=decision, rule=beside.rule, score=beside.score)
        if outcome == Step.SANCTION:
            reserve(locked, at)
        if outcome == Step.COUNTER:
            locked.paused_at = at
        follow(locked, outcome, by=by, at=at, note=given.note, told=False)
        _announce(decision, locked)
    return decision


def _check_may(application: LoanApplication, outcome: str, by: User, rules: Authority) -> None:
    """The table's capability; an officer to whom the policy gives an amount sanctions up to it like a checker."""
    step = STEPS.follow(application.state, outcome)
    if outcome not in DECISIONS:
        raise ForbiddenTransition(f"“{outcome}” is not a decision.")
    needed = Capability(step.capability)
    if needed is Capability.SANCTION and by.role == Role.LOAN_OFFICER and rules.most(by.role):
        needed = Capability.RECOMMEND
    require(by, needed, application)
    if is_related(user_id=by.pk, business=application.business):
        raise UnableToDecide("You are connected with this business.", code="related_party")


def _check_sanction(application: LoanApplication, by: User, rules: Authority) -> None:
    """Who brings an application in does not sanction it, and nobody beyond the amount of the authority matrix."""
    most = rules.most(by.role)
    if application.amount > most:
        message = f"Your authority ends at {format_inr(most)}. Somebody with a higher one has to sanction this."
        raise UnableToDecide(message, code="above_authority")
    if by.pk in (application.officer_id, application.opened_by_id):
        raise UnableToDecide("You brought this application in. Somebody else has to sanction it.", code="sourced_it")


def _check_analysed(application: LoanApplication, assessed: Assessed, rules: Authority) -> None:
    band = assessed.run.band if assessed.run else None
    against = assessed.verdict.outcome is not Outcome.RECOMMEND
    needed = rules.needs_analyst(application.amount, band or None, against_policy=against)
    if needed and application.state == ApplicationState.RECOMMENDED:
        raise UnableToDecide("A credit analyst has to read this case first.", code="analyst_first")


def _check_reasons(given: Given, outcome: str) -> None:
    codes = given.codes
    if not codes:
        raise InvalidInput("Choose at least one reason.", field="reasons", rule="reasons.none")
    unknown = [code for code in codes if code not in REASONS]
    if unknown:
        raise InvalidInput(f"There is no reason “{unknown[0]}”.", field="reasons", rule="reasons.unknown")
    if outcome == Step.REFER:
        if not given.note:
            raise InvalidInput("Say what should be looked at again.", field="note", rule="note.needed")
        return
    # who offers other terms speaks against those that were asked for
    needed = Effect.AGAINST if outcome in (Step.DECLINE, Step.COUNTER) else Effect.FOR
    if not any(REASONS[code].effect is needed for code in codes):
        raise InvalidInput(
            f"Choose at least one reason {needed.value} the loan.", field="reasons", rule="reasons.effect"
        )


def _check_policy(application: LoanApplication, assessed: Assessed, given: Given) -> None:
    verdict, held = assessed.verdict, fraud.held_businesses(business_ids=[application.business_id])
    if held or verdict.limit.binding_constraint is Constraint.FRAUD:
        message = "The fraud policy holds this business. Only the risk team can clear the hold; it can be declined."
        raise UnableToDecide(message, code="held_by_fraud_policy")
    if assessed.run is None or assessed.run.score is None:
        raise UnableToDecide("There is no score to decide on yet.", code="no_score")
    limit = facility_limit(verdict.limit, Facility(application.product.facility))
    if (given.amount or application.amount) > limit.amount:
        message = f"The limit is {format_inr(limit.amount)}, set by: {limit.binding.basis}. More cannot be recommended."
        raise UnableToDecide(message, code="above_limit")
    if verdict.outcome is not Outcome.RECOMMEND and not given.note:
        message = "The policy does not recommend this. Say in the note why you do."
        raise InvalidInput(message, field="note", rule="note.needed")


def _check_second_person(before: Decision | None, by: User) -> None:
    if before is not None and before.outcome == DecisionOutcome.RECOMMEND and before.by_id == by.pk:
        raise UnableToDecide(
            "You recommended this application. Somebody else has to check it.", code="maker_is_checker"
        )


def _store(
    application: LoanApplication,
    outcome: str,
    assessed: Assessed,
    before: Decision | None,
    said: tuple[Given, User],
) -> Decision:
    given, by = said
    checked = before if before is not None and before.outcome == DecisionOutcome.RECOMMEND else None
    return Decision.objects.create(
        application=application,
        outcome=outcome,
        reasons=list(dict.fromkeys(given.codes)),
        note=given.note,
        by=by,
        maker=checked.by if checked else None,
        at=assessed.at,
        score_run=assessed.run,
        policy=assessed.policy,
        supersedes=before,
        snapshot=assessed.document,
        sha256=assessed.sha256,
        amount=given.amount,
        months=given.months,
    )


def _announce(decision: Decision, application: LoanApplication) -> None:
    audit.record(
        "decision.stored",
        target=decision,
        at=decision.at,
        by=decision.by,
        organisation=application.organisation,
        payload={"outcome": decision.outcome, "reasons": decision.reasons, "snapshot": decision.sha256},
    )
    publish(DecisionMade(decision_id=decision.pk, business_id=application.business_id))
