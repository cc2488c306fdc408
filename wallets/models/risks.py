"""Lists of addresses with their dates, and what holders of wallets were warned of."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import User


class RiskList(models.Model):
    """A list that names addresses: the one of the fraud app with the same name, in the version that is in force."""

    name = models.CharField(max_length=120, unique=True)
    version = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class RiskEntryQuerySet(models.QuerySet["RiskEntry"]):
    def in_force_at(self, moment: datetime) -> "RiskEntryQuerySet":
        """What was listed, and not taken off again, at a moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=moment), since__lte=moment)


class RiskEntry(models.Model):
    """An address on a list from one day to another; `until` null: it still is."""

    list = models.ForeignKey(RiskList, on_delete=models.CASCADE, related_name="entries")
    address = models.CharField(max_length=128, help_text="Lower case with 0x; others as the list writes them.")
    kind = models.CharField(max_length=12, help_text="sanctioned, mixer or drainer.")
    entity = models.CharField(max_length=200, help_text="Key of whom the list says it belongs to.")
    version = models.CharField(max_length=64, help_text="Version of the list that brought it.")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = RiskEntryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["list", "address", "kind"], condition=Q(until__isnull=True), name="risk_entry_once_in_force"
            ),
        )
        indexes = (models.Index(fields=["address"], name="risk_entry_address"),)

    def __str__(self) -> str:
        return self.address


class WalletWarningQuerySet(models.QuerySet["WalletWarning"]):
    def of(self, user: User) -> "WalletWarningQuerySet":
        """Of the wallets that are on somebody's list, the latest first."""
        return self.filter(user=user, wallet__removed_at__isnull=True).order_by("-found_at", "-pk")

    def standing(self) -> "WalletWarningQuerySet":
        """What is still so."""
        return self.filter(ended_at__isnull=True)


class WalletWarning(models.Model):
    """Something the holder of a wallet was told at once; it stands until what it says is over."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="wallet_warnings")
    wallet = models.ForeignKey("wallets.Wallet", on_delete=models.CASCADE, related_name="warnings")
    kind = models.CharField(max_length=20, help_text="sanctions_hit, health_factor_low or approval_risk.")
    subject = models.CharField(max_length=250)
    facts = models.CharField(max_length=400)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WalletWarningQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["wallet", "kind", "subject"],
                condition=Q(ended_at__isnull=True),
                name="wallet_warning_stands_once",
            ),
        )

    def __str__(self) -> str:
        return self.facts
