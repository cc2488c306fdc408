"""The lists of fraud work: their columns, and their rows for the file in the order of the pages."""

from collections.abc import Iterable

from accounts.selectors import Asked, Column, Listing, moment_cell, person_cell
from fraud.models import AlertState, Case, Dispute, Match, MonitoringReport, Ring
from fraud.selectors.alerts import AlertRow, alert_rows, visible_alerts
from fraud.selectors.cases import CaseRow, case_row, current_share, in_share
from fraud.selectors.disputes import SHARES as DISPUTE_SHARES
from fraud.selectors.disputes import DisputeRow, dispute_row
from fraud.selectors.disputes import in_share as disputes_in_share
from fraud.selectors.monitoring import frozen_reports
from fraud.selectors.queue import TABS, RingRow, rows_of
from fraud.selectors.rules import RuleRow, rule_list
from fraud.selectors.watchlists import TABS as NAME_TABS
from fraud.selectors.watchlists import MatchRow, match_rows


def _rings(asked: Asked) -> Iterable[RingRow]:
    """Rings of one tab, surest first."""
    tab = asked.filters.get("tab", "")
    rings = Ring.objects.visible_to(asked.user).in_state(tab if tab in dict(TABS) else "open")
    return rows_of(list(rings.order_by("-confidence", "pk")[: asked.most]), asked.user)


def _alerts(asked: Asked) -> Iterable[AlertRow]:
    """Alerts in one state, newest first."""
    state = asked.filters.get("state", "")
    seen = visible_alerts(asked.user).filter(state=state if state in AlertState.values else AlertState.OPEN)
    found = seen.select_related("ring", "business").order_by("-opened_at", "-pk")
    return alert_rows(list(found[: asked.most]), asked.user)


def _cases(asked: Asked) -> Iterable[CaseRow]:
    """Cases of one share, most urgent first."""
    user, at = asked.user, asked.at
    seen = Case.objects.visible_to(user)
    share = current_share(seen, asked.filters.get("share", ""), user, at)
    found = in_share(seen, share, user, at).select_related("assignee", "business", "person").order_by("due_at", "pk")
    return [case_row(case, at) for case in found[: asked.most]]


def _disputes(asked: Asked) -> Iterable[DisputeRow]:
    """Disputes of one share, most urgent first."""
    share, user, at = asked.filters.get("share", ""), asked.user, asked.at
    seen = disputes_in_share(
        Dispute.objects.visible_to(user), share if share in dict(DISPUTE_SHARES) else "open", user, at
    )
    found = seen.select_related("business", "assignee").order_by("due_at", "pk")
    return [dispute_row(dispute, at) for dispute in found[: asked.most]]


def _names(asked: Asked) -> Iterable[MatchRow]:
    """Names of one tab of the review desk, likeliest first."""
    tab = asked.filters.get("tab", "")
    seen = Match.objects.visible_to(asked.user).in_state(tab if tab in dict(NAME_TABS) else "open")
    found = seen.select_related("entity__source").likeliest_first()
    return match_rows(list(found[: asked.most]), asked.user, 1)


def _rules(asked: Asked) -> Iterable[RuleRow]:
    """Rules by title."""
    return rule_list(user=asked.user, most=asked.most).rows


def _reports(asked: Asked) -> Iterable[MonitoringReport]:
    """Frozen monitoring reports, newest first."""
    return frozen_reports(user=asked.user)[: asked.most]


RINGS: Listing[RingRow] = Listing(
    "fraud:queue",
    (
        Column(
            "ring",
            "Ring",
            lambda row: str(row.ring.uuid),
            also={"members": lambda row: ", ".join(member.name for member in row.members)},
        ),
        Column("confidence", "Confidence", lambda row: round(row.ring.confidence, 4)),
        Column("laps", "Laps in 90 days", lambda row: round(row.ring.recurrence, 2), numeric=True),
        Column("came_back_rupees", "Went round", lambda row: row.value, numeric=True),
        Column("rupees_a_day", "Per day", lambda row: row.velocity, numeric=True),
        Column("goods_support", "Papers explain", lambda row: round(row.ring.goods_support, 4), numeric=True),
        Column("hours_a_hop", "Hours a hop", lambda row: round(row.ring.hop_hours, 2), numeric=True, usual=False),
        Column(
            "false_discovery_rate",
            "False discovery rate",
            lambda row: "" if row.ring.q_value is None else round(row.ring.q_value, 4),
            numeric=True,
            usual=False,
        ),
        Column("first_seen", "First seen", lambda row: moment_cell(row.ring.first_seen_at), usual=False),
        Column("screened", "Screened", lambda row: moment_cell(row.ring.screened_at), usual=False),
        Column("state", "State", lambda row: row.alert.state if row.alert else "watch"),
    ),
    _rings,
    filters=("tab",),
)
ALERTS: Listing[AlertRow] = Listing(
    "fraud:alerts",
    (
        Column("about", "About", lambda row: row.title, also={"alert": lambda row: str(row.alert.uuid)}),
        Column("what", "What", lambda row: row.topic),
        Column("severity", "Severity", lambda row: row.alert.severity),
        Column("state", "State", lambda row: row.alert.state),
        Column("opened", "Opened", lambda row: moment_cell(row.alert.opened_at), usual=False),
        Column("decided", "Decided", lambda row: moment_cell(row.alert.decided_at), usual=False),
    ),
    _alerts,
    filters=("state",),
)
CASES: Listing[CaseRow] = Listing(
    "fraud:cases",
    (
        Column("case", "Case", lambda row: row.case.number, also={"title": lambda row: row.case.title}),
        Column("state", "State", lambda row: row.case.state),
        Column(
            "due",
            "Due",
            lambda row: moment_cell(row.case.due_at),
            also={"late": lambda row: "yes" if row.late else "no"},
        ),
        Column("assignee", "Who has it", lambda row: person_cell(row.case.assignee)),
        Column("opened", "Opened", lambda row: moment_cell(row.case.opened_at)),
    ),
    _cases,
    filters=("share",),
)
DISPUTES: Listing[DisputeRow] = Listing(
    "fraud:disputes",
    (
        Column(
            "dispute",
            "Business",
            lambda row: row.dispute.number,
            also={"business": lambda row: row.dispute.business.trade_name},
        ),
        Column(
            "about",
            "About",
            lambda row: row.dispute.subject,
            also={"reference": lambda row: row.dispute.reference},
        ),
        Column("state", "State", lambda row: row.dispute.state),
        Column(
            "due",
            "Answer by",
            lambda row: moment_cell(row.dispute.due_at),
            also={"late": lambda row: "yes" if row.late else "no"},
        ),
        Column("assignee", "Who has it", lambda row: person_cell(row.dispute.assignee)),
    ),
    _disputes,
    filters=("share",),
)
NAMES: Listing[MatchRow] = Listing(
    "fraud:names",
    (
        Column(
            "customer",
            "Customer's name",
            lambda row: row.match.asked,
            also={"business": lambda row: row.party.name},
        ),
        Column("rank", "Rank", lambda row: row.rank, numeric=True),
        Column("listed", "Listed name", lambda row: row.match.matched),
        Column("list", "List", lambda row: row.match.entity.source.name),
        Column("probability", "Probability", lambda row: round(row.match.probability, 6), numeric=True),
        Column("state", "State", lambda row: row.match.state),
    ),
    _names,
    filters=("tab",),
)
RULES: Listing[RuleRow] = Listing(
    "fraud:rules",
    (
        Column("rule", "Rule", lambda row: row.rule.slug, also={"title": lambda row: row.rule.title}),
        Column(
            "newest",
            "Newest version",
            lambda row: row.newest.version,
            also={"state": lambda row: row.newest.state},
        ),
        Column("live", "In force", lambda row: row.live.version if row.live else ""),
        Column("severity", "Severity", lambda row: row.newest.severity),
        Column("businesses", "Businesses", lambda row: row.hits, numeric=True),
        Column("shadow", "In shadow", lambda row: row.shadow_hits, numeric=True),
    ),
    _rules,
)
REPORTS: Listing[MonitoringReport] = Listing(
    "fraud:monitoring",
    (
        Column(
            "since",
            "Period",
            lambda row: row.since.isoformat(),
            also={"until": lambda row: row.until.isoformat(), "bank": lambda row: row.organisation.name},
        ),
        Column("made", "Made", lambda row: moment_cell(row.made_at)),
        Column("by", "By", lambda row: person_cell(row.made_by) or "the clock"),
        Column("snapshot", "Snapshot", lambda row: str(row.uuid)),
    ),
    _reports,
)
TOPOLOGY: Listing[object] = Listing(
    "fraud:topology",
    filters=(
        *("confidence", "amount", "days", "since", "until", "kind", "level", "view", "flagged", "near"),
        *("community", "ring"),
    ),
)
"""The picture of the network: what is drawn may be kept as a view."""
