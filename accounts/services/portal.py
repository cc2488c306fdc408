"""Portal sessions: the cookie kind."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts import audit, inbox
from accounts.models import User
from accounts.permissions import note_step_up
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
    """Sign a person in whose password, and code if they have one, was checked. Raises UnableToSignIn."""
    refuse_suspended(user)
    with transaction.atomic(durable=True):
        login(request, user, backend="accounts.adapters.VerifiedBackend")
        note_step_up(request, at)
        UserSession.objects.create_from_request(request)
        audit.record("session.opened", target=user, at=at, by=user, payload={"kind": "portal"})


def close_portal(*, request: HttpRequest, at: datetime) -> None:
    """Sign the person out and close what they have open; signing out twice changes nothing."""
    user = request.user
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)
    if isinstance(user, User):
        with transaction.atomic(durable=True):
            audit.record("session.closed", target=user, at=at, by=user, payload={"kind": "portal"})
        inbox.hang_up(user_id=user.pk)
