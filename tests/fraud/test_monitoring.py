"""Transaction monitoring and the papers of a business: figures that can be recomputed, frozen under an id."""

import io
from datetime import date, datetime, timedelta

import pypdf
import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from accounts.models import Business, Consent, ConsentUse, Organisation, User
from accounts.selectors import platform
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from fraud import selectors, services, tasks
from fraud.models import MonitoringReport
from tests.factories.accounts import BankFactory, UserFactory
from tests.fraud.conftest import Town
from tests.fraud.test_pages import banker
from wallets.selectors import transfers

pytestmark = pytest.mark.integration


@pytest.fixture
def period(town: Town) -> selectors.Period:
    last = town.end.astimezone(IST).date()
    return selectors.Period(last - timedelta(days=89), last)


@pytest.fixture
def report(town: Town, period: selectors.Period, risk_manager: User) -> MonitoringReport:
    services.screen_population(as_of=town.end)
    return services.freeze_monitoring(period=period, by=risk_manager, at=town.end)


def value(report: MonitoringReport, name: str) -> str:
    return next(figure.value for figure in selectors.figures_of(report) if figure.name == name)


def test_the_figures_are_those_of_the_transfers(report: MonitoringReport, period: selectors.Period, town: Town) -> None:
    table = transfers(since=period.start, until=period.end, as_of=town.end)
    assert value(report, "All: number") == str(table.num_rows)
    assert int(value(report, "UPI: number")) + int(value(report, "Bank transfer: number")) == table.num_rows
    assert int(value(report, "Payments in rings under alert: number")) > 0
    assert value(report, "Share by number").endswith("%")


def test_a_frozen_report_never_changes(report: MonitoringReport) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        MonitoringReport.objects.filter(pk=report.pk).update(figures=[])


def test_csv_and_paper_carry_the_snapshot(report: MonitoringReport, risk_manager: User) -> None:
    lines = services.monitoring_csv(report_id=report.uuid, by=risk_manager).splitlines()
    assert lines[0] == "snapshot,since,until,section,name,value"
    assert len(lines) == len(report.figures) + 1
    assert all(line.startswith(str(report.uuid)) for line in lines[1:])
    paper = services.monitoring_pdf(report_id=report.uuid, by=risk_manager)
    assert paper == services.monitoring_pdf(report_id=report.uuid, by=risk_manager)
    words = pypdf.PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert str(report.uuid)[:8] in words


def test_a_period_runs_forward_within_a_year(town: Town, period: selectors.Period, risk_manager: User) -> None:
    for since, until in ((period.until, period.since), (period.since - timedelta(days=400), period.until)):
        with pytest.raises(InvalidInput):
            services.freeze_monitoring(period=selectors.Period(since, until), by=risk_manager, at=town.end)
    ahead = selectors.Period(period.until + timedelta(days=2), period.until + timedelta(days=3))
    with pytest.raises(InvalidInput):
        services.freeze_monitoring(period=ahead, by=risk_manager, at=town.end)


def test_the_clock_freezes_the_month_before_once_for_every_organisation(town: Town) -> None:
    bank = BankFactory()
    first = datetime(2026, 11, 1, 1, 0, tzinfo=IST)
    active = Organisation.objects.filter(status="active").count()
    assert services.freeze_monthly_monitoring(at=first) == active
    assert services.freeze_monthly_monitoring(at=first + timedelta(days=3)) == 0
    report = MonitoringReport.objects.get(organisation=bank)
    assert (report.since, report.until, report.made_by) == (date(2026, 10, 1), date(2026, 10, 31), None)
    reader = UserFactory(role="risk_manager", organisation=bank)
    client = Client()
    client.force_login(reader)
    assert "the clock" in client.get("/risk/monitoring").content.decode()
    assert "by the clock" in client.get(f"/risk/monitoring/{report.uuid}").content.decode()
    house = MonitoringReport.objects.get(organisation=platform())
    assert next(figure.value for figure in selectors.figures_of(house) if figure.name == "All: number") != "0"
    tasks.freeze_monthly_monitoring()


def test_another_organisation_does_not_see_the_report(report: MonitoringReport) -> None:
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    with pytest.raises(NotVisible):
        services.monitoring_csv(report_id=report.uuid, by=banker)


def test_a_bank_counts_payments_of_the_kinds_and_the_time_that_its_own_customers_agreed_to(
    town: Town, period: selectors.Period
) -> None:
    services.screen_population(as_of=town.end)
    user, later = banker(town, *range(1, 12)), town.end + timedelta(minutes=1)
    own = Consent.objects.filter(organisation=user.organisation)

    def counted() -> tuple[int, int, int]:
        figures = selectors.monitoring_figures(user=user, period=period, at=later)
        told = {figure.name: figure.value for figure in figures}
        return int(told["UPI: number"]), int(told["Bank transfer: number"]), int(told["All: number"])

    upi, bank, every = counted()
    assert min(upi, bank) > 0
    assert upi + bank == every
    own.update(kinds=["upi_payments"])
    assert counted() == (upi, 0, upi)
    own.update(data_from=town.end - timedelta(days=30))
    assert 0 < counted()[0] < upi
    own.update(kinds=["gst_returns"])
    assert counted() == (0, 0, 0)


def test_the_papers_of_a_business_agree_with_its_screening(town: Town, risk_manager: User) -> None:
    services.screen_population(as_of=town.end)
    business = Business.objects.get(pk=town.keys[2])
    found = services.inspect_business(business_id=business.uuid, by=risk_manager, at=town.end)
    screening = business.screenings.get()
    assert found.bills.found.index == pytest.approx(screening.ewb_smurfing_index)
    assert len(found.receipts.months) == 12
    assert found.receipts.has_any
    assert found.closed == ()


def test_inspecting_names_a_consent_and_tells_the_owner(town: Town) -> None:
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    business = Business.objects.get(pk=town.keys[2])
    with pytest.raises(NotVisible):
        services.inspect_business(business_id=business.uuid, by=banker, at=town.end)
    before = ConsentUse.objects.count()
    services.inspect_business(business_id=business.uuid, by=UserFactory(role="risk_manager"), at=town.end)
    assert ConsentUse.objects.count() == before + 1
