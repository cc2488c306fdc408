"""Requests about one connection at the same moment: nobody guesses more often, nothing is undone or breaks."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connection as database
from django.db import transaction

from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.connectors.far_ends import OTP, GstNetwork
from tests.wallets.source_houses import with_network
from wallets.engine.connectors.protocol import Answer, Question, Span
from wallets.models import ConnectionState, SourceConnection
from wallets.services import SourceSignIn, UnableToConnect, confirm_otp, connect_source

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
GST = SourceSignIn("gst_network", "asha.rao", Span(date(2026, 8, 1), date(2026, 9, 30)))


class SlowNetwork(GstNetwork):
    """It thinks about a wrong code until it may answer."""

    thinks = Event()
    may_answer = Event()

    def ask(self, question: Question) -> Answer:
        told = super().ask(question)
        if b"AUTH4034" in told.body:
            self.thinks.set()
            self.may_answer.wait(20)
        return told

    @property
    def guesses(self) -> int:
        return sum(json.loads(asked.body)["action"] == "AUTHTOKEN" for asked in self.asked if asked.body)


@pytest.fixture
def network(settings: object, tmp_path: Path) -> Iterator[SlowNetwork]:
    SlowNetwork.thinks.clear()
    SlowNetwork.may_answer.clear()
    with with_network(settings, tmp_path, SlowNetwork()) as far_end:
        yield far_end


def begun(shop: Shop) -> SourceConnection:
    return connect_source(business=shop.business, wanted=GST, by=shop.owner, at=AT)


def answered(act: object, *given: object) -> str:
    """What became of it, in a thread with a connection of its own."""
    try:
        return act(*given).state
    except UnableToConnect as error:
        return error.code
    finally:
        database.close()


def test_guesses_at_the_same_moment_cannot_pass_the_bound(shop: Shop, network: SlowNetwork) -> None:
    connection = begun(shop)

    def guess(_: int) -> SourceConnection:
        return confirm_otp(connection_id=connection.uuid, code="000000", by=shop.owner, at=AT)

    with ThreadPoolExecutor(9) as pool:
        told = [pool.submit(answered, guess, number) for number in range(9)]
        deadline = time.monotonic() + 20
        while sum(one.done() for one in told) + network.guesses < 9 and time.monotonic() < deadline:
            time.sleep(0.02)
        network.may_answer.set()
    assert sorted(one.result() for one in told) == ["unable_to_connect"] * 4 + ["wrong_code"] * 5
    connection.refresh_from_db()
    assert (network.guesses, connection.state, connection.kept) == (5, ConnectionState.ENDED, "")


def test_a_refusal_that_comes_late_undoes_nothing(shop: Shop, network: SlowNetwork) -> None:
    connection = begun(shop)
    SourceConnection.objects.update(wrong_codes=3)

    def confirm(code: str) -> SourceConnection:
        return confirm_otp(connection_id=connection.uuid, code=code, by=shop.owner, at=AT)

    with ThreadPoolExecutor(1) as pool:
        wrong = pool.submit(answered, confirm, "000000")
        assert network.thinks.wait(20)
        signed_in = confirm(OTP)
        network.may_answer.set()
        assert wrong.result() == "wrong_code"
    connection.refresh_from_db()
    assert (connection.state, connection.trouble, connection.kept) == (ConnectionState.FETCHING, "", signed_in.kept)


def test_of_two_first_connections_at_once_one_is_told_so(shop: Shop, network: SlowNetwork) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            SourceConnection.objects.create(
                business=shop.business, by=shop.owner, source="gst_network", handle="asha.rao", begun_at=AT,
                first_day=GST.span.first, last_day=GST.span.last, ends_at=AT + timedelta(minutes=10),
            )  # fmt: skip
            other = pool.submit(answered, begun, shop)
            wait_for_a_waiting_writer()
        assert other.result() == "unable_to_connect"
    assert SourceConnection.objects.count() == 1


def wait_for_a_waiting_writer() -> None:
    """Until somebody waits for a row of ours."""
    for _ in range(500):
        with database.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.04)
    raise AssertionError("nobody waits")
