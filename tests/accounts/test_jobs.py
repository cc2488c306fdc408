"""Long work shows how far it is, stops when it is told to, and news that no task takes waits for a person."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import selectors, services
from accounts.models import AuditEntry, Job, JobState, Notification, User
from accounts.tasks import run_job, start_job
from creditiq.kernel import outbox
from creditiq.kernel.errors import Forbidden, NotVisible
from creditiq.kernel.models import Delivery, DeliveryState
from creditiq.wiring import RUNNABLE
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, OwnerFactory

pytestmark = pytest.mark.django_db
counted: list[int] = []


class TooHigh(services.UnableToRun):
    """The third stair is missing."""


@services.runnable("stairs.count", title="Count the stairs")
def count(run: services.Run) -> str:
    """Three steps; somebody may call from below."""
    for stair in (1, 2, 3):
        run.step("Climbing", done=stair, total=3, message=f"stair {stair}")
        counted.append(stair)
        if "cancel" in Job.objects.get(pk=run.job_id).key:
            Job.objects.filter(pk=run.job_id).update(cancel_asked=True)
        if "fail" in Job.objects.get(pk=run.job_id).key:
            raise TooHigh("A stair is missing.")
        if "anew" in Job.objects.get(pk=run.job_id).key:
            begin_anew(run.job_id)
        if "crash" in Job.objects.get(pk=run.job_id).key:
            raise RuntimeError("the ladder fell")
    return "Three stairs."


def begin_anew(job_id: int) -> None:
    """What work does that is a job by itself: it begins under the same key, and says how it ended."""
    job = Job.objects.get(pk=job_id)
    services.begin_job(work=job.work, title=job.title, key=job.key, at=AT)
    if "badly" in job.key:
        services.end_job(job_id, JobState.FAILED, "The source is away.", AT)


@pytest.fixture(autouse=True)
def _works() -> Iterator[None]:
    counted.clear()
    services.connect_works([*RUNNABLE, count])
    yield
    services.connect_works(RUNNABLE)


@pytest.fixture
def admin() -> User:
    return AdminFactory()


def started(key: str = "", by: User | None = None) -> Job:
    return services.start_job(work="stairs.count", at=AT, key=key, by=by)


def run(job: Job) -> Job:
    services.run_job(job_id=job.pk, at=AT, clock=lambda: AT + timedelta(minutes=1))
    job.refresh_from_db()
    return job


def test_a_job_runs_once_and_says_what_it_did(admin: User) -> None:
    job = run(started(by=admin))
    assert (job.state, job.done, job.total, job.message) == (JobState.DONE, 3, 3, "Three stairs.")
    run(job)
    assert counted == [1, 2, 3]
    lines = [line.text for line in selectors.job(job_id=job.uuid, at=AT).lines]
    assert lines == ["Started, attempt 1.", "Climbing. stair 1", "Three stairs."]
    assert Notification.objects.get(user=admin).path == f"/admin/jobs/{job.uuid}"


@pytest.mark.parametrize(("key", "state"), [("anew, ends badly", JobState.FAILED), ("anew, goes on", JobState.RUNNING)])
def test_work_that_began_its_job_anew_says_itself_how_it_ended(key: str, state: JobState) -> None:
    job = run(started(key))
    assert (job.state, job.message == "Three stairs.") == (state, False)


def test_the_clock_starts_work_once_a_day() -> None:
    start_job(work="stairs.count")
    start_job(work="stairs.count")
    job = Job.objects.get()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_cancel_is_heard_at_the_next_step_and_the_job_can_start_again(admin: User) -> None:
    job = run(started("cancel"))
    assert (job.state, counted) == (JobState.CANCELLED, [1])
    again = services.retry_job(job_id=job.uuid, by=admin, at=AT)
    assert (again.state, again.cancel_asked) == (JobState.QUEUED, False)
    assert services.cancel_job(job_id=job.uuid, by=admin, at=AT).state == JobState.CANCELLED
    with pytest.raises(services.UnableToRun):
        services.cancel_job(job_id=job.uuid, by=admin, at=AT)
    acts = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))
    assert acts == ["job.started", "job.retried", "job.cancelled"]


def test_a_refusal_ends_the_job_with_its_sentence() -> None:
    assert run(started("fail")).message == "A stair is missing."


def test_a_crash_ends_the_job_without_the_text_of_the_error() -> None:
    job = started("crash")
    with pytest.raises(RuntimeError):
        run(job)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "It stopped with RuntimeError.")


def test_a_worker_that_was_killed_leaves_work_that_starts_again() -> None:
    job = started()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    assert run(job).attempts == 2
    assert job.state == JobState.DONE


def test_what_is_left_follows_from_what_was_done() -> None:
    job = Job(state=JobState.RUNNING, started_at=AT, done=1, total=4)
    assert job.left(AT + timedelta(seconds=10)) == timedelta(seconds=30)
    assert Job(state=JobState.RUNNING, started_at=AT, done=0, total=4).left(AT) is None


def test_only_an_administrator_starts_and_unknown_work_is_not_there(admin: User) -> None:
    with pytest.raises(Forbidden):
        started(by=OwnerFactory())
    with pytest.raises(NotVisible):
        services.start_job(work="moon.fly", at=AT, by=admin)


def test_the_works_of_the_product_run(admin: User) -> None:
    for work in ("reminders.plan", "audit.verify"):
        job = services.start_job(work=work, at=timezone.now(), by=admin)
        assert run(job).state == JobState.DONE, job.message


@pytest.mark.parametrize("rows", [1, 4])
def test_the_lists_take_the_same_queries_whatever_their_length(
    rows: int, admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        run(started(f"key {number}"))
        aside(number)
    client, api = Client(), signed_in(admin)
    client.force_login(admin, backend="accounts.adapters.VerifiedBackend")
    for door, address, queries in (
        (client, "/admin/jobs", 6),
        (client, "/admin/set-aside", 6),
        (api, "/api/v1/jobs", 2),
        (api, "/api/v1/dead_letters", 2),
    ):
        door.get(address)
        with django_assert_num_queries(queries):
            assert door.get(address).status_code == 200


def test_a_job_is_started_watched_and_stopped_from_its_page(admin: User) -> None:
    client = Client()
    client.force_login(admin, backend="accounts.adapters.VerifiedBackend")
    address = client.post("/admin/jobs", {"work": "stairs.count"}).headers["Location"]
    assert b"Count the stairs" in client.get(address).content
    assert b"Waiting" in client.get(f"{address}/panel").content
    assert client.post(f"{address}/cancel").status_code == 302
    assert b"Start again" in client.get(address).content
    job = Job.objects.get()
    answer = signed_in(admin).get(f"/api/v1/jobs/{job.uuid}").json()
    assert answer["job"]["state"] == "cancelled"


def aside(number: int = 0) -> Delivery:
    """A delivery of a task that the product does not have any more."""
    with transaction.atomic():
        (delivery,) = outbox.write(topic="moon.Rose", payload={"moon_id": number}, tasks=[f"moon.tasks.greet{number}"])
    outbox.hand_over([delivery])
    delivery.refresh_from_db()
    return delivery


def test_news_for_a_task_that_is_gone_is_set_aside_and_not_repeated() -> None:
    delivery = aside()
    assert (delivery.state, delivery.error) == (DeliveryState.DEAD, "NotRegistered")
    assert outbox.relay() == 0


def test_an_administrator_hands_it_over_again(admin: User) -> None:
    delivery = aside()
    client = Client()
    client.force_login(admin, backend="accounts.adapters.VerifiedBackend")
    assert b"moon.Rose" in client.get("/admin/set-aside").content
    assert client.post(f"/admin/set-aside/{delivery.pk}/replay").status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    assert AuditEntry.objects.filter(action="delivery.replayed").count() == 1
    with pytest.raises(services.UnableToReplay):
        services.replay_delivery(delivery_id=delivery.pk, by=admin, at=AT)
