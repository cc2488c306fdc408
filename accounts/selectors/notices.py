"""What a person was told, and the days of their businesses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.engine.icalendar import Entry
from accounts.models import Business, Notification, Reminder, ReminderState, User
from creditiq.kernel.hot import HotRead

IN_THE_TRAY = 8
IN_THE_FEED = 500
UNREAD = HotRead("unread", event_field="user_id", seconds=300)
"""How much a person has not read: every page asks, and `Notified` ends the answer."""


@dataclass(frozen=True)
class ReminderShown:
    """A reminder with the state it has on the day of asking; `days` until its day, negative after it."""

    reminder: Reminder
    state: ReminderState
    days: int

    @property
    def tone(self) -> str:
        """Tone of its badge."""
        return {"overdue": "bad", "due": "warn", "completed": "good"}.get(self.state, "neutral")


@dataclass(frozen=True)
class Tray:
    """The newest news and how much is unread."""

    unread: int
    newest: tuple[Notification, ...]


def notifications(*, user: User, unread_only: bool = False) -> QuerySet[Notification]:
    """What the person was told, newest first."""
    rows = Notification.objects.of(user)
    return (rows.unread() if unread_only else rows).select_related("business").order_by("-happened_at", "-pk")


def tray(*, user: User) -> Tray:
    """For the bell."""
    unread = UNREAD.of(user.pk, Notification.objects.of(user).unread().count)
    return Tray(unread, tuple(notifications(user=user)[:IN_THE_TRAY]))


def reminders(*, user: User, today: date, state: str = "") -> QuerySet[Reminder]:
    """Reminders of the businesses the person may see, by day; `state` narrows when it is one we know."""
    visible = Business.objects.visible_to(user).values("pk")
    rows = Reminder.objects.filter(business__in=visible).in_state(state, today)
    order = ("-due_on", "-pk") if state == ReminderState.COMPLETED else ("due_on", "pk")
    return rows.select_related("business").order_by(*order)


def shown_reminder(reminder: Reminder, today: date) -> ReminderShown:
    """The reminder as of that day."""
    return ReminderShown(reminder, reminder.state_on(today), (reminder.due_on - today).days)


def feed_entries(*, user: User) -> Iterator[Entry]:
    """The newest reminders of the businesses a person speaks for, as calendar entries."""
    rows = Reminder.objects.filter(business__memberships__user=user).select_related("business")
    for reminder in rows.order_by("-due_on", "-pk")[:IN_THE_FEED]:
        title = f"{reminder.title}, {reminder.business.trade_name}"
        done = reminder.completed_at is not None
        yield Entry(str(reminder.uuid), title, reminder.due_on, done, reminder.changed_at)
