"""Figures of a period are frozen under an id: page, CSV, PDF and API say the same, and the clock makes them monthly."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import audit, services
from accounts.models import FrozenReport, KycDocument, KycProfile, KycState, Organisation, ReportKind, User
from accounts.selectors.reports import Span, lines_of, month_before
from accounts.services import reports as acts
from creditiq.kernel.errors import InvalidInput, NotVisible
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    AdminFactory,
    BankFactory,
    BusinessFactory,
    ConsentFactory,
    OfficerFactory,
    OwnerFactory,
    RiskManagerFactory,
)
from tests.factories.kyc import KycProfileFactory

pytestmark = pytest.mark.django_db
OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31))
INSIDE = datetime(2026, 10, 10, tzinfo=UTC)


def paper(state: KycState, kind: str, judged_at: datetime | None = INSIDE) -> KycDocument:
    business = BusinessFactory()
    judged = {} if judged_at is None else {"judged_at": judged_at, "judged_by": OfficerFactory()}
    base = {"business": business, "kind": kind, "sha256": "0" * 64, "made_at": INSIDE, "made_by": OwnerFactory()}
    return KycDocument.objects.create(**base, state=state, **judged)


def frozen(kind: ReportKind, by: User | None = None) -> FrozenReport:
    return acts.freeze_report(kind=kind, span=OCTOBER, by=by or AdminFactory(), at=AT)


def values(report: FrozenReport, section: str) -> dict[str, str]:
    return {line.name: line.value for line in lines_of(report) if line.section == section}


def test_papers_are_counted_as_they_stood_on_the_last_day() -> None:
    paper(KycState.ACCEPTED, "address")
    paper(KycState.REPLACED, "address")
    paper(KycState.REFUSED, "address")
    paper(KycState.ACCEPTED, "address", judged_at=AT)
    paper(KycState.WAITING, "address", judged_at=None)
    paper(KycState.REPLACED, "address", judged_at=None)
    assert values(frozen(ReportKind.KYC), "Papers and declarations") == {
        "Total": "5",
        "Approved": "2",
        "Rejected": "1",
        "Pending": "2",
        "Approval rate": "66.7 %",
    }


def test_nothing_decided_has_no_rate() -> None:
    assert values(frozen(ReportKind.KYC), "Papers and declarations")["Approval rate"] == "none decided"


def test_the_clock_is_read_on_the_last_day_from_what_was_known_then() -> None:
    KycProfileFactory(next_due=date(2026, 10, 31))
    KycProfileFactory(next_due=date(2026, 11, 30))
    KycProfileFactory(verified_at=AT)
    BusinessFactory()
    assert values(frozen(ReportKind.KYC), "Clock on the last day") == {
        "Verified and in time": "1",
        "Due within 60 days": "1",
        "Late": "1",
        "Never verified": "2",
    }


def test_a_bank_counts_those_who_let_it_see_them() -> None:
    bank = BankFactory()
    ConsentFactory(business=KycProfileFactory(verified_at=INSIDE).business, organisation=bank)
    KycProfileFactory(verified_at=INSIDE)
    manager = RiskManagerFactory(organisation=bank)
    assert values(frozen(ReportKind.KYC, manager), "Businesses verified")["Total"] == "1"
    assert values(frozen(ReportKind.KYC), "Businesses verified")["Total"] == "2"
    assert KycProfile.objects.count() == 2


def test_the_audit_report_reads_one_chain() -> None:
    bank = BankFactory()
    manager = RiskManagerFactory(organisation=bank)
    with transaction.atomic():
        mine = audit.record("test.mine", target="x", at=INSIDE, by=manager)
        audit.record("test.house", target="x", at=INSIDE, outcome="refused")
    trail = values(frozen(ReportKind.AUDIT, manager), "Trail")
    assert (trail["Entries"], trail["Refused"], trail["Last hash"]) == ("1", "0", mine.hash)
    assert values(frozen(ReportKind.AUDIT), "Trail")["Refused"] == "1"


def test_a_frozen_report_never_changes() -> None:
    report = frozen(ReportKind.KYC)
    for change in (lambda rows: rows.update(figures=[]), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(FrozenReport.objects.filter(pk=report.pk))


def test_page_csv_pdf_and_api_say_the_same() -> None:
    admin, client = AdminFactory(), Client()
    client.force_login(admin)
    made = client.post("/reports", {"kind": "kyc", "since": "2026-10-01", "until": "2026-10-31"})
    address = made.headers["Location"]
    page = client.get(address).content.decode()
    rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv").content.decode())))
    api = signed_in(admin).get(f"/api/v1{address}").json()
    assert rows[0] == ["snapshot", "since", "until", "section", "name", "value"]
    assert [tuple(row[3:]) for row in rows[1:]] == [tuple(line.values()) for line in api["figures"]]
    assert all(row[0] == api["id"] and row[4] in page for row in rows[1:])
    paper_twice = {client.get(f"{address}.pdf").content for _ in range(2)}
    assert len(paper_twice) == 1
    assert paper_twice.pop().startswith(b"%PDF-")


def test_a_period_that_cannot_be_is_refused_by_its_field() -> None:
    admin = AdminFactory()
    for span in (Span(date(2026, 10, 2), date(2026, 10, 1)), Span(date(2027, 1, 1), date(2027, 1, 2))):
        with pytest.raises(InvalidInput):
            acts.freeze_report(kind=ReportKind.KYC, span=span, by=admin, at=AT)
    body = {"kind": "kyc", "since": "2026-10-02", "until": "2026-10-01"}
    assert signed_in(admin).post("/api/v1/reports", body).status_code == 422


def test_another_bank_does_not_see_it() -> None:
    report = frozen(ReportKind.KYC, RiskManagerFactory(organisation=BankFactory()))
    with pytest.raises(NotVisible):
        acts.report_csv(report_id=report.uuid, by=RiskManagerFactory(organisation=BankFactory()))


def test_the_clock_freezes_both_reports_of_every_house_once() -> None:
    BankFactory()
    BankFactory(suspended=True)
    first = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
    assert services.freeze_monthly_reports(at=first) == 2 * Organisation.objects.filter(status="active").count()
    assert services.freeze_monthly_reports(at=first + timedelta(hours=1)) == 0
    assert set(FrozenReport.objects.values_list("since", "until")) == {tuple(OCTOBER)}
    assert month_before(date(2026, 1, 1)) == Span(date(2025, 12, 1), date(2025, 12, 31))


def test_the_lists_ask_a_fixed_number_of_queries(django_assert_max_num_queries: object) -> None:
    admin, client = AdminFactory(), Client()
    for _ in range(3):
        frozen(ReportKind.KYC, admin)
    client.force_login(admin)
    with django_assert_max_num_queries(14):
        assert client.get("/reports").status_code == 200
    api = signed_in(admin)
    with django_assert_max_num_queries(6):
        assert len(api.get("/api/v1/reports").json()["results"]) == 3
