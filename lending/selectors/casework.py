"""What has gathered on an application, what a person may do with it now, and what would be if it asked for less."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts.models import Role, User
from accounts.permissions import Capability, can
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from lending.engine.schemes import Fit, facts_of, match, shipped
from lending.engine.verdict import evaluate
from lending.models import (
    ApplicationCondition,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationState,
    KeyFactStatement,
    LoanApplication,
    PaymentOrder,
)
from lending.selectors.applications import visible_application
from lending.selectors.dossiers import dossier
from lending.selectors.policies import policy_at
from scoring import selectors as scoring

STEP_WORDS = {
    "submit": "Sent to the bank",
    "screen": "Screening began",
    "score": "Screened, and scored",
    "auto_decline": "Declined by policy",
    "review": "With a loan officer",
    "ask": "The bank asked",
    "answer": "The owner answered",
    "recommend": "Recommended",
    "analyse": "Read by a credit analyst",
    "sanction": "Sanctioned",
    "decline": "Declined",
    "counter": "Other terms offered",
    "refer": "Referred back",
    "take": "Other terms taken",
    "issue": "Offer made",
    "accept": "Offer accepted",
    "disburse": "Paid out",
    "cool_off": "Left in the cooling-off days",
    "withdraw": "Withdrawn",
    "expire": "The offer ended",
}
FOR_STAFF_ONLY = frozenset({"recommend", "analyse", "sanction", "decline", "refer"})
"""Notes of these steps are for the house; the owner reads the step, not the memo."""


@dataclass(frozen=True)
class StepTaken:
    """One step in words; `note` as this reader may see it."""

    event: ApplicationEvent
    words: str
    note: str


@dataclass(frozen=True)
class Casework:
    """Everything on an application but the verdict; the flags say what this person may do now."""

    steps: tuple[StepTaken, ...]
    papers: tuple[ApplicationDocument, ...]
    conditions: tuple[ApplicationCondition, ...]
    statement: KeyFactStatement | None
    orders: tuple[PaymentOrder, ...]
    may_claim: bool
    may_ask_owner: bool
    may_set_conditions: bool
    may_order: bool
    may_release: bool

    @property
    def pending(self) -> PaymentOrder | None:
        """The payment that waits for its checker."""
        return next((order for order in self.orders if order.state == PaymentOrder.State.PENDING), None)

    @property
    def open_conditions(self) -> int:
        """How many conditions are not met yet."""
        return sum(condition.met_at is None for condition in self.conditions)


def casework(application: LoanApplication, user: User) -> Casework:
    """What has gathered on an application, for this reader."""
    state, staff = application.state, can(user, Capability.VIEW_QUEUE) or can(user, Capability.REVIEW_CREDIT)
    clerk = can(user, Capability.RECOMMEND)
    orders = tuple(application.orders.select_related("maker", "checker").order_by("-at", "-pk"))
    pending = any(order.state == PaymentOrder.State.PENDING for order in orders)
    return Casework(
        steps=steps_taken(application, staff=staff),
        papers=tuple(application.documents.defer("content").select_related("verified_by").order_by("at", "pk")),
        conditions=tuple(application.conditions.select_related("met_by").order_by("at", "pk")),
        statement=KeyFactStatement.objects.defer("pdf")
        .select_related("application__organisation")
        .filter(application=application)
        .first(),
        orders=orders,
        may_claim=clerk and application.is_open and application.officer_id is None,
        may_ask_owner=clerk and state == ApplicationState.UNDER_REVIEW,
        may_set_conditions=can(user, Capability.VIEW_QUEUE) and application.is_open,
        may_order=can(user, Capability.SERVICE_LOANS) and state == ApplicationState.ACCEPTED and not pending,
        may_release=can(user, Capability.APPROVE_LOAN_ACTS) and state == ApplicationState.ACCEPTED and pending,
    )


def steps_taken(application: LoanApplication, *, staff: bool) -> tuple[StepTaken, ...]:
    """The way so far, first step first."""
    taken = application.events.select_related("by").order_by("at", "pk")
    return tuple(
        StepTaken(event, STEP_WORDS[event.event], event.note if staff or event.event not in FOR_STAFF_ONLY else "")
        for event in taken
    )


def visible_order(*, user: User, order_id: UUID, at: datetime) -> PaymentOrder:
    """A payment of an application the person may see. Raises NotVisible."""
    order = PaymentOrder.objects.select_related("application", "maker", "checker").filter(uuid=order_id).first()
    if order is None:
        raise NotVisible
    visible_application(user=user, application_id=order.application.uuid, at=at)
    return order


def offers_of(*, business_id: int) -> list[KeyFactStatement]:
    """The open and accepted offers of a business, the cheapest first. One query."""
    open_ones = KeyFactStatement.objects.filter(
        application__business=business_id,
        application__state__in=(ApplicationState.KFS_ISSUED, ApplicationState.ACCEPTED),
    )
    joined = open_ones.defer("pdf").select_related("application__organisation", "application__product")
    return list(joined.order_by("apr", "pk"))


def officers_of(user: User) -> list[User]:
    """The loan officers a person may give cases to: those of the bank, or of every bank for the platform."""
    officers = User.objects.filter(role=Role.LOAN_OFFICER, is_active=True).select_related("organisation")
    organisation = user.organisation
    if organisation is not None and not organisation.is_platform:
        officers = officers.filter(organisation=organisation)
    return list(officers.order_by("first_name", "last_name", "pk"))


@dataclass(frozen=True)
class WhatIf:
    """What the policy would say to another amount, term or security. Rupees, months, per cent a year."""

    amount: Decimal
    months: int
    collateral: Decimal
    outcome: str
    reasons: tuple[str, ...]
    limit: Decimal
    basis: str
    rate: Decimal | None
    service: Decimal | None
    coverage: Decimal | None


def what_if(*, application: LoanApplication, amount: Decimal, months: int, collateral: Decimal, at: datetime) -> WhatIf:
    """The policy's answer to a changed request; nothing is stored.

    `collateral` is the value after the bank's own haircut: it covers its part of the loan in full, so the loss given
    default is that of the rest.
    """
    run = scoring.latest_run(business_id=application.business_id)
    facts = dossier(business=application.business, run=run, at=at, application=application)
    policy = policy_at(at).policy
    if facts.request is None:
        raise ValueError("An application has a request.")
    changed = replace(facts, request=replace(facts.request, amount=amount, months=months))
    bare = 1 - min(collateral / amount, Decimal(1))
    verdict = evaluate(changed, replace(policy, lgd=max(policy.lgd * bare, Decimal("0.01"))))
    working = application.product.facility == "working_capital"
    limit = verdict.limit.working_capital if working else verdict.limit.term_loan
    price = verdict.prices.get(application.product.facility)
    return WhatIf(
        amount=amount,
        months=months,
        collateral=collateral,
        outcome=verdict.outcome.value,
        reasons=verdict.reasons,
        limit=limit.amount,
        basis=limit.binding.basis,
        rate=price.rate if price else None,
        service=verdict.offer.service if verdict.offer else None,
        coverage=verdict.offer.coverage if verdict.offer else None,
    )


def schemes_for(application: LoanApplication, at: datetime) -> Sequence[Fit]:
    """Every public scheme with the answer of each of its rules for this application."""
    run = scoring.latest_run(business_id=application.business_id)
    facts = dossier(business=application.business, run=run, at=at, application=application)
    sectors = policy_at(at).policy.schemes.income_sectors
    return match(shipped(), facts_of(facts, sectors), at.astimezone(IST).date())
