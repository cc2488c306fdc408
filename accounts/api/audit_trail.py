"""The audit trail: entries, proofs, checkpoints, evidence packs."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.models import User
from accounts.permissions import Capability, HasCapability, can, require_step_up, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.moments import MomentField
from creditiq.kernel.pages import KeyedPages


class AuditEventsIn(serializers.Serializer[object]):
    """What is looked for."""

    action = serializers.CharField(max_length=60, required=False, help_text="the beginning of the act's name")
    actor = serializers.EmailField(required=False)
    target = serializers.CharField(max_length=120, required=False, help_text="the thing's name, or its public id")
    outcome = serializers.CharField(max_length=20, required=False)
    request_id = serializers.CharField(max_length=64, required=False)
    since = MomentField(required=False)
    until = MomentField(required=False)


class PackIn(AuditEventsIn):
    reason = serializers.CharField(validators=FREE_TEXT, max_length=500)


class AuditEventOut(serializers.Serializer[object]):
    id = serializers.CharField(source="hash", help_text="the entry's hash")
    chain = serializers.CharField()
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.UUIDField(source="actor.uuid", default=None, allow_null=True)
    actor_role = serializers.CharField()
    action = serializers.CharField()
    target = serializers.CharField()
    outcome = serializers.CharField()
    request_id = serializers.CharField()
    payload_digest = serializers.CharField()
    previous_hash = serializers.CharField()


class AuditEventPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AuditEventOut(many=True)


class ProofEntryOut(serializers.Serializer[object]):
    chain = serializers.CharField()
    seq = serializers.IntegerField()
    at = serializers.CharField(help_text="word for word as hashed")
    actor = serializers.UUIDField(allow_null=True)
    actor_role = serializers.CharField()
    action = serializers.CharField()
    target = serializers.CharField()
    outcome = serializers.CharField()
    request_id = serializers.CharField()
    address = serializers.CharField()
    payload = serializers.CharField()
    payload_digest = serializers.CharField()
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class StampOut(serializers.Serializer[object]):
    chain = serializers.CharField()
    number = serializers.IntegerField()
    first_seq = serializers.IntegerField()
    last_seq = serializers.IntegerField()
    merkle_root = serializers.CharField(help_text="Merkle tree hash (RFC 6962) over the hashes of the entries")
    head = serializers.CharField(help_text="hash of the last entry")
    previous_hash = serializers.CharField()
    hash = serializers.CharField(help_text="keep it: it proves later that nothing before it was rewritten")


class CheckpointOut(StampOut):
    at = serializers.DateTimeField()


class CheckpointPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CheckpointOut(many=True)


class ProofCheckpointOut(StampOut):
    at = serializers.CharField(help_text="word for word as hashed")


class ProofAnchorOut(serializers.Serializer[object]):
    contract = serializers.CharField(help_text="CAIP-10 account of the audit anchor")
    batch = serializers.IntegerField(help_text="ask batch(uint256) of the contract for its root")
    merkle_root = serializers.CharField()
    place = serializers.IntegerField()
    size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(), help_text="from the checkpoint to the root")
    transaction = serializers.CharField()
    block = serializers.IntegerField()


class InclusionProofOut(serializers.Serializer[object]):
    entry = ProofEntryOut()
    checkpoint = ProofCheckpointOut()
    path = serializers.ListField(child=serializers.CharField(), help_text="from the entry's neighbour to the root")
    anchor = ProofAnchorOut(allow_null=True, help_text="where the checkpoint stands on a chain; null before it does")


class AuditPages(KeyedPages):
    ordering = ("-at", "-pk")


def oversees(user: User) -> bool:
    """Whether the person sees a whole chain, and not just what concerns themself."""
    return can(user, Capability.VIEW_AUDIT)


class AuditEvents(APIView):
    @extend_schema(parameters=[AuditEventsIn], responses=AuditEventPageOut, operation_id="audit_events", tags=["audit"])
    def get(self, request: Request) -> Response:
        """Entries, newest first: those of your chains for an auditor, what concerns you for everybody else."""
        form, pages, person = AuditEventsIn(data=request.query_params), AuditPages(), signed_in(request)
        form.is_valid(raise_exception=True)
        wanted = selectors.TrailFilter(**form.validated_data)
        rows = selectors.trail(user=person, oversees=oversees(person), wanted=wanted)
        shown = AuditEventOut(pages.paginate_queryset(rows, request, self), many=True)
        return pages.get_paginated_response(shown.data)


class AuditProof(APIView):
    @extend_schema(responses=InclusionProofOut, operation_id="audit_proof", tags=["audit"])
    def get(self, request: Request, entry_hash: str) -> Response:
        """That an entry is on the trail unchanged, for the stand-alone verifier. 409 until the next checkpoint."""
        person = signed_in(request)
        entry = selectors.audit_entry(user=person, oversees=oversees(person), entry_hash=entry_hash)
        return Response(InclusionProofOut(selectors.inclusion_proof(entry)).data)


class AuditCheckpoints(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(responses=CheckpointPageOut, operation_id="audit_checkpoints", tags=["audit"])
    def get(self, request: Request) -> Response:
        """Checkpoints of your chains, newest first."""
        pages = AuditPages()
        rows = pages.paginate_queryset(selectors.audit_checkpoints(user=signed_in(request)), request, self)
        return pages.get_paginated_response(CheckpointOut(rows, many=True).data)


class EvidencePacks(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(
        request=PackIn,
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, "entries, proofs, verifier")},
        operation_id="audit_pack",
        tags=["audit"],
    )
    def post(self, request: Request) -> HttpResponse:
        """A zip of the entries that fit (at most 1,000), each with its proof, and the verifier."""
        form = PackIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        wanted = dict(form.validated_data)
        reason = wanted.pop("reason")
        by, wanted_entries = signed_in(request), selectors.TrailFilter(**wanted)
        pack = services.export_pack(wanted=wanted_entries, reason=reason, by=by, at=now())
        attached = {"Content-Disposition": 'attachment; filename="evidence-pack.zip"'}
        return HttpResponse(pack, content_type="application/zip", headers=attached)
