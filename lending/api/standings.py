"""How far loans are behind, what class that makes them, and the work with borrowers who are, over the API."""

from decimal import Decimal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, can, require, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages, page_of
from lending import selectors, services
from lending.api.loan_shapes import money
from lending.api.loans import SeesLoans
from lending.models import Loan
from lending.services.collecting import CHANNELS


class StandingOut(serializers.Serializer[object]):
    """A running loan at the last day-end; `trigger` names another account that made it non-performing."""

    loan = serializers.UUIDField(source="uuid")
    account_no = serializers.CharField()
    gstin = serializers.CharField(source="business.gstin")
    as_of = serializers.DateField(source="through")
    oldest_due = serializers.DateField(allow_null=True)
    dpd = serializers.IntegerField()
    sma = serializers.CharField()
    asset_class = serializers.CharField()
    npa_date = serializers.DateField(allow_null=True)
    trigger = serializers.CharField()
    ecl_stage = serializers.IntegerField()
    provision = money()


class StandingChangeOut(serializers.Serializer[object]):
    """What changed at a day-end."""

    on = serializers.DateField()
    dpd = serializers.IntegerField()
    from_class = serializers.CharField()
    to_class = serializers.CharField()
    from_sma = serializers.CharField()
    to_sma = serializers.CharField()
    trigger = serializers.CharField()


class ClassificationOut(serializers.Serializer[object]):
    """A loan's standing with its history."""

    standing = StandingOut()
    changes = StandingChangeOut(many=True)


class ContactIn(serializers.Serializer[object]):
    """What was said with a borrower; a promise has an amount and a day."""

    channel = serializers.ChoiceField(choices=[(one, one) for one in CHANNELS])
    note = serializers.CharField(validators=FREE_TEXT, max_length=500)
    promised = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal("0.01"), default=None, allow_null=True
    )
    promised_on = serializers.DateField(default=None, allow_null=True)


class ContactOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.get_full_name")
    channel = serializers.CharField()
    note = serializers.CharField()
    promised = money(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    promise = serializers.CharField(help_text="open, kept, broken, or empty without one.")


class CollectionRowOut(serializers.Serializer[object]):
    """A borrower to talk to; `last` and `promise` are contacts."""

    standing = StandingOut(source="loan")
    overdue = money()
    last = ContactOut(allow_null=True)
    promise = ContactOut(allow_null=True)


class CollectionsOut(serializers.Serializer[object]):
    """The queue, the longest overdue first, running promises last."""

    may_contact_now = serializers.BooleanField(help_text="Calls and visits are allowed from 8:00 to 19:00 in India.")
    rows = CollectionRowOut(many=True)


class LongestOverdueFirst(KeyedPages):
    """Pages of standings."""

    ordering = ("-dpd", "-pk")
    reads = int


class Classifications(APIView):
    """The standing of every running loan."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_LOANS

    @extend_schema(responses=page_of(StandingOut), operation_id="lending_classification", tags=["lending"])
    def get(self, request: Request) -> Response:
        """At the last day-end, the longest overdue first."""
        seen = Loan.objects.visible_to(signed_in(request)).running().select_related("business")
        pages = LongestOverdueFirst()
        rows = pages.paginate_queryset(seen, request, view=self)
        return pages.get_paginated_response(StandingOut(rows, many=True).data)


class OneClassification(APIView):
    """How a loan came to its class."""

    permission_classes = (SeesLoans,)

    @extend_schema(responses=ClassificationOut, operation_id="lending_loan_classification", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """Its standing, and every change of it, the newest first."""
        person = signed_in(request)
        if not can(person, Capability.VIEW_OWN_LOANS):
            require(person, Capability.VIEW_LOANS)
        loan = selectors.visible_loan(user=person, loan_id=loan_id)
        changes = loan.classifications.order_by("-on", "-pk")[:500]
        return Response(ClassificationOut({"standing": loan, "changes": changes}).data)


class Collections(APIView):
    """Borrowers who are behind."""

    permission_classes = (HasCapability,)
    capability = Capability.SERVICE_LOANS

    @extend_schema(responses=CollectionsOut, operation_id="lending_collections", tags=["lending"])
    def get(self, request: Request) -> Response:
        """The queue as the page shows it."""
        at = now()
        rows = selectors.collection_queue(user=signed_in(request), at=at)
        return Response(CollectionsOut({"may_contact_now": services.may_contact(at), "rows": rows}).data)


class Contacts(APIView):
    """What was said with a borrower."""

    permission_classes = (HasCapability,)
    capability = Capability.SERVICE_LOANS

    @extend_schema(responses=ContactOut(many=True), operation_id="lending_contacts", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """The newest first, 100 at most."""
        loan = selectors.visible_loan(user=signed_in(request), loan_id=loan_id)
        kept = loan.contacts.select_related("by").order_by("-at", "-pk")[:100]
        return Response(ContactOut(kept, many=True).data)

    @extend_schema(
        request=ContactIn, responses={201: ContactOut}, operation_id="lending_contact_keep", tags=["lending"]
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Keep a contact. 409 for a call or a visit outside 8:00 to 19:00 in India."""
        loan = selectors.visible_loan(user=signed_in(request), loan_id=loan_id)
        asked = ContactIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = services.Said(**asked.validated_data)
        kept = services.record_contact(loan_id=loan.uuid, said=said, by=signed_in(request), at=now())
        return Response(ContactOut(kept).data, status=201)
