"""Attestations over the API. Verifying is open to everybody who was shown a name."""

from datetime import date
from typing import ClassVar

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import SAFE_METHODS, Capability, InPerson, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.pages import KeyedPages
from wallets import selectors, services
from wallets.api.onchain import ChainsAreOn, LinksWallets, WalletView
from wallets.models import Attestation

TAGS = ["attestations"]


class AttestIn(serializers.Serializer[object]):
    score = serializers.UUIDField()
    at_least = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Attest only that the score reaches this mark."
    )


class AttestationOut(serializers.ModelSerializer[Attestation]):
    score = serializers.UUIDField(source="score.uuid")
    wallet = serializers.UUIDField(source="wallet.uuid")
    message = serializers.SerializerMethodField(help_text="The signed EIP-712 message, as EAS tools read it.")

    class Meta:
        model = Attestation
        fields: ClassVar = ["uid", "score", "wallet", "at_least", "signer", "issued_at", "expires_at", "revoked_at",
                            "message"]  # fmt: skip

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_message(self, held: Attestation) -> dict[str, object]:
        """The holder's file."""
        return selectors.holders_file(held)


class AttestationPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AttestationOut(many=True)


class PathStepOut(serializers.Serializer[object]):
    side = serializers.CharField(help_text="left or right: where the sibling stands.")
    hash = serializers.CharField()


class OnChainOut(serializers.Serializer[object]):
    contract = serializers.CharField(help_text="CAIP-10 account of the registry.")
    transaction = serializers.CharField()
    state = serializers.CharField()
    attested = serializers.BooleanField(allow_null=True, help_text="Same digest in the contract; null: not readable.")
    revoked = serializers.BooleanField(allow_null=True)


class AttestationVerdictOut(serializers.Serializer[object]):
    uid = serializers.CharField()
    valid = serializers.BooleanField(help_text="Signed, not revoked, not expired.")
    signed = serializers.BooleanField()
    signer = serializers.CharField()
    issued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    epoch = serializers.DateField()
    path = PathStepOut(many=True, help_text="From the name to the root of its epoch (RFC 6962).")
    on_chain = OnChainOut(allow_null=True, help_text="What the registry says; null when it was never published.")


class EpochOut(serializers.Serializer[object]):
    epoch = serializers.DateField()
    merkle_root = serializers.CharField(source="root")
    count = serializers.IntegerField()
    final = serializers.BooleanField(help_text="Whether the day is over.")
    transaction = serializers.CharField(allow_null=True, help_text="That published it on the registry; null for none.")


class NewestAttestationFirst(KeyedPages):
    """Pages of attestations."""

    ordering = ("-issued_at", "-pk")


class SpeaksInPerson(InPerson):
    """A key may look at statements; to make, publish or end one takes the person."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class StatementView(APIView):
    """Base of what only the person says."""

    permission_classes = (LinksWallets, SpeaksInPerson)
    capability = Capability.LINK_WALLETS


class Attestations(StatementView):
    """One's own attestations."""

    @extend_schema(responses=AttestationPageOut, operation_id="attestations_list", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50."""
        pages = NewestAttestationFirst()
        shown = pages.paginate_queryset(selectors.own_attestations(user=signed_in(request)), request, self) or []
        return pages.get_paginated_response(AttestationOut(shown, many=True).data)

    @extend_schema(request=AttestIn, responses={201: AttestationOut}, operation_id="attestations_issue", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Sign a statement about one's own score. Off-chain: the answer is the only copy outside our records."""
        asked = AttestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        made = services.attest(score_id=values["score"], at_least=values["at_least"], by=signed_in(request), at=now())
        return Response(AttestationOut(made).data, status=201)


class RevokeAttestation(StatementView):
    """Taking back."""

    @extend_schema(request=None, responses=AttestationOut, operation_id="attestations_revoke", tags=TAGS)
    def post(self, request: Request, attestation_uid: str) -> Response:
        """The statement no longer holds; asking again changes nothing."""
        held = services.revoke_attestation(uid=attestation_uid, by=signed_in(request), at=now())
        return Response(AttestationOut(held).data)


class ConsentToPublishIn(serializers.Serializer[object]):
    consent = serializers.BooleanField(help_text="true: I want this statement on a public chain, for ever.")


class PublishAttestation(StatementView):
    """Onto the chain."""

    @extend_schema(
        request=ConsentToPublishIn, responses={202: AttestationOut}, operation_id="attestations_publish", tags=TAGS
    )
    def post(self, request: Request, attestation_uid: str) -> Response:
        """By explicit consent only: its name, its form, its digest and its end go onto the registry, nothing else."""
        asked = ConsentToPublishIn(data=request.data)
        asked.is_valid(raise_exception=True)
        require_step_up(request, now())
        held = services.publish_attestation(
            uid=attestation_uid, consent=asked.validated_data["consent"], by=signed_in(request), at=now()
        )
        return Response(AttestationOut(held).data, status=202)


class Credential(WalletView):
    """The W3C form."""

    @extend_schema(responses={(200, "application/vc+jwt"): OpenApiTypes.STR}, operation_id="attestations_credential",
                   tags=TAGS)  # fmt: skip
    def get(self, request: Request, attestation_uid: str) -> HttpResponse:
        """Verifiable Credentials 2.0 in a JOSE envelope (ES256K)."""
        address = request.build_absolute_uri(reverse("api-attestations-status"))
        token = services.sealed_credential(uid=attestation_uid, address=address, by=signed_in(request))
        return HttpResponse(token, content_type="application/vc+jwt")


class OpenView(APIView):
    """Base of what everybody may ask."""

    permission_classes = (ChainsAreOn,)


class VerifyAttestation(OpenView):
    """Whether one holds."""

    @extend_schema(responses=AttestationVerdictOut, operation_id="attestations_verify", tags=TAGS)
    def get(self, request: Request, attestation_uid: str) -> Response:
        """Signature, expiry, revocation, and the path to the day's root. The score is not told."""
        return Response(AttestationVerdictOut(selectors.verdict(uid=attestation_uid, at=now())).data)


class EpochRoot(OpenView):
    """A day's root."""

    @extend_schema(responses=EpochOut, operation_id="attestations_root", tags=TAGS)
    def get(self, request: Request, epoch: str) -> Response:
        """Merkle root (RFC 6962) over the names attested on a UTC day, written YYYY-MM-DD."""
        try:
            day = date.fromisoformat(epoch)
        except ValueError as error:
            raise NotVisible from error
        return Response(EpochOut(selectors.epoch(day=day, at=now())).data)


class StatusList(OpenView):
    """What was revoked."""

    @extend_schema(responses={(200, "application/vc+jwt"): OpenApiTypes.STR}, operation_id="attestations_status",
                   tags=TAGS)  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Bitstring Status List 1.0 as a signed credential."""
        token = services.status_list(address=request.build_absolute_uri(request.path), at=now())
        return HttpResponse(token, content_type="application/vc+jwt")
