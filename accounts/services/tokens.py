"""API sessions: a short access token and a refresh token that is good for one use.

simplejwt signs and checks the tokens. The family row adds what it lacks: a replayed refresh token ends the
whole family, and signing out or losing access ends the access token at once (libraries.md §1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts import audit, inbox
from accounts.models import TokenFamily, User
from accounts.services.portal import refuse_suspended
from creditiq.kernel.errors import ApplicationError

SCHEME = "Bearer"
"""How the access token is presented (RFC 6750)."""
LONGEST_DEVICE = 200
FAMILY, PERSON, VERSION = "family", "sub", "version"
"""Claims of both tokens: the family's id, the person's public id, the token version they were issued under."""


class TokenRefused(ApplicationError):
    """The token is malformed, expired, used before, or its session has ended; which one is not said."""

    code = "token_refused"
    status = 401

    def __init__(self, message: str = "The token is not valid, or its session has ended.") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Tokens:
    """What a client gets; `expires_in` counts the seconds of the access token."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = SCHEME


def open_family(*, user: User, at: datetime, device: str = "") -> Tokens:
    """Open an API session for a person whose password and code were checked. Raises UnableToSignIn."""
    refuse_suspended(user)
    family = TokenFamily(
        uuid=uuid4(),
        user=user,
        token_version=user.token_version,
        opened_at=at,
        expires_at=at + _lifetime(RefreshToken),
        confirmed_at=at,
        device=device[:LONGEST_DEVICE],
    )
    tokens = _next_tokens(family, at)
    with transaction.atomic(durable=True):
        family.save(force_insert=True)
        audit.record("session.opened", target=user, at=at, by=user, payload={"kind": "api", "family": family.uuid})
    return tokens


def rotate_family(*, refresh_token: str, at: datetime) -> Tokens:
    """Exchange a refresh token for new tokens. A token used before ends its family. Raises TokenRefused."""
    presented = _read(RefreshToken, refresh_token)
    with transaction.atomic(durable=True):
        family = (
            TokenFamily.objects.select_for_update(of=("self",))
            .select_related("user__organisation")
            .filter(uuid=_uuid(presented))
            .first()
        )
        if family is None or not _is_open(family):
            raise TokenRefused
        tokens = _follow(family, presented, at)
    if tokens is None:
        raise TokenRefused
    return tokens


def bearer(*, access_token: str) -> TokenFamily:
    """The open session an access token belongs to, with its person. Raises TokenRefused. One query."""
    claims = _read(AccessToken, access_token)
    family = TokenFamily.objects.select_related("user__organisation").filter(uuid=_uuid(claims)).first()
    if family is None or not _is_open(family) or claims.get(VERSION) != family.token_version:
        raise TokenRefused
    return family


def close_family(*, family: TokenFamily, at: datetime) -> None:
    """Sign out: no token of the family is good from now on."""
    with transaction.atomic(durable=True):
        _end(family, at, action="session.closed", outcome="ok")
    inbox.hang_up(user_id=family.user.pk)


def forget_expired_families(*, at: datetime) -> int:
    """Delete what nobody can use any more; answers how many."""
    return TokenFamily.objects.filter(expires_at__lt=at).delete()[0]


def _follow(family: TokenFamily, presented: Token, at: datetime) -> Tokens | None:
    """The family's next tokens; None after ending it, when the token presented is not its newest."""
    if presented["jti"] != family.refresh_jti:
        _end(family, at, action="session.replayed", outcome="refused")
        return None
    family.expires_at = at + _lifetime(RefreshToken)
    tokens = _next_tokens(family, at)
    family.save(update_fields=["refresh_jti", "expires_at"])
    return tokens


def _end(family: TokenFamily, at: datetime, *, action: str, outcome: str) -> None:
    TokenFamily.objects.filter(pk=family.pk, ended_at__isnull=True).update(ended_at=at)
    payload = {"kind": "api", "family": family.uuid}
    audit.record(action, target=family.user, at=at, by=family.user, outcome=outcome, payload=payload)


def _is_open(family: TokenFamily) -> bool:
    user = family.user
    suspended = user.organisation is not None and not user.organisation.is_active
    return family.ended_at is None and user.is_active and not suspended and user.token_version == family.token_version


def _next_tokens(family: TokenFamily, at: datetime) -> Tokens:
    """Tokens of a family that has moved on to a new refresh token; the caller stores the family."""
    refresh, access = _claim(RefreshToken(), family, at), _claim(AccessToken(), family, at)
    family.refresh_jti = refresh["jti"]
    return Tokens(
        access_token=str(access),
        refresh_token=str(refresh),
        expires_in=int(_lifetime(AccessToken).total_seconds()),
    )


def _claim(token: Token, family: TokenFamily, at: datetime) -> Token:
    token[FAMILY], token[PERSON], token[VERSION] = str(family.uuid), str(family.user.uuid), family.token_version
    token.set_iat(at_time=at)
    token.set_exp(from_time=at)
    return token


def _read(kind: type[Token], raw: str) -> Token:
    try:
        return kind(raw)
    except TokenError as error:
        raise TokenRefused from error


def _uuid(claims: Token) -> UUID:
    try:
        return UUID(str(claims.get(FAMILY)))
    except ValueError as error:
        raise TokenRefused from error


def _lifetime(kind: type[Token]) -> timedelta:
    lifetime: timedelta = kind.lifetime
    return lifetime
