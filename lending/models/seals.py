"""The fingerprints of agreements as they were given to the registry on a chain."""

import uuid

from django.db import models
from django.db.models import Q

from lending.models.loans import Loan

HASH = r"^[0-9a-f]{64}$"


class AgreementSeal(models.Model):
    """One loan's salt and fingerprints. Destroying the salt makes what stands on the chain meaningless.

    `version`: of the schedule that was fingerprinted. `borrower`: the account that the borrower wants to co-sign with,
    with their consent word for word.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="seal")
    salt = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, unique=True)
    kfs = models.CharField(max_length=64)
    agreement = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    closing = models.BooleanField(default=False)
    borrower = models.CharField(max_length=42, blank=True)
    consent = models.CharField(max_length=300, blank=True)
    consented_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__regex=HASH, kfs__regex=HASH, agreement__regex=HASH), name="seal_hash_shape"
            ),
            models.CheckConstraint(
                condition=Q(borrower="") | Q(consented_at__isnull=False), name="seal_borrower_consented"
            ),
        )

    def __str__(self) -> str:
        return f"seal of {self.loan_id}"
