"""What everybody does with their own account: profile, password, sessions, first steps."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from accounts import audit
from accounts.models import TokenFamily, User
from accounts.models.people import UserQuerySet
from accounts.permissions import note_step_up
from accounts.services.mails import letter_in, write_mail
from accounts.services.people import end_everything_of, refuse_weak, reset_link
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible


class UnableToReset(ApplicationError):
    """The link opens nothing (any more)."""

    code = "unable_to_reset"

    def __init__(self) -> None:
        super().__init__("This link has run out or was used before. Ask for a new one.")


@dataclass(frozen=True)
class Profile:
    """What people say of themselves."""

    first_name: str
    last_name: str
    phone: str
    address: str
    language: str
    wants_mail: bool = True


def change_profile(*, user: User, profile: Profile, at: datetime) -> User:
    """Store a profile; the trail names the fields that changed, never what they say."""
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        fields = [name for name, value in vars(profile).items() if getattr(person, name) != value]
        for name in fields:
            setattr(person, name, getattr(profile, name))
        if fields:
            person.save(update_fields=[*fields, "phone_index"])
            audit.record("profile.changed", target=person, at=at, by=person, payload={"fields": sorted(fields)})
    return person


def change_language(*, user: User, language: str, at: datetime) -> User:
    """The language of pages, notices and letters; the same again changes nothing."""
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if person.language != language:
            person.language = language
            person.save(update_fields=["language"])
            audit.record("profile.changed", target=person, at=at, by=person, payload={"fields": ["language"]})
    return person


def change_password(*, user: User, current: str, new: str, at: datetime, request: HttpRequest | None = None) -> None:
    """Another password; every session ends but the one of `request`. Raises InvalidInput."""
    if not user.check_password(current):
        raise InvalidInput("This is not your current password.", field="current", rule="password.wrong")
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _set_password(person, new, at, action="password.changed")
    if request is not None:
        update_session_auth_hash(request, User.objects.get(pk=user.pk))
        UserSession.objects.create_from_request(request)
        note_step_up(request, at)


def ask_reset(*, email: str, at: datetime, origin: str) -> None:
    """Send a link to choose a new password, if there is such an account; the caller cannot tell."""
    with transaction.atomic(durable=True):
        user = User.objects.active().filter(email=email.lower()).first()
        if user is None:
            return
        letter = letter_in(
            user.language, user.email, _("Choose a new password"), _("Choose a new password within two hours:\n{link}"),
            link=reset_link(user, origin),
        )  # fmt: skip
        write_mail(letter=letter, at=at)
        audit.record("password.reset_asked", target=user, at=at, by=user)


def reset_password(*, user_id: str, token: str, new: str, at: datetime) -> None:
    """Choose a new password by a link, which proves the address too; every session ends. Raises UnableToReset."""
    key = _uuid(user_id)
    with transaction.atomic(durable=True):
        rows = User.objects.select_for_update(of=("self",)).filter(is_active=True)
        user = rows.filter(uuid=key).first() if key else None
        if user is None or not default_token_generator.check_token(user, token):
            raise UnableToReset
        if user.email_verified_at is None:
            user.email_verified_at = at
            user.save(update_fields=["email_verified_at"])
        _set_password(user, new, at, action="password.reset")


def end_session(*, user: User, session_id: str, at: datetime) -> None:
    """End one session of one's own: of the portal by its number, of the API by its id. Raises NotVisible."""
    with transaction.atomic(durable=True):
        portal = UserSession.objects.filter(user=user, pk=int(session_id)).first() if session_id.isdigit() else None
        if portal is not None:
            portal.end()
        elif session_id.isdigit() or not _end_family(user, session_id, at):
            raise NotVisible
        audit.record("session.ended", target=user, at=at, by=user, payload={"session": session_id})


def end_other_sessions(*, request: HttpRequest, user: User, at: datetime) -> None:
    """End every session and token of one's own but the portal session of `request`."""
    with transaction.atomic(durable=True):
        end_everything_of(UserQuerySet(User).filter(pk=user.pk))
        audit.record("sessions.ended", target=user, at=at, by=user)
    update_session_auth_hash(request, User.objects.get(pk=user.pk))
    UserSession.objects.create_from_request(request)


def require_password(*, request: HttpRequest, user: User, password: str) -> str:
    """That the person is there, by the password typed again; wrong ones count as they do at sign-in, and lock alike.

    Returns how it was shown, for the evidence of a signature. Raises InvalidInput.
    """
    if authenticate(request, username=user.email, password=password) != user:
        raise InvalidInput("This is not your password. Type it again.", field="password", rule="password.wrong")
    return "password"


def confirm_presence(*, family: TokenFamily, at: datetime) -> None:
    """The person behind API tokens has just proved to be there."""
    with transaction.atomic(durable=True):
        TokenFamily.objects.filter(pk=family.pk).update(confirmed_at=at)
        audit.record("session.confirmed", target=family.user, at=at, by=family.user, payload={"kind": "api"})


def finish_onboarding(*, user: User, at: datetime) -> None:
    """The first steps are done or skipped, and never shown again; twice changes nothing."""
    with transaction.atomic(durable=True):
        if User.objects.filter(pk=user.pk, onboarded_at=None).update(onboarded_at=at):
            audit.record("user.onboarded", target=user, at=at, by=user)


def _set_password(user: User, new: str, at: datetime, *, action: str) -> None:
    refuse_weak(new, user)
    user.save(update_fields=["password"])
    end_everything_of(UserQuerySet(User).filter(pk=user.pk))
    audit.record(action, target=user, at=at, by=user)
    text = _("Your password was changed just now. If it was not you, choose a new one at once.")
    write_mail(letter=letter_in(user.language, user.email, _("Your password was changed"), text), at=at)


def _end_family(user: User, session_id: str, at: datetime) -> bool:
    key = _uuid(session_id)
    return key is not None and bool(TokenFamily.objects.filter(user=user, uuid=key, ended_at=None).update(ended_at=at))


def _uuid(text: str) -> UUID | None:
    """The id a stranger wrote; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
