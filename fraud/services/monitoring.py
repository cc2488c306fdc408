"""Transaction-monitoring reports: figures of a period, frozen under an id; the same id gives the same paper."""

import csv
import io
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Organisation, OrganisationStatus, Role, User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.hashing import digest
from fraud.models import MonitoringReport
from fraud.selectors.monitoring import Period, figures_of, frozen_report, monitoring_figures
from fraud.services.cases import house_of

LONGEST_DAYS = 366


def freeze_monitoring(*, period: Period, by: User, at: datetime) -> MonitoringReport:
    """Compute and keep the figures of a period. Raises InvalidInput for a period that runs backward or too long."""
    require(by, Capability.VIEW_FRAUD)
    if period.since > period.until or (period.until - period.since).days >= LONGEST_DAYS:
        message = f"Choose a first and a last day, at most {LONGEST_DAYS} days apart."
        raise InvalidInput(message, field="until", rule="monitoring.period")
    if period.since > at.astimezone(IST).date():
        raise InvalidInput("The period has not begun yet.", field="since", rule="monitoring.future")
    return _frozen(period, by, by, at)


def freeze_monthly_monitoring(*, at: datetime) -> int:
    """On the first of a month: the report of the month before for every active organisation; how many are new."""
    last, made = at.astimezone(IST).date().replace(day=1) - timedelta(days=1), 0
    period = Period(last.replace(day=1), last)
    for organisation in Organisation.objects.filter(status=OrganisationStatus.ACTIVE).order_by("pk"):
        same = {"organisation": organisation, "since": period.since, "until": period.until, "made_by": None}
        if MonitoringReport.objects.filter(**same).exists():
            continue
        try:
            _frozen(period, _eyes_of(organisation), None, at)
        except IntegrityError:  # another worker was quicker
            continue
        made += 1
    return made


def _eyes_of(organisation: Organisation) -> User:
    """Somebody who sees what the risk managers of an organisation see, and is nobody: never stored."""
    return User(role=Role.RISK_MANAGER, organisation=organisation)


def _frozen(period: Period, reader: User, by: User | None, at: datetime) -> MonitoringReport:
    figures = [figure._asdict() for figure in monitoring_figures(user=reader, period=period, at=at)]
    with transaction.atomic(durable=True):
        report = MonitoringReport.objects.create(
            organisation=house_of(reader),
            since=period.since,
            until=period.until,
            figures=figures,
            digest=digest({"since": period.since, "until": period.until, "figures": figures}),
            made_at=at,
            made_by=by,
        )
        audit.record("monitoring.frozen", target=report, at=at, by=by, payload={"sha256": report.digest})
    return report


def monitoring_csv(*, report_id: UUID, by: User) -> str:
    """The figures as CSV; every text is ours, so nothing in it can run. Raises NotVisible."""
    report = frozen_report(user=by, report_id=report_id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["snapshot", "since", "until", "section", "name", "value"])
    writer.writerows([report.uuid, report.since, report.until, *figure] for figure in figures_of(report))
    return out.getvalue()


def monitoring_pdf(*, report_id: UUID, by: User) -> bytes:
    """The figures on paper; the same snapshot gives the same bytes. Raises NotVisible."""
    report = frozen_report(user=by, report_id=report_id)
    facts = {
        "snapshot": report.uuid,
        "digest": report.digest,
        "organisation": report.organisation.name,
        "since": f"{report.since:%d %b %Y}",
        "until": f"{report.until:%d %b %Y}",
        "made": f"{report.made_at.astimezone(IST):%d %b %Y, %H:%M} IST",
        "figures": [list(figure) for figure in figures_of(report)],
    }
    return pdf("documents/monitoring.typ", facts, at=report.made_at)
