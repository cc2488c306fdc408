"""The institutions whose people work here: banks, and the platform itself."""

import uuid

from django.db import models


class OrganisationKind(models.TextChoices):
    BANK = "bank"
    PLATFORM = "platform"


class OrganisationStatus(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def banks(self) -> "OrganisationQuerySet":
        return self.filter(kind=OrganisationKind.BANK)

    def active(self) -> "OrganisationQuerySet":
        return self.filter(status=OrganisationStatus.ACTIVE)


class Organisation(models.Model):
    """A tenant. People of a suspended organisation cannot sign in and see nothing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=OrganisationKind, default=OrganisationKind.BANK)
    status = models.CharField(max_length=9, choices=OrganisationStatus, default=OrganisationStatus.ACTIVE)

    is_sandbox = models.BooleanField(default=False, help_text="holds made-up businesses and nothing else")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=OrganisationStatus.values), name="organisation_status_known"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="platform"), name="organisation_one_platform"
            ),
            models.UniqueConstraint(
                fields=["is_sandbox"], condition=models.Q(is_sandbox=True), name="organisation_one_sandbox"
            ),
            models.CheckConstraint(
                condition=models.Q(is_sandbox=False) | ~models.Q(kind="platform"), name="organisation_platform_is_real"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_platform(self) -> bool:
        return self.kind == OrganisationKind.PLATFORM

    @property
    def is_active(self) -> bool:
        return self.status == OrganisationStatus.ACTIVE
