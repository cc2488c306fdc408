"""People have rights over their own data, laws have rights over some of it, and the trail survives both."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from psycopg import sql
from pytest_django import DjangoAssertNumQueries

from accounts import audit, services
from accounts.models import ApprovalRequest, Business, DataRequest, DataRequestKind, Mail, Notification, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db
ERASURE = DataRequestKind.ERASURE


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory(phone="+919812345678", address="12, MG Road")).user


def portal(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def asked_by(user: User, kind: DataRequestKind = ERASURE, text: str = "") -> DataRequest:
    return services.ask_about_data(kind=kind, text=text, by=user, at=AT)


def erase(asked: DataRequest) -> None:
    services.propose_erasure(request_id=asked.uuid, by=AdminFactory(), at=AT)
    waiting = ApprovalRequest.objects.get(action="person.erase")
    services.approve_request(approval_id=waiting.uuid, by=AdminFactory(), at=AT)


def test_an_erasure_by_two_leaves_nothing_that_names_and_a_chain_that_verifies(owner: User) -> None:
    business = owner.memberships.get().business
    services.tell_members(topic="lending.DecisionMade", business_id=business.pk, ids={"decision_id": 1}, at=AT)
    email, asked = owner.email, asked_by(owner, text="please, Asha of MG Road")
    erase(asked)
    person, asked = User.objects.get(pk=owner.pk), DataRequest.objects.get(pk=asked.pk)
    assert (person.email, person.get_full_name(), person.phone, person.address, person.data_key) == (
        f"{person.uuid}@erased.invalid",
        "Erased person",
        "",
        "",
        "",
    )
    assert (person.is_active, person.has_usable_password(), person.memberships.count()) == (False, False, 0)
    assert (asked.state, asked.text) == ("erased", "")
    assert not Notification.objects.filter(user=person).exists()
    assert not Mail.objects.filter(to=email).exists()
    assert audit.verify_chain().ok


def test_one_administrator_alone_erases_nobody(owner: User) -> None:
    admin, asked = AdminFactory(), asked_by(owner)
    services.propose_erasure(request_id=asked.uuid, by=admin, at=AT)
    with pytest.raises(Forbidden):
        services.approve_request(approval_id=ApprovalRequest.objects.get().uuid, by=admin, at=AT)
    assert User.objects.get(pk=owner.pk).email == owner.email


def test_a_law_that_keeps_the_records_beats_an_erasure_until_its_day(owner: User) -> None:
    business, asked = owner.memberships.get().business, asked_by(owner)
    services.propose_erasure(request_id=asked.uuid, by=AdminFactory(), at=AT)
    hold = {"business_id": business.pk, "source": "loan:1", "reason": "PMLA, 5 years after the end of a loan"}
    services.hold_for_law(**hold, until=date(2031, 11, 1), at=AT)
    services.hold_for_law(**hold, until=date(2031, 12, 1), at=AT)
    with pytest.raises(services.UnableToErase, match="01 Dec 2031: PMLA"):
        services.approve_request(approval_id=ApprovalRequest.objects.get().uuid, by=AdminFactory(), at=AT)
    assert User.objects.get(pk=owner.pk).is_active
    with pytest.raises(services.UnableToErase):
        services.propose_erasure(request_id=asked.uuid, by=AdminFactory(), at=AT)


def test_a_copy_holds_what_is_kept_and_is_on_record(owner: User) -> None:
    asked_by(owner)
    answer = portal(owner).post("/account/data/copy")
    copy = json.loads(answer.content)
    assert copy["person"]["phone"] == "+919812345678"
    assert copy["businesses"][0]["gstin"] == owner.memberships.get().business.gstin
    assert [request["kind"] for request in copy["requests"]] == ["erasure"]
    assert copy["acts"][0]["act"] == "data.copied"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_request_is_answered_before_its_clock_runs_out(owner: User) -> None:
    client = portal(owner)
    assert client.post("/account/data", {"kind": "correction"}).status_code == 422
    assert client.post("/account/data", {"kind": "correction", "text": "My name is Usha."}).status_code == 302
    assert client.post("/account/data", {"kind": "correction", "text": "Again."}).status_code == 422
    asked = DataRequest.objects.get()
    assert asked.due_at - asked.asked_at == timedelta(days=30)
    assert asked.is_late_at(asked.due_at + timedelta(seconds=1))
    admin = portal(AdminFactory())
    assert b"My name is Usha." in admin.get("/admin/data-requests").content
    admin.post(f"/admin/data-requests/{asked.uuid}", {"step": "answer", "answer": "Done, Usha."})
    assert b"Done, Usha." in client.get("/account/data").content
    with pytest.raises(NotVisible):
        services.answer_data_request(request_id=asked.uuid, answer="Twice.", by=AdminFactory(), at=AT)


def test_a_complaint_needs_words_and_only_administrators_answer(owner: User) -> None:
    with pytest.raises(InvalidInput):
        asked_by(owner, DataRequestKind.GRIEVANCE)
    asked = asked_by(owner, DataRequestKind.GRIEVANCE, "The letter was late.")
    with pytest.raises(Forbidden):
        services.answer_data_request(request_id=asked.uuid, answer="No.", by=owner, at=AT)


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_takes_the_same_queries_whatever_its_length(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        asked_by(OwnerFactory())
    client = portal(AdminFactory())
    client.get("/admin/data-requests")
    with django_assert_num_queries(6):
        assert client.get("/admin/data-requests").status_code == 200


def test_a_program_asks_and_takes_a_copy_too(owner: User) -> None:
    api = signed_in(owner)
    assert api.post("/api/v1/data_requests", {"kind": "erasure"}).status_code == 201
    assert api.post("/api/v1/data_requests", {"kind": "erasure"}).status_code == 409
    assert [row["kind"] for row in api.get("/api/v1/data_requests").json()["results"]] == ["erasure"]
    assert api.post("/api/v1/data_requests/copy").json()["person"]["address"] == "12, MG Road"


def test_the_copy_comes_on_paper_too(owner: User) -> None:
    answer = portal(owner).post("/account/data/copy", {"as": "pdf"})
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert "my-data.pdf" in answer.headers["Content-Disposition"]


def test_after_an_erasure_no_column_of_any_table_names_the_person(owner: User) -> None:
    """Every row of every table as text: whatever table comes later is looked through as well."""
    address, surname = "meenakshi.unusual@people.example", "Zzyzxwala"
    User.objects.filter(pk=owner.pk).update(email=address, last_name=surname)
    owner.refresh_from_db()
    owner.phone = "+919812345678"
    owner.save()
    colleague = MembershipFactory().user
    firm = Business.register.get(memberships__user=colleague)
    services.invite_member(business=firm, email=address.title(), by=colleague, at=AT, origin="https://here")
    own = Business.register.get(memberships__user=owner)
    services.invite_member(business=own, email="somebody@people.example", by=owner, at=AT, origin="https://here")
    services.ask_reset(email=address, at=AT, origin="https://here")
    portal(owner).get("/account/data")
    Client().post("/sign-in", {"username": address, "password": "surely not this one"})
    asked = asked_by(owner, text=f"I am {surname}, {address}")
    assert columns_with(address)
    erase(asked)
    for hint in (address, surname, "9812345678"):
        assert columns_with(hint) == []


def columns_with(text: str) -> list[str]:
    """Tables in which a row says the text, in any case."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            asked = sql.SQL("SELECT count(*) FROM {} one WHERE one::text ILIKE %s").format(sql.Identifier(table))
            cursor.execute(asked, [f"%{text}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found
