"""People: sign up, be created by somebody entitled to, change access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit, inbox
from accounts.models import Language, Organisation, Role, User
from accounts.models.people import OUTSIDE_ROLES, UserQuerySet
from accounts.permissions import Capability, require
from accounts.services.personas import DEMO_DOMAIN, DEMO_PASSWORD
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput


class UnableToCreateUser(ApplicationError):
    """The account cannot be created as asked."""

    code = "unable_to_create_user"


@dataclass(frozen=True)
class NewPerson:
    """What an account starts with. `phone` in E.164 or empty; staff name their organisation."""

    email: str
    password: str
    first_name: str
    last_name: str
    phone: str = ""
    language: str = Language.ENGLISH
    role: str = Role.INDIVIDUAL
    organisation: Organisation | None = None


def sign_up(*, person: NewPerson, at: datetime) -> User:
    """Make an individual's account. Raises InvalidInput for a taken address or a weak password."""
    user = _account_of(person, at)
    user.role, user.organisation = Role.INDIVIDUAL, None
    _refuse_weak(person.password, user)
    return _store(user, action="user.signed_up", at=at, by=None)


def create_user(*, person: NewPerson, at: datetime, by: User | None = None, demo: bool = False) -> User:
    """Make an account of any role. `demo=True` allows the public demo password, in the demo only.

    `by` is the admin who asks; None is the seed or the operator's command line.
    """
    if by is not None:
        require(by, Capability.CONFIGURE)
    user = _account_of(person, at)
    _refuse_misplaced(user.role, user.organisation)
    if demo:
        _refuse_outside_demo(person, user)
    else:
        _refuse_weak(person.password, user)
    return _store(user, action="user.created", at=at, by=by)


def change_access(
    *, user_id: int, role: str, organisation: Organisation | None, is_active: bool, by: User, at: datetime
) -> User:
    """Give a person another role, organisation or standing; every session of theirs ends. Nobody edits their own."""
    require(by, Capability.CONFIGURE)
    if by.pk == user_id:
        raise Forbidden("Nobody changes their own access.")
    _refuse_misplaced(role, organisation)
    with transaction.atomic():  # not durable: Django admin has a transaction open around its pages
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        user.role, user.organisation, user.is_active = role, organisation, is_active
        user.token_version += 1
        user.save(update_fields=["role", "organisation", "is_active", "token_version"])
        payload = {"role": role, "is_active": is_active, "organisation": organisation and organisation.uuid}
        audit.record("user.access_changed", target=user, at=at, by=by, payload=payload)
        transaction.on_commit(lambda: inbox.hang_up(user_id=user_id))
    return user


def end_everything_of(people: UserQuerySet) -> None:
    """End every session, token and live connection of these people, in the caller's transaction and audit entry."""
    keys = list(people.values_list("pk", flat=True))
    people.update(token_version=F("token_version") + 1)
    transaction.on_commit(lambda: _hang_up_on(keys))


def _hang_up_on(keys: Iterable[int]) -> None:
    """Close the live connections of these people."""
    for key in keys:
        inbox.hang_up(user_id=key)


def _account_of(person: NewPerson, at: datetime) -> User:
    return User(
        email=person.email.lower(),
        first_name=person.first_name,
        last_name=person.last_name,
        phone=person.phone,
        language=person.language,
        role=person.role,
        organisation=person.organisation,
        joined_at=at,
    )


def _store(user: User, *, action: str, at: datetime, by: User | None) -> User:
    try:
        with transaction.atomic(durable=True):
            user.save(force_insert=True)
            audit.record(action, target=user, at=at, by=by or user, payload={"role": user.role})
    except IntegrityError as error:
        if "email" not in str(error):
            raise
        raise InvalidInput("This address cannot be used.", field="email", rule="email.taken") from error
    return user


def _refuse_misplaced(role: str, organisation: Organisation | None) -> None:
    if (role in OUTSIDE_ROLES) != (organisation is None):
        sentence = "Staff belong to an organisation; owners and individuals to none."
        raise InvalidInput(sentence, field="organisation", rule="organisation.misplaced")


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="password", rule="password.weak") from error
    user.set_password(password)


def _refuse_outside_demo(person: NewPerson, user: User) -> None:
    """The demo password opens nothing outside the demo, and only addresses that can exist nowhere else."""
    if not settings.DEMO:
        raise UnableToCreateUser("Demo accounts exist in the demo only.")
    if person.password != DEMO_PASSWORD or not person.email.endswith(f"@{DEMO_DOMAIN}"):
        raise UnableToCreateUser("A demo account has the demo's password and address.")
    user.set_password(person.password)
