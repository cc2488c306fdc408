"""Know your customer: the papers of a business, who owns it, and how far it was verified."""

import uuid
from datetime import date, datetime

from django.db import models

from accounts.models.businesses import Business
from creditiq.kernel.blind_index import BlindIndexField, candidates
from creditiq.kernel.fields import DataKeyField, SealedField
from creditiq.kernel.sealing import MARK


class KycTier(models.TextChoices):
    BASIC = "basic", "Basic"
    ENHANCED = "enhanced", "Enhanced"
    PREMIUM = "premium", "Premium"


class KycRisk(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class KycPaper(models.TextChoices):
    PAN_CARD = "pan_card", "PAN card of the business"
    REGISTRATION = "registration", "Registration or incorporation certificate"
    ADDRESS = "address", "Proof of address"
    IDENTITY = "identity", "Identity proof of the owners"
    DEED = "deed", "Partnership deed, or memorandum and articles"
    BANK = "bank", "Bank statement or cancelled cheque"
    ACCOUNTS = "accounts", "Audited accounts"


class KycState(models.TextChoices):
    """How a paper or a declaration stands."""

    WAITING = "waiting", "Waiting to be looked at"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    REPLACED = "replaced", "Replaced by a newer one"


class PartyKind(models.TextChoices):
    PERSON = "person", "Person"
    ENTITY = "entity", "Company or firm"
    LISTED = "listed", "Company listed on an exchange"


SECOND_LOOK = models.Q(judged_by__isnull=True) | ~models.Q(judged_by=models.F("made_by"))


class KycDocument(models.Model):
    """One paper, as uploaded. Who uploads it does not judge it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="kyc_documents")
    kind = models.CharField(max_length=12, choices=KycPaper)
    file = models.FileField(upload_to="kyc/%Y/%m")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=KycState, default=KycState.WAITING)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["business", "kind", "-made_at"], name="kyc_document_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=KycState.values), name="kyc_document_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=KycPaper.values), name="kyc_document_kind_known"),
            models.CheckConstraint(condition=SECOND_LOOK, name="kyc_document_second_person"),
            models.UniqueConstraint(
                fields=["business", "kind"], condition=models.Q(state="waiting"), name="kyc_document_one_waits"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class OwnershipDeclaration(models.Model):
    """Who owns the business, as its people declared it. A change is a new declaration; an old one stays as it was."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="ownership_declarations")
    owner_above = models.DecimalField(max_digits=5, decimal_places=2, help_text="percent that counted then")
    state = models.CharField(max_length=8, choices=KycState, default=KycState.WAITING)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["business", "-made_at"], name="ownership_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=KycState.values), name="ownership_state_known"),
            models.CheckConstraint(condition=SECOND_LOOK, name="ownership_second_person"),
            models.UniqueConstraint(
                fields=["business"], condition=models.Q(state="waiting"), name="ownership_one_waits"
            ),
        )

    def __str__(self) -> str:
        return f"owners declared on {self.made_at:%d %b %Y}"


class OwnershipPartyQuerySet(models.QuerySet["OwnershipParty"]):
    def beneficial(self) -> "OwnershipPartyQuerySet":
        """Beneficial owners: persons above the threshold, or who run the business where nobody is."""
        return self.filter(beneficial_owner__isnull=False)

    def with_pan(self, pan: str) -> "OwnershipPartyQuerySet":
        """Whoever has this PAN; nothing is opened for the search."""
        return self.filter(pan_index__in=candidates(pan, kind="pan"))


class OwnershipParty(models.Model):
    """Somebody in a declaration. Identity rests sealed under a key of its own; the PAN is found by its blind index."""

    declaration = models.ForeignKey(OwnershipDeclaration, on_delete=models.CASCADE, related_name="parties")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=PartyKind)
    name = SealedField()
    pan = SealedField()
    born_on = SealedField(blank=True)
    pan_index = BlindIndexField(of="pan", kind="pan")
    manages = models.BooleanField(default=False)
    data_key = DataKeyField(blank=True, default="", editable=False)

    objects = OwnershipPartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ownership parties"
        ordering = ("declaration", "number")
        constraints = (
            models.UniqueConstraint(fields=["declaration", "number"], name="ownership_party_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PartyKind.values), name="ownership_party_kind_known"),
            models.CheckConstraint(
                condition=models.Q(name__startswith=MARK, pan__startswith=MARK)
                & (models.Q(born_on="") | models.Q(born_on__startswith=MARK)),
                name="ownership_party_sealed",
            ),
        )

    def __str__(self) -> str:
        return f"party {self.number} of declaration {self.declaration_id}"


class OwnershipStake(models.Model):
    """`holder` has `percent` of `held`; NULL is the business itself."""

    holder = models.ForeignKey(OwnershipParty, on_delete=models.CASCADE, related_name="stakes")
    held = models.ForeignKey(OwnershipParty, on_delete=models.CASCADE, null=True, related_name="holders")
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["holder", "held"], name="ownership_stake_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="ownership_stake_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(held__isnull=True) | ~models.Q(held=models.F("holder")),
                name="ownership_stake_in_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"


class BeneficialOwner(models.Model):
    """A person behind the business: what they have of it in the end, and by which ways (numbers of parties)."""

    party = models.OneToOneField(OwnershipParty, on_delete=models.CASCADE, related_name="beneficial_owner")
    effective_percent = models.DecimalField(max_digits=5, decimal_places=2)
    paths = models.JSONField(help_text='[{"through": [number, …], "percent": "12.50"}, …]')
    by_control = models.BooleanField(default=False, help_text="runs the business; nobody holds more than the threshold")

    class Meta:
        ordering = ("-effective_percent", "party__number")

    def __str__(self) -> str:
        return f"{self.effective_percent} %"


class KycProfileQuerySet(models.QuerySet["KycProfile"]):
    def known_at(self, at: datetime) -> "KycProfileQuerySet":
        """What was verified by then."""
        return self.filter(verified_at__lte=at)

    def newest_first(self) -> "KycProfileQuerySet":
        return self.order_by("-verified_at", "-pk")

    def standing(self) -> "KycProfileQuerySet":
        """The newest profile of each business."""
        newer = KycProfile.objects.filter(business=models.OuterRef("business"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(newer))


class KycProfile(models.Model):
    """One verification of a business: tier, risk, and the day it is asked again. A new one follows, none is changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="kyc_profiles")
    tier = models.CharField(max_length=8, choices=KycTier)
    risk = models.CharField(max_length=6, choices=KycRisk)
    declaration = models.ForeignKey(OwnershipDeclaration, on_delete=models.PROTECT, null=True, related_name="profiles")
    verified_at = models.DateTimeField()
    verified_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    second_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    next_due = models.DateField()
    note = models.CharField(max_length=300, blank=True)

    objects = KycProfileQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["business", "-verified_at"], name="kyc_profile_newest"),
            models.Index(fields=["next_due"], name="kyc_profile_due"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(tier__in=KycTier.values), name="kyc_tier_known"),
            models.CheckConstraint(condition=models.Q(risk__in=KycRisk.values), name="kyc_risk_known"),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("verified_by")),
                name="kyc_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True)
                | models.Q(second_by__isnull=False)
                | ~(models.Q(risk="high") | models.Q(tier="premium")),
                name="kyc_two_people_where_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_tier_display()}, {self.get_risk_display().lower()} risk"

    def is_due_on(self, day: date) -> bool:
        """Whether the day to ask again has come."""
        return day >= self.next_due
