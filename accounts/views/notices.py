"""The tray of news, the calendar of reminders and its feed."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import selectors, services
from accounts.engine import icalendar
from accounts.models import ReminderState
from accounts.permissions import Capability, page_for, signed_in
from accounts.views.entrance import origin_of
from creditiq.kernel.clock import IST, now

PER_PAGE = 25


@require_GET
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """Everything one was told, newest first."""
    return render(request, "accounts/notifications.html", _told(request))


@require_GET
@login_required
def notifications_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, fetched when there is news."""
    return render(request, "accounts/notifications.html#panel", _told(request))


@require_GET
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the header with the number of what is unread."""
    return render(request, "accounts/_bell.html", {"tray": selectors.tray(user=signed_in(request))})


@require_POST
@login_required
def read(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Mark one as read and go to the page it is about."""
    news = services.read_notification(notification_id=notification_id, by=signed_in(request), at=now())
    return redirect(news.path or "accounts:notifications")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.read_all_notifications(by=signed_in(request), at=now())
    return redirect("accounts:notifications")


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def reminders(request: HttpRequest) -> HttpResponse:
    """What the business owes when: due, overdue, upcoming or completed."""
    person, today = signed_in(request), now().astimezone(IST).date()
    state = request.GET.get("state", "")
    rows = selectors.reminders(user=person, today=today, state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    feed = reverse("accounts:reminder_feed", args=[services.feed_token(person)])
    context = {
        "page": page,
        "rows": [selectors.shown_reminder(reminder, today) for reminder in page],
        "state": state,
        "states": [("", "All"), *ReminderState.choices],
        "feed": f"{origin_of(request)}{feed}",
    }
    return render(request, "accounts/reminders.html", context)


@require_POST
@page_for(Capability.VIEW_OWN_SCORE)
def complete_reminder(request: HttpRequest, reminder_id: UUID) -> HttpResponse:
    """Tick a reminder off."""
    reminder = services.complete_reminder(reminder_id=reminder_id, by=signed_in(request), at=now())
    messages.success(request, f"{reminder.title} is done.", extra_tags="good")
    return redirect("accounts:reminders")


@require_GET
def reminder_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The reminders for a calendar program, which shows the key instead of signing in."""
    person = services.feed_reader(token)
    text = icalendar.feed(name="CreditIQ reminders", entries=selectors.feed_entries(user=person))
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="creditiq.ics"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _told(request: HttpRequest) -> dict[str, object]:
    reader, unread_only = signed_in(request), request.GET.get("show") == "unread"
    rows = selectors.notifications(user=reader, unread_only=unread_only)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    news = [selectors.told(one, reader.language) for one in page]
    return {"rows": page, "news": news, "unread_only": unread_only}
