"""A tenant's server is called, signed, when something its person may read happens; and again until it answers."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import selectors, services, tasks
from accounts.engine.webhooks import verify
from accounts.events import ConsentGranted
from accounts.models import AuditEntry, Consent, Notification, User, Webhook, WebhookDelivery, WebhookTry
from accounts.permissions import Capability
from accounts.services import calling
from accounts.services import webhooks as hooks
from creditiq.announcements import ANNOUNCED
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events, publish
from creditiq.wiring import FLOW
from fraud.events import AlertRaised
from fraud.models import Alert, Ring, RingMember
from tests.accounts.conftest import signed_in
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import (
    AnalystFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    RiskManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/creditiq"
GRANTED = ConsentGranted.topic()


@dataclass
class Receiver:
    """Somebody's server: what it got, and what it answers next."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_LOCAL_HOSTS = ["127.0.0.1:*"]
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def consent() -> Consent:
    consent = ConsentFactory()
    MembershipFactory(business=consent.business)
    return consent


@pytest.fixture
def officer(consent: Consent) -> User:
    return OfficerFactory(organisation=consent.organisation)


def made(by: User, *events: str, url: str = HOOK) -> hooks.MadeWebhook:
    terms = hooks.WebhookTerms(url, events or ("consent.granted",))
    return hooks.create_webhook(terms=terms, by=by, at=now())


def announced(consent: Consent, at: datetime | None = None) -> list[WebhookDelivery]:
    ids = {"consent_id": consent.pk, "business_id": consent.business_id}
    return hooks.announce(topic=GRANTED, ids=ids, at=at or now())


def test_news_reaches_the_server_signed_and_says_ids_only(consent: Consent, officer: User, receiver: Receiver) -> None:
    hook = made(officer, url=receiver.url)
    with capture_events() as events:
        delivery = announced(consent)[0]
    assert [event.topic() for event in events] == ["accounts.WebhookDue"]
    tasks.send_webhook.run(delivery_id=delivery.pk)
    tasks.send_webhook.run(delivery_id=delivery.pk)
    (headers, body), *more = receiver.got
    assert more == []
    verify(secret=hook.secret, headers=headers, body=body, now=time.time())
    said = json.loads(body)
    assert (said["type"], said["data"]["business"]) == ("consent.granted", str(consent.business.uuid))
    assert said["data"]["subject"] == str(consent.uuid)
    assert headers["webhook-id"] == said["id"] == str(delivery.uuid)
    assert consent.business.gstin not in body.decode()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("delivered", 1)


def test_the_same_news_is_sent_once(consent: Consent, officer: User) -> None:
    made(officer)
    assert (len(announced(consent)), len(announced(consent))) == (1, 0)


def test_nobody_hears_what_they_may_not_read(consent: Consent) -> None:
    stranger, other_bank, individual = MembershipFactory(user=OwnerFactory()).user, OfficerFactory(), UserFactory()
    owner = consent.business.memberships.get().user
    for person in (stranger, other_bank, owner):
        made(person)
    assert [one.webhook.made_by for one in announced(consent)] == [owner]
    with pytest.raises(Forbidden):
        made(individual, "score.issued")
    with pytest.raises(Forbidden):
        made(other_bank, "alert.raised")
    with pytest.raises(InvalidInput):
        made(owner, "everything")
    User.objects.filter(pk=owner.pk).update(is_active=False)
    Webhook.objects.update(state="live")
    assert hooks.announce(topic=GRANTED, ids={"consent_id": consent.pk, "business_id": 0}, at=now()) == []


def test_an_alert_of_a_ring_is_heard_by_who_may_see_one_of_its_members_only(consent: Consent) -> None:
    insider, outsider = (
        RiskManagerFactory(organisation=consent.organisation),
        RiskManagerFactory(organisation=OfficerFactory().organisation),
    )
    for person in (insider, outsider):
        made(person, "alert.raised")
    figures = dict.fromkeys(
        ("confidence", "recurrence", "retention", "hop_hours", "concentration", "velocity_paise"), 1
    )
    more = dict.fromkeys(("value_paise", "externality", "goods_support"), 1)
    ring = Ring.objects.create(first_seen_at=now(), screened_at=now(), suspect=True, evidence=[], **figures, **more)
    RingMember.objects.create(ring=ring, business=consent.business, suspect=True, **figures)
    alert = Alert.objects.create(ring=ring, opened_at=now())
    told = hooks.announce(topic=AlertRaised.topic(), ids={"alert_id": alert.pk}, at=now())
    assert [one.webhook.made_by for one in told] == [insider]


def test_news_of_no_business_is_for_the_person_it_names_or_for_nobody() -> None:
    said = hooks.Announced("x", (Capability.LINK_WALLETS,), "user_id", User, "", "")
    holder, other = OwnerFactory(), OwnerFactory()
    heard = [
        hooks._may_hear(person, said, holder, ids)
        for person, ids in ((holder, {"user_id": holder.pk}), (other, {"user_id": holder.pk}), (holder, {}))
    ]
    assert heard == [True, False, False]


def test_a_webhook_does_not_follow_its_maker_out_of_the_tenant(
    consent: Consent, officer: User, receiver: Receiver
) -> None:
    made(officer, url=receiver.url)
    waiting = announced(consent)[0]
    ConsentFactory(business=consent.business, organisation=(other := OfficerFactory().organisation))
    User.objects.filter(pk=officer.pk).update(organisation=other)
    assert calling.send_webhook(delivery_id=waiting.pk, at=now()) is None
    waiting.refresh_from_db()
    assert (waiting.state, receiver.got) == ("failed", [])
    WebhookDelivery.objects.all().delete()
    assert announced(consent) == []
    User.objects.filter(pk=officer.pk).update(organisation=consent.organisation)
    assert len(announced(consent)) == 1


def test_a_bank_hears_that_a_consent_was_taken_back(consent: Consent, officer: User) -> None:
    made(officer, "consent.withdrawn")
    Consent.objects.filter(pk=consent.pk).update(status="withdrawn", withdrawn_at=now())
    ids = {"consent_id": consent.pk, "business_id": consent.business_id}
    assert len(hooks.announce(topic="accounts.ConsentWithdrawn", ids=ids, at=now())) == 1


def test_a_failing_server_is_tried_again_for_three_days_then_disabled_and_its_maker_told(
    consent: Consent, officer: User, receiver: Receiver
) -> None:
    receiver.answers = [500] * 20
    hook = made(officer, url=receiver.url).webhook
    at = now()
    delivery, first = announced(consent, at)[0], at
    while delivery.state == "waiting":
        at = max(at, delivery.due_at)
        assert calling.send_webhook(delivery_id=delivery.pk, at=at) is not None
        assert calling.send_webhook(delivery_id=delivery.pk, at=at) is None
        delivery.refresh_from_db()
    hook.refresh_from_db()
    assert (delivery.state, delivery.tries, hook.state) == ("failed", 11, "disabled")
    assert timedelta(hours=71) < at - first <= timedelta(days=3)
    assert Notification.objects.get(user=officer).topic == "webhook.disabled"
    assert AuditEntry.objects.filter(action="webhook.disabled").count() == 1
    assert announced(consent) == []
    with pytest.raises(hooks.UnableToDeliver):
        hooks.redeliver(webhook_id=hook.uuid, delivery_id=delivery.uuid, by=officer, at=at)
    hooks.switch_webhook(webhook_id=hook.uuid, on=True, by=officer, at=at)
    receiver.answers = []
    hooks.redeliver(webhook_id=hook.uuid, delivery_id=delivery.uuid, by=officer, at=at)
    calling.send_webhook(delivery_id=delivery.pk, at=at)
    shown = selectors.delivery(user=officer, webhook_id=hook.uuid, delivery_id=delivery.uuid)
    assert [one.status for one in shown.tries] == [500] * 11 + [204]
    assert shown.delivery.state == "delivered"


@pytest.mark.parametrize(("answer", "state"), [(302, "live"), (410, "disabled"), (429, "live")])
def test_a_redirect_is_not_followed_and_gone_is_gone(
    answer: int, state: str, consent: Consent, officer: User, receiver: Receiver
) -> None:
    receiver.answers = [answer]
    hook = made(officer, url=receiver.url).webhook
    calling.send_webhook(delivery_id=announced(consent)[0].pk, at=now())
    hook.refresh_from_db()
    assert (len(receiver.got), hook.state) == (1, state)


def test_a_server_that_became_private_is_not_called(consent: Consent, officer: User, settings: Settings) -> None:
    with receiving() as receiver:
        settings.WEBHOOK_LOCAL_HOSTS = ["127.0.0.1:*"]
        made(officer, url=receiver.url)
        settings.WEBHOOK_LOCAL_HOSTS = []
        tried = calling.send_webhook(delivery_id=announced(consent)[0].pk, at=now())
        assert tried is not None
        assert (tried.status, receiver.got) == (None, [])
        assert "numbers are not taken" in tried.error


def test_a_name_that_leads_inside_is_refused_when_it_is_registered(officer: User) -> None:
    for url in ("https://127.0.0.1/", "http://hooks.example.com/", "https://metadata.google.internal/"):
        with pytest.raises(InvalidInput):
            made(officer, url=url)


def test_after_a_rotation_both_secrets_verify_for_a_day(consent: Consent, officer: User, receiver: Receiver) -> None:
    first = made(officer, url=receiver.url)
    second = hooks.rotate_webhook_secret(webhook_id=first.webhook.uuid, by=officer, at=now())
    assert first.secret != second.secret
    assert Webhook.objects.values_list("secret", flat=True).get() not in {first.secret, second.secret}
    calling.send_webhook(delivery_id=announced(consent)[0].pk, at=now())
    for secret in (first.secret, second.secret):
        verify(secret=secret, headers=receiver.got[0][0], body=receiver.got[0][1], now=time.time())
    assert Webhook.objects.get().secrets_at(now() + timedelta(hours=25)) == (second.secret,)


def test_the_clock_hands_over_what_is_due(consent: Consent, officer: User) -> None:
    made(officer)
    delivery = announced(consent)[0]
    WebhookDelivery.objects.update(due_at=now() + timedelta(hours=1))
    assert calling.retry_webhooks(at=now()) == 0
    assert calling.retry_webhooks(at=now() + timedelta(hours=2)) == 1
    Webhook.objects.update(state="off")
    tasks.retry_webhooks.run()
    assert WebhookTry.objects.filter(delivery=delivery).count() == 0


def test_every_announced_event_is_wired_to_be_announced_and_no_other() -> None:
    wired = {event for event, hearers in FLOW.items() if tasks.announce in hearers}
    assert wired == set(ANNOUNCED)
    assert len({said.name for said in ANNOUNCED.values()}) == len(ANNOUNCED)


def test_an_event_without_an_address_costs_one_question(
    consent: Consent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        tasks.announce.run(topic=GRANTED, consent_id=consent.pk, business_id=consent.business_id)
    with transaction.atomic():
        publish(ConsentGranted(consent_id=consent.pk, business_id=consent.business_id))


def test_through_the_interface_a_tenant_sees_its_own_only(officer: User, receiver: Receiver) -> None:
    api = signed_in(officer)
    events = [one["name"] for one in api.get("/api/v1/webhooks/events").json()]
    assert "loan.changed" in events
    assert "alert.raised" not in events
    answer = api.post("/api/v1/webhooks", {"url": receiver.url, "events": ["score.issued"]})
    assert answer.status_code == 201
    assert answer.json()["secret"].startswith("whsec_")
    address = f"/api/v1/webhooks/{answer.json()['id']}"
    sent = api.post(f"{address}/test")
    assert sent.status_code == 202
    calling.send_webhook(delivery_id=WebhookDelivery.objects.get().pk, at=now())
    assert api.get(f"{address}/deliveries?state=delivered").json()["results"][0]["event"] == "webhook.test"
    call = f"{address}/deliveries/{sent.json()['id']}"
    assert api.get(call).json()["tries"][0]["status"] == 204
    assert api.post(f"{call}/redeliver").status_code == 202
    assert api.patch(address, {"on": False, "events": ["loan.changed"]}).json()["state"] == "off"
    colleague, stranger = OfficerFactory(organisation=officer.organisation), signed_in(OfficerFactory())
    assert signed_in(colleague).get(address).json()["events"] == ["loan.changed"]
    for method, path in (("get", address), ("delete", address), ("post", f"{address}/rotate"), ("get", call)):
        assert getattr(stranger, method)(path).status_code == 404
    assert api.post(f"{address}/rotate").status_code == 200
    assert api.delete(address).status_code == 204
    assert api.get("/api/v1/webhooks").json()["results"] == []


def test_a_webhook_is_made_in_person_who_just_confirmed(officer: User) -> None:
    program = services.create_key(
        terms=services.KeyTerms(name="nightly", scopes=("view_score",)), by=officer, at=now()
    ).secret
    api = signed_in(officer)
    api.credentials(HTTP_AUTHORIZATION=f"Api-Key {program}")
    assert api.get("/api/v1/webhooks").status_code == 403
    late = Client()
    late.force_login(officer, backend="accounts.adapters.VerifiedBackend")
    session = late.session
    session.pop("confirmed_at", None)
    session.save()
    with switched(ENABLE_STEP_UP=True):
        answer = late.post("/account/webhooks", {"url": HOOK, "events": ["score.issued"]})
    assert answer.status_code in {302, 403}
    assert not Webhook.objects.exists()


def test_the_pages_show_the_secret_once_and_every_call(officer: User, receiver: Receiver, client: Client) -> None:
    client.force_login(officer, backend="accounts.adapters.VerifiedBackend")
    refused = client.post("/account/webhooks", {"url": "https://10.0.0.1/", "events": ["score.issued"]})
    assert refused.status_code == 422
    assert "numbers are not taken" in refused.content.decode()
    answer = client.post("/account/webhooks", {"url": receiver.url, "events": ["score.issued"]})
    assert "whsec_" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    hook = Webhook.objects.get()
    page = f"/account/webhooks/{hook.uuid}"
    assert client.post(f"{page}/test").status_code == 302
    call = WebhookDelivery.objects.get()
    calling.send_webhook(delivery_id=call.pk, at=now())
    assert "webhook.test" in client.get(f"{page}?state=delivered").content.decode()
    assert "204" in client.get(f"{page}/calls/{call.uuid}").content.decode()
    assert client.post(f"{page}/calls/{call.uuid}/again").status_code == 302
    assert client.post(page, {"url": receiver.url, "events": ["loan.changed"]}).status_code == 302
    assert client.post(f"{page}/switch", {"on": "0"}).status_code == 302
    client.post(f"{page}/test")
    assert WebhookDelivery.objects.count() == 1
    assert "whsec_" in client.post(f"{page}/rotate").content.decode()
    assert client.post(f"{page}/end").status_code == 302
    with pytest.raises(NotVisible):
        selectors.webhook(user=officer, webhook_id=hook.uuid)


@pytest.mark.parametrize("address", ["/account/webhooks", "/api/v1/webhooks"])
def test_a_list_takes_as_many_questions_for_ten_as_for_one(
    address: str,
) -> None:
    analyst = AnalystFactory()
    client = Client()
    client.force_login(analyst, backend="accounts.adapters.VerifiedBackend")
    client.get(address)
    counts = []
    for _ in range(2):
        for number in range(5):
            made(analyst, "score.issued", url=f"https://hooks{number}.example.com/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]
