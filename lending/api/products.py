"""Products over the API: what is offered, and the versions two people change them by."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of
from lending import selectors, services
from lending.models import VersionStatus


class ProductOut(serializers.Serializer[object]):
    code = serializers.CharField(source="product.code")
    name = serializers.CharField(source="product.name")
    facility = serializers.CharField(source="product.facility")
    least_amount = serializers.DecimalField(source="product.least_amount", max_digits=14, decimal_places=2)
    most_amount = serializers.DecimalField(source="product.most_amount", max_digits=14, decimal_places=2)
    least_months = serializers.IntegerField(source="product.least_months")
    most_months = serializers.IntegerField(source="product.most_months")
    version = serializers.IntegerField(allow_null=True)
    terms = serializers.JSONField(allow_null=True)


class ProductChangeOut(serializers.Serializer[object]):
    entry = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ProductVersionOut(serializers.Serializer[object]):
    id = serializers.UUIDField()
    product = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=VersionStatus.choices)
    author = serializers.CharField()
    approver = serializers.CharField(allow_null=True)
    drafted_at = serializers.DateTimeField()
    live_from = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()
    document = serializers.JSONField()
    changes = ProductChangeOut(many=True)


class ProductDraftIn(serializers.Serializer[object]):
    product = serializers.CharField(max_length=24, help_text="Code of the product.")
    document = serializers.DictField(help_text="All entries of the terms, as the live version shows them.")


class ProductStepOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    product = serializers.CharField(source="product.code")
    version = serializers.IntegerField()
    status = serializers.CharField()


class Products(APIView):
    """What can be applied for."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(responses=ProductOut(many=True), operation_id="lending_products", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Every product on offer, with the terms of its live version."""
        return Response(ProductOut(selectors.products_offered(at=now()), many=True).data)


class Versions(APIView):
    """The versions of all products; a new draft."""

    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Who may look, and who may change something."""
        return Capability.CHANGE_PRODUCTS if self.request.method == "POST" else Capability.VIEW_PRODUCTS

    @extend_schema(responses=page_of(ProductVersionOut), operation_id="lending_product_versions", tags=["lending"])
    def get(self, request: Request) -> Response:
        """By product, newest first, each with what it changes."""
        return in_pages(request, selectors.versions_kept(), ProductVersionOut)

    @extend_schema(
        request=ProductDraftIn, responses={201: ProductStepOut}, operation_id="lending_product_draft", tags=["lending"]
    )
    def post(self, request: Request) -> Response:
        """Draft the next version; a second person approves it."""
        asked = ProductDraftIn(data=request.data)
        asked.is_valid(raise_exception=True)
        draft = services.draft_product(**asked.validated_data, by=signed_in(request), at=now())
        return Response(ProductStepOut(draft).data, status=201)


class Approvals(APIView):
    """The second person's yes."""

    permission_classes = (HasCapability,)
    capability = Capability.CHANGE_PRODUCTS

    @extend_schema(request=None, responses=ProductStepOut, operation_id="lending_product_approve", tags=["lending"])
    def post(self, request: Request, version_id: UUID) -> Response:
        """Put the draft in force at once."""
        version = services.approve_product(version_id=version_id, by=signed_in(request), at=now())
        return Response(ProductStepOut(version).data)


class Discards(APIView):
    """Away with a draft."""

    permission_classes = (HasCapability,)
    capability = Capability.CHANGE_PRODUCTS

    @extend_schema(request=None, responses={204: None}, operation_id="lending_product_discard", tags=["lending"])
    def post(self, request: Request, version_id: UUID) -> Response:
        """Discard the draft."""
        services.discard_draft(version_id=version_id, by=signed_in(request), at=now())
        return Response(status=204)
