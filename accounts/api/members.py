"""The people of a business, for programs: who speaks for it, inviting, leaving, disputing a newcomer."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.serializers import ClaimOut
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now

TAGS = ["businesses"]


class SpokespersonOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="user.uuid")
    name = serializers.CharField(source="user.get_full_name")
    email = serializers.EmailField(source="user.email")
    since = serializers.DateTimeField()


class InvitationOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    email = serializers.EmailField()
    invited_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class MembersOut(serializers.Serializer[object]):
    business = serializers.UUIDField(source="business.uuid", allow_null=True, default=None)
    members = SpokespersonOut(many=True)
    invitations = InvitationOut(many=True)
    newcomers = ClaimOut(many=True, help_text="who says it is theirs too")


class InvitationIn(serializers.Serializer[object]):
    email = serializers.EmailField()


class LeaveIn(serializers.Serializer[object]):
    heir = serializers.UUIDField(help_text="a colleague who stays and takes over")


class ClaimDisputeIn(serializers.Serializer[object]):
    note = serializers.CharField(
        validators=FREE_TEXT, max_length=500, help_text="why they do not speak for the business"
    )


class Members(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CLAIM_BUSINESS

    @extend_schema(responses=MembersOut, operation_id="members", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Who speaks for your business, who is invited, who claims it."""
        return Response(MembersOut(selectors.members_page(user=signed_in(request))).data)


class Invitations(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=InvitationIn, responses={201: InvitationOut}, operation_id="members_invite", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Ask a colleague to speak for your business too; the letter holds the only key."""
        form, person = InvitationIn(data=request.data), signed_in(request)
        form.is_valid(raise_exception=True)
        business, origin = selectors.own_business(person), f"{request.scheme}://{request.get_host()}"
        email = form.validated_data["email"]
        made = services.invite_member(business=business, email=email, by=person, at=now(), origin=origin)
        return Response(InvitationOut(made).data, status=201)


class OneInvitation(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(responses={204: None}, operation_id="members_invitation_withdraw", tags=TAGS)
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Take an invitation back."""
        services.withdraw_invitation(invitation_id=invitation_id, by=signed_in(request), at=now())
        return Response(status=204)


class Leave(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=LeaveIn, responses={204: None}, operation_id="members_leave", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Stop speaking for your business and hand over to a colleague who stays."""
        form, person = LeaveIn(data=request.data), signed_in(request)
        form.is_valid(raise_exception=True)
        business = selectors.own_business(person)
        services.leave_business(business=business, by=person, at=now(), heir_id=form.validated_data["heir"])
        return Response(status=204)


class DisputeClaim(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=ClaimDisputeIn, responses=ClaimOut, operation_id="claims_dispute", tags=TAGS)
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Say that a newcomer does not speak for your business: access stops until somebody decides."""
        form = ClaimDisputeIn(data=request.data)
        form.is_valid(raise_exception=True)
        note = form.validated_data["note"]
        claim = services.dispute_claim(claim_id=claim_id, note=note, by=signed_in(request), at=now())
        return Response(ClaimOut(claim).data)
