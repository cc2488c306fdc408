"""The quarterly look at who may do what: rows that are added and never changed."""

from datetime import datetime

from django.db import models

from creditiq.kernel.clock import IST


class AccessReview(models.Model):
    """In this quarter `by` looked at the access of `person` and said whether it is still right."""

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="access_reviews")
    quarter = models.CharField(max_length=7)
    is_right = models.BooleanField()
    access = models.CharField(max_length=200, help_text="role, duties and organisation as they were")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "quarter"], name="access_review_once_a_quarter"),
            models.CheckConstraint(condition=~models.Q(person=models.F("by")), name="access_review_second_person"),
        )

    def __str__(self) -> str:
        return f"review of {self.person_id} in {self.quarter}"


def quarter_of(at: datetime) -> str:
    """The calendar quarter in India, such as 2026-Q4."""
    local = at.astimezone(IST)
    return f"{local.year}-Q{(local.month + 2) // 3}"
