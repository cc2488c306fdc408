"""The identity check, for programs: how a business stands, papers, owners, verdicts."""

from decimal import Decimal
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.models import ApprovalRequest, KycPaper, KycRisk, KycState, KycTier, PartyKind
from accounts.permissions import Capability, HasCapability, can, signed_in
from accounts.selectors import kyc_pages
from accounts.services import kyc as acts
from accounts.services import owners
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.pages import KeyedPages

TAGS = ["account life"]
STANDINGS = [(one, one) for one in ("verified", "due", "waiting", "missing")]


class KycPaperOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=KycPaper.choices)
    state = serializers.ChoiceField(choices=KycState.choices)
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()
    judged_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class KycPartyOut(serializers.Serializer[object]):
    number = serializers.IntegerField()
    name = serializers.CharField(help_text="covered, unless revealed")
    kind = serializers.CharField()
    pan = serializers.CharField()
    born_on = serializers.CharField()
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, help_text="in the end")
    is_owner = serializers.BooleanField(help_text="beneficial owner")
    by_control = serializers.BooleanField()
    ways = serializers.ListField(child=serializers.CharField())


class KycDeclarationOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    state = serializers.ChoiceField(choices=KycState.choices)
    made_at = serializers.DateTimeField()
    owner_above = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="percent")
    note = serializers.CharField()
    parties = KycPartyOut(many=True)


class KycOut(serializers.Serializer[object]):
    business = serializers.UUIDField(source="business.uuid")
    standing = serializers.ChoiceField(source="kyc.standing", choices=STANDINGS)
    tier = serializers.CharField(source="kyc.tier", help_text="basic, enhanced, premium; empty: never verified")
    risk = serializers.CharField(source="kyc.risk", help_text="low, medium, high; empty: never verified")
    verified_on = serializers.DateField(source="kyc.verified_on", allow_null=True)
    next_due = serializers.DateField(source="kyc.next_due", allow_null=True)
    missing = serializers.ListField(source="kyc.missing", child=serializers.CharField(), help_text="for the next tier")
    papers = serializers.SerializerMethodField()
    owners = KycDeclarationOut(source="in_force", allow_null=True)
    waiting_owners = KycDeclarationOut(source="waiting", allow_null=True)

    @extend_schema_field(KycPaperOut(many=True))
    def get_papers(self, page: kyc_pages.KycPage) -> list[dict[str, object]]:
        """The newest of each kind that was sent."""
        return list(KycPaperOut([line.newest for line in page.papers if line.newest], many=True).data)


class KycRowOut(serializers.Serializer[object]):
    business = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField()
    tier = serializers.CharField(source="kyc_tier", allow_null=True)
    risk = serializers.CharField(source="kyc_risk", allow_null=True)
    next_due = serializers.DateField(source="kyc_due", allow_null=True)
    waits = serializers.BooleanField(source="kyc_waits")


class KycPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = KycRowOut(many=True)


class KycListIn(serializers.Serializer[object]):
    show = serializers.ChoiceField(choices=[(one, one) for one in kyc_pages.SHOWS], default="all")


class KycPaperIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15)
    kind = serializers.ChoiceField(choices=KycPaper.choices)
    paper = serializers.FileField(help_text="PDF, PNG or JPEG up to 5 MB")


class KycHolderIn(serializers.Serializer[object]):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=PartyKind.choices)
    pan = serializers.CharField(max_length=10)
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, required=False, allow_null=True, default=None, min_value=0
    )
    of = serializers.CharField(
        max_length=10, required=False, allow_blank=True, default="", help_text="PAN of a company in the list"
    )
    born_on = serializers.DateField(required=False, allow_null=True, default=None)
    manages = serializers.BooleanField(default=False)

    def validate_kind(self, kind: str) -> PartyKind:
        return PartyKind(kind)

    def validate_pan(self, pan: str) -> str:
        return _pan(pan)

    def validate_of(self, pan: str) -> str:
        return _pan(pan)

    def validate_percent(self, percent: Decimal | None) -> Decimal | None:
        """Nothing and none are one."""
        return percent or None


class KycOwnersIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15)
    holders = KycHolderIn(many=True, allow_empty=False)


class KycDeclaredOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    state = serializers.ChoiceField(choices=KycState.choices)
    owner_above = serializers.DecimalField(max_digits=5, decimal_places=2)
    made_at = serializers.DateTimeField()


class KycVerdictIn(serializers.Serializer[object]):
    accept = serializers.BooleanField()
    note = serializers.CharField(validators=FREE_TEXT, max_length=300, required=False, default="", allow_blank=True)


class KycVerifyIn(serializers.Serializer[object]):
    risk = serializers.ChoiceField(choices=KycRisk.choices)
    note = serializers.CharField(validators=FREE_TEXT, max_length=300, required=False, default="", allow_blank=True)


class KycVerifiedOut(serializers.Serializer[object]):
    tier = serializers.ChoiceField(choices=KycTier.choices, required=False)
    risk = serializers.ChoiceField(choices=KycRisk.choices, required=False)
    next_due = serializers.DateField(required=False)
    approval = serializers.UUIDField(required=False, help_text="the request that waits for a second person")


class KycRevealIn(serializers.Serializer[object]):
    reason = serializers.CharField(validators=FREE_TEXT, max_length=200)


class KycRevealedOut(serializers.Serializer[object]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    pan = serializers.CharField()
    born_on = serializers.CharField()


class KycOwnerSearchIn(serializers.Serializer[object]):
    pan = serializers.CharField(max_length=10, help_text="in the body, so that it stays out of addresses and logs")


class KycPages(KeyedPages):
    ordering = ("pk",)
    reads = int


class KycList(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_KYC

    @extend_schema(
        parameters=[KycListIn, OpenApiParameter("cursor", str)],
        responses=KycPageOut,
        operation_id="kyc_list",
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """Businesses you may see and how well they are known."""
        asked = KycListIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = kyc_pages.kyc_desk(user=signed_in(request), show=asked.validated_data["show"], at=now())
        pages = KycPages()
        return pages.get_paginated_response(KycRowOut(pages.paginate_queryset(rows, request), many=True).data)


class OneKyc(APIView):
    @extend_schema(responses=KycOut, operation_id="kyc_of_business", tags=TAGS)
    def get(self, request: Request, business_id: UUID) -> Response:
        """How one business stands; its own people see it too."""
        person, at = signed_in(request), now()
        business = kyc_pages.business_in_sight(user=person, business_id=business_id)
        if not can(person, Capability.VIEW_KYC) and not can(person, Capability.SHARE_EVIDENCE):
            raise NotVisible
        return Response(KycOut(kyc_pages.kyc_page(business=business, at=at)).data)


class KycPapers(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE
    parser_classes = (MultiPartParser,)

    @extend_schema(request=KycPaperIn, responses={201: KycPaperOut}, operation_id="kyc_paper_send", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Send a paper of your business."""
        form = KycPaperIn(data=request.data)
        form.is_valid(raise_exception=True)
        values, person = form.validated_data, signed_in(request)
        business = selectors.visible_business(user=person, gstin=values["gstin"])
        kind = KycPaper(values["kind"])
        made = acts.add_paper(business=business, kind=kind, paper=values["paper"], by=person, at=now())
        return Response(KycPaperOut(made).data, status=201)


class JudgePaper(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VERIFY_KYC

    @extend_schema(request=KycVerdictIn, responses=KycPaperOut, operation_id="kyc_paper_verdict", tags=TAGS)
    def post(self, request: Request, paper_id: UUID) -> Response:
        """Accept or refuse a paper."""
        form = KycVerdictIn(data=request.data)
        form.is_valid(raise_exception=True)
        judged = acts.judge_paper(paper_id=paper_id, **form.validated_data, by=signed_in(request), at=now())
        return Response(KycPaperOut(judged).data)


class Owners(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=KycOwnersIn, responses={201: KycDeclaredOut}, operation_id="kyc_owners_declare", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Declare who owns your business."""
        form = KycOwnersIn(data=request.data)
        form.is_valid(raise_exception=True)
        person = signed_in(request)
        business = selectors.visible_business(user=person, gstin=form.validated_data["gstin"])
        holders = [owners.Holder(**line) for line in form.validated_data["holders"]]
        made = owners.declare_owners(business=business, holders=holders, by=person, at=now())
        return Response(KycDeclaredOut(made).data, status=201)


class JudgeOwners(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VERIFY_KYC

    @extend_schema(request=KycVerdictIn, responses=KycDeclaredOut, operation_id="kyc_owners_verdict", tags=TAGS)
    def post(self, request: Request, declaration_id: UUID) -> Response:
        """Accept or refuse a declaration."""
        form = KycVerdictIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        judged = acts.judge_owners(declaration_id=declaration_id, **values, by=signed_in(request), at=now())
        return Response(KycDeclaredOut(judged).data)


class RevealOwners(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VERIFY_KYC
    keeps_answers = False

    @extend_schema(
        request=KycRevealIn, responses=KycRevealedOut(many=True), operation_id="kyc_owners_reveal", tags=TAGS
    )
    def post(self, request: Request, declaration_id: UUID) -> Response:
        """Names and numbers in full, with a reason that the trail keeps."""
        form = KycRevealIn(data=request.data)
        form.is_valid(raise_exception=True)
        reason, person = form.validated_data["reason"], signed_in(request)
        parties = acts.reveal_owners(declaration_id=declaration_id, reason=reason, by=person, at=now())
        return Response(KycRevealedOut(parties, many=True).data)


class OwnerSearch(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VERIFY_KYC

    @extend_schema(request=KycOwnerSearchIn, responses=KycRowOut(many=True), operation_id="kyc_owner_search", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Businesses you may see that somebody with this PAN has a part in; nothing is opened for the search."""
        form = KycOwnerSearchIn(data=request.data)
        form.is_valid(raise_exception=True)
        found = kyc_pages.businesses_of_owner(pan=form.validated_data["pan"], user=signed_in(request), at=now())
        return Response(KycRowOut(found, many=True).data)


class VerifyBusiness(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VERIFY_KYC

    @extend_schema(
        request=KycVerifyIn, responses={201: KycVerifiedOut, 202: KycVerifiedOut}, operation_id="kyc_verify", tags=TAGS
    )
    def post(self, request: Request, business_id: UUID) -> Response:
        """Verify a business; 202 with the request that waits, where it takes two people."""
        form = KycVerifyIn(data=request.data)
        form.is_valid(raise_exception=True)
        person = signed_in(request)
        business = kyc_pages.business_in_sight(user=person, business_id=business_id)
        risk, note = KycRisk(form.validated_data["risk"]), form.validated_data["note"]
        made = acts.verify_business(business=business, risk=risk, note=note, by=person, at=now())
        if isinstance(made, ApprovalRequest):
            return Response({"approval": str(made.uuid)}, status=202)
        return Response({"tier": made.tier, "risk": made.risk, "next_due": made.next_due}, status=201)


def _pan(text: str) -> str:
    return "".join(text.split()).upper()
