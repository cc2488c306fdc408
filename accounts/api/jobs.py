"""Long work and news that was set aside, for programs."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.models import JobState
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages


class JobIn(serializers.Serializer[object]):
    work = serializers.CharField(max_length=60, help_text="such as audit.verify; unknown work answers 404")


class JobRowOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    work = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=JobState.choices)
    phase = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField(help_text="0 as long as nobody knows")
    message = serializers.CharField()
    attempts = serializers.IntegerField()
    cancel_asked = serializers.BooleanField()
    asked_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class JobLineOut(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    text = serializers.CharField()


class JobOut(serializers.Serializer[object]):
    job = JobRowOut()
    seconds_left = serializers.IntegerField(allow_null=True)
    lines = JobLineOut(many=True)


class JobPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = JobRowOut(many=True)


class DeliveryOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="pk")
    event = serializers.CharField(source="event.name")
    task = serializers.CharField()
    state = serializers.CharField()
    attempts = serializers.IntegerField()
    error = serializers.CharField()
    published_at = serializers.DateTimeField(source="event.published_at")


class DeliveryPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DeliveryOut(many=True)


class JobPages(KeyedPages):
    ordering = ("-asked_at", "-pk")


class DeliveryPages(KeyedPages):
    ordering = ("-due_at", "-pk")


class Jobs(APIView):
    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Whoever reads the house reads jobs; who configures it starts them."""
        return Capability.CONFIGURE if self.request.method == "POST" else Capability.VIEW_ADMIN

    @extend_schema(
        responses=JobPageOut,
        operation_id="jobs_list",
        tags=["admin"],
        parameters=[OpenApiParameter("state", enum=JobState.values)],
    )
    def get(self, request: Request) -> Response:
        """Every job, newest first."""
        pages = JobPages()
        rows = pages.paginate_queryset(selectors.jobs(state=request.query_params.get("state", "")), request, self)
        return pages.get_paginated_response(JobRowOut(rows, many=True).data)

    @extend_schema(request=JobIn, responses={202: JobRowOut}, operation_id="job_start", tags=["admin"])
    def post(self, request: Request) -> Response:
        """Put work on its way; look at the job for its progress."""
        form = JobIn(data=request.data)
        form.is_valid(raise_exception=True)
        job = services.start_job(work=form.validated_data["work"], by=signed_in(request), at=now())
        return Response(JobRowOut(job).data, status=202)


class OneJob(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=JobOut, operation_id="job_read", tags=["admin"])
    def get(self, request: Request, job_id: UUID) -> Response:
        """How far a job is and what it said."""
        return Response(JobOut(selectors.job(job_id=job_id, at=now())).data)


class CancelJob(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=None, responses=JobRowOut, operation_id="job_cancel", tags=["admin"])
    def post(self, request: Request, job_id: UUID) -> Response:
        """Stop a job; one that runs stops at its next step."""
        return Response(JobRowOut(services.cancel_job(job_id=job_id, by=signed_in(request), at=now())).data)


class RetryJob(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=None, responses=JobRowOut, operation_id="job_retry", tags=["admin"])
    def post(self, request: Request, job_id: UUID) -> Response:
        """Start a failed or cancelled job again."""
        return Response(JobRowOut(services.retry_job(job_id=job_id, by=signed_in(request), at=now())).data)


class SetAside(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=DeliveryPageOut, operation_id="dead_letters_list", tags=["admin"])
    def get(self, request: Request) -> Response:
        """News whose task failed too often and waits for a person."""
        pages = DeliveryPages()
        rows = pages.paginate_queryset(selectors.set_aside(), request, self)
        return pages.get_paginated_response(DeliveryOut(rows, many=True).data)


class ReplayDelivery(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=None, responses=DeliveryOut, operation_id="dead_letter_replay", tags=["admin"])
    def post(self, request: Request, delivery_id: UUID) -> Response:
        """Hand it over again; it gets a fresh start."""
        delivery = services.replay_delivery(delivery_id=delivery_id, by=signed_in(request), at=now())
        return Response(DeliveryOut(delivery).data)
