"""Notifications, reminders, jobs and what was set aside, for programs."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.models import ReminderKind, ReminderState
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.pages import KeyedPages


class NotificationOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    topic = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    path = serializers.CharField(help_text="the page it is about; empty for none")
    business = serializers.UUIDField(source="business.uuid", default=None, allow_null=True)
    happened_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NotificationOut(many=True)


class ReadOut(serializers.Serializer[object]):
    changed = serializers.IntegerField(help_text="how many were unread")


class ReminderOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="reminder.uuid")
    business = serializers.UUIDField(source="reminder.business.uuid")
    kind = serializers.ChoiceField(source="reminder.kind", choices=ReminderKind.choices)
    title = serializers.CharField(source="reminder.title")
    due_on = serializers.DateField(source="reminder.due_on")
    state = serializers.ChoiceField(choices=ReminderState.choices)
    days = serializers.IntegerField(help_text="until the day; negative after it")
    completed_at = serializers.DateTimeField(source="reminder.completed_at", allow_null=True)


class ReminderPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReminderOut(many=True)


class NotificationPages(KeyedPages):
    ordering = ("-happened_at", "-pk")


class ReminderPages(KeyedPages):
    ordering = ("changed_at", "pk")


class Notifications(APIView):
    @extend_schema(
        responses=NotificationPageOut,
        operation_id="notifications_list",
        tags=["account life"],
        parameters=[OpenApiParameter("unread", bool)],
    )
    def get(self, request: Request) -> Response:
        """What you were told, newest first; `unread=true` for what you have not read."""
        pages, unread = NotificationPages(), request.query_params.get("unread", "").lower() == "true"
        reader = signed_in(request)
        rows = pages.paginate_queryset(selectors.notifications(user=reader, unread_only=unread), request, self) or []
        news = [selectors.told(one, reader.language) for one in rows]
        return pages.get_paginated_response(NotificationOut(news, many=True).data)


class ReadNotifications(APIView):
    @extend_schema(request=None, responses=ReadOut, operation_id="notifications_read_all", tags=["account life"])
    def post(self, request: Request) -> Response:
        """Mark everything as read."""
        changed = services.read_all_notifications(by=signed_in(request), at=now())
        return Response(ReadOut({"changed": changed}).data)


class ReadNotification(APIView):
    @extend_schema(request=None, responses=NotificationOut, operation_id="notification_read", tags=["account life"])
    def post(self, request: Request, notification_id: UUID) -> Response:
        """Mark one as read."""
        news = services.read_notification(notification_id=notification_id, by=signed_in(request), at=now())
        return Response(NotificationOut(selectors.told(news, signed_in(request).language)).data)


class Reminders(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_OWN_SCORE

    @extend_schema(
        responses=ReminderPageOut,
        operation_id="reminders_list",
        tags=["account life"],
        parameters=[OpenApiParameter("state", enum=ReminderState.values)],
    )
    def get(self, request: Request) -> Response:
        """Days your business should not forget."""
        pages, today = ReminderPages(), now().astimezone(IST).date()
        state = request.query_params.get("state", "")
        found = pages.paginate_queryset(
            selectors.reminders(user=signed_in(request), today=today, state=state), request, self
        )
        rows = [selectors.shown_reminder(reminder, today) for reminder in found or []]
        return pages.get_paginated_response(ReminderOut(rows, many=True).data)


class CompleteReminder(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_OWN_SCORE

    @extend_schema(request=None, responses=ReminderOut, operation_id="reminder_complete", tags=["account life"])
    def post(self, request: Request, reminder_id: UUID) -> Response:
        """Tick a reminder off."""
        moment = now()
        reminder = services.complete_reminder(reminder_id=reminder_id, by=signed_in(request), at=moment)
        return Response(ReminderOut(selectors.shown_reminder(reminder, moment.astimezone(IST).date())).data)
