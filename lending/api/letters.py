"""The letter of a refusal over the API."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors, services
from lending.api.casework import ByMethod
from lending.engine.letters.words import LANGUAGES
from lending.models import AdverseLetter, LetterChannel

_C = Capability
LANGUAGE = OpenApiParameter("language", str, enum=LANGUAGES, description="The applicant's when left out.")


class LetterOut(serializers.Serializer[object]):
    """The letter in a language, with its clock."""

    application = serializers.UUIDField(source="row.application.uuid")
    language = serializers.CharField(source="words.language")
    title = serializers.CharField(source="words.title")
    decided = serializers.CharField(source="words.decided")
    reasons = serializers.ListField(source="words.reasons", child=serializers.CharField())
    reason_codes = serializers.ListField(source="row.codes", child=serializers.CharField())
    rights = serializers.CharField(source="words.rights")
    grievance = serializers.CharField(source="words.grievance")
    standing = serializers.ChoiceField(choices=["waits", "late", "delivered", "acknowledged"])
    issued_at = serializers.DateTimeField(source="row.issued_at")
    deliver_by = serializers.DateField(source="row.deliver_by")
    delivered_at = serializers.DateTimeField(source="row.delivered_at", allow_null=True)
    channel = serializers.CharField(source="row.channel")
    acknowledged_at = serializers.DateTimeField(source="row.acknowledged_at", allow_null=True)
    sha256 = serializers.CharField(source="row.sha256")


class DeliveryIn(serializers.Serializer[object]):
    channel = serializers.ChoiceField(choices=[LetterChannel.POST.value, LetterChannel.HAND.value])


class Letters(APIView):
    """The letter on an application."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY)}

    @extend_schema(parameters=[LANGUAGE], responses=LetterOut, operation_id="applications_letter", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """404 while nothing was refused. The owner's first look is its delivery."""
        return Response(_shown(_opened(request, application_id), request))


class LetterPapers(APIView):
    """The letter on paper."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY)}

    @extend_schema(
        parameters=[LANGUAGE],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        operation_id="applications_letter_pdf",
        tags=["lending"],
    )
    def get(self, request: Request, application_id: UUID) -> HttpResponse:
        """Tagged PDF in one of six languages."""
        require_step_up(request, now(), only_staff=True)
        letter = _opened(request, application_id)
        paper = services.letter_pdf(letter, request.query_params.get("language", letter.language))
        headers = {"Content-Disposition": f'attachment; filename="{letter.facts["number"]}-letter.pdf"'}
        return HttpResponse(paper, content_type="application/pdf", headers=headers)


class LettersRead(APIView):
    """The owner has read it."""

    permission_classes = (HasCapability,)
    capability = _C.APPLY

    @extend_schema(request=None, responses=LetterOut, operation_id="applications_letter_acknowledge", tags=["lending"])
    def post(self, request: Request, application_id: UUID) -> Response:
        """Twice is harmless."""
        read = services.acknowledge_letter(application_id=application_id, by=signed_in(request), at=now())
        return Response(_shown(read, request))


class LettersDelivered(APIView):
    """It went by post or by hand."""

    permission_classes = (HasCapability,)
    capability = _C.DECLINE

    @extend_schema(
        request=DeliveryIn, responses=LetterOut, operation_id="applications_letter_deliver", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """For applicants who do not open the portal."""
        by, at = signed_in(request), now()
        selectors.visible_application(user=by, application_id=application_id, at=at)
        asked = DeliveryIn(data=request.data)
        asked.is_valid(raise_exception=True)
        letter = services.deliver_letter(application_id=application_id, **asked.validated_data, by=by, at=at)
        return Response(_shown(letter, request))


def _opened(request: Request, application_id: UUID) -> AdverseLetter:
    letter = services.open_letter(application_id=application_id, by=signed_in(request), at=now())
    if letter is None:
        raise NotVisible
    return letter


def _shown(letter: AdverseLetter, request: Request) -> object:
    language = request.query_params.get("language", letter.language)
    view = selectors.letter_view(application=letter.application, language=language, at=now())
    return LetterOut(view).data
