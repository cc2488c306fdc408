"""Figures of a period: identity checks, and what the trail holds. Computed once, then frozen by the service."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from accounts.models import (
    AccessReview,
    ApprovalRequest,
    AuditCheckpoint,
    AuditEntry,
    Business,
    DataRequest,
    FrozenReport,
    KycDocument,
    KycProfile,
    KycRisk,
    KycState,
    KycTier,
    Organisation,
    OwnershipDeclaration,
    User,
)
from accounts.models.reports import ReportKind
from accounts.models.reviews import quarter_of
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible

MOST_ACTS = 25


class Span(NamedTuple):
    """Days from `since` to `until`, both included, by India's clock."""

    since: date
    until: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.since, time(), IST)

    @property
    def end(self) -> datetime:
        """The last microsecond of the last day."""
        return datetime.combine(self.until, time(), IST) + timedelta(days=1, microseconds=-1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return self.start, self.end


class Line(NamedTuple):
    """One line of a report; the value is text, as it is read and kept."""

    section: str
    name: str
    value: str


def month_before(day: date) -> Span:
    """The calendar month before the one of a day.

    >>> month_before(date(2026, 3, 1))
    Span(since=datetime.date(2026, 2, 1), until=datetime.date(2026, 2, 28))
    """
    last = day.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def kyc_lines(organisation: Organisation, span: Span) -> Iterator[Line]:
    """Papers and declarations that came in, what became of them by the last day, and who was verified."""
    mine = _businesses(organisation, span.end)
    items: list[QuerySet[Model]] = [
        model.objects.filter(made_at__range=span.moments, business__in=mine)
        for model in (KycDocument, OwnershipDeclaration)
    ]
    decided = Q(judged_at__lte=span.end)
    approved = sum(rows.filter(decided).exclude(state=KycState.REFUSED).count() for rows in items)
    rejected = sum(rows.filter(decided, state=KycState.REFUSED).count() for rows in items)
    taken_back = Q(judged_at__isnull=True, state=KycState.REPLACED)
    pending = sum(rows.exclude(decided).exclude(taken_back).count() for rows in items)
    yield Line("Papers and declarations", "Total", str(approved + rejected + pending))
    yield Line("Papers and declarations", "Approved", str(approved))
    yield Line("Papers and declarations", "Rejected", str(rejected))
    yield Line("Papers and declarations", "Pending", str(pending))
    yield Line("Papers and declarations", "Approval rate", _rate(approved, approved + rejected))
    profiles = KycProfile.objects.filter(verified_at__range=span.moments, business__in=mine)
    yield Line("Businesses verified", "Total", str(profiles.count()))
    for tier in KycTier:
        yield Line("Businesses verified", f"{tier.label} tier", str(profiles.filter(tier=tier).count()))
    for risk in KycRisk:
        yield Line("Businesses verified", f"{risk.label} risk", str(profiles.filter(risk=risk).count()))
    standing = (
        KycProfile.objects.known_at(span.end).filter(business__in=mine).order_by("business", "-verified_at", "-pk")
    )
    newest = list(standing.distinct("business").values_list("next_due", flat=True))
    soon = span.until + timedelta(days=60)
    yield Line("Clock on the last day", "Verified and in time", str(sum(due > span.until for due in newest)))
    yield Line("Clock on the last day", "Due within 60 days", str(sum(span.until < due <= soon for due in newest)))
    yield Line("Clock on the last day", "Late", str(sum(due <= span.until for due in newest)))
    yield Line("Clock on the last day", "Never verified", str(mine.count() - len(newest)))


def audit_lines(organisation: Organisation, span: Span) -> Iterator[Line]:
    """What the chain of the organisation gained, what two people decided, who asked about their data."""
    chain = None if organisation.is_platform else organisation
    entries = AuditEntry.objects.filter(organisation=chain, at__range=span.moments)
    yield Line("Trail", "Entries", str(entries.count()))
    yield Line("Trail", "People who acted", str(entries.exclude(actor=None).values("actor").distinct().count()))
    yield Line("Trail", "Refused", str(entries.filter(outcome="refused").count()))
    last = AuditEntry.objects.filter(organisation=chain, at__lte=span.end).order_by("-seq").first()
    yield Line("Trail", "Last number", str(last.seq if last else 0))
    yield Line("Trail", "Last hash", last.hash if last else "none")
    stamps = AuditCheckpoint.objects.filter(organisation=chain, at__range=span.moments)
    yield Line("Trail", "Checkpoints", str(stamps.count()))
    asked = ApprovalRequest.objects.filter(organisation=organisation, made_at__range=span.moments)
    for row in asked.values("state").annotate(number=Count("pk")).order_by("state"):
        yield Line("Second person", str(row["state"]).capitalize(), str(row["number"]))
    people = User.objects.filter(organisation=organisation, is_active=True)
    reviewed = AccessReview.objects.filter(person__in=people, quarter=quarter_of(span.end), at__lte=span.end)
    yield Line("Access review", "People with access", str(people.count()))
    yield Line("Access review", f"Reviewed in {quarter_of(span.end)}", str(reviewed.count()))
    if organisation.is_platform:
        requests = DataRequest.objects.filter(asked_at__range=span.moments)
        yield Line("Data requests", "Asked", str(requests.count()))
        late = Q(due_at__lte=span.end) & (Q(answered_at__isnull=True) | Q(answered_at__gt=span.end))
        yield Line("Data requests", "Late on the last day", str(DataRequest.objects.filter(late).count()))
    acts = entries.values("action").annotate(number=Count("pk")).order_by("-number", "action")[:MOST_ACTS]
    for act in acts:
        yield Line("Acts, the most frequent", str(act["action"]), str(act["number"]))


FIGURES: Mapping[str, Callable[[Organisation, Span], Iterator[Line]]] = {
    ReportKind.KYC: kyc_lines,
    ReportKind.AUDIT: audit_lines,
}


def frozen_reports(*, user: User) -> QuerySet[FrozenReport]:
    """Reports the person may read, the newest first."""
    rows = FrozenReport.objects.visible_to(user).select_related("organisation", "made_by")
    return rows.order_by("-made_at", "-pk")


def frozen_report(*, user: User, report_id: UUID) -> FrozenReport:
    """One of them. Raises NotVisible."""
    found = frozen_reports(user=user).filter(uuid=report_id).first()
    if found is None:
        raise NotVisible
    return found


def lines_of(report: FrozenReport) -> tuple[Line, ...]:
    """The figures as kept."""
    return tuple(Line(**line) for line in report.figures)


def _businesses(organisation: Organisation, at: datetime) -> QuerySet[Business]:
    """Whom the organisation could see then: the platform everybody, a bank those with a live consent."""
    rows = Business.register.all()
    if organisation.is_platform:
        return rows
    return rows.filter(pk__in=organisation.consents.live_at(at).values("business"))


def _rate(part: int, whole: int) -> str:
    if not whole:
        return "none decided"
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{share} %"
