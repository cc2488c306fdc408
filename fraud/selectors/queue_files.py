"""The queues as files: the same rows as on the pages, in columns one chooses."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar

from accounts.models import User
from creditiq.kernel.clock import IST
from fraud.models import AlertState, Case, Dispute, Match, Ring
from fraud.selectors.alerts import AlertRow, alert_rows, visible_alerts
from fraud.selectors.cases import CaseRow, case_row, in_share
from fraud.selectors.disputes import SHARES as DISPUTE_SHARES
from fraud.selectors.disputes import DisputeRow, dispute_row
from fraud.selectors.disputes import in_share as disputes_in_share
from fraud.selectors.queue import TABS, RingRow, rows_of
from fraud.selectors.watchlists import TABS as NAME_TABS
from fraud.selectors.watchlists import MatchRow, match_rows

MOST_LINES = 5_000
Cell: TypeAlias = str | int | float
Line: TypeAlias = tuple[Cell, ...]
Told = TypeVar("Told")


class Asked(NamedTuple):
    """Which share of a queue, and which of its columns; none named: all."""

    share: str
    columns: tuple[str, ...]


class QueueFile(NamedTuple):
    """Headings and lines, in the order of the page."""

    headings: tuple[str, ...]
    lines: list[Line]


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(IST):%Y-%m-%d %H:%M}" if at else ""


RING_COLUMNS: Mapping[str, Callable[[RingRow], Cell]] = {
    "ring": lambda row: str(row.ring.uuid),
    "members": lambda row: ", ".join(member.name for member in row.members),
    "state": lambda row: row.alert.state if row.alert else "watch",
    "confidence": lambda row: round(row.ring.confidence, 4),
    "laps": lambda row: round(row.ring.recurrence, 2),
    "came_back_rupees": lambda row: str(row.value),
    "rupees_a_day": lambda row: str(row.velocity),
    "hours_a_hop": lambda row: round(row.ring.hop_hours, 2),
    "goods_support": lambda row: round(row.ring.goods_support, 4),
    "false_discovery_rate": lambda row: "" if row.ring.q_value is None else round(row.ring.q_value, 4),
    "first_seen": lambda row: _day(row.ring.first_seen_at),
    "screened": lambda row: _day(row.ring.screened_at),
}
ALERT_COLUMNS: Mapping[str, Callable[[AlertRow], Cell]] = {
    "alert": lambda row: str(row.alert.uuid),
    "about": lambda row: row.title,
    "what": lambda row: row.topic,
    "severity": lambda row: row.alert.severity,
    "state": lambda row: row.alert.state,
    "opened": lambda row: _day(row.alert.opened_at),
    "decided": lambda row: _day(row.alert.decided_at),
}
CASE_COLUMNS: Mapping[str, Callable[[CaseRow], Cell]] = {
    "case": lambda row: row.case.number,
    "title": lambda row: row.case.title,
    "state": lambda row: row.case.state,
    "due": lambda row: _day(row.case.due_at),
    "late": lambda row: "yes" if row.late else "no",
    "assignee": lambda row: row.case.assignee.get_full_name() if row.case.assignee else "",
    "opened": lambda row: _day(row.case.opened_at),
}
DISPUTE_COLUMNS: Mapping[str, Callable[[DisputeRow], Cell]] = {
    "dispute": lambda row: row.dispute.number,
    "business": lambda row: row.dispute.business.trade_name,
    "about": lambda row: row.dispute.subject,
    "reference": lambda row: row.dispute.reference,
    "state": lambda row: row.dispute.state,
    "due": lambda row: _day(row.dispute.due_at),
    "late": lambda row: "yes" if row.late else "no",
    "assignee": lambda row: row.dispute.assignee.get_full_name() if row.dispute.assignee else "",
}
NAME_COLUMNS: Mapping[str, Callable[[MatchRow], Cell]] = {
    "rank": lambda row: row.rank,
    "customer": lambda row: row.party.name,
    "listed": lambda row: row.match.matched,
    "list": lambda row: row.match.entity.source.name,
    "probability": lambda row: round(row.match.probability, 6),
    "state": lambda row: row.match.state,
}


def rings_file(user: User, asked: Asked, at: datetime) -> QueueFile:
    """Rings of one tab, surest first, at most 5,000; `at` plays no part."""
    tab = asked.share if asked.share in dict(TABS) else "open"
    rings = Ring.objects.visible_to(user).in_state(tab).order_by("-confidence", "pk")[:MOST_LINES]
    return _file(RING_COLUMNS, asked, rows_of(list(rings), user))


def alerts_file(user: User, asked: Asked, at: datetime) -> QueueFile:
    """Alerts in one state, newest first, at most 5,000; `at` plays no part."""
    state = asked.share if asked.share in AlertState.values else AlertState.OPEN
    seen = visible_alerts(user).filter(state=state).select_related("ring", "business").order_by("-opened_at", "-pk")
    return _file(ALERT_COLUMNS, asked, alert_rows(list(seen[:MOST_LINES]), user))


def cases_file(user: User, asked: Asked, at: datetime) -> QueueFile:
    """Cases of one share, most urgent first, at most 5,000; lateness as of `at`."""
    seen = in_share(Case.objects.visible_to(user), asked.share, user, at).order_by("due_at", "pk")
    rows = [case_row(case, at) for case in seen.select_related("assignee", "business")[:MOST_LINES]]
    return _file(CASE_COLUMNS, asked, rows)


def _file(columns: Mapping[str, Callable[[Told], Cell]], asked: Asked, rows: Iterable[Told]) -> QueueFile:
    """The chosen columns in their own order; names that are no column are left out."""
    chosen = [name for name in columns if name in asked.columns] or list(columns)
    return QueueFile(tuple(chosen), [tuple(columns[name](row) for name in chosen) for row in rows])


def disputes_file(user: User, asked: Asked, at: datetime) -> QueueFile:
    """Disputes of one share, most urgent first, at most 5,000; lateness as of `at`."""
    share = asked.share if asked.share in dict(DISPUTE_SHARES) else "open"
    seen = disputes_in_share(Dispute.objects.visible_to(user), share, user, at).order_by("due_at", "pk")
    rows = [dispute_row(dispute, at) for dispute in seen.select_related("business", "assignee")[:MOST_LINES]]
    return _file(DISPUTE_COLUMNS, asked, rows)


def names_file(user: User, asked: Asked, at: datetime) -> QueueFile:
    """Names of one tab of the review desk, likeliest first, at most 5,000; `at` plays no part."""
    tab = asked.share if asked.share in dict(NAME_TABS) else "open"
    seen = Match.objects.visible_to(user).in_state(tab).select_related("entity__source").likeliest_first()
    return _file(NAME_COLUMNS, asked, match_rows(list(seen[:MOST_LINES]), user, 1))


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "rings": tuple(RING_COLUMNS),
    "alerts": tuple(ALERT_COLUMNS),
    "cases": tuple(CASE_COLUMNS),
    "disputes": tuple(DISPUTE_COLUMNS),
    "names": tuple(NAME_COLUMNS),
}
"""What one may choose from, by queue."""

FILES: Mapping[str, Callable[[User, Asked, datetime], QueueFile]] = {
    "rings": rings_file,
    "alerts": alerts_file,
    "cases": cases_file,
    "disputes": disputes_file,
    "names": names_file,
}
"""The file of each queue."""
