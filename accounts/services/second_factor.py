"""Second factors: codes of an app, passkeys, recovery codes. allauth keeps and checks them; the rules are ours.

A code of the app is good once: the counter of the last one taken is kept, and only a later one is taken.
Recovery codes are kept as digests, so they can be shown once only.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from allauth.core.context import request_context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts import audit
from accounts.models import User
from accounts.models.people import UserQuerySet
from accounts.services.people import end_everything_of
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible

PERIOD_SECONDS = 30
TOLERATED = (-1, 0, 1)
"""Periods that a clock may be off (RFC 6238 §5.2 allows one step each way)."""
OFFER_LIFE = timedelta(minutes=15)
SALT = "accounts.second_factor"
RECOVERY_CODES = 10
MOST_PASSKEYS = 10
Type = Authenticator.Type


class UnableToAddFactor(ApplicationError):
    """The second factor cannot be added as asked."""

    code = "unable_to_add_factor"


class UnableToRemoveFactor(ApplicationError):
    """The second factor cannot be removed."""

    code = "unable_to_remove_factor"


@dataclass(frozen=True)
class TotpOffer:
    """A new secret, shown once; `ticket` brings it back with the first code. `picture` is a data URI of the QR code."""

    secret: str
    url: str
    ticket: str
    picture: str


def offer_totp(*, user: User) -> TotpOffer:
    """A secret for an authenticator app. Nothing is stored until the first code proves that the app has it."""
    secret = generate_totp_secret()
    url = get_adapter().build_totp_url(user, secret)
    picture = base64.b64encode(get_adapter().build_totp_svg(url).encode()).decode()
    ticket = signing.dumps({"user": str(user.uuid), "secret": encrypt(secret)}, salt=SALT)
    return TotpOffer(secret, url, ticket, f"data:image/svg+xml;base64,{picture}")


def add_totp(*, user: User, ticket: str, code: str, at: datetime) -> list[str]:
    """Take the app into use; answers recovery codes when these are the first. Raises InvalidInput for a wrong code."""
    secret = _secret_of(ticket, user)
    counter = _counter_of(secret, code, at)
    if counter is None:
        raise InvalidInput("The code is wrong. Check the clock of the phone.", field="code", rule="code.wrong")
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
            raise UnableToAddFactor("You have an authenticator app already. Remove it first.")
        kept = {"secret": encrypt(secret), "counter": counter}
        Authenticator.objects.create(user=user, type=Type.TOTP, data=kept, created_at=at)
        audit.record("factor.added", target=user, at=at, by=user, payload={"kind": Type.TOTP})
        return [] if _recovery(user) else _issue_recovery_codes(user, at)


def offer_passkey(*, request: HttpRequest, user: User) -> dict[str, object]:
    """Options for the browser to make a passkey with; the challenge waits in the session."""
    with request_context(request):
        return dict(webauthn.begin_registration(user, passwordless=True))


def add_passkey(
    *, request: HttpRequest, user: User, name: str, credential: Mapping[str, object], at: datetime
) -> list[str]:
    """Keep what the browser made; answers recovery codes when these are the first."""
    if Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise UnableToAddFactor(f"You have {MOST_PASSKEYS} passkeys. Remove one first.")
    try:
        with request_context(request):
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(dict(credential))
    except (ValidationError, ValueError, KeyError) as error:
        raise InvalidInput("The passkey was not accepted. Try again.", field="credential", rule="passkey") from error
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        kept = {"name": name[:60] or "Passkey", "credential": dict(credential)}
        Authenticator.objects.create(user=user, type=Type.WEBAUTHN, data=kept, created_at=at)
        audit.record("factor.added", target=user, at=at, by=user, payload={"kind": Type.WEBAUTHN})
        return [] if _recovery(user) else _issue_recovery_codes(user, at)


def renew_recovery_codes(*, user: User, at: datetime) -> list[str]:
    """New recovery codes; the old ones open nothing any more. Shown once."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES).exists():
            raise UnableToAddFactor("Add an authenticator app or a passkey first.")
        return _issue_recovery_codes(user, at)


def remove_factor(*, user: User, factor_id: int, at: datetime, needed: bool) -> None:
    """Remove an app or a passkey of one's own, with the last the recovery codes too. `needed`: staff keep one."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        mine = Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES)
        factor = mine.filter(pk=factor_id).first()
        if factor is None:
            raise NotVisible
        if needed and mine.count() == 1:
            raise UnableToRemoveFactor("Staff need a second factor. Add another before you remove this one.")
        factor.delete()
        if not mine.exists():
            Authenticator.objects.filter(user=user).delete()
        audit.record("factor.removed", target=user, at=at, by=user, payload={"kind": factor.type})


def reset_factors(*, user_id: int, by: User, at: datetime) -> None:
    """An administrator takes all second factors of somebody who lost them; every session of theirs ends."""
    with transaction.atomic(durable=True):
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        removed = Authenticator.objects.filter(user=user).delete()[0]
        end_everything_of(UserQuerySet(User).filter(pk=user_id))
        audit.record("factors.reset", target=user, at=at, by=by, payload={"removed": removed})


def takes_code(*, request: HttpRequest, user: User, code: str, at: datetime) -> bool:
    """Whether a code of the app or a recovery code is right; it is spent then. A wrong one counts for the lock-out."""
    text = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic(durable=True):
        right = _spend_totp(user, text, at) or _spend_recovery(user, text, at)
        if not right:
            audit.record("factor.refused", target=user, at=at, by=user, outcome="refused")
    if not right:
        user_login_failed.send(sender=__name__, request=request, credentials={"username": user.email})
    return right


def challenge_passkey(*, request: HttpRequest, user: User | None) -> dict[str, object]:
    """Options for the browser to answer with a passkey; None asks for any passkey of this site."""
    with request_context(request):
        return dict(webauthn.begin_authentication(user))


def takes_passkey(*, request: HttpRequest, response: Mapping[str, object], at: datetime) -> User | None:
    """The person whose passkey answered the challenge; None for a wrong answer."""
    user = _owner_of(response)
    if user is None:
        return None
    try:
        with request_context(request):
            webauthn.parse_authentication_response(response)
            factor = webauthn.complete_authentication(user, dict(response))
    except (ValidationError, ValueError, KeyError):
        return None
    Authenticator.objects.filter(pk=factor.pk).update(last_used_at=at)
    return user


def _owner_of(response: Mapping[str, object]) -> User | None:
    inner = response.get("response")
    handle = inner.get("userHandle") if isinstance(inner, Mapping) else None
    if not isinstance(handle, str):
        return None
    try:
        key = UUID(bytes=base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4)))
    except ValueError:
        return None
    return (
        User.objects.select_related("organisation")
        .filter(uuid=key, is_active=True, email_verified_at__isnull=False)
        .first()
    )


def _secret_of(ticket: str, user: User) -> str:
    try:
        offer = signing.loads(ticket, salt=SALT, max_age=OFFER_LIFE)
    except signing.BadSignature as error:
        raise InvalidInput("The offer has run out. Start again.", field="ticket", rule="ticket.expired") from error
    if offer["user"] != str(user.uuid):
        raise NotVisible
    return str(decrypt(offer["secret"]))


def _counter_of(secret: str, code: str, at: datetime) -> int | None:
    """The period whose code this is; None for a wrong code."""
    text, current = "".join(code.split()), int(at.timestamp()) // PERIOD_SECONDS
    for counter in (current + step for step in TOLERATED):
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)).encode(), text.encode()):
            return counter
    return None


def _spend_totp(user: User, code: str, at: datetime) -> bool:
    factor = Authenticator.objects.select_for_update().filter(user=user, type=Type.TOTP).first()
    if factor is None:
        return False
    counter = _counter_of(decrypt(factor.data["secret"]), code, at)
    if counter is None or counter <= factor.data["counter"]:
        return False
    factor.data["counter"], factor.last_used_at = counter, at
    factor.save(update_fields=["data", "last_used_at"])
    return True


def _spend_recovery(user: User, code: str, at: datetime) -> bool:
    factor = _recovery(user)
    digest = _digest_of(user, code)
    if factor is None or digest not in factor.data["digests"]:
        return False
    factor.data["digests"].remove(digest)
    factor.last_used_at = at
    factor.save(update_fields=["data", "last_used_at"])
    audit.record("recovery_code.used", target=user, at=at, by=user, payload={"left": len(factor.data["digests"])})
    return True


def _recovery(user: User) -> Authenticator | None:
    return Authenticator.objects.select_for_update().filter(user=user, type=Type.RECOVERY_CODES).first()


def _issue_recovery_codes(user: User, at: datetime) -> list[str]:
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    kept = {"digests": [_digest_of(user, code) for code in codes]}
    Authenticator.objects.update_or_create(
        user=user, type=Type.RECOVERY_CODES, defaults={"data": kept, "created_at": at}
    )
    audit.record("recovery_codes.issued", target=user, at=at, by=user, payload={"count": len(codes)})
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest_of(user: User, code: str) -> str:
    """40 random bits under a key of ours: a copy of the table alone cannot be searched."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{user.uuid}:{code}".encode(), sha256).hexdigest()
