"""People are told once, in their language, by letter if they want it, and remember their days."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import services
from accounts.models import (
    AuditEntry,
    Business,
    DataRequestKind,
    Mail,
    Notification,
    Reminder,
    ReminderKind,
    ReminderState,
    User,
)
from accounts.models.data_requests import ANSWERED_WITHIN
from accounts.selectors.notice_texts import WORDINGS, worded
from accounts.services import Occasion
from accounts.tasks import chase_data_requests, send_reminders, tell_maker, tell_members, watch_house
from creditiq.kernel import health
from creditiq.kernel.errors import NotVisible
from creditiq.wiring import FLOW
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, BankFactory, ConsentFactory, MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)
HOLE = re.compile(r"\{(\w+)\}")


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory()).user


@pytest.fixture
def business(owner: User) -> Business:
    return Business.register.get(memberships__user=owner)


def portal(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def scored(business: Business, run: int = 1) -> list[Notification]:
    return services.tell_members(topic="scoring.ScoreIssued", business_id=business.pk, ids={"score_id": run}, at=AT)


def test_an_event_is_told_once_with_a_letter_as_its_twin(owner: User, business: Business) -> None:
    assert len(scored(business)) == 1
    assert scored(business) == []
    assert scored(business, run=2) == []  # once a day is enough
    (news,) = Notification.objects.of(owner)
    (letter,) = Mail.objects.filter(to=owner.email)
    assert (news.title, news.path) == ("Your score is ready", "/owner/score")
    assert letter.subject == news.title
    assert news.text in letter.text


def test_who_wants_no_mail_gets_none(owner: User, business: Business) -> None:
    User.objects.filter(pk=owner.pk).update(wants_mail=False)
    assert len(scored(business)) == 1
    assert not Mail.objects.exists()


def test_news_comes_in_the_language_of_the_person(owner: User, business: Business) -> None:
    User.objects.filter(pk=owner.pk).update(language="hi")
    assert scored(business)[0].title == "आपका स्कोर तैयार है"


def test_a_letter_goes_out_as_text_and_html(owner: User, business: Business) -> None:
    scored(business)
    services.send_mail(mail_id=Mail.objects.get().pk, at=AT)
    (sent,) = mail.outbox
    assert "<h1>Your score is ready</h1>" in sent.alternatives[0][0]


def test_every_event_whose_members_are_told_has_words(owner: User, business: Business) -> None:
    consent = ConsentFactory(business=business, organisation=BankFactory())
    topics = [event for event, tasks in FLOW.items() if tell_members in tasks]
    for event in topics:
        ids = {name: consent.pk for name in event.__dataclass_fields__ if name != "business_id"}
        tell_members(topic=event.topic(), business_id=business.pk, **ids)
    assert Notification.objects.of(owner).count() == len(topics) > 6


def test_a_consent_that_ends_soon_is_told_once(owner: User, business: Business) -> None:
    ConsentFactory(business=business, organisation=BankFactory(), expires_at=AT + timedelta(days=3))
    assert services.warn_of_ending_consents(at=AT) == 1
    assert services.warn_of_ending_consents(at=AT + timedelta(days=1)) == 0


def test_the_tray_reads_one_and_all(owner: User, business: Business) -> None:
    scored(business)
    client, news = portal(owner), Notification.objects.get()
    assert b"1 unread" in client.get("/notifications/bell").content
    assert client.post(f"/notifications/{news.uuid}/read").headers["Location"] == "/owner/score"
    assert b"unread" not in client.get("/notifications/bell").content
    services.tell_members(topic="lending.DecisionMade", business_id=business.pk, ids={"decision_id": 1}, at=AT)
    api = signed_in(owner)
    assert [row["title"] for row in api.get("/api/v1/notifications?unread=true").json()["results"]] == [
        "News of your loan application"
    ]
    assert api.post("/api/v1/notifications/read").json() == {"changed": 1}
    assert api.post("/api/v1/notifications/read").json() == {"changed": 0}


def test_nobody_reads_the_news_of_another(business: Business) -> None:
    scored(business)
    with pytest.raises(NotVisible):
        services.read_notification(notification_id=Notification.objects.get().uuid, by=OwnerFactory(), at=AT)


@pytest.mark.parametrize("rows", [1, 5])
def test_the_lists_take_the_same_queries_whatever_their_length(
    rows: int, owner: User, business: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        services.tell_members(topic="lending.DecisionMade", business_id=business.pk, ids={"decision_id": number}, at=AT)
        services.schedule_reminder(business_id=business.pk, occasion=emi(number), at=AT)
    client, api = portal(owner), signed_in(owner)
    for door, address, queries in (
        (client, "/notifications", 5),
        (client, "/reminders", 5),
        (api, "/api/v1/notifications", 2),
        (api, "/api/v1/reminders", 2),
    ):
        door.get(address)
        with django_assert_num_queries(queries):
            assert door.get(address).status_code == 200


def emi(number: int = 1, on: date = TODAY) -> Occasion:
    return Occasion(ReminderKind.EMI, f"emi:{number}", f"Instalment {number}", on)


def test_the_gst_calendar_is_filled_once(business: Business) -> None:
    assert services.plan_reminders(at=AT) == 5  # two months of two returns, and the yearly one
    assert services.plan_reminders(at=AT) == 0
    assert set(Reminder.objects.values_list("title", flat=True)) >= {"GSTR-1 for 2026-10", "GSTR-9 for 2025-26"}


@pytest.mark.parametrize(
    ("days", "state"),
    [(8, ReminderState.UPCOMING), (7, ReminderState.DUE), (0, ReminderState.DUE), (-1, ReminderState.OVERDUE)],
)
def test_the_state_follows_the_day(days: int, state: ReminderState, business: Business) -> None:
    reminder = services.schedule_reminder(business_id=business.pk, occasion=emi(on=TODAY + timedelta(days=days)), at=AT)
    assert reminder.state_on(TODAY) == state
    assert list(Reminder.objects.all().in_state(state, TODAY)) == [reminder]


def test_reminders_tell_three_days_before_on_the_day_and_after_it(business: Business) -> None:
    services.schedule_reminder(business_id=business.pk, occasion=emi(on=TODAY + timedelta(days=3)), at=AT)
    told = [services.send_reminders(at=AT + timedelta(days=day)) for day in range(6)]
    assert told == [1, 0, 0, 1, 1, 0]
    assert list(Notification.objects.order_by("pk").values_list("topic", flat=True)) == [
        "reminder.soon",
        "reminder.today",
        "reminder.overdue",
    ]


def test_what_is_done_is_told_no_more(owner: User, business: Business) -> None:
    reminder = services.schedule_reminder(business_id=business.pk, occasion=emi(), at=AT)
    assert services.complete_scheduled(business_id=business.pk, source="emi:1", at=AT) == 1
    assert services.send_reminders(at=AT) == 0
    answer = signed_in(owner).post(f"/api/v1/reminders/{reminder.uuid}/complete").json()
    assert answer["state"] == "completed"


def test_an_owner_ticks_off_their_own_only(owner: User, business: Business) -> None:
    reminder = services.schedule_reminder(business_id=business.pk, occasion=emi(), at=AT)
    other = MembershipFactory().user
    assert portal(other).post(f"/reminders/{reminder.uuid}/done").status_code == 404
    assert portal(owner).post(f"/reminders/{reminder.uuid}/done").status_code == 302
    assert services.complete_reminder(reminder_id=reminder.uuid, by=owner, at=timezone.now()).completed_by == owner


def test_the_feed_opens_with_its_key_until_the_sessions_are_ended(owner: User, business: Business) -> None:
    services.schedule_reminder(business_id=business.pk, occasion=emi(), at=AT)
    address = f"/calendar/{services.feed_token(owner)}.ics"
    answer = Client().get(address)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert b"SUMMARY:Instalment 1" in answer.content
    assert Client().get("/calendar/not-a-key.ics").status_code == 404
    User.objects.filter(pk=owner.pk).update(token_version=7)
    assert Client().get(address).status_code == 404


def test_the_clock_sends_reminders_and_a_maker_of_a_cancelled_request_is_not_told() -> None:
    send_reminders()
    assert not Notification.objects.exists()
    assert tell_maker in FLOW[services.approvals.ApprovalDecided]
    assert AdminFactory().notifications.count() == 0


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_every_notice_has_words_in_every_language(language: str) -> None:
    for topic, wording in WORDINGS.items():
        holes = set(HOLE.findall(wording.title + wording.text + wording.path))
        facts = {hole: f"<{hole}>" for hole in holes}
        notice, english = (worded(topic, language=spoken, facts=facts) for spoken in (language, "en"))
        assert notice.title != english.title, topic
        assert notice.text != english.text or not re.sub(r"[\s.:]", "", HOLE.sub("", wording.text)), topic
        assert all(f"<{hole}>" in notice.title + notice.text + notice.path for hole in holes), topic


def test_a_stored_notice_is_read_in_the_language_of_its_reader(owner: User, business: Business) -> None:
    scored(business)
    User.objects.filter(pk=owner.pk).update(language="ta")
    page = portal(User.objects.get(pk=owner.pk)).get("/notifications").content.decode()
    assert "உங்கள் மதிப்பெண் தயார்" in page
    assert "Your score is ready" not in page
    news = signed_in(User.objects.get(pk=owner.pk)).get("/api/v1/notifications").json()["results"][0]
    assert news["title"] == "உங்கள் மதிப்பெண் தயார்"
    assert business.trade_name in news["text"]


def test_a_letter_is_written_in_the_language_of_its_reader_and_says_so(owner: User, business: Business) -> None:
    User.objects.filter(pk=owner.pk).update(language="kn")
    scored(business)
    letter = Mail.objects.get(to=owner.email)
    services.send_mail(mail_id=letter.pk, at=AT)
    sent = mail.outbox[-1]
    assert sent.subject == "ನಿಮ್ಮ ಸ್ಕೋರ್ ಸಿದ್ಧವಾಗಿದೆ"
    assert "ಏನೂ ಮಾಡಬೇಡಿ" in sent.body
    assert '<html lang="kn">' in sent.alternatives[0][0]


def test_requests_about_data_are_brought_to_administrators_before_they_are_late(owner: User) -> None:
    admin = AdminFactory()
    services.ask_about_data(kind=DataRequestKind.ERASURE, text="", by=owner, at=AT)
    assert services.chase_data_requests(at=AT) == 0
    near = AT + ANSWERED_WITHIN - timedelta(hours=40)
    assert services.chase_data_requests(at=near) == 1
    assert services.chase_data_requests(at=near) == 1
    assert services.chase_data_requests(at=near + timedelta(days=1)) == 1
    chase_data_requests()
    assert Notification.objects.of(admin).filter(topic="data_request.due").count() == 2
    entry = AuditEntry.objects.filter(action="data_request.queue_read").order_by("pk")[1]
    assert entry.content == {"open": 1, "near_or_late": 1, "late": 0, "erasures": 1, "erasures_held": 0}


def test_the_house_says_once_what_fails_and_that_it_is_well_again() -> None:
    admin, sick = AdminFactory(), {"ok": False}
    health.register("drill", lambda: sick)
    try:
        assert "drill" in services.watch_house(at=AT)
        assert "drill" in services.watch_house(at=AT + timedelta(minutes=5))
        (told,) = Notification.objects.of(admin).filter(topic="house.failing")
        assert "drill" in told.text
        sick["ok"] = True
        assert "drill" not in services.watch_house(at=AT + timedelta(minutes=10))
        acts = AuditEntry.objects.filter(action__startswith="house.").order_by("pk")
        assert [("drill" in act.content["parts"]) for act in acts] == [True, False]
        watch_house()
    finally:
        health.register("drill", dict)
