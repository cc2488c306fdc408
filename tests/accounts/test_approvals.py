"""Two people for one act: who asks never agrees, and what was agreed to is what happens, once."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import services
from accounts.events import ApprovalDecided, ApprovalRequested
from accounts.models import ApprovalRequest, ApprovalState, AuditEntry, Duty, Organisation, User
from accounts.permissions import Capability
from accounts.services import approvals
from accounts.tasks import expire_requests
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from creditiq.kernel.transitions import ForbiddenTransition
from creditiq.wiring import APPROVABLE
from tests.accounts.conftest import signed_in
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import (
    AT,
    AdminFactory,
    AnalystFactory,
    BankFactory,
    OfficerFactory,
    RiskManagerFactory,
)

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, IntegrityError)
DOCUMENT = {"bands": {"good": 700, "fair": [600, 699]}}
done: list[int] = []


class UnableToRing(ApplicationError):
    """The bell hangs too high."""


@services.approvable(
    "bell.ring", title="Ring the bell", maker=Capability.RECOMMEND, checker=Capability.SANCTION, life=timedelta(hours=1)
)
def ring(approved: services.Approved) -> None:
    """Rings as often as it is told; too loud is refused."""
    if approved.payload["times"] == 99:
        raise UnableToRing("Too loud.")
    done.append(approved.approval_id)


@services.approvable("bell.cast", title="Cast a bell", maker=Capability.SANCTION, checker=Capability.SANCTION)
def cast(approved: services.Approved) -> None:
    """A role that both asks and agrees: two people of it are needed all the same."""
    done.append(approved.approval_id)


@pytest.fixture(autouse=True)
def _actions() -> Iterator[None]:
    done.clear()
    services.connect_actions([*APPROVABLE, ring, cast])
    yield
    services.connect_actions(APPROVABLE)


@pytest.fixture
def bank() -> Organisation:
    return BankFactory()


@pytest.fixture
def officer(bank: Organisation) -> User:
    return OfficerFactory(organisation=bank)


@pytest.fixture
def manager(bank: Organisation) -> User:
    return RiskManagerFactory(organisation=bank)


def asked_by(maker: User, times: int = 1) -> ApprovalRequest:
    return services.request_approval(
        action="bell.ring", payload={"times": times}, summary=f"Ring {times} times", by=maker, at=AT
    )


def casting_asked_by(maker: User) -> ApprovalRequest:
    payload = {"tower": "north", "document": DOCUMENT}
    return services.request_approval(
        action="bell.cast", payload=payload, summary="New bands", by=maker, at=timezone.now()
    )


def test_nothing_happens_until_a_second_person_agrees_and_then_once(officer: User, manager: User) -> None:
    with capture_events() as events:
        asked = asked_by(officer)
        assert done == []
        services.approve_request(approval_id=asked.uuid, by=manager, at=AT)
    assert done == [asked.pk]
    assert events == [ApprovalRequested(approval_id=asked.pk), ApprovalDecided(approval_id=asked.pk)]
    with pytest.raises(ForbiddenTransition):
        services.approve_request(approval_id=asked.uuid, by=manager, at=AT)
    assert done == [asked.pk]
    acts = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))
    assert acts == ["approval.requested", "approval.approved"]


def test_the_maker_never_agrees_even_with_the_role_to(officer: User, manager: User) -> None:
    maker = RiskManagerFactory()
    asked = casting_asked_by(maker)
    with pytest.raises(Forbidden):
        services.approve_request(approval_id=asked.uuid, by=maker, at=timezone.now())
    with pytest.raises(Forbidden):
        services.reject_request(approval_id=asked.uuid, note="no", by=maker, at=timezone.now())


def test_the_database_refuses_a_checker_who_is_the_maker(officer: User) -> None:
    asked = asked_by(officer)
    with pytest.raises(IntegrityError, match="approval_maker_is_not_checker"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=asked.pk).update(state=ApprovalState.APPROVED, checker=officer, decided_at=AT)


@pytest.mark.parametrize("change", [{"payload": '{"times":5}'}, {"summary": "other"}, {"expires_at": AT}])
def test_the_database_refuses_to_change_what_was_asked_for(officer: User, change: dict[str, object]) -> None:
    asked = asked_by(officer)
    with pytest.raises(REFUSED, match="frozen"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=asked.pk).update(**change)


def test_the_database_refuses_to_reopen_or_delete_what_was_decided(officer: User, manager: User) -> None:
    asked = asked_by(officer)
    services.reject_request(approval_id=asked.uuid, note="too early", by=manager, at=AT)
    with pytest.raises(REFUSED, match="frozen"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=asked.pk).update(state="pending", checker=None, decided_at=None)
    with pytest.raises(REFUSED, match="frozen"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=asked.pk).delete()


def test_a_payload_changed_behind_our_back_is_not_carried_out_and_that_is_on_record(
    officer: User, manager: User
) -> None:
    asked = asked_by(officer)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE accounts_approvalrequest SET payload = '{\"times\":50}'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(services.UnableToDecide, match="changed afterwards"):
        services.approve_request(approval_id=asked.uuid, by=manager, at=AT)
    asked.refresh_from_db()
    assert (asked.state, done) == (ApprovalState.PENDING, [])
    assert AuditEntry.objects.latest("seq").action == "approval.tampered"


def test_when_the_act_refuses_the_request_keeps_waiting(officer: User, manager: User) -> None:
    asked = asked_by(officer, times=99)
    with pytest.raises(UnableToRing):
        services.approve_request(approval_id=asked.uuid, by=manager, at=AT)
    asked.refresh_from_db()
    assert asked.state == ApprovalState.PENDING
    assert not AuditEntry.objects.filter(action="approval.approved").exists()


def test_a_maker_who_may_not_ask_any_more_asks_for_nothing(officer: User, manager: User) -> None:
    asked = asked_by(officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(services.UnableToDecide):
        services.approve_request(approval_id=asked.uuid, by=manager, at=AT)
    assert done == []


def test_who_may_not_decide_is_refused_and_who_may_not_see_finds_nothing(bank: Organisation, officer: User) -> None:
    asked = asked_by(officer)
    for stranger in (RiskManagerFactory(organisation=BankFactory()), OfficerFactory(organisation=bank)):
        with pytest.raises(NotVisible):
            services.approve_request(approval_id=asked.uuid, by=stranger, at=AT)
    for onlooker in (AdminFactory(), RiskManagerFactory(duties=[Duty.AUDITOR])):
        with pytest.raises(Forbidden):
            services.approve_request(approval_id=asked.uuid, by=onlooker, at=AT)


def test_who_may_not_ask_is_refused() -> None:
    with pytest.raises(Forbidden):
        asked_by(AnalystFactory())


def test_the_same_is_asked_for_once_at_a_time(officer: User, manager: User) -> None:
    asked = asked_by(officer)
    with pytest.raises(services.UnableToRequestApproval):
        asked_by(officer)
    services.reject_request(approval_id=asked.uuid, note="later", by=manager, at=AT)
    assert asked_by(officer).pk != asked.pk


def test_a_rejection_says_why(officer: User, manager: User) -> None:
    asked = asked_by(officer)
    with pytest.raises(InvalidInput):
        services.reject_request(approval_id=asked.uuid, note=" ", by=manager, at=AT)


def test_only_the_maker_takes_a_request_back(officer: User, manager: User) -> None:
    asked = asked_by(officer)
    with pytest.raises(Forbidden):
        services.cancel_request(approval_id=asked.uuid, by=manager, at=AT)
    assert services.cancel_request(approval_id=asked.uuid, by=officer, at=AT).state == ApprovalState.CANCELLED


def test_what_nobody_decides_in_time_expires(officer: User, manager: User) -> None:
    asked, late = asked_by(officer), AT + timedelta(hours=2)
    with pytest.raises(services.UnableToDecide, match="time"):
        services.approve_request(approval_id=asked.uuid, by=manager, at=late)
    assert services.expire_requests(at=late) == 1
    assert services.expire_requests(at=late) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.checker) == (ApprovalState.EXPIRED, None)


def test_the_beat_expires_requests(officer: User) -> None:
    asked = asked_by(officer)
    expire_requests()
    asked.refresh_from_db()
    assert asked.state == ApprovalState.EXPIRED


def test_actions_have_names_of_their_own_and_unknown_ones_are_a_programming_error(officer: User) -> None:
    with pytest.raises(ValueError, match="one name"):
        services.connect_actions([ring, ring])
    with pytest.raises(approvals.UnknownAction):
        services.request_approval(action="nothing", payload={}, summary="", by=officer, at=AT)


def test_the_desk_shows_what_would_happen_and_carries_it_out(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    maker, checker = RiskManagerFactory(), RiskManagerFactory()
    asked = casting_asked_by(maker)
    client = Client()
    client.force_login(checker)
    client.get("/approvals")  # what is kept between requests is kept now
    with django_assert_num_queries(6):
        page = client.get("/approvals")
    assert "New bands" in page.text
    shown = client.get(f"/approvals/{asked.uuid}").text
    assert "document.bands.good" in shown
    assert "Approve and carry out" in shown
    address = f"/approvals/{asked.uuid}/decision"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"step": "reject"}).status_code == 422
    assert client.post(address, {"step": "approve"}).status_code == 302
    assert client.post(address, {"step": "approve"}).status_code == 422
    assert "Approve and carry out" not in client.get(f"/approvals/{asked.uuid}").text


def test_the_maker_sees_their_request_and_takes_it_back() -> None:
    maker = RiskManagerFactory()
    asked = casting_asked_by(maker)
    client = Client()
    client.force_login(maker)
    shown = client.get(f"/approvals/{asked.uuid}").text
    assert "Take it back" in shown
    assert "Approve and carry out" not in shown
    assert client.post(f"/approvals/{asked.uuid}/decision", {"step": "approve"}).status_code == 403
    assert client.post(f"/approvals/{asked.uuid}/decision", {"step": "cancel"}).status_code == 302


def test_an_empty_desk_says_what_will_appear() -> None:
    client = Client()
    client.force_login(RiskManagerFactory())
    assert "Nothing here" in client.get("/approvals").text


def test_the_interface_lists_reads_approves_rejects_and_cancels(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    maker, checker = RiskManagerFactory(), RiskManagerFactory()
    asked = casting_asked_by(maker)
    mine, other = signed_in(maker), signed_in(checker)
    other.get("/api/v1/approvals")
    with django_assert_num_queries(2):
        listed = other.get("/api/v1/approvals")
    assert [row["id"] for row in listed.json()["results"]] == [str(asked.uuid)]
    assert other.get("/api/v1/approvals?state=approved").json()["results"] == []
    address = f"/api/v1/approvals/{asked.uuid}"
    assert other.get(address).json()["payload"]["document"] == DOCUMENT
    assert mine.post(f"{address}/approve").status_code == 403
    assert other.post(f"{address}/reject").status_code == 422
    assert other.post(f"{address}/cancel").status_code == 403
    assert mine.post(f"{address}/cancel").json()["state"] == "cancelled"
    again = casting_asked_by(maker)
    assert other.post(f"/api/v1/approvals/{again.uuid}/approve").json()["checker"] == checker.get_full_name()
    assert other.get(f"/api/v1/approvals/{uuid4()}").status_code == 404


def test_approving_asks_who_has_not_confirmed_lately_to_do_so() -> None:
    maker, checker = RiskManagerFactory(), RiskManagerFactory()
    asked = casting_asked_by(maker)
    client = Client()
    client.force_login(checker)
    with switched(ENABLE_STEP_UP=True):
        assert client.post(f"/approvals/{asked.uuid}/decision", {"step": "approve"}).status_code in {302, 403}
    asked.refresh_from_db()
    assert asked.state == ApprovalState.PENDING
