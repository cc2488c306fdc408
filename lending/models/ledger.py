"""Double entry: entries and lines are added and never changed (triggers, migration 0004); balances are their sums."""

import uuid

from django.db import models

from lending.engine.ledger import Account as Code
from lending.engine.ledger import Kind

KINDS = tuple((kind.value, kind.value.replace("_", " ").capitalize()) for kind in Kind)


class Account(models.Model):
    """One account of the chart; the rows come with migration 0004."""

    code = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=60)
    nature = models.CharField(max_length=9)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(code__in=[code.value for code in Code]), name="ledger_account_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class JournalEntry(models.Model):
    """What one event booked on one loan; a reversal names the entry it undoes, and each is undone once."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=16, choices=KINDS)
    value_date = models.DateField()
    booked_at = models.DateTimeField()
    act = models.ForeignKey("lending.LoanAct", on_delete=models.PROTECT, related_name="entries", null=True)
    reversal_of = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)

    class Meta:
        indexes = (models.Index(fields=["loan", "value_date", "id"], name="journal_of_loan"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=[code for code, _ in KINDS]), name="journal_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value_date}"


class JournalLine(models.Model):
    """A debit or a credit of an entry, never both; all lines of an entry sum to nothing when it is committed."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        indexes = (models.Index(fields=["loan", "account"], name="line_of_loan", include=["debit", "credit"]),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(debit__gt=0, credit=0) | models.Q(debit=0, credit__gt=0), name="line_one_sided"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit or -self.credit}"
