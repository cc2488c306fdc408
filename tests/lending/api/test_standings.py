"""Classification and collections over the API."""

from datetime import timedelta

import pytest

from creditiq.kernel.clock import IST, now
from lending.services import may_contact, run_eod
from tests.factories.accounts import OfficerFactory
from tests.factories.loans import a_loan
from tests.lending.api.test_applications import client_of

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
TODAY = now().astimezone(IST).date()


@pytest.fixture
def late(db):
    """A loan on which nothing was paid for forty days after its first due date."""
    loan = a_loan(on=TODAY - 71 * DAY)
    run_eod(on=TODAY - DAY, at=now())
    loan.refresh_from_db()
    return loan


def test_the_classification_tells_the_standing_and_how_it_came_to_it(late):
    officer = client_of(late.disbursement.maker)

    (row,) = officer.get("/api/v1/lending/classification").json()["results"]
    one = officer.get(f"/api/v1/lending/loans/{late.uuid}/classification").json()

    assert (row["dpd"], row["sma"], row["asset_class"]) == (late.dpd, "SMA-1", "standard")
    assert [change["to_sma"] for change in one["changes"]] == ["SMA-1", "SMA-0"]
    assert one["standing"]["account_no"] == late.account_no
    stranger = client_of(OfficerFactory())
    assert stranger.get("/api/v1/lending/classification").json()["results"] == []
    assert stranger.get(f"/api/v1/lending/loans/{late.uuid}/classification").status_code == 404


def test_the_collection_queue_and_its_contacts(late):
    officer = client_of(late.disbursement.maker)
    path = f"/api/v1/lending/loans/{late.uuid}/contacts"
    promise = {"channel": "message", "note": "On Friday", "promised": "1000.00", "promised_on": TODAY.isoformat()}

    kept = officer.post(path, promise, format="json")
    called = officer.post(path, {"channel": "call", "note": "x"}, format="json")
    queue = officer.get("/api/v1/lending/collections").json()

    assert kept.status_code == 201
    assert called.status_code == (201 if may_contact(now()) else 409)
    assert queue["may_contact_now"] is may_contact(now())
    assert queue["rows"][0]["promise"]["promised"] == "1000.00"
    assert len(officer.get(path).json()) >= 1
