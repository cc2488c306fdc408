"""One's own profile, password, second factors and sessions."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api import serializers as shapes
from accounts.api.sessions import LETTER_IS_ON_ITS_WAY, OpenDoor
from accounts.api.throttles import SignInThrottle, SignUpThrottle
from accounts.models import TokenFamily, User
from accounts.permissions import note_step_up, require_step_up, signed_in
from creditiq.kernel.clock import now

PROFILE = ("first_name", "last_name", "phone", "address", "language", "wants_mail")


class Profile(APIView):
    @extend_schema(responses=shapes.ProfileOut, operation_id="profile_read", tags=["auth"])
    def get(self, request: Request) -> Response:
        """What one says of oneself."""
        return Response(shapes.ProfileOut(signed_in(request)).data)

    @extend_schema(request=shapes.ProfileIn, responses=shapes.ProfileOut, operation_id="profile_change", tags=["auth"])
    def patch(self, request: Request) -> Response:
        """Change some of it."""
        form, person = shapes.ProfileIn(data=request.data), signed_in(request)
        form.is_valid(raise_exception=True)
        kept = {name: getattr(person, name) for name in PROFILE}
        profile = services.Profile(**{**kept, **form.validated_data})
        return Response(shapes.ProfileOut(services.change_profile(user=person, profile=profile, at=now())).data)


class ChangePassword(APIView):
    @extend_schema(
        request=shapes.ChangePasswordIn, responses={204: None}, operation_id="auth_password_change", tags=["auth"]
    )
    def post(self, request: Request) -> Response:
        """Another password; every session ends, this one too."""
        form = shapes.ChangePasswordIn(data=request.data)
        form.is_valid(raise_exception=True)
        current, new = form.validated_data["current"], form.validated_data["password"]
        services.change_password(user=signed_in(request), current=current, new=new, at=now())
        return Response(status=204)


class AskReset(OpenDoor):
    throttle_classes = (SignUpThrottle,)

    @extend_schema(
        request=shapes.ResetAskIn,
        responses={202: shapes.SignedUpOut},
        operation_id="auth_password_reset_ask",
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        """Ask for a link to choose a new password; unknown addresses answer the same."""
        form = shapes.ResetAskIn(data=request.data)
        form.is_valid(raise_exception=True)
        origin = f"{request.scheme}://{request.get_host()}"
        services.ask_reset(email=form.validated_data["email"], at=now(), origin=origin)
        return Response(shapes.SignedUpOut({"detail": LETTER_IS_ON_ITS_WAY}).data, status=202)


class Reset(OpenDoor):
    throttle_classes = (SignUpThrottle,)

    @extend_schema(request=shapes.ResetIn, responses={204: None}, operation_id="auth_password_reset", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Choose a new password by the link of the letter; every session ends."""
        form = shapes.ResetIn(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        services.reset_password(user_id=str(given["user"]), token=given["token"], new=given["password"], at=now())
        return Response(status=204)


class StepUp(APIView):
    throttle_classes = (SignInThrottle,)

    @extend_schema(request=shapes.StepUpIn, responses={204: None}, operation_id="auth_step_up", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Prove to be there, before a grave act: a code for those who have a second factor, else the password."""
        form, person = shapes.StepUpIn(data=request.data), signed_in(request)
        form.is_valid(raise_exception=True)
        if not _is_there(request, person, form.validated_data):
            raise AuthenticationFailed("The password or the code is wrong.", code="step_up_refused")
        if isinstance(request.auth, TokenFamily):
            services.confirm_presence(family=request.auth, at=now())
        else:
            note_step_up(request, now())
        return Response(status=204)


class Factors(APIView):
    @extend_schema(responses=shapes.FactorsOut, operation_id="auth_mfa", tags=["auth"])
    def get(self, request: Request) -> Response:
        """One's second factors. Passkeys are added on the portal, where the browser makes them."""
        page = selectors.security_page(user=signed_in(request), current="", at=now())
        return Response(shapes.FactorsOut(page).data)


class Totp(APIView):
    keeps_answers = False

    @extend_schema(request=None, responses=shapes.TotpOfferOut, operation_id="auth_mfa_totp_offer", tags=["auth"])
    def post(self, request: Request) -> Response:
        """A secret for an authenticator app; it counts once the first code has come back with the ticket."""
        return Response(shapes.TotpOfferOut(services.offer_totp(user=signed_in(request))).data)


class ConfirmTotp(APIView):
    keeps_answers = False

    @extend_schema(
        request=shapes.TotpIn, responses={201: shapes.RecoveryCodesOut}, operation_id="auth_mfa_totp_add", tags=["auth"]
    )
    def post(self, request: Request) -> Response:
        """Take the app into use; recovery codes come with the first second factor, once."""
        form = shapes.TotpIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        codes = services.add_totp(user=signed_in(request), at=now(), **form.validated_data)
        return Response(shapes.RecoveryCodesOut({"recovery_codes": codes}).data, status=201)


class RecoveryCodes(APIView):
    keeps_answers = False

    @extend_schema(
        request=None, responses={201: shapes.RecoveryCodesOut}, operation_id="auth_mfa_recovery_codes", tags=["auth"]
    )
    def post(self, request: Request) -> Response:
        """New recovery codes; the old ones open nothing any more."""
        require_step_up(request, now())
        codes = services.renew_recovery_codes(user=signed_in(request), at=now())
        return Response(shapes.RecoveryCodesOut({"recovery_codes": codes}).data, status=201)


class Factor(APIView):
    @extend_schema(responses={204: None}, operation_id="auth_mfa_remove", tags=["auth"])
    def delete(self, request: Request, factor_id: int) -> Response:
        """Remove an app or a passkey of one's own."""
        require_step_up(request, now())
        person = signed_in(request)
        needed = selectors.must_have_factor(person)
        services.remove_factor(user=person, factor_id=factor_id, at=now(), needed=needed)
        return Response(status=204)


class Sessions(APIView):
    @extend_schema(responses=shapes.OpenSessionOut(many=True), operation_id="auth_sessions", tags=["auth"])
    def get(self, request: Request) -> Response:
        """Where one is signed in, portal and API."""
        current = str(request.auth.uuid) if isinstance(request.auth, TokenFamily) else request.session.session_key
        sessions = selectors.open_sessions(user=signed_in(request), current=current or "", at=now())
        return Response(shapes.OpenSessionOut(sessions, many=True).data)


class Session(APIView):
    @extend_schema(responses={204: None}, operation_id="auth_session_end", tags=["auth"])
    def delete(self, request: Request, session_id: str) -> Response:
        """End one of them."""
        services.end_session(user=signed_in(request), session_id=session_id, at=now())
        return Response(status=204)


def _is_there(request: Request, person: User, given: dict[str, str]) -> bool:
    if selectors.has_factor(person):
        code = given.get("code", "")
        return bool(code) and services.takes_code(request=request._request, user=person, code=code, at=now())
    return authenticate(request._request, username=person.email, password=given.get("password", "")) == person
