"""Who says a business is theirs, how they prove it, and whom its people invite."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models

from accounts.models.businesses import Business

if TYPE_CHECKING:
    from accounts.models.people import User


class ClaimProof(models.TextChoices):
    CODE = "code", "Code to the registered contact"
    CERTIFICATE = "certificate", "Registration certificate"


class ClaimStatus(models.TextChoices):
    PENDING = "pending", "Waiting for proof"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"
    DISPUTED = "disputed", "Disputed"


class ClaimVerdict(StrEnum):
    """What a second person says about a claim."""

    GRANT = "grant"
    REFUSE = "refuse"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: "User") -> "ClaimQuerySet":
        """A claimant sees their own; who speaks for a business sees who claims it too."""
        own = models.Q(claimant=user)
        return self.filter(own | models.Q(business__memberships__user=user)).distinct()

    def open(self) -> "ClaimQuerySet":
        return self.filter(status__in=(ClaimStatus.PENDING, ClaimStatus.DISPUTED))


class Claim(models.Model):
    """A person says they speak for a business. Until it is granted they see nothing of it.

    The code is kept as a keyed digest and counts its wrong guesses; a certificate is judged by a second person.
    Claims are not exclusive: a business may have several people, and each of them may dispute a newcomer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claimant = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="claims")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="claims")
    proof = models.CharField(max_length=11, choices=ClaimProof)
    status = models.CharField(max_length=8, choices=ClaimStatus, default=ClaimStatus.PENDING)
    contact = models.CharField(max_length=120, blank=True, help_text="where the code went, masked")
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    certificate = models.FileField(upload_to="claims/%Y/%m", blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["status", "made_at"], name="claim_waiting"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=ClaimStatus.values), name="claim_status_known"),
            models.CheckConstraint(condition=models.Q(proof__in=ClaimProof.values), name="claim_proof_known"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("claimant")),
                name="claim_second_person",
            ),
            models.UniqueConstraint(
                fields=["claimant", "business"],
                condition=models.Q(status__in=("pending", "disputed")),
                name="claim_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"claim {self.uuid}"

    def accepts_codes_at(self, at: datetime) -> bool:
        """Whether a code may still be typed."""
        waiting = self.status == ClaimStatus.PENDING and self.proof == ClaimProof.CODE
        return waiting and self.code_expires_at is not None and at < self.code_expires_at


class Invitation(models.Model):
    """Somebody who speaks for a business asks a colleague to do so too. The link in the mail is the only key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["business", "-invited_at"], name="invitation_newest"),)

    def __str__(self) -> str:
        return f"invitation {self.uuid}"
