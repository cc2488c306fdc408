"""What a fetching brings when it is cut off, when the owner changes their mind, and when it is tried again."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import AuditEntry, Job, JobState
from accounts.services import run_job
from creditiq.kernel.events import capture_events
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.connectors.far_ends import DEPOSIT, OTP, Aggregator, GstNetwork
from tests.wallets.source_houses import with_aggregator, with_network
from wallets.engine.connectors.protocol import Span
from wallets.events import SourceFetchAsked
from wallets.models import ConnectionState, SourceConnection, Upload
from wallets.selectors.connecting import job_key
from wallets.services import (
    SourceSignIn,
    ask_fetch,
    confirm_otp,
    connect_source,
    fetch_source,
    return_from_consent,
    stop_fetch,
)

SPAN = Span(date(2026, 8, 1), date(2026, 9, 30))
SMALL, LARGE = DEPOSIT, DEPOSIT.replace("NEFT 26-27/1", "NEFT " + "26-27/1 " * 40)


@pytest.fixture
def network(settings: object, tmp_path: Path) -> Iterator[GstNetwork]:
    with with_network(settings, tmp_path, GstNetwork()) as far_end:
        yield far_end


@pytest.fixture
def bank(settings: object, tmp_path: Path) -> Iterator[Aggregator]:
    with with_aggregator(settings, tmp_path, Aggregator(pending=0, accounts=(SMALL, LARGE))) as far_end:
        yield far_end


def fetched(connection: SourceConnection, clock: Callable[[], datetime] = lambda: AT) -> SourceConnection:
    return fetch_source(connection_id=connection.pk, clock=clock)


def at_the_bank(shop: Shop) -> SourceConnection:
    """Approved, and the data session is open."""
    wanted = SourceSignIn("account_aggregator", "asha@aa", SPAN)
    begun = connect_source(business=shop.business, wanted=wanted, by=shop.owner, at=AT)
    return fetched(return_from_consent(connection_id=begun.uuid, by=shop.owner, at=AT))


def at_the_network(shop: Shop) -> SourceConnection:
    wanted = SourceSignIn("gst_network", "asha.rao", SPAN)
    begun = connect_source(business=shop.business, wanted=wanted, by=shop.owner, at=AT)
    return confirm_otp(connection_id=begun.uuid, code=OTP, by=shop.owner, at=AT)


def test_every_account_of_one_answer_comes(shop: Shop, bank: Aggregator) -> None:
    done = fetched(at_the_bank(shop))
    assert (done.state, Upload.objects.count()) == (ConnectionState.DONE, 2)
    assert list(done.parts.values_list("number", flat=True)) == [1, 2]


def test_cut_off_between_two_accounts_the_second_comes_the_next_time(
    shop: Shop, bank: Aggregator, settings: object
) -> None:
    connection, most = at_the_bank(shop), settings.MAX_UPLOAD_BYTES
    settings.MAX_UPLOAD_BYTES = len(SMALL) + 20
    failed = fetched(connection)
    assert (failed.state, failed.trouble) == (ConnectionState.FAILED, "too_large")
    assert (Upload.objects.count(), connection.parts.count()) == (1, 0)
    settings.MAX_UPLOAD_BYTES = most
    ask_fetch(connection_id=connection.uuid, by=shop.owner, at=AT)
    assert fetched(connection).state == ConnectionState.DONE
    assert (Upload.objects.count(), connection.parts.exclude(upload=None).count()) == (2, 2)


def test_a_consent_that_ends_while_it_fetches_ends_the_fetching(shop: Shop, network: GstNetwork) -> None:
    shop.consent.expires_at = AT + timedelta(hours=1)
    shop.consent.save()
    connection = at_the_network(shop)

    def clock() -> datetime:
        return AT + timedelta(minutes=30) * Upload.objects.count()

    failed = fetched(connection, clock)
    assert (failed.state, failed.trouble, failed.kept) == (ConnectionState.FAILED, "no_consent", "")
    assert Upload.objects.count() == 2


def test_a_session_that_ends_while_it_fetches_ends_the_fetching(shop: Shop, network: GstNetwork) -> None:
    connection = at_the_network(shop)

    def clock() -> datetime:
        return AT + timedelta(hours=6) * Upload.objects.count()

    failed = fetched(connection, clock)
    assert (failed.state, failed.trouble, Upload.objects.count()) == (ConnectionState.FAILED, "session_over", 1)


def test_what_comes_after_the_owner_stopped_is_not_taken_in(shop: Shop, network: GstNetwork) -> None:
    connection = at_the_network(shop)

    def clock() -> datetime:
        """The owner stops it while the source answers with the first return."""
        connection.refresh_from_db()
        if connection.state == ConnectionState.FETCHING and any(
            "RETSUM" in str(asked.query) for asked in network.asked
        ):
            stop_fetch(connection_id=connection.uuid, by=shop.owner, at=AT)
        return AT

    assert fetched(connection, clock).state == ConnectionState.STOPPED
    assert not Upload.objects.exists()


def retried(connection: SourceConnection, at: datetime = AT) -> Job:
    """As an administrator has it: the job is on its way again, and runs."""
    job = Job.objects.get(key=job_key(connection))
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, ended_at=None)
    run_job(job_id=job.pk, at=at, clock=lambda: at)
    job.refresh_from_db()
    return job


def test_a_job_that_is_tried_again_says_itself_how_the_fetching_ended(
    shop: Shop, network: GstNetwork, settings: object
) -> None:
    connection, url = at_the_network(shop), settings.GSP_URL
    settings.GSP_URL = "http://127.0.0.1:9/base"
    fetched(connection)
    with capture_events() as events:
        asked = retried(connection)
    assert SourceFetchAsked(connection_id=connection.pk, business_id=shop.business.pk) in events
    assert (asked.state, asked.message) == (JobState.DONE, "The source is asked again.")
    fetched(connection)
    asked.refresh_from_db()
    assert (asked.state, asked.message) == (
        JobState.FAILED, "The source does not answer at the moment. Try again later.",
    )  # fmt: skip
    settings.GSP_URL = url
    retried(connection)
    assert fetched(connection).state == ConnectionState.DONE
    assert AuditEntry.objects.filter(action="source.fetch_asked").count() == 2


def test_a_cut_off_fetching_is_asked_for_and_one_without_a_session_fails(shop: Shop, network: GstNetwork) -> None:
    connection = at_the_network(shop)
    SourceConnection.objects.filter(pk=connection.pk).update(state=ConnectionState.STOPPED)
    Job.objects.create(work="wallets.fetch_source", title="Fetch", key=job_key(connection), asked_at=AT)
    late = retried(connection, AT + timedelta(hours=7))
    assert (late.state, late.message) == (
        JobState.FAILED,
        "Your sign-in at the source has ended. Connect again to go on.",
    )
    SourceConnection.objects.filter(pk=connection.pk).update(state=ConnectionState.FETCHING)
    with capture_events() as events:
        assert retried(connection).state == JobState.DONE
    assert SourceFetchAsked(connection_id=connection.pk, business_id=shop.business.pk) in events
