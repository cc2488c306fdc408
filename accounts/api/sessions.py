"""Sign up, sign in, refresh, sign out, who am I."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.authentication import REALM
from accounts.api.serializers import (
    AccountOut,
    RefreshIn,
    SecondSignInIn,
    SignedUpOut,
    SignUpIn,
    TokenIn,
    TokensOut,
)
from accounts.api.throttles import SignInThrottle, SignUpThrottle
from accounts.models import TokenFamily, User
from accounts.permissions import signed_in
from creditiq.kernel.clock import now

LETTER_IS_ON_ITS_WAY = "A letter with a link is on its way to this address."


class OpenDoor(APIView):
    """A door for people who are not signed in; a failed attempt is answered with a challenge."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def get_authenticate_header(self, request: Request) -> str:
        return REALM


class SignUp(OpenDoor):
    throttle_classes = (SignUpThrottle,)

    @extend_schema(request=SignUpIn, responses={202: SignedUpOut}, operation_id="auth_sign_up", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Make an individual's account; a letter with a link proves the address. A taken address answers the same."""
        form = SignUpIn(data=request.data)
        form.is_valid(raise_exception=True)
        person, origin = services.NewPerson(**form.validated_data), f"{request.scheme}://{request.get_host()}"
        services.sign_up(person=person, at=now(), origin=origin)
        return Response(SignedUpOut({"detail": LETTER_IS_ON_ITS_WAY}).data, status=202)


class SignIn(OpenDoor):
    throttle_classes = (SignInThrottle,)

    @extend_schema(request=SecondSignInIn, responses=TokensOut, operation_id="auth_sign_in", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Exchange e-mail and password, and the code of those who have a second factor, for tokens."""
        form = SecondSignInIn(data=request.data)
        form.is_valid(raise_exception=True)
        email, password = form.validated_data["email"].lower(), form.validated_data["password"]
        # The plain request, because axes marks it when the address is locked out.
        user = authenticate(request._request, username=email, password=password)
        if not isinstance(user, User):
            raise AuthenticationFailed("The e-mail or the password is wrong.")
        if selectors.has_factor(user):
            _ask_for_code(request, user, form.validated_data.get("code", ""))
        AxesProxyHandler.reset_attempts(username=user.email, ip_address=get_client_ip_address(request._request))
        device = request.headers.get("User-Agent", "")
        return Response(TokensOut(services.open_family(user=user, at=now(), device=device)).data)


def _ask_for_code(request: Request, user: User, code: str) -> None:
    """Raise unless the code is right; said only to somebody whose password was right."""
    if not code:
        raise AuthenticationFailed("Send the code of your authenticator app too.", code="second_factor_required")
    if not services.takes_code(request=request._request, user=user, code=code, at=now()):
        raise AuthenticationFailed("The code is wrong, or was used before.", code="second_factor_required")


class VerifyEmail(OpenDoor):
    throttle_classes = (SignUpThrottle,)

    @extend_schema(request=TokenIn, responses={204: None}, operation_id="auth_verify_email", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Prove the address by the link of the letter."""
        form = TokenIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.verify_email(token=form.validated_data["token"], at=now())
        return Response(status=204)


class RefreshToken(OpenDoor):
    throttle_classes = (SignInThrottle,)

    @extend_schema(request=RefreshIn, responses=TokensOut, operation_id="auth_refresh_token", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens; the old one is spent."""
        form = RefreshIn(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            tokens = services.rotate_family(refresh_token=form.validated_data["refresh_token"], at=now())
        except services.TokenRefused as refusal:
            raise AuthenticationFailed(refusal.message, code=refusal.code) from refusal
        return Response(TokensOut(tokens).data)


class SignOut(APIView):
    @extend_schema(request=None, responses={204: None}, operation_id="auth_sign_out", tags=["auth"])
    def post(self, request: Request) -> Response:
        """End the session: neither its access token nor its refresh token is good any more."""
        if isinstance(request.auth, TokenFamily):
            services.close_family(family=request.auth, at=now())
        else:
            services.close_portal(request=request._request, at=now())
        return Response(status=204)


class Me(APIView):
    @extend_schema(responses=AccountOut, operation_id="auth_me", tags=["auth"])
    def get(self, request: Request) -> Response:
        """The person behind the token, with organisation and business."""
        return Response(AccountOut(selectors.account(signed_in(request))).data)
