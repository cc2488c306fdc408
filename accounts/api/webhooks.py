"""A tenant's webhooks, for programs that are signed in as a person."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.models import ApiKey, WebhookDeliveryState, WebhookState
from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from accounts.services import webhooks as hooks
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages


class BuildsPrograms(HasCapability):
    """A person, never a program by its key: what is built outlives the key that would have built it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return not isinstance(request.auth, ApiKey) and super().has_permission(request, view)


class WebhookIn(serializers.Serializer[object]):
    url = serializers.CharField(max_length=500, help_text="https, by name")
    events = serializers.ListField(child=serializers.CharField(max_length=40), help_text="names from webhooks/events")

    def terms(self) -> hooks.WebhookTerms:
        """What was asked, as the service takes it."""
        return hooks.WebhookTerms(self.validated_data["url"], tuple(self.validated_data["events"]))


class WebhookChangeIn(WebhookIn):
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    on = serializers.BooleanField(required=False, help_text="switch it on or off")


class WebhookOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=WebhookState.choices)
    why = serializers.CharField(help_text="why it was disabled")
    made_at = serializers.DateTimeField()
    failing_since = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)


class WebhookPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = WebhookOut(many=True)


class MadeWebhookOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="webhook.uuid")
    secret = serializers.CharField(help_text="what calls are signed with; shown this once")


class WebhookEventOut(serializers.Serializer[object]):
    name = serializers.CharField()
    says = serializers.CharField(help_text="when it is sent")
    read = serializers.CharField(help_text="the operation that shows what happened")


class WebhookDeliveryOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid", help_text="the webhook-id, the same at every try")
    event = serializers.CharField()
    state = serializers.ChoiceField(choices=WebhookDeliveryState.choices)
    tries = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="of the next try, while it waits")
    ended_at = serializers.DateTimeField(allow_null=True)


class WebhookDeliveryPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = WebhookDeliveryOut(many=True)


class WebhookTryOut(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="null when there was no answer")
    milliseconds = serializers.IntegerField()
    error = serializers.CharField()


class DeliveryShownOut(serializers.Serializer[object]):
    delivery = WebhookDeliveryOut()
    body = serializers.CharField(source="delivery.body", help_text="exactly what was signed and sent")
    tries = WebhookTryOut(many=True)


class WebhookPages(KeyedPages):
    ordering = ("-made_at", "-pk")


class WebhookView(APIView):
    """Door of whoever manages webhooks."""

    permission_classes = (BuildsPrograms,)
    capability = Capability.BUILD_PROGRAMS


class Webhooks(WebhookView):
    keeps_answers = False

    @extend_schema(responses=WebhookPageOut, operation_id="webhooks_list", tags=["webhooks"])
    def get(self, request: Request) -> Response:
        """Your tenant's, newest first."""
        pages = WebhookPages()
        rows = pages.paginate_queryset(selectors.webhooks(user=signed_in(request)), request, self)
        return pages.get_paginated_response(WebhookOut(rows, many=True).data)

    @extend_schema(
        request=WebhookIn, responses={201: MadeWebhookOut}, operation_id="webhooks_create", tags=["webhooks"]
    )
    def post(self, request: Request) -> Response:
        """Name an address; confirm that it is you first. The secret is in the answer and nowhere else."""
        form = WebhookIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        return _once(hooks.create_webhook(terms=form.terms(), by=signed_in(request), at=now()), 201)


class WebhookEvents(WebhookView):
    @extend_schema(responses=WebhookEventOut(many=True), operation_id="webhooks_events", tags=["webhooks"])
    def get(self, request: Request) -> Response:
        """The kinds of news you may hear."""
        return Response(WebhookEventOut(hooks.announcements_for(signed_in(request)), many=True).data)


class OneWebhook(WebhookView):
    @extend_schema(responses=WebhookOut, operation_id="webhooks_read", tags=["webhooks"])
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """One address."""
        return Response(WebhookOut(selectors.webhook(user=signed_in(request), webhook_id=webhook_id)).data)

    @extend_schema(request=WebhookChangeIn, responses=WebhookOut, operation_id="webhooks_change", tags=["webhooks"])
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """Another address, other news, on or off; confirm that it is you first."""
        person = signed_in(request)
        webhook = selectors.webhook(user=person, webhook_id=webhook_id)
        form = WebhookChangeIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        given = form.validated_data
        if "url" in given or "events" in given:
            terms = hooks.WebhookTerms(given.get("url", webhook.url), tuple(given.get("events", webhook.events)))
            hooks.change_webhook(webhook_id=webhook_id, terms=terms, by=person, at=now())
        if "on" in given:
            hooks.switch_webhook(webhook_id=webhook_id, on=given["on"], by=person, at=now())
        return Response(WebhookOut(selectors.webhook(user=person, webhook_id=webhook_id)).data)

    @extend_schema(responses={204: None}, operation_id="webhooks_end", tags=["webhooks"])
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """It is called no more."""
        hooks.end_webhook(webhook_id=webhook_id, by=signed_in(request), at=now())
        return Response(status=204)


class RotateWebhook(WebhookView):
    keeps_answers = False

    @extend_schema(request=None, responses={200: MadeWebhookOut}, operation_id="webhooks_rotate", tags=["webhooks"])
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """A new secret; for 24 hours calls carry both signatures. Confirm that it is you first."""
        person = signed_in(request)
        selectors.webhook(user=person, webhook_id=webhook_id)
        require_step_up(request, now())
        return _once(hooks.rotate_webhook_secret(webhook_id=webhook_id, by=person, at=now()), 200)


class TestWebhook(WebhookView):
    @extend_schema(request=None, responses={202: WebhookDeliveryOut}, operation_id="webhooks_test", tags=["webhooks"])
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send webhook.test."""
        sent = hooks.ping_webhook(webhook_id=webhook_id, by=signed_in(request), at=now())
        return Response(WebhookDeliveryOut(sent).data, status=202)


class WebhookDeliveries(WebhookView):
    @extend_schema(
        responses=WebhookDeliveryPageOut,
        operation_id="webhooks_deliveries",
        tags=["webhooks"],
        parameters=[OpenApiParameter("state", enum=WebhookDeliveryState.values)],
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Every call, newest first."""
        pages, state = WebhookPages(), request.query_params.get("state", "")
        found = selectors.deliveries(user=signed_in(request), webhook_id=webhook_id, state=state)
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response(WebhookDeliveryOut(rows, many=True).data)


class OneDelivery(WebhookView):
    @extend_schema(responses=DeliveryShownOut, operation_id="webhooks_delivery", tags=["webhooks"])
    def get(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """What was sent, and what came of each try."""
        person = signed_in(request)
        shown = selectors.delivery(user=person, webhook_id=webhook_id, delivery_id=delivery_id)
        return Response(DeliveryShownOut(shown).data)


class Redeliver(WebhookView):
    @extend_schema(
        request=None, responses={202: WebhookDeliveryOut}, operation_id="webhooks_redeliver", tags=["webhooks"]
    )
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send the same news with the same id again."""
        names = {"webhook_id": webhook_id, "delivery_id": delivery_id}
        sent = hooks.redeliver(**names, by=signed_in(request), at=now())
        return Response(WebhookDeliveryOut(sent).data, status=202)


def _once(made: hooks.MadeWebhook, status: int) -> Response:
    return Response(MadeWebhookOut(made).data, status=status, headers={"Cache-Control": "no-store"})
