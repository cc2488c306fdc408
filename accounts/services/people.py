"""People: sign up, be created by somebody entitled to, change access."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop as _

from accounts import audit, inbox
from accounts.models import Flag, FlagName, Language, Organisation, Role, User
from accounts.models.people import OUTSIDE_ROLES, UserQuerySet
from accounts.permissions import Capability, require
from accounts.services.mails import Letter, letter_in, write_mail
from accounts.services.personas import DEMO_DOMAIN, DEMO_PASSWORD
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput
from creditiq.kernel.reasons import stated


class UnableToCreateUser(ApplicationError):
    """The account cannot be created as asked."""

    code = "unable_to_create_user"


class UnableToVerify(ApplicationError):
    """The link proves nothing (any more)."""

    code = "unable_to_verify"

    def __init__(self) -> None:
        super().__init__("This link has run out or was used before. Sign in, or sign up again.")


ALREADY_HERE = _(
    "Somebody, perhaps you, wanted to sign up with this address. It has an account already.\n\n"
    "Sign in: {sign_in}\nForgotten the password? {reset}"
)
VERIFY_SALT = "accounts.verify_email"
VERIFY_LIFE = timedelta(days=3)


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
    duties: Sequence[str] = ()


def sign_up(*, person: NewPerson, at: datetime, origin: str) -> None:
    """Make an individual's account and send a letter that proves the address. Raises InvalidInput for a weak password.

    A taken address gets another letter and the same answer after the same work: nobody learns who is here.
    """
    if not Flag.objects.is_on(FlagName.SIGN_UP):
        raise UnableToCreateUser("New accounts are not accepted at the moment.")
    user = _account_of(person, at)
    user.role, user.organisation = Role.INDIVIDUAL, None
    refuse_weak(person.password, user)
    with transaction.atomic(durable=True):
        locks.hold("accounts.sign_up", int.from_bytes(sha256(user.email.encode()).digest()[:4]) >> 1)
        if User.objects.filter(email=user.email).exists():
            write_mail(letter=_already_here(user, origin), at=at)
            return
        user.save(force_insert=True)
        write_mail(letter=_verification(user, origin), at=at)
        audit.record("user.signed_up", target=user, at=at, by=user, payload={"role": user.role})


def verify_email(*, token: str, at: datetime) -> User:
    """The person reads mail at the address. Raises UnableToVerify for a link that is old, used or not ours."""
    try:
        key = signing.loads(token, salt=VERIFY_SALT, max_age=VERIFY_LIFE)
    except signing.BadSignature as error:
        raise UnableToVerify from error
    with transaction.atomic(durable=True):
        user = User.objects.select_for_update(of=("self",)).filter(uuid=key, email_verified_at=None).first()
        if user is None:
            raise UnableToVerify
        user.email_verified_at = at
        user.save(update_fields=["email_verified_at"])
        audit.record("user.address_verified", target=user, at=at, by=user)
    return user


def invite_user(*, person: NewPerson, by: User, at: datetime, origin: str) -> User:
    """Make an account of any role for a colleague, who chooses a password by the link in the letter."""
    require(by, Capability.CONFIGURE)
    user = _account_of(person, at)
    _refuse_misplaced(user.role, user.organisation)
    user.set_unusable_password()
    return _store(user, action="user.invited", at=at, by=by, letter=lambda: _invitation(user, origin))


def create_user(*, person: NewPerson, at: datetime, by: User | None = None, demo: bool = False) -> User:
    """Make an account of any role. `demo=True` allows the public demo password, in the demo only.

    `by` is the admin who asks; None is the seed or the operator's command line.
    """
    if by is not None:
        require(by, Capability.CONFIGURE)
    user = _account_of(person, at)
    user.email_verified_at = at
    user.onboarded_at = at if demo else None  # a visitor of the demo came to see the portals
    _refuse_misplaced(user.role, user.organisation)
    if demo:
        _refuse_outside_demo(person, user)
    else:
        refuse_weak(person.password, user)
    return _store(user, action="user.created", at=at, by=by)


@dataclass(frozen=True)
class Access:
    """What somebody may do: role, where, besides, and whether at all."""

    role: str
    organisation: Organisation | None
    is_active: bool
    duties: Sequence[str] = ()


def change_access(*, user_id: int, access: Access, by: User, at: datetime) -> User:
    """Give a person another role, duties, organisation or standing; every session ends. Nobody edits their own."""
    require(by, Capability.CONFIGURE)
    if by.pk == user_id:
        raise Forbidden("Nobody changes their own access.")
    _refuse_misplaced(access.role, access.organisation)
    if access.duties and access.role in OUTSIDE_ROLES:
        raise InvalidInput("Duties are for staff.", field="duties", rule="duties.misplaced")
    with transaction.atomic():  # not durable: Django admin has a transaction open around its pages
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        user.role, user.organisation, user.is_active = access.role, access.organisation, access.is_active
        user.duties, user.token_version = sorted(access.duties), user.token_version + 1
        user.save(update_fields=["role", "organisation", "is_active", "duties", "token_version"])
        payload = {
            "role": access.role,
            "duties": user.duties,
            "is_active": access.is_active,
            "organisation": access.organisation and access.organisation.uuid,
        }
        audit.record("user.access_changed", target=user, at=at, by=by, payload=payload)
        transaction.on_commit(lambda: inbox.hang_up(user_id=user_id))
    return user


def end_everything_of(people: UserQuerySet) -> None:
    """End every session, token and live connection of these people, in the caller's transaction and audit entry."""
    keys = list(people.values_list("pk", flat=True))
    UserSession.objects.filter(user__in=keys).delete()
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
        duties=sorted(person.duties),
        joined_at=at,
    )


def _store(
    user: User, *, action: str, at: datetime, by: User | None, letter: Callable[[], Letter] | None = None
) -> User:
    try:
        with transaction.atomic(durable=True):
            user.save(force_insert=True)
            if letter is not None:
                write_mail(letter=letter(), at=at)
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


def refuse_weak(password: str, user: User) -> None:
    """Give the person this password, unsaved. Raises InvalidInput for one that is short, common or like the person."""
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


def reset_link(user: User, origin: str) -> str:
    """Where a new password can be chosen, once, within PASSWORD_RESET_TIMEOUT."""
    return f"{origin}/reset-password/{user.uuid}/{default_token_generator.make_token(user)}"


def _verification(user: User, origin: str) -> Letter:
    token = signing.dumps(str(user.uuid), salt=VERIFY_SALT)
    return letter_in(
        user.language, user.email, _("Confirm your address"),
        _("Welcome, {name}.\n\nConfirm your address within three days:\n{link}"),
        name=user.first_name, link=f"{origin}/verify-email/{token}",
    )  # fmt: skip


def _already_here(user: User, origin: str) -> Letter:
    return letter_in(
        user.language, user.email, _("You have an account already"), ALREADY_HERE,
        sign_in=f"{origin}/sign-in", reset=f"{origin}/reset-password",
    )  # fmt: skip


def _invitation(user: User, origin: str) -> Letter:
    return letter_in(
        user.language, user.email, _("Your account"),
        _("{name}, an account was made for you.\n\nChoose a password:\n{link}"),
        name=user.first_name, link=reset_link(user, origin),
    )  # fmt: skip


def reveal_person(*, user_id: int, reason: str, by: User, at: datetime) -> User:
    """Somebody's phone and address in full, for this one answer; the trail holds who, whose and why.

    Raises Forbidden, and InvalidInput for a reason that says nothing or that names somebody.
    """
    require(by, Capability.CONFIGURE)
    shown, why = User.objects.get(pk=user_id), stated(reason)
    with transaction.atomic(durable=True):
        audit.record("person.revealed", target=shown, at=at, by=by, payload={"reason": why})
    return shown
