"""What was reported of the book on a day, kept word for word; never changed (trigger)."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from lending.models.decisions import SHA256

if TYPE_CHECKING:
    from accounts.models import User


class ReturnKind(models.TextChoices):
    PORTFOLIO = "portfolio", "Portfolio"
    SMA = "sma", "SMA list"
    NPA = "npa", "NPA movement"
    CRILC = "crilc", "CRILC: large exposures and defaults"
    CASH = "cash", "CTR and CBWTR pack"
    COLLECTION = "collection", "Collection queue"
    FLOATING = "floating", "Floating-rate statements"
    GUARANTEE = "guarantee", "CGTMSE fee demand"


class BookReturnQuerySet(models.QuerySet["BookReturn"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BookReturnQuerySet":
        """A bank's own; the platform's staff all."""
        if isinstance(user, AnonymousUser) or user.organisation is None:
            return self.none()
        return self if user.organisation.is_platform else self.filter(organisation=user.organisation)

    def newest_first(self) -> "BookReturnQuerySet":
        """By the last day reported, the later made first among equals."""
        return self.order_by("-until", "-pk")


class BookReturn(models.Model):
    """One return, frozen: `uuid` is the snapshot's id, `document` its figures and tables as text.

    The platform's own covers the loans of every bank. `book` is kept with a portfolio: by account the standing,
    whether it is bad, and rupees outstanding, so that the next one can tell what moved.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=10, choices=ReturnKind)
    since = models.DateField()
    until = models.DateField()
    document = models.JSONField()
    book = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    objects = BookReturnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "kind", "until"], name="book_return_once_a_day"),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="book_return_digest_shape"),
            models.CheckConstraint(condition=models.Q(kind__in=ReturnKind.values), name="book_return_kind_known"),
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="book_return_runs_forward"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.until:%d %b %Y}"
