"""Returns of the book: frozen once a day, the same on page, in the table and on paper, and never changed."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Role
from accounts.selectors import platform
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import InvalidInput
from lending.models import AccrualRun, BookReturn, Loan
from lending.services import (
    Paid,
    Said,
    freeze_all,
    freeze_return,
    make_return,
    record_contact,
    record_receipt,
    return_csv,
    run_eod,
)
from lending.tasks import build_collection_queue
from tests.factories.accounts import BankFactory, OwnerFactory, UserFactory
from tests.factories.loans import a_loan, noon

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
TODAY = now().astimezone(IST).date()


@pytest.fixture
def bad(db):
    """One loan four months old on which nothing was paid, beside one of the day before yesterday."""
    loan = a_loan(on=TODAY - 130 * DAY)
    a_loan(on=TODAY - 2 * DAY, bank=loan.organisation)
    run_eod(on=TODAY - DAY, at=now())
    return loan


@pytest.fixture
def risk(bad, client):
    client.force_login(bad.disbursement.checker)
    return client


def figures(frozen):
    return dict(frozen.document["figures"])


def sheet(frozen, title):
    return next(table for table in frozen.document["sheets"] if table["title"] == title)


@pytest.mark.parametrize("kind", ["portfolio", "sma", "npa", "collection", "floating", "guarantee", "crilc"])
def test_a_return_is_frozen_once_a_day_and_is_page_table_and_paper(risk, kind):
    made = risk.post("/risk/returns", {"kind": kind})
    again = risk.post("/risk/returns", {"kind": kind})

    assert made.status_code == 302
    assert made.url == again.url
    frozen = BookReturn.objects.get(kind=kind)
    page = risk.get(made.url).content.decode()
    rows = list(csv.reader(io.StringIO(risk.get(f"{made.url}.csv").content.decode())))
    paper = risk.get(f"{made.url}.pdf").content
    assert str(frozen.uuid) in page
    assert {row[0] for row in rows[1:]} == {str(frozen.uuid)}
    assert paper.startswith(b"%PDF")
    assert paper == risk.get(f"{made.url}.pdf").content
    assert AuditEntry.objects.filter(action="return.frozen").count() == 1


def test_the_list_takes_the_same_number_of_queries_however_long(risk, bad, django_assert_max_num_queries):
    freeze_return(kind="sma", organisation=bad.organisation, on=TODAY - DAY, at=now())
    risk.get("/risk/returns")
    for back in range(2, 6):
        freeze_return(kind="sma", organisation=bad.organisation, on=TODAY - back * DAY, at=now())
    with django_assert_max_num_queries(8):
        assert risk.get("/risk/returns").status_code == 200


def test_a_kept_return_is_never_changed(bad):
    frozen = freeze_return(kind="sma", organisation=bad.organisation, on=TODAY - DAY, at=now())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BookReturn.objects.filter(pk=frozen.pk).update(document={})


def test_the_portfolio_tells_appetite_bridge_stress_and_what_rolled_since_the_last_one(bad):
    house = bad.organisation
    first = freeze_return(kind="portfolio", organisation=house, on=TODAY - 40 * DAY, at=now())
    frozen = freeze_return(kind="portfolio", organisation=house, on=TODAY - DAY, at=now())

    assert figures(frozen)["Rolled since"] == f"{first.until:%d %b %Y}"
    assert sheet(frozen, "From IRAC to expected credit loss")["rows"][-1][0] == "Whole book"
    assert sheet(frozen, "Expected loss against appetite, performing loans")["rows"][0][0] == "Whole book"
    assert "GST shock" in sheet(frozen, "Stress")["rows"][0][0]
    assert sheet(frozen, "Roll rates")["rows"][0][:2] == ["Regular", "Regular"]


def test_the_movement_of_npa_adds_up(bad):
    frozen = freeze_return(kind="npa", organisation=bad.organisation, on=TODAY - DAY, at=now())

    moved = {name: Decimal(value) for name, value in sheet(frozen, "Movement of NPA")["rows"]}
    closing = moved.pop("Closing balance")
    assert closing == sum(moved.values())
    assert moved["Fresh slippages"] == closing > 0


def test_cash_and_wires_from_abroad_above_the_sums_are_in_the_pack_of_their_month(db):
    loan = a_loan(on=date(2026, 1, 5), amount=5_000_000)
    other = a_loan(on=date(2026, 1, 5), bank=loan.organisation, utr="OTHER")
    for number, (one, mode, amount) in enumerate(
        [(loan, "cash", 600_000), (loan, "cash", 400_000), (other, "cash", 900_000), (loan, "abroad", 500_001)]
    ):
        paid = Paid(amount=Decimal(amount), on=date(2026, 2, 10), mode=mode, utr=f"C{number}", payer="=cmd()")
        record_receipt(loan_id=one.uuid, paid=paid, by=one.disbursement.maker, at=noon(date(2026, 2, 10)))

    frozen = freeze_return(kind="cash", organisation=loan.organisation, on=date(2026, 2, 3), at=now())

    assert (frozen.since, frozen.until) == (date(2026, 2, 1), date(2026, 2, 28))
    assert figures(frozen)["CTR: borrowers, payments, rupees"] == "1, 2, 1000000.00"
    assert figures(frozen)["CBWTR: payments, rupees"] == "1, 500001.00"
    assert figures(frozen)["To be filed by"] == "15 Mar 2026"
    assert "to confirm" in figures(frozen)["Source of both sums"]
    assert [row[1] for row in sheet(frozen, "CTR: cash transactions")["rows"]] == ["C0", "C1"]
    assert "'=cmd()" in return_csv(frozen)
    assert sheet(frozen, "Persons")["rows"][0][1] == loan.business.gstin


def test_a_month_that_still_runs_has_no_pack(risk):
    with pytest.raises(InvalidInput, match="still runs"):
        freeze_return(kind="cash", organisation=BankFactory(), on=TODAY, at=now())
    assert risk.post("/risk/returns", {"kind": "cash", "on": TODAY.isoformat()}).status_code == 422


def closed(on, *, finished=True):
    row = {"started_at": noon(on), "finished_at": noon(on) if finished else None}
    AccrualRun.objects.update_or_create(on=on, defaults=row)


def test_a_day_whose_end_is_not_finished_is_not_frozen(bad):
    AccrualRun.objects.all().delete()
    closed(date(2026, 11, 18))
    closed(date(2026, 11, 19), finished=False)

    assert freeze_all(at=noon(date(2026, 11, 20))) == 0
    assert not BookReturn.objects.exists()
    wished = make_return(kind="sma", on=None, by=bad.disbursement.checker, at=noon(date(2026, 11, 20)))
    assert wished.until == date(2026, 11, 18)

    closed(date(2026, 11, 19))
    assert freeze_all(at=noon(date(2026, 11, 20))) == freeze_all(at=noon(date(2026, 11, 20))) == 2
    assert BookReturn.objects.filter(kind="portfolio", until=date(2026, 11, 19)).count() == 2


def test_the_night_keeps_the_book_of_each_house_and_on_the_first_its_returns(bad):
    closed(date(2026, 11, 19))
    closed(date(2026, 11, 30))
    assert freeze_all(at=noon(date(2026, 11, 20))) == 2
    assert freeze_all(at=noon(date(2026, 12, 1))) == 10
    assert set(BookReturn.objects.filter(organisation=platform()).values_list("kind", flat=True)) == {
        "portfolio", "sma", "npa", "crilc", "cash",
    }  # fmt: skip


def test_the_list_of_large_exposures_is_kept_of_every_friday(bad):
    closed(date(2026, 11, 20))

    assert freeze_all(at=noon(date(2026, 11, 21))) == 4

    frozen = BookReturn.objects.get(kind="crilc", organisation=bad.organisation)
    assert (frozen.until, figures(frozen)["Large borrowers"]) == (date(2026, 11, 20), "0")


def test_a_borrower_of_five_crore_is_reported_over_all_loans_with_the_default(bad):
    Loan.objects.filter(pk=bad.pk).update(principal=Decimal(60_000_000))

    frozen = freeze_return(kind="crilc", organisation=bad.organisation, on=TODAY - DAY, at=now())

    (row,) = sheet(frozen, "In default, weekly report")["rows"]
    assert row[0] == bad.business.legal_name
    assert Decimal(row[4]) > 60_000_000
    assert row[6] == "Substandard"


def test_another_banks_return_is_not_there(bad, client):
    frozen = freeze_return(kind="sma", organisation=bad.organisation, on=TODAY - DAY, at=now())
    client.force_login(UserFactory(role=Role.RISK_MANAGER, organisation=BankFactory()))
    for ending in ("", ".csv", ".pdf"):
        assert client.get(f"/risk/returns/{frozen.uuid}{ending}").status_code == 404
    client.force_login(OwnerFactory())
    assert client.get("/risk/returns").status_code == 403


def test_a_return_and_a_shock_over_the_api(bad):
    api = APIClient()
    api.force_authenticate(bad.disbursement.checker)
    made = api.post("/api/v1/lending/returns", {"kind": "sma"}, format="json")

    assert made.status_code == 201
    assert api.get("/api/v1/lending/returns").json()["results"][0]["id"] == made.json()["id"]
    assert api.get(f"/api/v1/lending/returns/{made.json()['id']}").json()["sheets"][0]["title"] == (
        "Special mention accounts"
    )
    stress = api.post("/api/v1/lending/stress", {"gst_fall": "0.40"}, format="json").json()
    assert stress[0]["name"] == "GST shock: invoiced sales fall by 40%"
    assert api.post("/api/v1/lending/stress", {"gst_fall": "4"}, format="json").status_code == 422


def test_the_morning_keeps_the_order_in_which_overdue_loans_are_worked(bad):
    said = Said("message", "After the fair", Decimal(500), TODAY + DAY)
    made = [a_loan(on=TODAY - 70 * DAY, bank=bad.organisation) for _ in range(2)]
    run_eod(on=TODAY - DAY, at=now())
    record_contact(loan_id=bad.uuid, said=said, by=bad.disbursement.maker, at=now())
    build_collection_queue()
    build_collection_queue()

    frozen = BookReturn.objects.get(kind="collection", organisation=bad.organisation)
    rows = sheet(frozen, "To be worked today")["rows"]
    assert [row[1] for row in rows] == [made[0].account_no, made[1].account_no, bad.account_no]
    assert rows[-1][-1].startswith("500.00 for ")
    assert figures(frozen)["Promises that still run"] == "1"


def test_the_quarter_tells_what_loans_at_a_floating_rate_paid_and_owe(bad):
    floating = a_loan(on=TODAY - DAY, bank=bad.organisation, utr="FLOAT", rate_type="floating", benchmark="EBLR")
    frozen = freeze_return(kind="floating", organisation=bad.organisation, on=TODAY - DAY, at=now())
    (row,) = sheet(frozen, "Statements")["rows"]
    assert (row[0], row[2:4]) == (floating.account_no, ["0.00", "0.00"])
    assert row[5] == str(floating.instalments.count())
    assert row[6] == "12"


def test_april_asks_the_trusts_fee_on_what_is_outstanding(bad):
    Loan.objects.filter(pk=bad.pk).update(cover=Decimal(75))
    frozen = freeze_return(kind="guarantee", organisation=bad.organisation, on=TODAY - DAY, at=now())
    principal = Loan.objects.get(pk=bad.pk).principal
    assert sheet(frozen, "Fee demand")["rows"][0][4:] == [
        f"{principal:.2f}", "75", f"{principal * 75 / 100:.2f}", "0.37", figures(frozen)["Fee, before tax"],
    ]  # fmt: skip


def test_what_a_late_eve_kept_from_being_frozen_is_made_up_for_in_the_first_days(db):
    loan = a_loan(on=date(2026, 3, 5))
    assert freeze_all(at=noon(date(2026, 4, 1))) == 0  # the eve is closed in the evening
    run_eod(on=date(2026, 4, 2), at=noon(date(2026, 4, 3)))

    made = freeze_all(at=noon(date(2026, 4, 3)))

    ends = BookReturn.objects.filter(organisation=loan.organisation, until=date(2026, 3, 31))
    assert set(ends.values_list("kind", flat=True)) == {"sma", "npa", "cash", "crilc", "floating", "guarantee"}
    assert made == 2 + 12
    assert ends.get(kind="floating").since == date(2026, 1, 1)
    assert freeze_all(at=noon(date(2026, 4, 3))) == 2
