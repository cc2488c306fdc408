"""What Django and allauth ask of us: who may be where, how secrets rest, what a password must be."""

import base64
import secrets
from datetime import datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.handlers.database import AxesDatabaseHandler
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.http import HttpRequest

from accounts.engine.lockout import shut_for
from accounts.models import User

NONCE_BYTES = 12
LONG, SHORT = 12, 8
CLASSES = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())


class AccountAdapter(DefaultAccountAdapter):
    """Sessions are listed with the address that the request came from, as far as it can be believed."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address, or what the last trusted proxy said of it."""
        proxies = settings.AXES_IPWARE_PROXY_COUNT
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if proxies and len(hops) >= proxies:
            return hops[-proxies]
        return request.META.get("REMOTE_ADDR") or "127.0.0.1"


class GrowingLockout(AxesDatabaseHandler):
    """After the fifth wrong password in a row the pair of account and address waits, longer after each further one.

    Axes counts (the right password forgets, and so does a day without a try); what is tried while shut counts nothing.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
        """Whether the door is still shut."""
        return self.wait(request, credentials) > timedelta()

    def wait(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> timedelta:
        """How long it stays shut, counted from this try; nothing when it is open."""
        tried_at: datetime = vars(request)["axes_attempt_time"]  # axes notes it before it asks
        shut_until = [
            found["last"] + shut_for(found["failures"])
            for attempts in self.get_user_attempts(request, credentials)
            if (found := attempts.aggregate(last=Max("attempt_time"), failures=Sum("failures_since_start")))["last"]
        ]
        return max((until - tried_at for until in shut_until), default=timedelta())


class VerifiedBackend(ModelBackend):
    """E-mail and password, once the address is proved; before, the answer is that of a wrong password."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Active, and reads mail at the address."""
        return super().user_can_authenticate(user) and isinstance(user, User) and user.email_verified_at is not None


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors rest encrypted (AES-256-GCM under a key derived from SECRET_KEY)."""

    def encrypt(self, text: str) -> str:
        """Nonce and ciphertext as text."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + AESGCM(_factor_key()).encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given. Raises InvalidTag for anything else."""
        whole = base64.b64decode(encrypted_text)
        return AESGCM(_factor_key()).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], None).decode()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        """A passkey knows its person by the public id."""
        return {"id": user.uuid.bytes, "display_name": user.get_full_name(), "name": user.email}


class LengthOrClasses:
    """Twelve characters; or eight with all four classes, where the operator accepts that (SHORT_PASSWORDS)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that is too short."""
        mixed = all(any(belongs(letter) for letter in password) for belongs in CLASSES)
        if len(password) >= LONG or (settings.SHORT_PASSWORDS and len(password) >= SHORT and mixed):
            return
        raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        if settings.SHORT_PASSWORDS:
            return "Use 12 characters, or 8 with small and capital letters, digits and signs."
        return "Use at least 12 characters; a few words in a row are easy to remember."


def _factor_key() -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"creditiq second factor")
    return derived.derive(settings.SECRET_KEY.encode())
