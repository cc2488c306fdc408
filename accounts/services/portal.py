"""Portal sessions: the cookie kind."""

from datetime import datetime

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts import audit, inbox
from accounts.models import User
from creditiq.kernel.errors import ApplicationError


class UnableToSignIn(ApplicationError):
    """The person is who they say, and still may not come in."""

    code = "organisation_suspended"
    status = 403


def refuse_suspended(user: User) -> None:
    """Raise UnableToSignIn for staff of a suspended organisation."""
    if user.organisation is not None and not user.organisation.is_active:
        raise UnableToSignIn(f"{user.organisation.name} is suspended. Ask the platform's administrator to restore it.")


def open_portal(*, request: HttpRequest, user: User, at: datetime) -> None:
    """Sign a person in whose password was checked. Raises UnableToSignIn."""
    refuse_suspended(user)
    with transaction.atomic(durable=True):
        login(request, user)
        audit.record("session.opened", target=user, at=at, by=user, payload={"kind": "portal"})


def close_portal(*, request: HttpRequest, at: datetime) -> None:
    """Sign the person out and close what they have open; signing out twice changes nothing."""
    user = request.user
    logout(request)
    if isinstance(user, User):
        with transaction.atomic(durable=True):
            audit.record("session.closed", target=user, at=at, by=user, payload={"kind": "portal"})
        inbox.hang_up(user_id=user.pk)
