"""What administrators do: people, banks, switches. What everybody does: claim a business."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api import serializers as shapes
from accounts.models import Claim
from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of


class PeoplePages(CursorPagination):
    page_size = 50
    ordering = ("email", "pk")


class People(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(responses=shapes.PeopleOut, operation_id="users_list", tags=["admin"])
    def get(self, request: Request) -> Response:
        """Everybody with an account."""
        pages = PeoplePages()
        rows = pages.paginate_queryset(selectors.people_page(words=request.query_params.get("q", "")), request, self)
        return pages.get_paginated_response(shapes.PersonOut(rows, many=True).data)

    @extend_schema(
        request=shapes.InviteIn, responses={201: shapes.PersonOut}, operation_id="users_invite", tags=["admin"]
    )
    def post(self, request: Request) -> Response:
        """Make an account for a colleague, who chooses a password by the link in a letter."""
        form = shapes.InviteIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        person, origin = (
            services.NewPerson(password="", **form.validated_data),
            f"{request.scheme}://{request.get_host()}",
        )
        user = services.invite_user(person=person, by=signed_in(request), at=now(), origin=origin)
        return Response(shapes.PersonOut(selectors.person(user_id=user.uuid)).data, status=201)


class Person(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=shapes.AccessIn, responses=shapes.PersonOut, operation_id="users_change", tags=["admin"])
    def patch(self, request: Request, user_id: UUID) -> Response:
        """Give somebody else another role, duties, organisation or standing; every session of theirs ends."""
        form, person = shapes.AccessIn(data=request.data), selectors.person(user_id=user_id)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        access = services.Access(**form.validated_data)
        services.change_access(user_id=person.pk, access=access, by=signed_in(request), at=now())
        return Response(shapes.PersonOut(selectors.person(user_id=user_id)).data)


class Banks(APIView):
    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Who may look, and who may change something."""
        return Capability.CONFIGURE if self.request.method == "POST" else Capability.VIEW_BANKS

    @extend_schema(responses=page_of(shapes.BankOut), operation_id="banks_list", tags=["admin"])
    def get(self, request: Request) -> Response:
        """The banks."""
        return in_pages(request, selectors.banks_page(), shapes.BankOut)

    @extend_schema(request=shapes.BankIn, responses={201: shapes.BankOut}, operation_id="banks_found", tags=["admin"])
    def post(self, request: Request) -> Response:
        """Found a bank; the same name twice answers the one there is."""
        form = shapes.BankIn(data=request.data)
        form.is_valid(raise_exception=True)
        bank = services.create_organisation(name=form.validated_data["name"], at=now(), by=signed_in(request))
        return Response(shapes.BankOut(bank).data, status=201)


class Bank(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=shapes.BankStatusIn, responses=shapes.BankOut, operation_id="banks_change", tags=["admin"])
    def patch(self, request: Request, organisation_id: UUID) -> Response:
        """Suspend a bank, or let it back in."""
        form, bank = shapes.BankStatusIn(data=request.data), selectors.organisation(organisation_id=organisation_id)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        status, by = form.validated_data["status"], signed_in(request)
        changed = services.change_organisation_status(organisation_id=bank.pk, status=status, by=by, at=now())
        return Response(shapes.BankOut(changed).data)


class Flags(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=shapes.FlagOut(many=True), operation_id="flags_list", tags=["admin"])
    def get(self, request: Request) -> Response:
        """The switches as they stand."""
        return Response(shapes.FlagOut(selectors.switches(), many=True).data)


class Flag(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(
        request=shapes.FlagIn, responses=shapes.FlagOut(many=True), operation_id="flags_switch", tags=["admin"]
    )
    def put(self, request: Request, name: str) -> Response:
        """Turn a switch on or off."""
        form = shapes.FlagIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        services.switch_flag(name=name, on=form.validated_data["is_on"], by=signed_in(request), at=now())
        return Response(shapes.FlagOut(selectors.switches(), many=True).data)


class Claims(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CLAIM_BUSINESS

    @extend_schema(responses=page_of(shapes.ClaimOut), operation_id="claims_list", tags=["auth"])
    def get(self, request: Request) -> Response:
        """One's own claims, newest first."""
        claims = selectors.members_page(user=signed_in(request)).own_claims
        return in_pages(request, claims, shapes.ClaimOut)

    @extend_schema(request=shapes.ClaimIn, responses={201: shapes.ClaimOut}, operation_id="claims_make", tags=["auth"])
    def post(self, request: Request) -> Response:
        """Claim a business; a one-time code goes to the contact it registered. Certificates go through the portal."""
        form = shapes.ClaimIn(data=request.data)
        form.is_valid(raise_exception=True)
        claim: Claim = services.claim_by_code(
            identifier=form.validated_data["identifier"], by=signed_in(request), at=now()
        )
        return Response(shapes.ClaimOut(claim).data, status=201)


class ProveClaim(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CLAIM_BUSINESS

    @extend_schema(request=shapes.CodeIn, responses=shapes.ClaimOut, operation_id="claims_prove", tags=["auth"])
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Give the code; the right one links the business."""
        form = shapes.CodeIn(data=request.data)
        form.is_valid(raise_exception=True)
        code, by = form.validated_data["code"], signed_in(request)
        claim = services.prove_claim(claim_id=claim_id, code=code, by=by, at=now())
        return Response(shapes.ClaimOut(claim).data)
