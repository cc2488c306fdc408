"""A business's connections to official sources, and what each of them brought."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from creditiq.kernel.fields import DataKeyField, SealedField
from creditiq.kernel.sealing import MARK


class Source(models.TextChoices):
    GST_NETWORK = "gst_network", _("GST network")
    ACCOUNT_AGGREGATOR = "account_aggregator", _("Account Aggregator")


class ConnectionState(models.TextChoices):
    WAITING = "waiting", _("waiting for you")
    FETCHING = "fetching", _("being fetched")
    STOPPED = "stopped", _("stopped")
    DONE = "done", _("fetched")
    FAILED = "failed", _("not fetched")
    ENDED = "ended", _("ended")


OPEN = (ConnectionState.WAITING, ConnectionState.FETCHING, ConnectionState.STOPPED, ConnectionState.FAILED)
"""States in which something can still be done; there is one such connection of a business to a source."""


class SourceConnection(models.Model):
    """One sign-in or consent at a source, for one span of days.

    `kept` holds keys and tokens as JSON, sealed; it is emptied when they have served or run out. A code is never kept.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="source_connections")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, choices=Source)
    handle = SealedField(help_text="User name at the GST portal, or address at the aggregator.")
    kept = SealedField(blank=True)
    data_key = DataKeyField(blank=True, default="", editable=False)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=8, choices=ConnectionState, default=ConnectionState.WAITING)
    trouble = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=60, blank=True, help_text="The source's own code of the trouble.")
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="When the source stops knowing us.")
    next_at = models.DateTimeField(null=True, help_text="When the source is asked again; it still prepares its answer.")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(source__in=Source.values), name="connection_source_known"),
            models.CheckConstraint(condition=Q(state__in=ConnectionState.values), name="connection_state_known"),
            models.CheckConstraint(condition=Q(handle__startswith=MARK), name="connection_handle_sealed"),
            models.CheckConstraint(condition=Q(kept="") | Q(kept__startswith=MARK), name="connection_kept_sealed"),
            models.UniqueConstraint(
                fields=["business", "source"], condition=Q(state__in=OPEN), name="connection_open_once"
            ),
        )
        indexes = (models.Index(fields=["business", "-begun_at"], name="connection_business_time"),)

    def __str__(self) -> str:
        return f"{self.source} ({self.state})"


class FetchedPart(models.Model):
    """One document that a connection brought; without an upload, that the source has none for the period."""

    connection = models.ForeignKey(SourceConnection, on_delete=models.CASCADE, related_name="parts")
    format = models.CharField(max_length=20)
    period = models.CharField(max_length=21, help_text="A month as MMYYYY, or two days with / between.")
    number = models.PositiveSmallIntegerField(default=1)
    upload = models.ForeignKey("wallets.Upload", on_delete=models.PROTECT, null=True, related_name="+")
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["connection", "format", "period", "number"], name="fetched_part_once"),
        )

    def __str__(self) -> str:
        return f"{self.format} {self.period}"
