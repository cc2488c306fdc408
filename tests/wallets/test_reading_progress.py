"""The reading of a large file is a job that can be watched and stopped; nothing of a stopped file is stored."""

import pytest
from django.test import Client

from accounts.models import Job, JobState
from accounts.services import JobCancelled, begin_job, run_job
from creditiq.kernel.clock import now
from creditiq.kernel.models import Delivery, DeliveryState
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.importers.samples import csv_of, good_row
from wallets import selectors, services, tasks
from wallets.models import UpiPayment, Upload, UploadState
from wallets.selectors.pages import READING
from wallets.services import IncomingFile, cancel_upload, parse_upload, receive_upload
from wallets.services.progress import WATCHED_BYTES, key_of, watched

ROWS = 2_400


def large(shop: Shop) -> Upload:
    rows = [good_row("upi_payments", reference=f"61234567{number:04d}", vpa="shop@okaxis") for number in range(ROWS)]
    content = csv_of("upi_payments", rows)
    assert len(content) > WATCHED_BYTES
    file = IncomingFile("payments.csv", content, "upi_payments", "valid_lines")
    return receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)


def test_the_reading_of_a_large_file_is_a_job_that_ends_with_all_lines(shop: Shop) -> None:
    upload = parse_upload(upload_id=large(shop).pk, at=AT)
    job = Job.objects.get(key=key_of(upload))
    assert (upload.state, upload.accepted) == (UploadState.PARSED, ROWS)
    assert (job.state, job.done, job.total, job.phase) == (JobState.DONE, ROWS, ROWS, "Storing the records")
    assert selectors.reading_job(upload) is None


def test_a_small_file_makes_no_job(shop: Shop) -> None:
    content = csv_of("upi_payments", [good_row("upi_payments")])
    file = IncomingFile("payments.csv", content, "upi_payments", "valid_lines")
    parse_upload(upload_id=receive_upload(business=shop.business, file=file, by=shop.owner, at=AT).pk, at=AT)
    assert not Job.objects.exists()


def test_a_job_that_was_stopped_takes_the_file_back_and_stores_nothing(shop: Shop) -> None:
    upload = large(shop)
    Job.objects.create(
        work="wallets.read_upload",
        title="x",
        key=key_of(upload),
        state=JobState.RUNNING,
        asked_at=AT,
        cancel_asked=True,
    )
    assert parse_upload(upload_id=upload.pk, at=AT).state == UploadState.CANCELLED
    assert (UpiPayment.objects.count(), Job.objects.get().state) == (0, JobState.CANCELLED)
    again = large(shop)
    assert (again.pk, parse_upload(upload_id=again.pk, at=AT).accepted) == (upload.pk, ROWS)


def test_a_file_taken_back_by_its_owner_stops_being_read(shop: Shop) -> None:
    upload = large(shop)

    def read_on() -> None:
        with watched(upload, ROWS, AT) as step:
            step("Checking the lines", 500)
            shown = selectors.reading_job(upload)
            assert shown is not None
            assert (shown.done, shown.total) == (500, ROWS)
            cancel_upload(upload_id=upload.uuid, by=shop.owner, at=AT)
            step("Checking the lines", 1_000)

    with pytest.raises(JobCancelled):
        read_on()
    assert Job.objects.get().state == JobState.CANCELLED
    assert parse_upload(upload_id=upload.pk, at=AT).state == UploadState.CANCELLED


def test_the_owner_sees_how_far_it_is(shop: Shop, client: Client) -> None:
    upload = large(shop)
    client.force_login(shop.owner)
    with watched(upload, ROWS, AT) as step:
        step("Checking the lines", 1_200)
        shown = client.get(f"/owner/evidence/{upload.uuid}/panel").content.decode()
        assert "1,200 of 2,400 lines have been read" in shown


@pytest.mark.parametrize("ask", ["send", "retry"])
def test_a_reading_that_kills_its_worker_ends_with_words_and_may_be_asked_for_again(shop: Shop, ask: str) -> None:
    upload = large(shop)
    begun = begin_job(work=READING, title="Read it", key=key_of(upload), at=AT)
    assert services.give_up_readings(at=AT) == 0
    Delivery.objects.filter(task="wallets.tasks.parse_upload").update(state=DeliveryState.DEAD)
    tasks.give_up_readings()
    assert services.give_up_readings(at=AT) == 0
    upload.refresh_from_db()
    job = Job.objects.get(pk=begun.job_id)
    assert (upload.state, job.state, job.may_retry) == (UploadState.REFUSED, JobState.FAILED, True)
    assert "Send it again" in upload.rejections.get().message
    assert job.message == upload.rejections.get().message
    if ask == "send":
        assert large(shop).state == UploadState.RECEIVED
        assert services.give_up_readings(at=AT) == 0
    assert parse_upload(upload_id=upload.pk, at=AT).accepted == ROWS
    assert not upload.rejections.exists()


def test_an_administrator_can_have_a_failed_reading_done_again(shop: Shop) -> None:
    upload = large(shop)
    job = Job.objects.create(
        work="wallets.read_upload", title="x", key=key_of(upload), state=JobState.QUEUED, asked_at=AT
    )
    run_job(job_id=job.pk, at=now(), clock=now)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "The file has been read.")
