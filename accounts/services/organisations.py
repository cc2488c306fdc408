"""Tenants: be founded, be suspended, come back."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Organisation, OrganisationKind, OrganisationStatus, User
from accounts.permissions import Capability, require
from accounts.services.people import end_everything_of


def create_organisation(
    *,
    name: str,
    at: datetime,
    kind: str = OrganisationKind.BANK,
    status: str = OrganisationStatus.ACTIVE,
    by: User | None = None,
) -> Organisation:
    """Found an organisation. The same name twice, or a second platform, answers the one there is."""
    if by is not None:
        require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        same = {"kind": kind} if kind == OrganisationKind.PLATFORM else {"name": name}
        organisation, created = Organisation.objects.get_or_create(
            **same, defaults={"name": name, "kind": kind, "status": status}
        )
        if created:
            audit.record("organisation.created", target=organisation, at=at, by=by, payload={"status": status})
    return organisation


def change_organisation_status(*, organisation_id: int, status: str, by: User, at: datetime) -> Organisation:
    """Suspend an organisation or let it back in; suspending ends every session of its people at once."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic():  # not durable: Django admin has a transaction open around its pages
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        organisation.status = status
        organisation.save(update_fields=["status"])
        if status == OrganisationStatus.SUSPENDED:
            end_everything_of(User.objects.staff_of(organisation_id))
        audit.record("organisation.status_changed", target=organisation, at=at, by=by, payload={"status": status})
    return organisation
