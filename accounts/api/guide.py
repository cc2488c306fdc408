"""The guide's topics, for programs that show them elsewhere."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.engine.guide import ENGLISH, lessons
from accounts.models import Language
from creditiq.kernel.errors import NotVisible

TAGS = ["account life"]


class GuideIn(serializers.Serializer[object]):
    language = serializers.ChoiceField(choices=Language.choices, default=ENGLISH)


class LessonOut(serializers.Serializer[object]):
    slug = serializers.CharField()
    language = serializers.CharField(help_text="en where there are no words in the language asked for")
    title = serializers.CharField()
    summary = serializers.CharField()
    steps = serializers.ListField(child=serializers.CharField())
    page = serializers.CharField(help_text="where an owner goes on in the portal")


def _language(request: Request) -> str:
    asked = GuideIn(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return str(asked.validated_data["language"])


class Guide(APIView):
    @extend_schema(parameters=[GuideIn], responses=LessonOut(many=True), operation_id="guide_topics", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Every topic with its lesson."""
        return Response(LessonOut(lessons(_language(request)), many=True).data)


class GuideTopic(APIView):
    @extend_schema(parameters=[GuideIn], responses=LessonOut, operation_id="guide_topic", tags=TAGS)
    def get(self, request: Request, slug: str) -> Response:
        """One lesson."""
        found = next((lesson for lesson in lessons(_language(request)) if lesson.slug == slug), None)
        if found is None:
            raise NotVisible
        return Response(LessonOut(found).data)
