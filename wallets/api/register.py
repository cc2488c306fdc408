"""One business: what it is registered as; and what a GSTIN says of itself."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Business
from accounts.models.businesses import BusinessSize, Constitution
from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from accounts.services import correct_business, needed_to_read, strike_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.identifiers import gstin
from creditiq.kernel.identifiers.errors import InvalidIdentifier
from wallets.engine import masking

TAGS = ["evidence"]
UDYAM = r"^(UDYAM-[A-Z]{2}-[0-9]{2}-[0-9]{7})?$"
PINCODE = r"^[1-9][0-9]{5}$"


class BusinessChangeIn(serializers.Serializer[object]):
    legal_name = serializers.CharField(max_length=200)
    trade_name = serializers.CharField(max_length=200)
    udyam = serializers.RegexField(UDYAM, required=False, allow_blank=True)
    sector = serializers.CharField(max_length=40)
    hsn = serializers.RegexField(r"^[0-9]{2,8}$")
    pincode = serializers.RegexField(PINCODE)
    size = serializers.ChoiceField(choices=BusinessSize.choices)
    constitution = serializers.ChoiceField(choices=Constitution.choices)
    registered_on = serializers.DateField()
    deals_in_goods = serializers.BooleanField()
    quarterly_filer = serializers.BooleanField()


class BusinessIn(BusinessChangeIn):
    gstin = serializers.CharField(max_length=15, min_length=15)


class RegisteredBusinessOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    gstin = serializers.SerializerMethodField(help_text="Masked.")
    pan = serializers.SerializerMethodField(help_text="Masked.")
    udyam = serializers.CharField()
    legal_name = serializers.CharField()
    trade_name = serializers.CharField()
    sector = serializers.CharField()
    hsn = serializers.CharField()
    state_code = serializers.IntegerField()
    pincode = serializers.CharField()
    size = serializers.ChoiceField(choices=BusinessSize.choices)
    constitution = serializers.ChoiceField(choices=Constitution.choices)
    registered_on = serializers.DateField()
    deals_in_goods = serializers.BooleanField()
    quarterly_filer = serializers.BooleanField()

    def get_gstin(self, business: Business) -> str:
        """Recognisable to whoever knows it."""
        return masking.gstin(business.gstin)

    def get_pan(self, business: Business) -> str:
        """Recognisable to whoever knows it."""
        return masking.pan(business.pan)


class GstinOut(serializers.Serializer[object]):
    gstin = serializers.CharField()
    kind = serializers.CharField(help_text="normal, tds, tcs, nri, oidar or un_body")
    state_code = serializers.IntegerField()
    pan = serializers.CharField(allow_null=True, help_text="inside the GSTIN, where its kind carries one")
    entity = serializers.CharField()
    business = RegisteredBusinessOut(allow_null=True, help_text="when it is here and you may see it")


def _one(request: Request, business_id: UUID) -> Business:
    found = Business.objects.visible_to(signed_in(request), now()).filter(uuid=business_id).first()
    if found is None:
        raise NotVisible
    return found


class OneBusiness(APIView):
    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Who may look, and who keeps the register."""
        return needed_to_read(self.request.user) if self.request.method == "GET" else Capability.CONFIGURE

    @extend_schema(responses=RegisteredBusinessOut, operation_id="business_read", tags=TAGS)
    def get(self, request: Request, business_id: UUID) -> Response:
        """What it is registered as."""
        return Response(RegisteredBusinessOut(_one(request, business_id)).data)

    @extend_schema(
        request=BusinessChangeIn(partial=True),
        responses=RegisteredBusinessOut,
        operation_id="business_correct",
        tags=TAGS,
    )
    def patch(self, request: Request, business_id: UUID) -> Response:
        """Correct what is registered; the GSTIN, the state and the PAN in it stay."""
        form = BusinessChangeIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = correct_business(
            business_id=business_id, changes=form.validated_data, by=signed_in(request), at=now()
        )
        return Response(RegisteredBusinessOut(changed).data)

    @extend_schema(request=None, responses={204: None}, operation_id="business_strike", tags=TAGS)
    def delete(self, request: Request, business_id: UUID) -> Response:
        """Take out one entered by mistake; 409 when people, consents or evidence hang on it."""
        require_step_up(request, now())
        strike_business(business_id=business_id, by=signed_in(request), at=now())
        return Response(status=204)


class LookUpGstin(APIView):
    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Whoever may read the register."""
        return needed_to_read(self.request.user)

    @extend_schema(responses=GstinOut, operation_id="gstin_look_up", tags=TAGS)
    def get(self, request: Request, text: str) -> Response:
        """What a GSTIN says of itself, its check digit tested; the business too, when you may see it."""
        try:
            read = gstin.parse(text.strip().upper())
        except InvalidIdentifier as error:
            raise InvalidInput(str(error), field="gstin", rule="business.gstin") from error
        seen = Business.objects.visible_to(signed_in(request), now()).filter(gstin=read.text).first()
        said = {"gstin": read.text, "kind": read.kind, "state_code": read.state_code, "pan": read.pan}
        return Response(GstinOut({**said, "entity": read.entity, "business": seen}).data)
