"""The quarterly access review."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import AccessReview, User
from accounts.models.reviews import quarter_of
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, Forbidden, NotVisible


class UnableToReview(ApplicationError):
    """The access was looked at already."""

    code = "unable_to_review"


def review_access(*, user_id: UUID, is_right: bool, by: User, at: datetime) -> AccessReview:
    """Say whether a person's access is still right this quarter. Nobody reviews their own."""
    require(by, Capability.REVIEW_ACCESS)
    person = User.objects.select_related("organisation").filter(uuid=user_id, organisation__isnull=False).first()
    if person is None:
        raise NotVisible
    if person.pk == by.pk:
        raise Forbidden("Nobody reviews their own access.")
    duties = f" + {', '.join(person.duties)}" if person.duties else ""
    access = f"{person.role}{duties} at {person.organisation}"[:200]
    with transaction.atomic(durable=True):
        review, fresh = AccessReview.objects.get_or_create(
            person=person, quarter=quarter_of(at), defaults={"is_right": is_right, "access": access, "by": by, "at": at}
        )
        if not fresh:
            raise UnableToReview("This person was reviewed this quarter already.")
        audit.record("access.reviewed", target=person, at=at, by=by, payload={"is_right": is_right})
    return review
