"""Alerts of both kinds as one list, and one alert about a business with the rows behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.models import Business, User
from creditiq.kernel.errors import NotVisible
from fraud.models import Alert, AlertState, Case, Finding, Ring, RuleHit
from fraud.selectors.cases import ring_title
from fraud.selectors.parties import Party, parties
from fraud.selectors.queue import rows_of
from fraud.selectors.timeline import Moment, timeline_of

ALERTS_PER_PAGE = 25
SHOWN_ROWS = 60
RULE = "rule:"


class AlertRow(NamedTuple):
    """An alert in a list; `title` is the business or the ring, `topic` what it is about in words."""

    alert: Alert
    title: str
    topic: str


@dataclass(frozen=True)
class AlertList:
    """Alerts in one state, newest first."""

    rows: tuple[AlertRow, ...]
    page: Page[Alert]
    states: tuple[tuple[str, str, int], ...]
    current: str


class EvidenceRow(NamedTuple):
    """A record behind a finding: its kind and its natural key."""

    kind: str
    key: str


@dataclass(frozen=True)
class AlertView:
    """An alert about a business: what was found, the figures, the rows behind them by kind and key.

    `timeline` tells those of the rows that the reader's organisation may read.
    """

    row: AlertRow
    party: Party
    findings: tuple[Finding, ...]
    hits: tuple[RuleHit, ...]
    figures: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceRow, ...]
    timeline: tuple[Moment, ...]
    rows_total: int
    case: Case | None


def visible_alerts(user: User) -> QuerySet[Alert]:
    """Alerts of rings with a member the person may see, and about businesses they may see."""
    rings, businesses = Ring.objects.visible_to(user), Business.objects.visible_to(user)
    return Alert.objects.filter(Q(ring__in=rings) | Q(business__in=businesses))


def alert_list(*, user: User, state: str = "open", page: str = "1") -> AlertList:
    """One state of the alerts the person may see; the counts are over all states."""
    seen = visible_alerts(user)
    current = state if state in AlertState.values else AlertState.OPEN
    rows = seen.filter(state=current).select_related("ring", "business").order_by("-opened_at", "-pk")
    shown = Paginator(rows, ALERTS_PER_PAGE).get_page(page)
    return AlertList(
        rows=alert_rows(list(shown), user),
        page=shown,
        states=tuple((code, str(label), seen.filter(state=code).count()) for code, label in AlertState.choices),
        current=current,
    )


def alert_rows(alerts: list[Alert], user: User) -> tuple[AlertRow, ...]:
    """The alerts with their titles, in the given order."""
    rings = {row.ring.pk: row for row in rows_of([alert.ring for alert in alerts if alert.ring], user)}
    return tuple(
        AlertRow(
            alert,
            ring_title(rings[alert.ring.pk]) if alert.ring else (alert.business.trade_name if alert.business else ""),
            topic_words(alert),
        )
        for alert in alerts
    )


def topic_words(alert: Alert) -> str:
    """What the alert is about, for people."""
    if not alert.topic:
        return "Money goes round"
    return alert.topic.removeprefix(RULE).replace("_", " ").replace("-", " ").capitalize()


def alert_view(*, user: User, alert_id: UUID, at: datetime) -> AlertView:
    """One alert about a business with its evidence. Raises NotVisible, for the alert of a ring too."""
    alert = visible_alerts(user).select_related("business", "decided_by").filter(uuid=alert_id).first()
    if alert is None or alert.business is None:
        raise NotVisible
    findings = tuple(alert.business.fraud_findings.filter(typology=alert.topic).latest_first()[:5])
    slug = alert.topic.removeprefix(RULE)
    hits = alert.business.rule_hits.filter(version__rule__slug=slug, shadow=False).select_related("version__rule")
    rows = findings[0].rows if findings else []
    case = Case.objects.visible_to(user).unfinished().filter(business=alert.business).first()
    return AlertView(
        row=alert_rows([alert], user)[0],
        party=parties(user, [alert.business.pk])[alert.business.pk],
        findings=findings,
        hits=tuple(hits.order_by("-at", "-pk")[:5]),
        figures=tuple((name.replace("_", " "), _plain(value)) for name, value in _figures(findings, hits)),
        evidence=tuple(EvidenceRow(row["kind"], str(row["key"])) for row in rows[:SHOWN_ROWS]),
        timeline=tuple(timeline_of(user=user, business=alert.business, rows=rows[-SHOWN_ROWS:], at=at)),
        rows_total=len(rows),
        case=case,
    )


def _plain(value: object) -> str:
    """A stored number without the zeros that say nothing: 29, 0.4483."""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def _figures(findings: tuple[Finding, ...], hits: QuerySet[RuleHit]) -> list[tuple[str, object]]:
    """The numbers behind it: of the latest finding, or the facts the rule read."""
    if findings:
        return sorted(findings[0].figures.items())
    latest = hits.order_by("-at", "-pk").first()
    return sorted(latest.facts.items()) if latest else []
