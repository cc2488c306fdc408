"""What stands behind a request, over the API."""

from decimal import Decimal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, require, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors, services
from lending.api.casework import ByMethod
from lending.api.loan_shapes import money
from lending.engine.working_capital import Assets
from lending.models import Charge, Collateral, CollateralKind, LoanApplication
from lending.selectors.securities import securities_of


def _rupees() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, min_value=Decimal(0))


def _rupees_or_none() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, min_value=Decimal(0), default=Decimal(0))


class StockIn(serializers.Serializer[object]):
    """Current assets and liabilities of a day; liabilities without bank loans."""

    on = serializers.DateField()
    stock = _rupees()
    debtors = _rupees()
    other_assets = _rupees_or_none()
    creditors = _rupees()
    other_liabilities = _rupees_or_none()


class StockOut(StockIn):
    id = serializers.UUIDField(source="uuid")
    drawing_power = money()


class AssetIn(serializers.Serializer[object]):
    """An asset charged to the bank."""

    kind = serializers.ChoiceField(choices=CollateralKind.choices)
    charge = serializers.ChoiceField(choices=Charge.choices)
    description = serializers.CharField(validators=FREE_TEXT, max_length=300)
    owner = serializers.CharField(max_length=120)
    haircut = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100), help_text="Per cent."
    )


class CollateralOut(AssetIn):
    id = serializers.UUIDField(source="uuid")
    registered_as = serializers.CharField(help_text="Security interest id at CERSAI, empty before.")
    registered_on = serializers.DateField(allow_null=True)


class SecuredOut(serializers.Serializer[object]):
    """An asset with its newest valuation; `counted` is nothing until the charge is registered."""

    collateral = CollateralOut()
    value = serializers.DecimalField(
        source="valuation.value", max_digits=18, decimal_places=2, default=None, allow_null=True
    )
    valued_on = serializers.DateField(source="valuation.on", default=None, allow_null=True)
    counted = money()


class SecuritiesOut(serializers.Serializer[object]):
    assets = SecuredOut(many=True)
    total = money()
    loan_to_value = serializers.DecimalField(
        source="percent", max_digits=9, decimal_places=1, allow_null=True, help_text="Per cent; null without security."
    )


class RegistrationIn(serializers.Serializer[object]):
    registered_as = serializers.CharField(max_length=20, help_text="The registry's number, 6 to 20 digits.")
    on = serializers.DateField()


class ValuationIn(serializers.Serializer[object]):
    value = _rupees()
    valuer = serializers.CharField(max_length=120)
    on = serializers.DateField()


class ValuationOut(ValuationIn):
    counted = money()


READ_AND_WRITE = {"GET": (Capability.VIEW_QUEUE,), "POST": (Capability.RECOMMEND,)}


class StockStatements(APIView):
    """Statements of current assets."""

    permission_classes = (ByMethod,)
    capabilities = READ_AND_WRITE

    @extend_schema(responses=StockOut(many=True), operation_id="applications_stock_statements", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """The newest first, each with its drawing power."""
        found = securities_of(_seen(request, application_id))
        return Response(StockOut(found.statements, many=True).data)

    @extend_schema(
        request=StockIn, responses={201: StockOut}, operation_id="applications_state_stock", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Write down a statement. Working capital above ₹5 crore is judged by the newest (MPBF)."""
        seen = _seen(request, application_id)
        asked = StockIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        on = values.pop("on")
        made = services.state_stock(
            application_id=seen.uuid, on=on, assets=Assets(**values), by=signed_in(request), at=now()
        )
        return Response(StockOut(made).data, status=201)


class Collaterals(APIView):
    """Charged assets."""

    permission_classes = (ByMethod,)
    capabilities = READ_AND_WRITE

    @extend_schema(responses=SecuritiesOut, operation_id="applications_collaterals", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """Every asset with its worth, and what counts in all."""
        return Response(SecuritiesOut(securities_of(_seen(request, application_id))).data)

    @extend_schema(
        request=AssetIn, responses={201: CollateralOut}, operation_id="applications_charge_asset", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Write down an asset charged to the bank."""
        seen = _seen(request, application_id)
        asked = AssetIn(data=request.data)
        asked.is_valid(raise_exception=True)
        asset = services.Asset(**asked.validated_data)
        made = services.charge_asset(application_id=seen.uuid, asset=asset, by=signed_in(request), at=now())
        return Response(CollateralOut(made).data, status=201)


class Registrations(APIView):
    """The charge in the central registry."""

    permission_classes = (ByMethod,)
    capabilities = READ_AND_WRITE

    @extend_schema(
        request=RegistrationIn, responses={201: CollateralOut}, operation_id="collateral_registration", tags=["lending"]
    )
    def post(self, request: Request, collateral_id: UUID) -> Response:
        """Write down the security interest's id at CERSAI, once."""
        _known(request, collateral_id)
        asked = RegistrationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.register_charge(
            collateral_id=collateral_id, **asked.validated_data, by=signed_in(request), at=now()
        )
        return Response(CollateralOut(made).data, status=201)


class Valuations(APIView):
    """What an asset is worth."""

    permission_classes = (ByMethod,)
    capabilities = READ_AND_WRITE

    @extend_schema(
        request=ValuationIn, responses={201: ValuationOut}, operation_id="collateral_valuation", tags=["lending"]
    )
    def post(self, request: Request, collateral_id: UUID) -> Response:
        """Write down a valuation; the newest counts, after the haircut."""
        _known(request, collateral_id)
        asked = ValuationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.value_asset(
            collateral_id=collateral_id, **asked.validated_data, by=signed_in(request), at=now()
        )
        return Response(ValuationOut(made).data, status=201)


def _seen(request: Request, application_id: UUID) -> LoanApplication:
    person = signed_in(request)
    seen = selectors.visible_application(user=person, application_id=application_id, at=now())
    require(person, Capability.VIEW_QUEUE, seen)
    return seen


def _known(request: Request, collateral_id: UUID) -> None:
    found = Collateral.objects.select_related("application").filter(uuid=collateral_id).first()
    if found is None:
        raise NotVisible
    _seen(request, found.application.uuid)
