"""Watchlists and whom they name, what customers answered to them, and what people decided about it."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Business, User


class WatchlistSource(models.Model):
    """A list by its name, in the version loaded last."""

    name = models.CharField(max_length=80, unique=True)
    version = models.CharField(max_length=12, help_text="First letters of the digest.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the files.")
    loaded_at = models.DateTimeField()
    entities = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class WatchlistEntityQuerySet(models.QuerySet["WatchlistEntity"]):
    def listed(self) -> "WatchlistEntityQuerySet":
        """Those that are on their list now."""
        return self.filter(removed_at__isnull=True)


class WatchlistEntity(models.Model):
    """Somebody a list names; `digest` is of everything it says about them."""

    source = models.ForeignKey(WatchlistSource, on_delete=models.PROTECT, related_name="listed")
    key = models.CharField(max_length=200)
    name = models.TextField()
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    removed_at = models.DateTimeField(null=True)

    objects = WatchlistEntityQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="watchlist_entity_once"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"


class Delta(models.Model):
    """What one loading changed."""

    source = models.ForeignKey(WatchlistSource, on_delete=models.PROTECT, related_name="deltas")
    version = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    added = ArrayField(models.CharField(max_length=200))
    changed = ArrayField(models.CharField(max_length=200))
    removed = ArrayField(models.CharField(max_length=200))

    def __str__(self) -> str:
        return f"{self.source_id} {self.version}: +{len(self.added)} ~{len(self.changed)} -{len(self.removed)}"


class ScreeningRun(models.Model):
    """One time customers were held against lists: with which algorithm, threshold and versions."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="+", help_text="Null: everybody."
    )
    delta = models.ForeignKey(Delta, on_delete=models.PROTECT, null=True, related_name="runs")
    at = models.DateTimeField()
    algorithm = models.CharField(max_length=20)
    threshold = models.FloatField()
    lists = models.JSONField(help_text="Name → version.")
    subjects = models.IntegerField()
    hits = models.IntegerField()

    def __str__(self) -> str:
        return f"names screening of {self.at:%Y-%m-%d %H:%M}"


class MatchState(models.TextChoices):
    OPEN = "open", "To review"
    ASKED = "asked", "Asked for more"
    SECOND = "second", "Waits for a second person"
    CONFIRMED = "confirmed", "True match"
    DISMISSED = "dismissed", "Somebody else"
    LAPSED = "lapsed", "No longer listed like this"


class Verdict(models.TextChoices):
    TRUE = "true", "True match"
    FALSE = "false", "Somebody else"
    ASK = "ask", "Ask for more"


UNDECIDED = (MatchState.OPEN, MatchState.ASKED, MatchState.SECOND)


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, user: User) -> "MatchQuerySet":
        """Matches of businesses the person may see."""
        return self.filter(business__in=Business.objects.visible_to(user))

    def in_state(self, state: str) -> "MatchQuerySet":
        """`all` is no filter."""
        return self if state == "all" else self.filter(state=state)

    def likeliest_first(self) -> "MatchQuerySet":
        """By the margin, which never saturates; equal evidence in the order it came."""
        return self.order_by("-margin", "pk")

    def holding_at(self, t: datetime) -> "MatchQuerySet":
        """Confirmed by two people at or before t and not lapsed by then."""
        return self.filter(confirmed_at__lte=t).exclude(lapsed_at__lte=t)


class Match(models.Model):
    """A customer's name that answers to a listed one, and what two people made of it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ScreeningRun, on_delete=models.PROTECT, related_name="matches")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="name_matches")
    entity = models.ForeignKey(WatchlistEntity, on_delete=models.PROTECT, related_name="matches")
    asked = models.TextField(help_text="The customer's name as screened.")
    matched = models.TextField(help_text="The listed name that answered.")
    probability = models.FloatField()
    margin = models.FloatField(help_text="Log-odds; the queue is ordered by it.")
    features = models.JSONField()
    subject_digest = models.CharField(max_length=64)
    entity_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=MatchState, default=MatchState.OPEN)
    proposed = models.CharField(max_length=5, choices=Verdict, blank=True)
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    second_reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="match_state_known"),
            models.UniqueConstraint(
                fields=["business", "entity", "asked", "subject_digest", "entity_digest"],
                condition=~Q(state__in=("dismissed", "lapsed")),
                name="match_once",
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True) | ~Q(second_reviewer=F("reviewer")),
                name="match_second_reviewer_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "dismissed"))
                | Q(reviewer__isnull=False, second_reviewer__isnull=False),
                name="match_decided_by_two",
            ),
        )
        indexes = (models.Index(fields=["state", "-margin"], name="match_state_margin"),)

    def __str__(self) -> str:
        return f"{self.asked} ~ {self.matched}"


class WhitelistQuerySet(models.QuerySet["Whitelist"]):
    def in_force(self, t: datetime) -> "WhitelistQuerySet":
        """Not yet expired."""
        return self.filter(expires_at__gt=t)


class Whitelist(models.Model):
    """Two people found that this customer is not that entity. Void once either side's digest is another one."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="+")
    entity = models.ForeignKey(WatchlistEntity, on_delete=models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="whitelists")
    subject_digest = models.CharField(max_length=64)
    entity_digest = models.CharField(max_length=64)
    since = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = WhitelistQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "whitelist"

    def __str__(self) -> str:
        return f"business {self.business_id} is not {self.entity_id} until {self.expires_at:%Y-%m-%d}"
