"""Portal sessions: the cookie kind."""

import hashlib
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts import audit, inbox
from accounts.models import User
from accounts.permissions import note_step_up
from accounts.services.notices import tell
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError

LONGEST_BROWSER = 200
"""How much of what a browser says of itself a session keeps."""


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
    came_before = user.last_login is not None
    with transaction.atomic(durable=True):
        known = UserSession.objects.filter(user=user, user_agent=_browser(request)).exists()
        login(request, user, backend="accounts.adapters.VerifiedBackend")
        note_step_up(request, at)
        UserSession.objects.create_from_request(request)
        audit.record("session.opened", target=user, at=at, by=user, payload={"kind": "portal"})
        if came_before and not known:
            _tell_of_sign_in(request, user, at)


def _browser(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:LONGEST_BROWSER]


def _tell_of_sign_in(request: HttpRequest, user: User, at: datetime) -> None:
    """News of a browser that had no session of this person; of one browser once a day."""
    browser = _browser(request)
    name = hashlib.sha256(browser.encode()).hexdigest()[:12]
    session = UserSession.objects.get(session_key=request.session.session_key)
    facts = {"address": session.ip, "browser": browser[:80] or "an unnamed browser"}
    source = f"session.new:{name}:{at.astimezone(IST):%Y-%m-%d}"
    tell(users=[user], topic="session.new", source=source, at=at, facts=facts)


def close_portal(*, request: HttpRequest, at: datetime) -> None:
    """Sign the person out and close what they have open; signing out twice changes nothing."""
    user = request.user
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)
    if isinstance(user, User):
        with transaction.atomic(durable=True):
            audit.record("session.closed", target=user, at=at, by=user, payload={"kind": "portal"})
        inbox.hang_up(user_id=user.pk)
