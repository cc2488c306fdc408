from fraud.services.alerts import AlertDecision, UnableToDecideAlert, decide_alert
from fraud.services.backtests import BacktestPeriod, Decided, backtest_rule
from fraud.services.cases import (
    About,
    UnableToWorkOnCase,
    assign_case,
    link_case,
    note_in_case,
    open_case,
    open_case_of_claim,
    open_case_of_wallet,
    snooze_case,
    take_next,
)
from fraud.services.closing import Closing, answer_closing, propose_closing
from fraud.services.consents import forget, take_up
from fraud.services.disputes import (
    Attachment,
    Resolution,
    Statement,
    UnableToDispute,
    ask_owner,
    assign_dispute,
    open_dispute,
    reply_to_dispute,
    resolve_dispute,
    withdraw_dispute,
)
from fraud.services.escalating import escalate_late_cases
from fraud.services.freezes import UnableToFreeze, end_what_passed, freeze_members, lift_freeze
from fraud.services.inspecting import inspect_alert, inspect_business
from fraud.services.monitoring import freeze_monitoring, freeze_monthly_monitoring, monitoring_csv, monitoring_pdf
from fraud.services.names import UnableToDecideMatch, decide_match, screen_against_changes, screen_customer
from fraud.services.population import screen_frames, screen_population
from fraud.services.rules import (
    RuleDraft,
    UnableToMoveRule,
    publish_rule,
    retire_rule,
    rule_act,
    submit_rule,
    write_rule,
)
from fraud.services.screening import UnableToScreen, screen_business
from fraud.services.shipping import ship_rules
from fraud.services.suspicion import UnableToReport, draft_report, edit_grounds, export_pdf, export_xml, file_report
from fraud.services.sweeps import begin_sweep, finish_sweep, search_slab
from fraud.services.trying import TriedPolicy, try_policy
from fraud.services.warming import warm
from fraud.services.watchlists import load_configured_watchlists, load_watchlists
from fraud.services.works import screen_population_as_job

__all__ = [
    "About",
    "AlertDecision",
    "Attachment",
    "BacktestPeriod",
    "Closing",
    "Decided",
    "Resolution",
    "RuleDraft",
    "Statement",
    "TriedPolicy",
    "UnableToDecideAlert",
    "UnableToDecideMatch",
    "UnableToDispute",
    "UnableToFreeze",
    "UnableToMoveRule",
    "UnableToReport",
    "UnableToScreen",
    "UnableToWorkOnCase",
    "answer_closing",
    "ask_owner",
    "assign_case",
    "assign_dispute",
    "backtest_rule",
    "begin_sweep",
    "decide_alert",
    "decide_match",
    "draft_report",
    "edit_grounds",
    "end_what_passed",
    "escalate_late_cases",
    "export_pdf",
    "export_xml",
    "file_report",
    "finish_sweep",
    "forget",
    "freeze_members",
    "freeze_monitoring",
    "freeze_monthly_monitoring",
    "inspect_alert",
    "inspect_business",
    "lift_freeze",
    "link_case",
    "load_configured_watchlists",
    "load_watchlists",
    "monitoring_csv",
    "monitoring_pdf",
    "note_in_case",
    "open_case",
    "open_case_of_claim",
    "open_case_of_wallet",
    "open_dispute",
    "propose_closing",
    "publish_rule",
    "reply_to_dispute",
    "resolve_dispute",
    "retire_rule",
    "rule_act",
    "screen_against_changes",
    "screen_business",
    "screen_customer",
    "screen_frames",
    "screen_population",
    "screen_population_as_job",
    "search_slab",
    "ship_rules",
    "snooze_case",
    "submit_rule",
    "take_next",
    "take_up",
    "try_policy",
    "warm",
    "withdraw_dispute",
    "write_rule",
]
