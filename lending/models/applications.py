"""An application for a loan and the steps it can take."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Business
from accounts.permissions import Capability
from creditiq.kernel.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from accounts.models import User


class ApplicationState(models.TextChoices):
    UNDER_REVIEW = "under_review", "To decide"
    RECOMMENDED = "recommended", "With the checker"
    SANCTIONED = "sanctioned", "Sanctioned"
    DECLINED = "declined", "Declined"


class Step(StrEnum):
    """What can happen to an application; each step is one decision."""

    RECOMMEND = "recommend"
    SANCTION = "sanction"
    DECLINE = "decline"


_S = ApplicationState
SECOND_PERSON = "second person"
NOT_HELD = "not held"
STEPS = TransitionTable(
    (
        Transition(_S.UNDER_REVIEW, Step.RECOMMEND, _S.RECOMMENDED, Capability.RECOMMEND, guard=NOT_HELD),
        Transition(_S.UNDER_REVIEW, Step.DECLINE, _S.DECLINED, Capability.DECLINE),
        Transition(_S.RECOMMENDED, Step.SANCTION, _S.SANCTIONED, Capability.SANCTION, guard=NOT_HELD),
        Transition(_S.RECOMMENDED, Step.DECLINE, _S.DECLINED, Capability.SANCTION, guard=SECOND_PERSON),
    )
)
OPEN_STATES = (ApplicationState.UNDER_REVIEW, ApplicationState.RECOMMENDED)


class LoanApplicationQuerySet(models.QuerySet["LoanApplication"]):
    def undecided(self) -> "LoanApplicationQuerySet":
        """Applications a person still has to act on."""
        return self.filter(state__in=OPEN_STATES)

    def visible_to(self, user: "User | AnonymousUser", at: datetime | None = None) -> "LoanApplicationQuerySet":
        """Owners see their own, a bank those made to it while consent lives, the platform's staff all."""
        if isinstance(user, AnonymousUser):
            return self.none()
        seen = self.filter(business__in=Business.objects.visible_to(user, at))
        organisation = user.organisation
        return seen if organisation is None or organisation.is_platform else seen.filter(organisation=organisation)


class LoanApplication(models.Model):
    """What a business asks a bank for. The request is frozen (trigger, migration 0002); only the state moves."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="applications")
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="applications")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.UNDER_REVIEW)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    objects = LoanApplicationQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "state", "-opened_at"], name="application_queue"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0, months__gt=0), name="application_asks_something"),
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
