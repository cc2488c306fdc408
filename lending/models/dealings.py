"""What two people have to agree on, and what is said between the bank and the borrower of a running loan."""

import uuid

from django.db import models

from lending.models.decisions import SHA256
from lending.models.loans import Loan


class ProposalState(models.TextChoices):
    PENDING = "pending", "Waits for a second person"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    CANCELLED = "cancelled", "Taken back"
    EXPIRED = "expired", "Not answered in time"


class Proposal(models.Model):
    """An act on a loan that needs two people. `document` is what the maker asked, bound by its digest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=16)
    document = models.JSONField()
    effect = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.PENDING)
    asked_at = models.DateTimeField()
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    checker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="proposal_digest_shape"),
            models.CheckConstraint(
                condition=models.Q(checker__isnull=True) | ~models.Q(checker=models.F("maker")),
                name="proposal_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "rejected"])
                | models.Q(checker__isnull=False, answered_at__isnull=False),
                name="proposal_was_answered",
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=models.Q(state="pending"), name="proposal_one_pending_per_loan"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.loan_id}"


class PromiseState(models.TextChoices):
    OPEN = "open", "Open"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"


class Contact(models.Model):
    """One contact with a borrower about arrears, and a promise to pay when there was one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    note = models.CharField(max_length=500)
    promised_on = models.DateField(null=True)
    promised = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    promise = models.CharField(max_length=6, choices=PromiseState, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(promised_on__isnull=True, promised__isnull=True, promise="")
                | models.Q(promised_on__isnull=False, promised__gt=0, promise__in=PromiseState.values),
                name="contact_promise_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d}"


class Notice(models.Model):
    """A letter to the borrower that the end of a day wrote: what happened and what to do."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="notices")
    on = models.DateField()
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["loan", "on", "kind"], name="notice_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class Grievance(models.Model):
    """A borrower's complaint about a loan, with the day by which it is answered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="grievances")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    def __str__(self) -> str:
        return f"grievance {self.uuid}"


class PaymentIntention(models.Model):
    """What a borrower said they would pay; no money moves by it. The bank books the payment once it has arrived."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="intentions")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    reference = models.CharField(max_length=35, unique=True)
    payee = models.CharField(max_length=320, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["loan", "-at"], name="intention_newest"),)
        constraints = (models.CheckConstraint(condition=models.Q(amount__gt=0), name="intention_above_zero"),)

    def __str__(self) -> str:
        return self.reference


class GuaranteeFee(models.Model):
    """The CGTMSE fee of a year of a covered loan."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="guarantee_fees")
    year = models.PositiveSmallIntegerField()
    on = models.DateField()
    base = models.DecimalField(max_digits=18, decimal_places=2)
    guaranteed = models.DecimalField(max_digits=18, decimal_places=2)
    fee = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["loan", "year"], name="guarantee_fee_once"),)

    def __str__(self) -> str:
        return f"{self.loan_id} year {self.year}"
