"""The letter that tells an applicant why nothing is lent, and its clock."""

import uuid

from django.db import models

from lending.models.applications import LoanApplication
from lending.models.decisions import SHA256


class LetterChannel(models.TextChoices):
    PORTAL = "portal", "Opened in the portal"
    POST = "post", "Sent by post"
    HAND = "hand", "Handed over"


class AdverseLetter(models.Model):
    """Written once when an application is refused; what it says never changes (trigger), only its clock moves.

    `codes` are the reasons stated, `facts` what the frame needs; any of the six languages is set from them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(LoanApplication, on_delete=models.PROTECT, related_name="letter")
    language = models.CharField(max_length=2)
    codes = models.JSONField()
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    deliver_by = models.DateField()
    delivered_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=6, choices=LetterChannel, blank=True)
    delivered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="letter_digest_shape"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True) | models.Q(delivered_at__isnull=False),
                name="letter_read_after_delivery",
            ),
        )

    def __str__(self) -> str:
        return f"letter on {self.application}"
