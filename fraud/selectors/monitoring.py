"""Transaction monitoring of a period in figures: what moved, what of it was suspicious, what people did about it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import polars as pl
from django.db.models import Model, Q, QuerySet

from accounts.models import Business, User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.money import format_inr, from_paise
from fraud.models import (
    Alert,
    AlertState,
    Case,
    CaseOutcome,
    Cycle,
    Dispute,
    DisputeState,
    MonitoringReport,
    Ring,
    Screening,
    StrReport,
)
from fraud.selectors.layers import sight_of
from wallets.selectors import transfers

RAILS = {"upi": "UPI", "bank": "Bank transfer"}


class Period(NamedTuple):
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


class Figure(NamedTuple):
    """One line of the report; the value is text, as it is read and kept."""

    section: str
    name: str
    value: str


def monitoring_figures(*, user: User, period: Period, at: datetime) -> tuple[Figure, ...]:
    """The figures of a period for the organisation of the person, as known at `at`."""
    return (
        *_movement(user, period, at),
        *_alerts(user, period),
        *_cases(user, period),
        *_disputes(user, period),
        *_screenings(user, period),
    )


def _movement(user: User, period: Period, at: datetime) -> Iterable[Figure]:
    """Payments between businesses by rail, and the share that went round in rings under a standing alert."""
    sight = sight_of(user, at)
    table = transfers(since=period.start, until=period.end, as_of=at, businesses=sight.mine, bank=sight.bank)
    rows = pl.DataFrame(pl.from_arrow(table))
    for rail, label in RAILS.items():
        own = rows.filter(pl.col("rail") == rail)
        yield Figure("Payments", f"{label}: number", str(own.height))
        yield Figure("Payments", f"{label}: volume", _rupees(own))
    suspicious = rows.join(_suspicious(user, period), on=["rail", "reference"], how="semi")
    yield Figure("Payments", "All: number", str(rows.height))
    yield Figure("Payments", "All: volume", _rupees(rows))
    yield Figure("Suspicious", "Payments in rings under alert: number", str(suspicious.height))
    yield Figure("Suspicious", "Payments in rings under alert: volume", _rupees(suspicious))
    yield Figure("Suspicious", "Share by number", _share(suspicious.height, rows.height))
    yield Figure("Suspicious", "Share by volume", _share(_paise(suspicious), _paise(rows)))


def _suspicious(user: User, period: Period) -> pl.DataFrame:
    """Rail and reference of every payment in a lap of a ring under a standing alert."""
    rings = Ring.objects.visible_to(user).filter(alerts__in=Alert.objects.standing())
    cycles = {key for evidence in rings.values_list("evidence", flat=True) for key in evidence}
    within = Cycle.objects.filter(pk__in=cycles, ended_at__gte=period.start, started_at__lte=period.end)
    pairs = {(edge["rail"], edge["reference"]) for edges in within.values_list("edges", flat=True) for edge in edges}
    return pl.DataFrame(sorted(pairs), schema={"rail": pl.String, "reference": pl.String}, orient="row")


def _paise(rows: pl.DataFrame) -> int:
    return int(rows["amount_paise"].sum())


def _rupees(rows: pl.DataFrame) -> str:
    return format_inr(from_paise(_paise(rows)), 2)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "no payments"


def _alerts(user: User, period: Period) -> Iterable[Figure]:
    mine = Q(ring__in=Ring.objects.visible_to(user)) | Q(business__in=Business.objects.visible_to(user))
    alerts = Alert.objects.filter(mine)
    yield Figure("Alerts", "Opened", _count(alerts, "opened_at", period))
    for state in (AlertState.CONFIRMED, AlertState.DISMISSED, AlertState.SNOOZED):
        yield Figure("Alerts", str(state.label), _count(alerts.filter(state=state), "decided_at", period))


def _cases(user: User, period: Period) -> Iterable[Figure]:
    cases = Case.objects.visible_to(user)
    yield Figure("Cases", "Opened", _count(cases, "opened_at", period))
    for outcome in CaseOutcome:
        closed = _count(cases.filter(outcome=outcome), "closed_at", period)
        yield Figure("Cases", f"Closed: {outcome.label.lower()}", closed)
    reports = StrReport.objects.visible_to(user)
    yield Figure("Cases", "Suspicious-transaction reports drafted", _count(reports, "drafted_at", period))
    yield Figure("Cases", "Suspicious-transaction reports filed", _count(reports, "filed_at", period))


def _disputes(user: User, period: Period) -> Iterable[Figure]:
    disputes = Dispute.objects.visible_to(user)
    yield Figure("Disputes", "Opened", _count(disputes, "opened_at", period))
    for state in (DisputeState.UPHELD, DisputeState.REJECTED):
        yield Figure("Disputes", str(state.label), _count(disputes.filter(state=state), "resolved_at", period))


def _screenings(user: User, period: Period) -> Iterable[Figure]:
    seen = Screening.objects.filter(business__in=Business.objects.visible_to(user))
    within = seen.filter(as_of__gte=period.start, as_of__lte=period.end)
    yield Figure("Screenings", "Made", str(within.count()))
    yield Figure("Screenings", "Businesses", str(within.values("business").distinct().count()))


def _count(rows: QuerySet[Model], column: str, period: Period) -> str:
    return str(rows.filter(**{f"{column}__gte": period.start, f"{column}__lte": period.end}).count())


def frozen_reports(*, user: User) -> QuerySet[MonitoringReport]:
    """Reports of the person's organisation, newest first."""
    reports = MonitoringReport.objects.visible_to(user).select_related("made_by", "organisation")
    return reports.order_by("-made_at", "-pk")


def frozen_report(*, user: User, report_id: UUID) -> MonitoringReport:
    """One frozen report. Raises NotVisible."""
    report = frozen_reports(user=user).filter(uuid=report_id).first()
    if report is None:
        raise NotVisible
    return report


def figures_of(report: MonitoringReport) -> tuple[Figure, ...]:
    """The lines of a frozen report."""
    return tuple(Figure(row["section"], row["name"], row["value"]) for row in report.figures)
