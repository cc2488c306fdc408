"""The fingerprints of an agreement on a chain, over the API. Not there (404) with ENABLE_BLOCKCHAIN off."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Flag, FlagName
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors, services
from lending.api.loans import SeesLoans

TAGS = ["lending"]


class SealTransactionOut(serializers.Serializer[object]):
    function = serializers.CharField()
    state = serializers.CharField()
    hash = serializers.CharField(help_text="Empty before it is signed.")


class SealOut(serializers.Serializer[object]):
    holds = serializers.BooleanField(
        allow_null=True, help_text="The registry has exactly these fingerprints; null: nothing there, or not readable."
    )
    reason = serializers.CharField()
    reference = serializers.CharField(source="seal.reference", default=None, allow_null=True)
    kfs = serializers.CharField(source="seal.kfs", default=None, allow_null=True)
    agreement = serializers.CharField(source="seal.agreement", default=None, allow_null=True)
    registry = serializers.CharField(source="told.contract")
    borrower = serializers.CharField(source="told.borrower", help_text="Empty: nobody is asked to co-sign.")
    signed = serializers.SerializerMethodField()
    closed = serializers.SerializerMethodField()
    message = serializers.CharField(help_text="EIP-712 message that the borrower's wallet signs, as JSON text.")
    transactions = SealTransactionOut(many=True)

    def get_signed(self, view: selectors.SealView) -> bool:
        return bool(view.told.signed_at)

    def get_closed(self, view: selectors.SealView) -> bool:
        return bool(view.told.closed_at)


class SignerIn(serializers.Serializer[object]):
    wallet = serializers.RegexField(r"^0x[0-9a-fA-F]{40}$", help_text="One of your own proved wallets.")
    consent = serializers.BooleanField(help_text="true: I want this wallet named on a public chain, for ever.")


class CoSignatureIn(serializers.Serializer[object]):
    signature = serializers.RegexField(r"^(0x)?[0-9a-fA-F]{130}$")


class ChainsAreOn(HasCapability):
    """Owners, while the chain part is on."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        _refuse_when_off()
        return super().has_permission(request, view)


class Seal(APIView):
    permission_classes = (SeesLoans,)

    @extend_schema(responses=SealOut, operation_id="lending_loan_seal", tags=TAGS)
    def get(self, request: Request, loan_id: UUID) -> Response:
        """Our fingerprints of the agreement, and what the registry says of them now."""
        _refuse_when_off()
        return Response(SealOut(_view(request, loan_id)).data)


class SealWallet(APIView):
    permission_classes = (ChainsAreOn,)
    capability = Capability.VIEW_OWN_LOANS

    @extend_schema(request=SignerIn, responses={202: SealOut}, operation_id="lending_loan_seal_wallet", tags=TAGS)
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Name the wallet that co-signs, by explicit consent."""
        asked = SignerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.offer_co_signature(loan_id=loan_id, **asked.validated_data, by=signed_in(request), at=now())
        return Response(SealOut(_view(request, loan_id)).data, status=202)


class SealSignature(APIView):
    permission_classes = (ChainsAreOn,)
    capability = Capability.VIEW_OWN_LOANS

    @extend_schema(
        request=CoSignatureIn, responses={202: SealOut}, operation_id="lending_loan_seal_signature", tags=TAGS
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Bring the signature; the registry checks that it is the named wallet's."""
        asked = CoSignatureIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.bring_co_signature(loan_id=loan_id, **asked.validated_data, by=signed_in(request), at=now())
        return Response(SealOut(_view(request, loan_id)).data, status=202)


def _refuse_when_off() -> None:
    if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        raise NotVisible


def _view(request: Request, loan_id: UUID) -> selectors.SealView:
    person = signed_in(request)
    return selectors.seal_view(loan=selectors.visible_loan(user=person, loan_id=loan_id), user=person)
