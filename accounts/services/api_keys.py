"""API keys: made, rotated and revoked by their person; judged at the door.

A key is `ciq_live_<8 characters>_<256-bit secret>`, a test key of the sandbox `ciq_test_…`.
The secret has full entropy, so one round of SHA-256 is enough.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import ApiKey, User
from accounts.permissions import KEY_SCOPES, capabilities_of
from accounts.services.notices import tell
from accounts.services.sandbox import stand_in
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible

MARKS = ("ciq_live_", "ciq_test_")
OVERLAP = timedelta(hours=24)
"""How long a rotated key still opens, so that programs can change over."""
MOST_LIVE = 20
MOST_DAYS = 365
MOST_CALLS = 1_000_000
MOST_ADDRESSES = 20
NOTED_EVERY = timedelta(minutes=1)
"""The last use is written down at most this often."""
NOBODYS = hashlib.sha256(b"").hexdigest()


class KeyRefused(ApplicationError):
    """Unknown, revoked, run out, or its person may not sign in; which one is not said."""

    code = "key_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__("The API key is not valid.")


class KeyElsewhere(ApplicationError):
    """The key is good, and not from this address."""

    code = "address_refused"
    status = 403

    def __init__(self) -> None:
        super().__init__("This API key may not be used from your network address.")


class UnableToMakeKey(ApplicationError):
    """No key is made."""

    code = "unable_to_make_key"


@dataclass(frozen=True)
class KeyTerms:
    """What a key may do: scopes are names of capabilities; addresses are single ones or networks, none means any."""

    name: str
    scopes: tuple[str, ...]
    days: int = 90
    quota_per_day: int = 10_000
    addresses: tuple[str, ...] = ()
    sandbox: str = ""
    """Who of the sandbox it acts as, a name of STAND_INS; empty: for its person, on what is real."""


@dataclass(frozen=True)
class MadeKey:
    """A new key; `secret` is the whole key and is shown this once."""

    key: ApiKey
    secret: str


def create_key(*, terms: KeyTerms, by: User, at: datetime) -> MadeKey:
    """Make a key. Raises InvalidInput, Forbidden for a scope that the person does not hold, UnableToMakeKey."""
    networks = _networks(terms.addresses)
    stands_in = stand_in(role=terms.sandbox, at=at) if terms.sandbox else None
    _refuse_terms(terms, stands_in or by)
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if ApiKey.objects.of(by).live_at(at).count() >= MOST_LIVE:
            raise UnableToMakeKey(f"You have {MOST_LIVE} live keys. Revoke one first.")
        made = _make(
            ApiKey(
                user=by,
                organisation=by.organisation,
                stands_in=stands_in,
                name=terms.name,
                scopes=sorted(set(terms.scopes)),
                addresses=list(networks),
                quota_per_day=terms.quota_per_day,
                created_at=at,
                expires_at=at + timedelta(days=terms.days),
            )
        )
        payload = {"prefix": made.key.prefix, "scopes": made.key.scopes, "days": terms.days, "test": made.key.is_test}
        audit.record("api_key.created", target=made.key, at=at, by=by, payload=payload)
        tell(users=[by], topic="api_key.made", source=f"api_key.made:{made.key.pk}", at=at, facts={"key": terms.name})
    return made


def rotate_key(*, key_id: UUID, by: User, at: datetime) -> MadeKey:
    """A new key on the same terms; the old one opens for OVERLAP more. Raises NotVisible, UnableToMakeKey."""
    with transaction.atomic(durable=True):
        old = _own(key_id, by)
        if not old.is_live_at(at) or ApiKey.objects.filter(follows=old).exists():
            raise UnableToMakeKey("This key has ended or was rotated before. Make a new one.")
        made = _make(
            ApiKey(
                user=by,
                organisation=by.organisation,
                stands_in=old.stands_in,
                name=old.name,
                scopes=old.scopes,
                addresses=old.addresses,
                quota_per_day=old.quota_per_day,
                created_at=at,
                expires_at=at + (old.expires_at - old.created_at),
                follows=old,
            )
        )
        old.expires_at = min(old.expires_at, at + OVERLAP)
        old.save(update_fields=["expires_at"])
        audit.record("api_key.rotated", target=old, at=at, by=by, payload={"to": made.key.prefix})
    return made


def revoke_key(*, key_id: UUID, by: User, at: datetime) -> None:
    """The key opens nothing from now on; twice is harmless. Raises NotVisible."""
    with transaction.atomic(durable=True):
        key = _own(key_id, by)
        if key.revoked_at is None:
            key.revoked_at = at
            key.save(update_fields=["revoked_at"])
            audit.record("api_key.revoked", target=key, at=at, by=by, payload={"prefix": key.prefix})


def admitted_key(*, presented: str, address: str, at: datetime) -> ApiKey:
    """The live key that was presented, its person limited to its scopes. Raises KeyRefused, KeyElsewhere."""
    key = (
        ApiKey.objects.select_related("user__organisation", "stands_in__organisation")
        .filter(prefix=_prefix_of(presented))
        .first()
    )
    matches = hmac.compare_digest(_digest(presented), key.digest if key else NOBODYS)
    if key is None or not matches or not key.is_live_at(at) or not _may_sign_in(key.user):
        raise KeyRefused
    if key.addresses and not _inside(address, key.addresses):
        raise KeyElsewhere
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    key.acts_as.limited_to = frozenset(key.scopes)
    return key


def _make(key: ApiKey) -> MadeKey:
    key.prefix = secrets.token_hex(4)
    secret = f"{key.mark}{key.prefix}_{secrets.token_urlsafe(32)}"
    key.digest = _digest(secret)
    key.save(force_insert=True)
    return MadeKey(key, secret)


def _refuse_terms(terms: KeyTerms, by: User) -> None:
    if not terms.scopes or not set(terms.scopes) <= set(KEY_SCOPES):
        raise InvalidInput("Choose scopes from the list.", field="scopes", rule="scopes.unknown")
    if not set(terms.scopes) <= capabilities_of(by):
        raise Forbidden("A key can do no more than you can.")
    if not 1 <= terms.days <= MOST_DAYS:
        raise InvalidInput(f"A key lives 1 to {MOST_DAYS} days.", field="days", rule="days.range")
    if not 1 <= terms.quota_per_day <= MOST_CALLS:
        raise InvalidInput(f"Allow 1 to {MOST_CALLS} calls a day.", field="quota_per_day", rule="quota.range")


def _networks(addresses: Iterable[str]) -> tuple[str, ...]:
    """The networks in one spelling. Raises InvalidInput."""
    try:
        networks = tuple(str(ip_network(address.strip())) for address in addresses)
    except ValueError as error:
        sentence = f"{error}. Write an address such as 203.0.113.7 or a network such as 203.0.113.0/24."
        raise InvalidInput(sentence, field="addresses", rule="addresses.malformed") from error
    if len(networks) > MOST_ADDRESSES:
        raise InvalidInput(f"Name {MOST_ADDRESSES} at most.", field="addresses", rule="addresses.too_many")
    return networks


def _own(key_id: UUID, by: User) -> ApiKey:
    key = ApiKey.objects.select_for_update().of(by).filter(uuid=key_id).first()
    if key is None:
        raise NotVisible
    return key


def _prefix_of(presented: str) -> str:
    return next((presented.removeprefix(mark).partition("_")[0] for mark in MARKS if presented.startswith(mark)), "")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _inside(address: str, networks: Iterable[str]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network) for network in networks)


def _may_sign_in(user: User) -> bool:
    return user.is_active and (user.organisation is None or user.organisation.is_active)
