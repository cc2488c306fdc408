from django.urls import path

from fraud.api import cases, disputes, reports, rules, views, watchlists

urlpatterns = [
    path("fraud/watchlists", watchlists.Watchlists.as_view(), name="api-fraud-watchlists"),
    path("fraud/watchlists/runs", watchlists.Runs.as_view(), name="api-fraud-name-runs"),
    path("fraud/matches", watchlists.Matches.as_view(), name="api-fraud-matches"),
    path("fraud/matches/<uuid:match_id>", watchlists.OneMatch.as_view(), name="api-fraud-match"),
    path("fraud/matches/<uuid:match_id>/verdicts", watchlists.Verdicts.as_view(), name="api-fraud-match-verdicts"),
    path("fraud/rings", views.Rings.as_view(), name="api-fraud-rings"),
    path("fraud/rings/<uuid:ring_id>", views.OneRing.as_view(), name="api-fraud-ring"),
    path("fraud/rules", rules.Rules.as_view(), name="api-fraud-rules"),
    path("fraud/rules/<uuid:rule_id>", rules.OneRule.as_view(), name="api-fraud-rule"),
    path("fraud/rules/<uuid:rule_id>/acts", rules.RuleActs.as_view(), name="api-fraud-rule-acts"),
    path("fraud/graph", views.Graph.as_view(), name="api-fraud-graph"),
    path("fraud/screening/<uuid:business_id>", views.BusinessScreening.as_view(), name="api-fraud-screening"),
    path("fraud/ewb-distribution", reports.EwbDistribution.as_view(), name="api-fraud-ewb"),
    path("fraud/receivables-gap", reports.ReceivablesGap.as_view(), name="api-fraud-gap"),
    path("fraud/alerts", cases.Alerts.as_view(), name="api-fraud-alerts"),
    path("fraud/cases", cases.Cases.as_view(), name="api-fraud-cases"),
    path("fraud/cases/<uuid:case_id>", cases.OneCase.as_view(), name="api-fraud-case"),
    path("fraud/cases/<uuid:case_id>/acts", cases.CaseActs.as_view(), name="api-fraud-case-acts"),
    path("fraud/disputes", disputes.Disputes.as_view(), name="api-fraud-disputes"),
    path("fraud/disputes/<uuid:dispute_id>", disputes.OneDispute.as_view(), name="api-fraud-dispute"),
    path("fraud/disputes/<uuid:dispute_id>/replies", disputes.DisputeReplies.as_view(), name="api-fraud-replies"),
    path("fraud/disputes/<uuid:dispute_id>/acts", disputes.DisputeActs.as_view(), name="api-fraud-dispute-acts"),
    path("fraud/str", reports.Reports.as_view(), name="api-fraud-reports"),
    path("fraud/str/<uuid:report_id>", reports.OneReport.as_view(), name="api-fraud-report"),
    path("fraud/str/<uuid:report_id>/acts", reports.ReportActs.as_view(), name="api-fraud-report-acts"),
    path("fraud/monitoring", reports.Monitoring.as_view(), name="api-fraud-monitoring"),
    path("fraud/monitoring/<uuid:snapshot_id>", reports.OneMonitoring.as_view(), name="api-fraud-snapshot"),
]
