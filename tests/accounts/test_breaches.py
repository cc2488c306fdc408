"""A breach is told without delay, reported within 72 hours, and frozen then; a nominee is kept sealed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import services, tasks
from accounts.models import (
    AffectedPerson,
    ApprovalRequest,
    AuditEntry,
    Breach,
    DataRequestKind,
    Mail,
    Notification,
    User,
)
from accounts.services import breaches as acts
from accounts.services.nominees import Nominee, name_nominee, nominee_of, withdraw_nominee
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.hashing import digest
from creditiq.kernel.models import OutboxEvent
from tests.factories.accounts import AT, AdminFactory, OfficerFactory, OwnerFactory

pytestmark = pytest.mark.django_db
TEXTS = {
    "title": "A copy of letters went astray",
    "nature": "Names and addresses of letters.",
    "place": "The mail server",
    "impact": "Somebody may write to you in our name.",
    "measures": "The server was shut and cleaned.",
    "advice": "Trust no letter that asks for a code.",
    "contact": "privacy@creditiq.example",
}
MORE = {"cause": "A password was guessed.", "prevention": "A second factor is required now."}
KEPT = Nominee(name="Asha Sharma", relation="sister", contact="asha@creditiq.example")


@pytest.fixture
def admin() -> User:
    return AdminFactory()


def facts(**more: str) -> acts.BreachFacts:
    return acts.BreachFacts(**TEXTS, happened_at=AT - timedelta(hours=5), **more)


def recorded(admin: User) -> Breach:
    return acts.record_breach(facts=facts(), noticed_at=AT - timedelta(hours=1), by=admin, at=AT)


def portal(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def test_the_clock_runs_for_72_hours_from_when_it_was_noticed(admin: User) -> None:
    breach = recorded(admin)
    assert breach.due_at == AT + timedelta(hours=71)
    assert not breach.is_late_at(breach.due_at)
    assert breach.is_late_at(breach.due_at + timedelta(seconds=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.update(due_at=AT + timedelta(days=30))


def test_the_way_from_the_record_to_the_closing(admin: User) -> None:
    breach, owner = recorded(admin), OwnerFactory(wants_mail=False)
    with pytest.raises(acts.UnableToReport, match="tell the Board in short"):
        acts.report_breach(breach_id=breach.uuid, by=admin, at=AT)
    assert acts.name_affected(breach_id=breach.uuid, emails=[owner.email.upper(), ""], by=admin, at=AT) == 1
    assert acts.name_affected(breach_id=breach.uuid, emails=[owner.email], by=admin, at=AT) == 0
    assert acts.tell_affected(breach_id=breach.uuid, by=admin, at=AT) == 1
    acts.tell_board(breach_id=breach.uuid, by=admin, at=AT)
    assert acts.missing_of(breach) != []
    acts.correct_breach(breach_id=breach.uuid, facts=facts(**MORE), by=admin, at=AT)
    reported = acts.report_breach(breach_id=breach.uuid, by=admin, at=AT)
    closed = acts.close_breach(breach_id=breach.uuid, by=admin, at=AT)
    assert (reported.state, closed.state, len(reported.report_digest)) == ("reported", "closed", 64)
    letter = Mail.objects.get(to=owner.email)
    assert TEXTS["advice"] in letter.text
    assert TEXTS["contact"] in letter.text
    assert Notification.objects.filter(user=owner, topic="breach.told").count() == 1
    done = list(
        AuditEntry.objects.filter(action__startswith="breach.").order_by("seq").values_list("action", flat=True)
    )
    assert done == [
        "breach.recorded", "breach.people_named", "breach.people_told", "breach.board_told", "breach.corrected",
        "breach.reported", "breach.closed",
    ]  # fmt: skip
    with pytest.raises(acts.UnableToReport):
        acts.correct_breach(breach_id=breach.uuid, facts=facts(), by=admin, at=AT)


def test_what_was_reported_is_frozen_whoever_is_named_and_told_later(admin: User) -> None:
    breach = recorded(admin)
    acts.correct_breach(breach_id=breach.uuid, facts=facts(**MORE), by=admin, at=AT)
    acts.name_affected(breach_id=breach.uuid, emails=[OwnerFactory().email], by=admin, at=AT)
    acts.tell_affected(breach_id=breach.uuid, by=admin, at=AT)
    acts.tell_board(breach_id=breach.uuid, by=admin, at=AT)
    reported = acts.report_breach(breach_id=breach.uuid, by=admin, at=AT)
    acts.name_affected(breach_id=breach.uuid, emails=[OwnerFactory().email], by=admin, at=AT)
    acts.tell_affected(breach_id=breach.uuid, by=admin, at=AT)
    shown = portal(admin).get(f"/api/v1/breaches/{breach.uuid}").json()
    assert (shown["people"], shown["report"]["extent"], shown["report"]["people_told"]) == (2, "1 people", 1)
    assert digest(shown["report"]) == reported.report_digest == shown["report_digest"]


def test_many_people_are_told_some_at_a_time(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 2)
    breach, owners = recorded(admin), [OwnerFactory() for _ in range(5)]
    acts.name_affected(breach_id=breach.uuid, emails=[one.email for one in owners], by=admin, at=AT)
    assert acts.tell_affected(breach_id=breach.uuid, by=admin, at=AT) == 2
    asked = OutboxEvent.objects.filter(name="accounts.PeopleUntold")
    assert asked.get().payload == {"breach_id": breach.pk, "by_id": admin.pk}
    for told in (4, 5, 5):
        tasks.tell_more_affected(breach_id=breach.pk, by_id=admin.pk)
        assert breach.people.filter(told_at__isnull=False).count() == told
    assert asked.count() == 2
    assert Mail.objects.filter(to__in=[one.email for one in owners]).count() == 5
    with pytest.raises(acts.UnableToReport, match="Everybody named was told"):
        acts.tell_affected(breach_id=breach.uuid, by=admin, at=AT)


def test_what_is_missing_or_wrong_is_named(admin: User) -> None:
    breach = recorded(admin)
    with pytest.raises(InvalidInput, match="Line 2: nobody has the address"):
        acts.name_affected(breach_id=breach.uuid, emails=["", "nobody@creditiq.example"], by=admin, at=AT)
    with pytest.raises(InvalidInput, match="future"):
        acts.record_breach(facts=facts(), noticed_at=AT + timedelta(hours=1), by=admin, at=AT)
    with pytest.raises(InvalidInput, match="before it happened"):
        acts.record_breach(facts=facts(), noticed_at=AT - timedelta(hours=6), by=admin, at=AT)
    with pytest.raises(NotVisible):
        acts.tell_board(breach_id=admin.uuid, by=admin, at=AT)
    with pytest.raises(Forbidden):
        acts.tell_board(breach_id=breach.uuid, by=OfficerFactory(), at=AT)


def test_everybody_can_be_named(admin: User) -> None:
    OwnerFactory()
    everybody = User.objects.filter(is_active=True).count()
    assert acts.name_affected(breach_id=recorded(admin).uuid, emails=["*"], by=admin, at=AT) == everybody


def test_administrators_hear_of_the_clock_before_it_runs_out_and_after(admin: User) -> None:
    recorded(admin)
    assert acts.warn_of_breach_clocks(at=AT) == 0
    assert [acts.warn_of_breach_clocks(at=AT + timedelta(hours=50)) for _ in range(2)] == [1, 0]
    assert [acts.warn_of_breach_clocks(at=AT + timedelta(hours=80)) for _ in range(2)] == [1, 0]


def test_the_pages_walk_the_same_way(admin: User) -> None:
    client, owner = portal(admin), OwnerFactory()
    assert b"Nothing is on record" in client.get("/admin/breaches").content
    times = {"happened_at": "2026-01-01T10:00", "noticed_at": "2026-01-02T10:00"}
    made = client.post("/admin/breaches", {**TEXTS, **MORE, **times})
    assert made.status_code == 302, made.content
    place = made["Location"]
    for step, sent in (("name", {"emails": owner.email}), ("tell", {}), ("board", {})):
        assert client.post(f"{place}/{step}", sent).status_code == 302
    page = client.get(place)
    assert b"1 of 1" in page.content
    assert b"The report is late" in page.content
    assert client.get(f"{place}.pdf").content.startswith(b"%PDF")
    assert client.post(f"{place}/nothing").status_code == 302
    assert client.post("/admin/breaches", {}).status_code == 422


def test_programs_do_the_same(admin: User) -> None:
    client, times = portal(admin), {"happened_at": "2026-01-01T10:00Z", "noticed_at": "2026-01-02T10:00Z"}
    made = client.post("/api/v1/breaches", {**TEXTS, **times}, content_type="application/json")
    assert made.status_code == 201, made.content
    place = f"/api/v1/breaches/{made.json()['breach']['id']}"
    named = client.post(f"{place}/people", {"emails": ["*"]}, content_type="application/json")
    assert named.json()["named"] > 0
    told = client.post(f"{place}/acts", {"act": "tell_people"}, content_type="application/json").json()
    assert told["told"] == told["people"]
    changed = client.patch(place, {"cause": "A guess."}, content_type="application/json").json()
    assert changed["report"]["cause"] == "A guess."
    refused = client.post(f"{place}/acts", {"act": "close"}, content_type="application/json")
    assert (refused.status_code, refused.json()["type"].rsplit(":", 1)[-1]) == (409, "unable_to_report")


def test_lists_take_the_same_queries_however_many(
    admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = portal(admin)
    client.get("/admin/breaches")
    for _ in range(3):
        AffectedPerson.objects.create(breach=recorded(admin), user=admin)
    for address, most in (("/admin/breaches", 17), ("/api/v1/breaches", 9)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_a_nominee_rests_sealed_and_is_forgotten_with_the_person() -> None:
    owner = OwnerFactory()
    name_nominee(user=owner, nominee=KEPT, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nominee FROM accounts_user WHERE id = %s", [owner.pk])
        assert cursor.fetchone()[0].startswith("gcm1$")
    kept = User.objects.get(pk=owner.pk)
    assert nominee_of(kept) == KEPT
    assert services.copy_of_own_data(by=kept, at=AT)["nominee"] == vars(KEPT)
    asked = services.ask_about_data(kind=DataRequestKind.ERASURE, text="", by=kept, at=AT)
    services.propose_erasure(request_id=asked.uuid, by=AdminFactory(), at=AT)
    waiting = ApprovalRequest.objects.get(action="person.erase")
    services.approve_request(approval_id=waiting.uuid, by=AdminFactory(), at=AT)
    forgotten = User.objects.get(pk=owner.pk)
    assert (nominee_of(forgotten), forgotten.nominee_since) == (None, None)


def test_a_nominee_is_named_and_withdrawn_by_page_and_program() -> None:
    owner = OwnerFactory()
    client = portal(owner)
    assert client.post("/account/nominee", {}).status_code == 422
    assert client.post("/account/nominee", vars(KEPT)).status_code == 302
    assert b"Asha Sharma" in client.get("/account/data").content
    assert client.get("/api/v1/nominee").json()["nominee"] == vars(KEPT)
    other = {**vars(KEPT), "name": "Ravi"}
    assert client.put("/api/v1/nominee", other, content_type="application/json").json()["nominee"]["name"] == "Ravi"
    assert client.delete("/api/v1/nominee").status_code == 204
    assert client.get("/api/v1/nominee").json() == {"nominee": None, "since": None}
    assert withdraw_nominee(user=owner, at=AT).nominee_since is None
    assert AuditEntry.objects.filter(action="nominee.withdrawn").count() == 1
