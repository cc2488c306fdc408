"""Transaction-monitoring reports: figures of a period, frozen under an id; the same id gives the same paper."""

import csv
import io
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
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
    figures = [figure._asdict() for figure in monitoring_figures(user=by, period=period, at=at)]
    with transaction.atomic(durable=True):
        report = MonitoringReport.objects.create(
            organisation=house_of(by),
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
