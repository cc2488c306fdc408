"""Reports of a period: computed, frozen under an id, read as page, CSV and PDF; monthly by the clock."""

import csv
import io
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import FrozenReport, Organisation, OrganisationStatus, User
from accounts.models.reports import ReportKind
from accounts.permissions import Capability, require
from accounts.selectors.reports import FIGURES, Span, frozen_report, lines_of, month_before
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.hashing import digest

LONGEST_DAYS = 366


def freeze_report(*, kind: ReportKind, span: Span, by: User, at: datetime) -> FrozenReport:
    """Compute and keep the figures of a period for the person's organisation. Raises InvalidInput."""
    require(by, Capability.VIEW_AUDIT)
    if by.organisation is None:
        raise Forbidden
    if span.since > span.until or (span.until - span.since).days >= LONGEST_DAYS:
        message = f"Choose a first and a last day, at most {LONGEST_DAYS} days apart."
        raise InvalidInput(message, field="until", rule="report.period")
    if span.since > at.astimezone(IST).date():
        raise InvalidInput("The period has not begun yet.", field="since", rule="report.future")
    return _frozen(kind, by.organisation, span, at, by=by)


def freeze_monthly_reports(*, at: datetime) -> int:
    """On the first of a month: both reports of the month before for every active organisation; how many are new."""
    span, made = month_before(at.astimezone(IST).date()), 0
    for organisation in Organisation.objects.filter(status=OrganisationStatus.ACTIVE).order_by("pk"):
        for kind in ReportKind:
            same = {"organisation": organisation, "kind": kind, "since": span.since, "until": span.until}
            if FrozenReport.objects.filter(**same, made_by=None).exists():
                continue
            try:
                _frozen(kind, organisation, span, at, by=None)
            except IntegrityError:  # another worker was quicker
                continue
            made += 1
    return made


def report_csv(*, report_id: UUID, by: User) -> str:
    """The figures as CSV; every text is ours, so nothing in it can run. Raises NotVisible."""
    report = frozen_report(user=by, report_id=report_id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["snapshot", "since", "until", "section", "name", "value"])
    writer.writerows([report.uuid, report.since, report.until, *line] for line in lines_of(report))
    return out.getvalue()


def report_pdf(*, report_id: UUID, by: User) -> bytes:
    """The figures on paper; the same snapshot gives the same bytes. Raises NotVisible."""
    report = frozen_report(user=by, report_id=report_id)
    facts = {
        "title": f"{report.get_kind_display()}, {report.since:%d %b %Y} to {report.until:%d %b %Y}",
        "snapshot": report.uuid,
        "digest": report.digest,
        "organisation": report.organisation.name,
        "made": f"{report.made_at.astimezone(IST):%d %b %Y, %H:%M} IST",
        "figures": [list(line) for line in lines_of(report)],
    }
    return pdf("documents/report.typ", facts, at=report.made_at)


def _frozen(kind: ReportKind, organisation: Organisation, span: Span, at: datetime, *, by: User | None) -> FrozenReport:
    figures = [line._asdict() for line in FIGURES[kind](organisation, span)]
    with transaction.atomic(durable=True):
        report = FrozenReport.objects.create(
            kind=kind,
            organisation=organisation,
            since=span.since,
            until=span.until,
            figures=figures,
            digest=digest({"kind": kind, "since": span.since, "until": span.until, "figures": figures}),
            made_at=at,
            made_by=by,
        )
        facts = {"kind": kind, "sha256": report.digest}
        chain = None if organisation.is_platform else organisation
        audit.record("report.frozen", target=report, at=at, by=by, organisation=chain, payload=facts)
    return report
