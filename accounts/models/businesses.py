"""Businesses and the people who speak for them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now

from accounts.models.consents import Consent
from accounts.models.people import OUTSIDE_ROLES
from accounts.models.tenancy import TenantQuerySet
from creditiq.kernel.blind_index import BlindIndexField, candidates
from creditiq.kernel.states import state_name

if TYPE_CHECKING:
    from accounts.models.people import User


class BusinessSize(models.TextChoices):
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"


class Constitution(models.TextChoices):
    PROPRIETORSHIP = "proprietorship"
    PARTNERSHIP = "partnership"
    COMPANY = "company"


class BusinessQuerySet(TenantQuerySet["Business"]):
    def of(self, user: "User | AnonymousUser") -> "BusinessQuerySet":
        """Businesses the person is a member of."""
        return self.filter(memberships__user_id=user.pk).scoped() if user.pk else self.none().scoped()

    def with_pan(self, pan: str) -> "BusinessQuerySet":
        """Registrations under a PAN, found by the blind index."""
        return self.filter(pan_index__in=candidates(pan, kind="pan"))

    def visible_to(self, user: "User | AnonymousUser", at: datetime | None = None) -> "BusinessQuerySet":
        """The tenancy rule (compliance.md §1). `at` is the moment consents are judged at; the database's now if None.

        An owner sees their own; a bank sees who gave it a live consent; the platform's staff see all,
        and what they may do with it is up to their role. Made-up businesses are the sandbox's alone.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none().scoped()
        if user.role in OUTSIDE_ROLES:
            return self.of(user)
        organisation = user.organisation
        if organisation is None or not organisation.is_active:
            return self.none().scoped()
        if organisation.is_platform:
            return self.filter(is_made_up=False).scoped()
        live = Consent.objects.live_at(at or Now()).filter(organisation=organisation, business=models.OuterRef("pk"))
        return self.filter(models.Exists(live), is_made_up=organisation.is_sandbox).scoped()


class Register(models.Manager["Business"]):
    """Every business, for those who have judged the person already, or who work for the house."""

    def get_queryset(self) -> BusinessQuerySet:
        return BusinessQuerySet(self.model, using=self._db).scoped()


class Business(models.Model):
    """A registered business, known by its GSTIN; what it is registered as, never what it did (that is evidence)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gstin = models.CharField("GSTIN", max_length=15, unique=True)
    pan_index = BlindIndexField(of="pan", kind="pan")
    udyam = models.CharField("Udyam number", max_length=19, blank=True)
    legal_name = models.CharField(max_length=200)
    trade_name = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)
    hsn = models.CharField("HSN", max_length=8)
    state_code = models.PositiveSmallIntegerField()
    pincode = models.CharField(max_length=6)
    size = models.CharField(max_length=6, choices=BusinessSize)
    constitution = models.CharField(max_length=14, choices=Constitution)
    registered_on = models.DateField()
    deals_in_goods = models.BooleanField()
    quarterly_filer = models.BooleanField()
    is_made_up = models.BooleanField(default=False, help_text="of the sandbox: seen there and nowhere else")
    members = models.ManyToManyField("accounts.User", through="accounts.Membership", related_name="businesses")

    objects = BusinessQuerySet.as_manager()
    register = Register()

    class Meta:
        verbose_name_plural = "businesses"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(gstin__regex=r"^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][0-9A-Z]{2}$"),
                name="business_gstin_shape",
            ),
            models.CheckConstraint(
                condition=models.Q(udyam="") | models.Q(udyam__regex=r"^UDYAM-[A-Z]{2}-[0-9]{2}-[0-9]{7}$"),
                name="business_udyam_shape",
            ),
            models.CheckConstraint(
                condition=models.Q(pincode__regex=r"^[1-9][0-9]{5}$"), name="business_pincode_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(state_code__gte=1, state_code__lte=99), name="business_state_code_range"
            ),
            models.CheckConstraint(condition=models.Q(size__in=BusinessSize.values), name="business_size_known"),
            models.CheckConstraint(
                condition=models.Q(constitution__in=Constitution.values), name="business_constitution_known"
            ),
        )

    def __str__(self) -> str:
        return self.trade_name or self.legal_name

    @property
    def pan(self) -> str:
        """The PAN inside the GSTIN: kept nowhere by itself (decisions/0025), found by `with_pan`."""
        return self.gstin[2:12]

    @property
    def state_name(self) -> str:
        """The state or union territory it is registered in."""
        return state_name(self.state_code)


class Membership(models.Model):
    """This person speaks for this business."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="memberships")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "business"], name="membership_once"),)

    def __str__(self) -> str:
        return f"membership {self.pk}"
