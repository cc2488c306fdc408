from fraud.selectors.alerts import AlertList, AlertView, alert_list, alert_rows, alert_view, visible_alerts
from fraud.selectors.cases import CaseQueue, CaseView, case_queue, case_view, is_snoozed
from fraud.selectors.disputes import (
    DisputeQueue,
    DisputeView,
    OwnDispute,
    dispute_queue,
    dispute_view,
    own_dispute,
    own_disputes,
    visible_file,
)
from fraud.selectors.monitoring import Period, figures_of, frozen_report, frozen_reports, monitoring_figures
from fraud.selectors.network import Standing, held_businesses, network_block, network_frame, standing
from fraud.selectors.patterns import Patterns
from fraud.selectors.policy import written_out
from fraud.selectors.queue import FraudQueue, RingRow, fraud_queue, rows_of
from fraud.selectors.queue_files import COLUMNS as QUEUE_COLUMNS
from fraud.selectors.queue_files import Asked
from fraud.selectors.rings import RingView, freezes_of, ring_view, visible_ring
from fraud.selectors.rules import RuleList, RuleView, rule_list, rule_view
from fraud.selectors.screenings import latest_screening
from fraud.selectors.suspicion import StrView, str_view
from fraud.selectors.topology import Shown, Topology, featured_ring, suspected_rings, topology
from fraud.selectors.watchlists import (
    MatchQueue,
    MatchRow,
    MatchView,
    match_queue,
    match_rows,
    match_view,
    may_load,
    names_hold,
    runs,
    watchlists,
)

__all__ = [
    "QUEUE_COLUMNS",
    "AlertList",
    "AlertView",
    "Asked",
    "CaseQueue",
    "CaseView",
    "DisputeQueue",
    "DisputeView",
    "FraudQueue",
    "MatchQueue",
    "MatchRow",
    "MatchView",
    "OwnDispute",
    "Patterns",
    "Period",
    "RingRow",
    "RingView",
    "RuleList",
    "RuleView",
    "Shown",
    "Standing",
    "StrView",
    "Topology",
    "alert_list",
    "alert_rows",
    "alert_view",
    "case_queue",
    "case_view",
    "dispute_queue",
    "dispute_view",
    "featured_ring",
    "figures_of",
    "fraud_queue",
    "freezes_of",
    "frozen_report",
    "frozen_reports",
    "held_businesses",
    "is_snoozed",
    "latest_screening",
    "match_queue",
    "match_rows",
    "match_view",
    "may_load",
    "monitoring_figures",
    "names_hold",
    "network_block",
    "network_frame",
    "own_dispute",
    "own_disputes",
    "ring_view",
    "rows_of",
    "rule_list",
    "rule_view",
    "runs",
    "standing",
    "str_view",
    "suspected_rings",
    "topology",
    "visible_alerts",
    "visible_file",
    "visible_ring",
    "watchlists",
    "written_out",
]
