"""An owner connects an official source: a code or a consent, then documents as files, and no key left."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection as database

from accounts.models import AuditEntry, Job, JobState
from accounts.services import begin_job, withdraw_consent
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.connectors.far_ends import OTP, Aggregator, GstNetwork
from tests.wallets.engine.connectors.recordings import FOLDER
from tests.wallets.source_houses import with_aggregator, with_network
from wallets import selectors, tasks
from wallets.engine.connectors.protocol import Span
from wallets.engine.connectors.recorded import NotRecorded
from wallets.events import EvidenceReceived, SourceFetchAsked
from wallets.models import BankEntry, ConnectionState, GstInvoice, GstReturn, SourceConnection, Upload
from wallets.selectors.connecting import job_key
from wallets.services import (
    SourceSignIn,
    UnableToConnect,
    ask_fetch,
    confirm_otp,
    connect_source,
    end_connection,
    fetch_source,
    forget,
    move_sources,
    parse_upload,
    return_from_consent,
    stop_fetch,
)

SPAN = Span(date(2026, 8, 1), date(2026, 9, 30))
GST = SourceSignIn("gst_network", "asha.rao", SPAN, "203.0.113.7")
BANK = SourceSignIn("account_aggregator", "asha@aa", SPAN)


@pytest.fixture
def recorded(settings: object) -> None:
    settings.SOURCE_RECORDINGS = str(FOLDER)


def begun(shop: Shop, wanted: SourceSignIn = GST) -> SourceConnection:
    return connect_source(business=shop.business, wanted=wanted, by=shop.owner, at=AT)


def the_time() -> datetime:
    """It stands still."""
    return AT


def signed_in(shop: Shop) -> SourceConnection:
    return confirm_otp(connection_id=begun(shop).uuid, code=OTP, by=shop.owner, at=AT)


def at_rest() -> str:
    """Everything that the table of connections holds, as the database has it."""
    with database.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM wallets_sourceconnection c")
        return str(cursor.fetchall())


def test_without_a_provider_the_owner_is_told_which_settings_are_missing(shop: Shop) -> None:
    with pytest.raises(UnableToConnect, match=r"has set up no GST provider.*GSP_URL, GSP_CLIENT_ID") as caught:
        begun(shop)
    assert caught.value.code == "not_set_up"
    with pytest.raises(UnableToConnect, match="no Account Aggregator"):
        begun(shop, BANK)
    assert not SourceConnection.objects.exists()


def test_a_code_opens_the_source_and_three_returns_become_records(shop: Shop, recorded: None) -> None:
    with capture_events() as events:
        connection = fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    assert (connection.state, connection.trouble) == (ConnectionState.DONE, "")
    assert [type(event) for event in events if isinstance(event, EvidenceReceived | SourceFetchAsked)] == [
        SourceFetchAsked, EvidenceReceived, EvidenceReceived, EvidenceReceived,
    ]  # fmt: skip
    uploads = list(Upload.objects.order_by("pk"))
    assert [(upload.format, upload.origin, upload.by) for upload in uploads] == [
        (name, "gst_network", shop.owner) for name in ("gstr1", "gstr3b", "gstr2b")
    ]
    for upload in uploads:
        assert parse_upload(upload_id=upload.pk, at=AT).rejected == 0
    assert GstInvoice.objects.count() == 3
    returns = GstReturn.objects.order_by("return_type").values_list("return_type", "arn", "filing_known")
    assert list(returns) == [("GSTR1", "AA2909260000017", True), ("GSTR3B", "AA2909260000018", True)]
    assert [part.upload is None for part in connection.parts.all()] == [True, True, True, False, False, False]
    job = Job.objects.get(key=job_key(connection))
    assert (job.state, job.done, job.total) == (JobState.DONE, 6, 6)


def test_the_account_aggregator_is_asked_after_the_owner_approved(shop: Shop, recorded: None) -> None:
    connection = begun(shop, BANK)
    assert connection.state == ConnectionState.WAITING
    connection = return_from_consent(connection_id=connection.uuid, by=shop.owner, at=AT)
    waiting = fetch_source(connection_id=connection.pk, clock=the_time)
    assert (waiting.state, waiting.trouble, waiting.next_at is None) == (ConnectionState.FETCHING, "preparing", False)
    with capture_events() as events:
        move_sources(at=AT + timedelta(minutes=1))
    assert [type(event) for event in events] == [SourceFetchAsked]
    done = fetch_source(connection_id=connection.pk, clock=the_time)
    assert done.state == ConnectionState.DONE
    upload = parse_upload(upload_id=Upload.objects.get().pk, at=AT)
    assert (upload.origin, upload.accepted, BankEntry.objects.count()) == ("account_aggregator", 1, 1)


def test_codes_are_never_kept_and_keys_rest_sealed_and_are_forgotten(shop: Shop, recorded: None) -> None:
    connection = begun(shop)
    assert "app_key" not in at_rest()
    assert "asha.rao" not in at_rest()
    confirm_otp(connection_id=connection.uuid, code=OTP, by=shop.owner, at=AT)
    connection.refresh_from_db()
    assert "auth_token" in connection.kept
    assert "auth_token" not in at_rest()
    assert OTP not in connection.kept
    fetch_source(connection_id=connection.pk, clock=the_time)
    connection.refresh_from_db()
    assert (connection.kept, connection.data_key, connection.handle) == ("", "", "")
    trail = str(list(AuditEntry.objects.filter(action__startswith="source.").values()))
    assert OTP not in trail
    assert "asha.rao" not in trail


def test_every_step_is_in_the_audit_trail(shop: Shop, recorded: None) -> None:
    fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    told = AuditEntry.objects.filter(action__startswith="source.").order_by("pk").values_list("action", "outcome")
    assert list(told) == [("source.connecting", "ok"), ("source.connected", "ok"), ("source.fetched", "done")]


def test_fetching_twice_changes_nothing(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    fetch_source(connection_id=connection.pk, clock=the_time)
    fetch_source(connection_id=connection.pk, clock=the_time)
    again = fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    assert (again.state, Upload.objects.count()) == (ConnectionState.DONE, 3)  # the same bytes are one upload


def test_a_stopped_fetching_goes_on_where_it_was(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    stop_fetch(connection_id=connection.uuid, by=shop.owner, at=AT)
    assert fetch_source(connection_id=connection.pk, clock=the_time).state == ConnectionState.STOPPED
    assert not Upload.objects.exists()
    ask_fetch(connection_id=connection.uuid, by=shop.owner, at=AT)
    assert fetch_source(connection_id=connection.pk, clock=the_time).state == ConnectionState.DONE


def test_an_administrator_stops_the_job(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    run = begin_job(work="wallets.fetch_source", title="Fetch", key=job_key(connection), at=AT)
    Job.objects.filter(pk=run.job_id).update(cancel_asked=True)
    assert fetch_source(connection_id=connection.pk, clock=the_time).state == ConnectionState.STOPPED
    assert Job.objects.get(pk=run.job_id).state == JobState.CANCELLED


def test_a_wrong_code_leaves_another_try_and_five_end_it(shop: Shop, wired: GstNetwork) -> None:
    connection = begun(shop)
    for _ in range(4):
        with pytest.raises(UnableToConnect, match="does not know this code") as caught:
            confirm_otp(connection_id=connection.uuid, code="000000", by=shop.owner, at=AT)
        assert caught.value.code == "wrong_code"
    connection.refresh_from_db()
    assert connection.state == ConnectionState.WAITING
    with pytest.raises(UnableToConnect):
        confirm_otp(connection_id=connection.uuid, code="000000", by=shop.owner, at=AT)
    connection.refresh_from_db()
    assert (connection.state, connection.kept) == (ConnectionState.ENDED, "")


def test_a_code_that_is_none_is_not_sent(shop: Shop, recorded: None) -> None:
    connection = begun(shop)
    for code in ("", "abc", "12345678901", "\uff11\uff12\uff13\uff14"):
        with pytest.raises(InvalidInput):
            confirm_otp(connection_id=connection.uuid, code=code, by=shop.owner, at=AT)


def test_a_code_that_comes_too_late_ends_the_connection(shop: Shop, recorded: None) -> None:
    connection = begun(shop)
    with pytest.raises(UnableToConnect, match="has ended"):
        confirm_otp(connection_id=connection.uuid, code=OTP, by=shop.owner, at=AT + timedelta(minutes=11))
    connection.refresh_from_db()
    assert (connection.state, connection.kept) == (ConnectionState.ENDED, "")


def test_sessions_are_forgotten_when_they_run_out(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    assert move_sources(at=AT + timedelta(hours=5)) == 0
    late = AT + timedelta(hours=6)
    assert move_sources(at=late) == 1
    connection.refresh_from_db()
    assert (connection.state, connection.kept, connection.trouble) == (ConnectionState.ENDED, "", "session_over")
    with pytest.raises(UnableToConnect, match="Connect again"):
        ask_fetch(connection_id=connection.uuid, by=shop.owner, at=late)


def test_nothing_is_asked_without_a_live_consent(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    failed = fetch_source(connection_id=connection.pk, clock=the_time)
    assert (failed.state, failed.trouble, failed.kept) == (ConnectionState.FAILED, "no_consent", "")
    assert not Upload.objects.exists()
    with pytest.raises(UnableToConnect, match="no live consent"):
        begun(shop)


def test_a_withdrawn_consent_ends_the_connection_with_its_keys(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    forget(business_id=shop.business.pk, at=AT)
    connection.refresh_from_db()
    assert (connection.state, connection.trouble, connection.kept) == (ConnectionState.ENDED, "no_consent", "")


def test_only_what_is_consented_to_is_fetched(shop: Shop, recorded: None) -> None:
    shop.consent.kinds = ["gst_returns"]
    shop.consent.save()
    fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    assert [upload.format for upload in Upload.objects.all()] == ["gstr3b"]


def test_only_days_that_the_consent_covers_are_fetched(shop: Shop, recorded: None) -> None:
    shop.consent.data_from = datetime(2026, 9, 1, tzinfo=IST)
    shop.consent.save()
    done = fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    assert {part.period for part in done.parts.all()} == {"092026"}
    shop.consent.data_from = datetime(2026, 10, 1, tzinfo=IST)
    shop.consent.save()
    with pytest.raises(UnableToConnect, match="covers none of these days"):
        begun(shop)


def test_somebody_else_neither_connects_nor_sees_it(shop: Shop, neighbour: Shop, recorded: None) -> None:
    with pytest.raises((Forbidden, NotVisible)):
        connect_source(business=shop.business, wanted=GST, by=neighbour.owner, at=AT)
    connection = begun(shop)
    for act in (stop_fetch, ask_fetch, end_connection, return_from_consent):
        with pytest.raises(NotVisible):
            act(connection_id=connection.uuid, by=neighbour.owner, at=AT)


def test_connecting_anew_ends_what_was_unfinished(shop: Shop, recorded: None) -> None:
    first = begun(shop)
    second = begun(shop)
    first.refresh_from_db()
    assert (first.state, first.kept, second.state) == (ConnectionState.ENDED, "", ConnectionState.WAITING)
    end_connection(connection_id=second.uuid, by=shop.owner, at=AT)
    second.refresh_from_db()
    assert (second.state, second.handle) == (ConnectionState.ENDED, "")


@pytest.mark.parametrize(
    "changes", [{"source": "payroll"}, {"handle": "a b\r\nx: y"}, {"span": Span(AT.date(), date(2020, 1, 1))}]
)
def test_what_cannot_be_asked_is_refused_with_its_field(shop: Shop, recorded: None, changes: dict[str, object]) -> None:
    wanted = {"source": "gst_network", "handle": "asha.rao", "span": SPAN, **changes}
    with pytest.raises(InvalidInput):
        begun(shop, SourceSignIn(**wanted))


def test_a_recording_answers_nothing_else(shop: Shop, recorded: None) -> None:
    connection = begun(shop)
    with pytest.raises(NotRecorded, match=r"body\.otp"):
        confirm_otp(connection_id=connection.uuid, code="111111", by=shop.owner, at=AT)


@pytest.fixture
def wired(settings: object, tmp_path: Path) -> Iterator[GstNetwork]:
    """A GST network behind real HTTP, as a house would name it in its settings."""
    with with_network(settings, tmp_path, GstNetwork()) as far_end:
        yield far_end


def test_over_real_http_a_house_with_settings_fetches_the_same(shop: Shop, wired: GstNetwork) -> None:
    done = fetch_source(connection_id=signed_in(shop).pk, clock=the_time)
    assert (done.state, Upload.objects.count()) == (ConnectionState.DONE, 3)
    assert wired.asked[0].headers["client-secret"] == "secret"


def test_the_account_aggregator_over_real_http(shop: Shop, settings: object, tmp_path: Path) -> None:
    with with_aggregator(settings, tmp_path, Aggregator()):
        connection = begun(shop, BANK)
        return_from_consent(connection_id=connection.uuid, by=shop.owner, at=AT)
        states = [fetch_source(connection_id=connection.pk, clock=the_time).state for _ in range(3)]
    assert states == [ConnectionState.FETCHING, ConnectionState.FETCHING, ConnectionState.DONE]
    assert Upload.objects.get().origin == "account_aggregator"
    settings.AA_PUBLIC_KEY = str(tmp_path / "fiu.pem")
    with pytest.raises(UnableToConnect, match="holds no RSA key"):
        begun(shop, BANK)


def test_an_ended_connection_leaves_no_running_job(shop: Shop, recorded: None) -> None:
    connection = begun(shop, BANK)
    return_from_consent(connection_id=connection.uuid, by=shop.owner, at=AT)
    fetch_source(connection_id=connection.pk, clock=the_time)  # the bank takes its time
    end_connection(connection_id=connection.uuid, by=shop.owner, at=AT)
    move_sources(at=AT)
    assert Job.objects.get(key=job_key(connection)).state == JobState.CANCELLED


def test_a_session_that_the_source_ended_is_told_plainly(shop: Shop, wired: GstNetwork) -> None:
    connection = signed_in(shop)
    wired.over = True
    failed = fetch_source(connection_id=connection.pk, clock=the_time)
    assert (failed.state, failed.trouble, failed.detail) == (ConnectionState.FAILED, "session_over", "AUTH4033")
    card = selectors.source_card(failed, at=AT)
    assert card.trouble == "Your sign-in at the source has ended. Connect again to go on."
    assert not card.can_go_on


def test_a_source_that_is_away_is_tried_again(shop: Shop, wired: GstNetwork, settings: object) -> None:
    connection, url = signed_in(shop), settings.GSP_URL
    settings.GSP_URL = "http://127.0.0.1:9/base"
    failed = fetch_source(connection_id=connection.pk, clock=the_time)
    assert (failed.state, failed.trouble) == (ConnectionState.FAILED, "unreachable")
    assert selectors.source_card(failed, at=AT).can_go_on
    settings.GSP_URL = url
    ask_fetch(connection_id=connection.uuid, by=shop.owner, at=AT)
    assert fetch_source(connection_id=connection.pk, clock=the_time).state == ConnectionState.DONE
    assert Upload.objects.count() == 3
    settings.GSP_URL = "http://127.0.0.1:9/base"
    with pytest.raises(UnableToConnect, match="does not answer"):
        begun(shop)


@pytest.mark.parametrize("url", ["http://gsp.example/", "ftp://gsp.example/"])
def test_an_address_without_tls_counts_as_missing(shop: Shop, wired: GstNetwork, settings: object, url: str) -> None:
    settings.GSP_URL = url
    with pytest.raises(UnableToConnect, match="Missing settings: GSP_URL"):
        begun(shop)


def test_a_long_fetching_asks_for_itself_again(shop: Shop, wired: GstNetwork) -> None:
    wanted = SourceSignIn("gst_network", "asha.rao", Span(date(2026, 1, 1), date(2026, 9, 30)))
    connection = begun(shop, wanted)
    confirm_otp(connection_id=connection.uuid, code=OTP, by=shop.owner, at=AT)
    with capture_events() as events:
        fetch_source(connection_id=connection.pk, clock=the_time)
    assert SourceFetchAsked(connection_id=connection.pk, business_id=shop.business.pk) in events
    fetch_source(connection_id=connection.pk, clock=the_time)
    assert fetch_source(connection_id=connection.pk, clock=the_time).state == ConnectionState.DONE
    assert connection.parts.count() == 27


def test_the_tasks_call_the_services(shop: Shop, recorded: None) -> None:
    connection = signed_in(shop)  # its six hours are long over by the clock
    tasks.fetch_source(connection_id=connection.pk)
    connection.refresh_from_db()
    assert (connection.state, connection.trouble) == (ConnectionState.FAILED, "session_over")
    begun(shop)
    tasks.move_sources()
    assert not SourceConnection.objects.exclude(kept="").exists()
