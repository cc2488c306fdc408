"""An application for a loan and the steps it can take."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_noop as _

from accounts.models import Business
from accounts.permissions import Capability
from creditiq.kernel.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from accounts.models import User


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCREENING = "screening", _("Being screened")
    SCORED = "scored", _("Scored")
    AUTO_DECLINED = "auto_declined", _("Declined by policy")
    UNDER_REVIEW = "under_review", _("To decide")
    INFO_REQUESTED = "info_requested", _("Waits for the owner")
    COUNTERED = "countered", _("Other terms offered")
    RECOMMENDED = "recommended", _("With the checker")
    ANALYST_REVIEWED = "analyst_reviewed", _("Reviewed by an analyst")
    SANCTIONED = "sanctioned", _("Sanctioned")
    DECLINED = "declined", _("Declined")
    KFS_ISSUED = "kfs_issued", _("Offer made")
    ACCEPTED = "accepted", _("Offer accepted")
    DISBURSED = "disbursed", _("Paid out")
    COOLED_OFF = "cooled_off", _("Left in the cooling-off days")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class Step(StrEnum):
    """What can happen to an application; those of DECISIONS are decisions with reasons.

    counter offers other terms, which the owner takes (as a new request) or answers; refer sends a recommendation back.
    """

    SUBMIT = "submit"
    SCREEN = "screen"
    SCORE = "score"
    AUTO_DECLINE = "auto_decline"
    REVIEW = "review"
    ASK = "ask"
    ANSWER = "answer"
    RECOMMEND = "recommend"
    ANALYSE = "analyse"
    SANCTION = "sanction"
    DECLINE = "decline"
    COUNTER = "counter"
    REFER = "refer"
    TAKE = "take"
    ISSUE = "issue"
    ACCEPT = "accept"
    DISBURSE = "disburse"
    COOL_OFF = "cool_off"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


_S = ApplicationState
_C = Capability
SYSTEM = "system"
"""In the place of a capability: no person may take this step, the product takes it."""
SECOND_PERSON = "second person"
NOT_HELD = "not held"
DECISIONS = frozenset({Step.RECOMMEND, Step.SANCTION, Step.DECLINE, Step.COUNTER, Step.REFER})
OPEN_STATES = (
    _S.SUBMITTED, _S.SCREENING, _S.SCORED, _S.UNDER_REVIEW, _S.INFO_REQUESTED, _S.COUNTERED, _S.RECOMMENDED,
    _S.ANALYST_REVIEWED,
)  # fmt: skip
"""A decision is still to be taken."""
OFFER_STATES = (_S.SANCTIONED, _S.KFS_ISSUED, _S.ACCEPTED)
"""Decided for the loan, and the money not paid out yet."""
NEVER_SENT = (_S.DRAFT, _S.WITHDRAWN, _S.EXPIRED)
"""The states in which an application may be that no bank ever got."""
STEPS = TransitionTable(
    (
        Transition(
            _S.DRAFT, Step.SUBMIT, _S.SUBMITTED, _C.APPLY, guard="identity check enhanced, consent live, product fits"
        ),
        Transition(_S.SUBMITTED, Step.SCREEN, _S.SCREENING, SYSTEM),
        Transition(_S.SCREENING, Step.SCORE, _S.SCORED, SYSTEM, guard="screened, a score is stored"),
        Transition(_S.SCORED, Step.AUTO_DECLINE, _S.AUTO_DECLINED, SYSTEM, guard="hard policy only"),
        Transition(_S.SCORED, Step.REVIEW, _S.UNDER_REVIEW, SYSTEM),
        Transition(_S.UNDER_REVIEW, Step.ASK, _S.INFO_REQUESTED, _C.RECOMMEND, guard="the clock pauses"),
        Transition(_S.INFO_REQUESTED, Step.ANSWER, _S.UNDER_REVIEW, _C.APPLY, guard="the clock goes on"),
        Transition(_S.UNDER_REVIEW, Step.RECOMMEND, _S.RECOMMENDED, _C.RECOMMEND, guard=NOT_HELD),
        Transition(_S.UNDER_REVIEW, Step.DECLINE, _S.DECLINED, _C.DECLINE),
        Transition(_S.UNDER_REVIEW, Step.COUNTER, _S.COUNTERED, _C.RECOMMEND, guard=NOT_HELD),
        Transition(_S.COUNTERED, Step.ANSWER, _S.UNDER_REVIEW, _C.APPLY, guard="the clock goes on"),
        Transition(_S.COUNTERED, Step.TAKE, _S.WITHDRAWN, _C.APPLY, guard="a new request with the other terms is sent"),
        *(
            Transition(state, event, target, _C.SANCTION, guard=SECOND_PERSON)
            for state in (_S.RECOMMENDED, _S.ANALYST_REVIEWED)
            for event, target in ((Step.REFER, _S.UNDER_REVIEW), (Step.COUNTER, _S.COUNTERED))
        ),
        Transition(_S.RECOMMENDED, Step.ANALYSE, _S.ANALYST_REVIEWED, _C.REVIEW_CREDIT, guard=SECOND_PERSON),
        Transition(_S.RECOMMENDED, Step.SANCTION, _S.SANCTIONED, _C.SANCTION, guard=NOT_HELD),
        Transition(_S.RECOMMENDED, Step.DECLINE, _S.DECLINED, _C.SANCTION, guard=SECOND_PERSON),
        Transition(_S.ANALYST_REVIEWED, Step.SANCTION, _S.SANCTIONED, _C.SANCTION, guard=NOT_HELD),
        Transition(_S.ANALYST_REVIEWED, Step.DECLINE, _S.DECLINED, _C.SANCTION, guard=SECOND_PERSON),
        Transition(_S.SANCTIONED, Step.ISSUE, _S.KFS_ISSUED, SYSTEM),
        Transition(_S.KFS_ISSUED, Step.ACCEPT, _S.ACCEPTED, _C.APPLY, guard="statement's digest, password again"),
        Transition(_S.ACCEPTED, Step.DISBURSE, _S.DISBURSED, _C.APPROVE_LOAN_ACTS, guard="gate before the payment"),
        Transition(_S.DISBURSED, Step.COOL_OFF, _S.COOLED_OFF, SYSTEM, guard="within the cooling-off days"),
        *(
            Transition(state, event, target, capability)
            for state in (_S.DRAFT, *OPEN_STATES, *OFFER_STATES)
            for event, target, capability in (
                (Step.WITHDRAW, _S.WITHDRAWN, _C.APPLY),
                (Step.EXPIRE, _S.EXPIRED, SYSTEM),
            )
        ),
    )
)


class LoanApplicationQuerySet(models.QuerySet["LoanApplication"]):
    def undecided(self) -> "LoanApplicationQuerySet":
        """Applications a person still has to act on."""
        return self.filter(state__in=OPEN_STATES)

    def drafts(self) -> "LoanApplicationQuerySet":
        """What an owner has begun and not sent."""
        return self.filter(state=ApplicationState.DRAFT)

    def visible_to(self, user: "User | AnonymousUser", at: datetime | None = None) -> "LoanApplicationQuerySet":
        """Owners see their own, a bank those made to it while consent lives, the platform's staff all."""
        if isinstance(user, AnonymousUser):
            return self.none()
        seen = self.filter(business__in=Business.objects.visible_to(user, at))
        organisation = user.organisation
        if organisation is None:
            return seen
        unsent = models.Q(state__in=NEVER_SENT, submitted_at__isnull=True)
        seen = seen.exclude(unsent)  # a draft is its owner's alone
        return seen if organisation.is_platform else seen.filter(organisation=organisation)


class LoanApplication(models.Model):
    """What a business asks a bank for. Once sent the request is frozen (trigger); only its way through the house moves.

    `version` counts the changes, so that two people who take a case at once are told apart. `due` is the last day
    for an answer; while `paused_at` is set the clock stands still.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="applications")
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="applications")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=16, choices=ApplicationState, default=ApplicationState.DRAFT)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)
    officer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="cases", null=True)
    version = models.PositiveIntegerField(default=0)
    closed_reason = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    objects = LoanApplicationQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "state", "-opened_at"], name="application_queue"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0, months__gt=0), name="application_asks_something"),
            models.CheckConstraint(
                condition=models.Q(state__in=NEVER_SENT) | ~models.Q(purpose=""), name="application_says_what_for"
            ),
            models.UniqueConstraint(
                fields=["business", "organisation", "product"],
                condition=models.Q(state__in=OPEN_STATES),
                name="application_one_open_per_product",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to be taken."""
        return self.state in OPEN_STATES

    @property
    def is_offered(self) -> bool:
        """Whether it was decided for and not paid out yet."""
        return self.state in OFFER_STATES

    @property
    def may_end(self) -> bool:
        """Whether the owner may still take it back."""
        return Step.WITHDRAW in STEPS.events_from(self.state)
