"""How a caller of the API is known: bearer token or portal session."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import selectors
from accounts.models import ApiKey, TokenFamily, User
from accounts.services import KeyElsewhere, KeyRefused, TokenRefused, admitted_key, bearer
from creditiq.kernel.clock import now
from creditiq.kernel.wall import bind

ALWAYS_OPEN = ("/account", "/sign-out", "/sign-in", "/static/", "/livez", "/readyz", "/metrics", "/api/v1/auth/")
"""Where staff may be before they have a second factor."""
ADD_A_FACTOR = "Staff need a second factor. Add one (POST auth/mfa/totp, or /account/security)."
REALM = 'Bearer realm="creditiq"'


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; `request.auth` is the session's family."""

    def authenticate(self, request: Request) -> tuple[User, TokenFamily] | None:
        """The person behind the token; None when there is no bearer header, so that a session may answer."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("The Authorization header is malformed.")
        try:
            family = bearer(access_token=words[1].decode("ascii", errors="replace"))
        except TokenRefused as error:
            raise AuthenticationFailed(error.message, code=error.code) from error
        if not request.path.startswith(ALWAYS_OPEN) and selectors.lacks_factor(family.user):
            raise PermissionDenied(ADD_A_FACTOR, code="second_factor_needed")
        if family.user.is_bound:
            bind()
        return family.user, family

    def authenticate_header(self, request: Request) -> str:
        return REALM


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <key>`, never in the address; `request.auth` is the key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The person a program acts for, limited to the scopes of its key."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"api-key":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("The Authorization header is malformed.")
        address = BaseThrottle().get_ident(request)
        try:
            key = admitted_key(presented=words[1].decode("ascii", errors="replace"), address=address, at=now())
        except KeyRefused as error:
            raise AuthenticationFailed(error.message, code=error.code) from error
        except KeyElsewhere as error:
            raise PermissionDenied(error.message, code=error.code) from error
        if selectors.lacks_factor(key.user):
            raise PermissionDenied(ADD_A_FACTOR, code="second_factor_needed")
        if key.acts_as.is_bound:
            bind()
        return key.acts_as, key

    def authenticate_header(self, request: Request) -> str:
        return REALM


class PortalSession(SessionAuthentication):
    """The portal's own session, with its CSRF check; answers 401 with a challenge like the bearer scheme."""

    def authenticate_header(self, request: HttpRequest) -> str:
        return REALM
