"""People: one account per e-mail address, one role, for staff one organisation."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from creditiq.kernel.blind_index import BlindIndexField, candidates
from creditiq.kernel.fields import DataKeyField, SealedField
from creditiq.kernel.sealing import MARK


class Role(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    MSME_OWNER = "msme_owner", _("MSME owner")
    LOAN_OFFICER = "loan_officer", _("Loan officer")
    CREDIT_ANALYST = "credit_analyst", _("Credit analyst")
    RISK_MANAGER = "risk_manager", _("Risk manager")
    ADMIN = "admin", _("Admin")


class Duty(models.TextChoices):
    """What some people of a role do besides, or instead."""

    PRINCIPAL_OFFICER = "principal_officer", "Principal officer"
    AUDITOR = "auditor", "Auditor (reads everything, changes nothing)"
    COLLECTIONS = "collections", "Collections"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    HINDI = "hi", "हिन्दी"
    MARATHI = "mr", "मराठी"
    TAMIL = "ta", "தமிழ்"
    TELUGU = "te", "తెలుగు"
    KANNADA = "kn", "ಕನ್ನಡ"


OUTSIDE_ROLES = (Role.INDIVIDUAL, Role.MSME_OWNER)
"""Roles of people who belong to no organisation; every other role is staff of one."""


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_phone(self, phone: str) -> "UserQuerySet":
        """Whoever gave this number; nothing is opened for the search."""
        return self.filter(phone_index__in=candidates(phone, kind="phone"))

    def staff_of(self, organisation_id: int) -> "UserQuerySet":
        return self.filter(organisation_id=organisation_id)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses are stored in lower case, so signing in does not depend on how one is typed."""
        return super().get_by_natural_key((username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. `uuid` is the only id that leaves the house."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail", unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    phone = SealedField(blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone")
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    role = models.CharField(max_length=16, choices=Role, default=Role.INDIVIDUAL)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    duties = ArrayField(models.CharField(max_length=17, choices=Duty), default=list, blank=True)
    address = SealedField(blank=True)
    nominee = SealedField(blank=True, help_text="who exercises the person's rights after death or incapacity: JSON")
    nominee_since = models.DateTimeField(null=True, blank=True)
    data_key = DataKeyField(blank=True, default="", editable=False)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    wants_mail = models.BooleanField("e-mail me what happens", default=True)
    is_active = models.BooleanField(default=True)
    token_version = models.PositiveIntegerField(
        default=0, editable=False, help_text="raised to end every session and token of the person at once"
    )
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    limited_to: frozenset[str] | None = None
    """Names of capabilities, while a program acts for the person by an API key; None in person."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="user_language_known"),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__startswith=MARK), name="user_phone_sealed"
            ),
            models.CheckConstraint(
                condition=models.Q(address="") | models.Q(address__startswith=MARK), name="user_address_sealed"
            ),
            models.CheckConstraint(
                condition=models.Q(nominee="", nominee_since__isnull=True)
                | models.Q(nominee__startswith=MARK, nominee_since__isnull=False),
                name="user_nominee_sealed",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=OUTSIDE_ROLES, organisation__isnull=True)
                | (~models.Q(role__in=OUTSIDE_ROLES) & models.Q(organisation__isnull=False)),
                name="user_staff_belong_somewhere",
            ),
            models.CheckConstraint(condition=models.Q(duties__contained_by=Duty.values), name="user_duties_known"),
            models.CheckConstraint(
                condition=models.Q(duties=[]) | ~models.Q(role__in=OUTSIDE_ROLES), name="user_duties_of_staff"
            ),
        )

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def is_bound(self) -> bool:
        """Whether the person sees only what belongs to some tenant: everybody but the platform's people."""
        return self.organisation is None or not self.organisation.is_platform

    @property
    def is_staff(self) -> bool:
        """Django admin asks this; the answer of record is `can(user, CONFIGURE)`."""
        return self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Admins may read every configuration page; whatever changes something asks `can()` itself."""
        if self.is_active and self.is_staff and perm.partition(".")[2].startswith("view_"):
            return True
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return (self.is_active and self.is_staff) or super().has_module_perms(app_label)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Portal sessions end with the password, as Django does it, and with the token version too."""
        salt = "accounts.models.people.session"
        return salted_hmac(salt, f"{self.password}:{self.token_version}", secret=secret, algorithm="sha256").hexdigest()
