"""Days that a business should not forget: planned ahead, told in time, ticked off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction

from accounts import audit
from accounts.models import Business, Reminder, ReminderKind, User
from accounts.services.notices import tell
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.gst_calendar import returns_due

PLANNED = timedelta(days=62)
"""How far ahead the calendar is filled."""
WARNED = timedelta(days=3)
FORGOTTEN = timedelta(days=30)
"""How long after its day an open reminder is still told of as overdue."""
SALT = "accounts.reminders.feed"


@dataclass(frozen=True)
class Occasion:
    """What is to be remembered: `source` is its maker's name for it, and makes it one reminder."""

    kind: ReminderKind
    source: str
    title: str
    due_on: date


def schedule_reminder(*, business_id: int, occasion: Occasion, at: datetime) -> Reminder:
    """Set a reminder, or move it, in the caller's transaction; one that is completed stays so."""
    reminder, _ = Reminder.objects.update_or_create(
        business_id=business_id,
        source=occasion.source,
        defaults={"kind": occasion.kind, "title": occasion.title, "due_on": occasion.due_on, "changed_at": at},
    )
    return reminder


def complete_scheduled(*, business_id: int, source: str, at: datetime) -> int:
    """What the reminder was for has happened (an instalment came in); in the caller's transaction."""
    open_ones = Reminder.objects.open().filter(business_id=business_id, source=source)
    return open_ones.update(completed_at=at, changed_at=at)


def complete_reminder(*, reminder_id: UUID, by: User, at: datetime) -> Reminder:
    """An owner ticks a reminder off; again changes nothing. Raises NotVisible."""
    visible = Business.objects.visible_to(by).values("pk")
    with transaction.atomic(durable=True):
        reminder = Reminder.objects.select_for_update().filter(uuid=reminder_id, business__in=visible).first()
        if reminder is None:
            raise NotVisible
        if reminder.completed_at is None:
            reminder.completed_at, reminder.changed_at, reminder.completed_by = at, at, by
            reminder.save(update_fields=["completed_at", "changed_at", "completed_by"])
            audit.record("reminder.completed", target=reminder, at=at, by=by, payload={"source": reminder.source})
    return reminder


def plan_reminders(*, at: datetime) -> int:
    """Fill the GST calendar of every business that somebody speaks for; how many are new. Twice is harmless."""
    today = at.astimezone(IST).date()
    rows = []
    for business in Business.register.filter(memberships__isnull=False).distinct().order_by("pk"):
        owed = returns_due(
            since=max(today, business.registered_on),
            until=today + PLANNED,
            state_code=business.state_code,
            quarterly=business.quarterly_filer,
        )
        rows += [
            Reminder(
                business=business,
                kind=due.which.value,
                title=due.title,
                source=f"gst:{due.which}:{due.period}",
                due_on=due.due_on,
                changed_at=at,
            )
            for due in owed
        ]
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return Reminder.objects.count() - before


def send_reminders(*, at: datetime) -> int:
    """Tell of what is due within three days, today, or overdue, once for each; how many people were told."""
    today = at.astimezone(IST).date()
    near = Reminder.objects.open().filter(due_on__range=(today - FORGOTTEN, today + WARNED))
    told = 0
    for reminder in near.select_related("business").order_by("due_on", "pk"):
        topic = _topic(reminder.due_on, today)
        people = User.objects.active().filter(memberships__business=reminder.business).distinct().order_by("pk")
        facts = {
            "what": reminder.title,
            "business": reminder.business.trade_name,
            "day": f"{reminder.due_on:%d %b %Y}",
        }
        source = f"{topic}:{reminder.pk}:{reminder.due_on}"
        with transaction.atomic(durable=True):
            told += len(tell(users=people, topic=topic, source=source, at=at, business=reminder.business, facts=facts))
    return told


def _topic(due_on: date, today: date) -> str:
    if due_on < today:
        return "reminder.overdue"
    return "reminder.today" if due_on == today else "reminder.soon"


def feed_token(user: User) -> str:
    """The key of a person's calendar feed; it ends when every session of the person is ended."""
    return signing.dumps([str(user.uuid), user.token_version], salt=SALT)


def feed_reader(token: str) -> User:
    """Whose feed it is. Raises NotVisible for a key that is not ours or no longer good."""
    try:
        public_id, version = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotVisible from error
    user = User.objects.active().filter(uuid=public_id, token_version=version).first()
    if user is None:
        raise NotVisible
    return user
