"""Questions about one score, answered as server-sent events."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from lending.api.stream import EventStream
from scoring import selectors as scoring
from scoring import services as scores


class QuestionIn(serializers.Serializer[object]):
    """A question in any of the six languages; the answer comes in `language`."""

    question = serializers.CharField(validators=FREE_TEXT, max_length=scores.LONGEST_QUESTION)
    language = serializers.CharField(required=False, max_length=10)


class Chat(APIView):
    """The report assistant."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE
    renderer_classes = (EventStream, JSONRenderer)

    @extend_schema(
        request=QuestionIn,
        responses={(200, "text/event-stream"): OpenApiTypes.STR},
        operation_id="score_chat",
        tags=["score"],
    )
    def post(self, request: Request, task_id: UUID) -> StreamingHttpResponse:
        """Events `sentence`, each with its source, then `end`: intent, and who worded it. 409 without a number."""
        asked = QuestionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        task = scoring.visible_request(user=signed_in(request), task_id=task_id)
        if task.run is None:
            raise scores.NoNumber("There is no score to talk about yet.")
        language = scoring.spoken(asked.validated_data.get("language") or get_language())
        question, by = asked.validated_data["question"], signed_in(request)
        answer = scores.ask_assistant(run=task.run, question=question, language=language, by=by, at=now())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingHttpResponse(_told(answer), content_type="text/event-stream", headers=headers)


async def _told(answer: scores.Answer) -> AsyncIterator[bytes]:
    for said in answer.sentences:
        yield _event("sentence", asdict(said))
    yield _event("end", asdict(answer) | {"sentences": len(answer.sentences)})


def _event(name: str, body: dict[str, object]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
