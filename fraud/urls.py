from django.urls import path

from fraud.views import alerts, cases, disputes, names, reports, rings

app_name = "fraud"
urlpatterns = [
    path("risk", rings.queue, name="queue"),
    path("risk/panel", rings.queue_panel, name="queue_panel"),
    path("risk/topology", rings.topology, name="topology"),
    path("risk/rings/<uuid:ring_id>", rings.ring, name="ring"),
    path("risk/rings/<uuid:ring_id>/decisions", rings.decide, name="decide"),
    path("risk/alerts", alerts.alerts, name="alerts"),
    path("risk/alerts/<uuid:alert_id>", alerts.alert, name="alert"),
    path("risk/cases", cases.cases, name="cases"),
    path("risk/cases/next", cases.take, name="take"),
    path("risk/cases/<uuid:case_id>", cases.case, name="case"),
    path("risk/cases/<uuid:case_id>/acts", cases.act, name="case_act"),
    path("risk/disputes", disputes.disputes, name="disputes"),
    path("risk/disputes/<uuid:dispute_id>", disputes.dispute, name="dispute"),
    path("risk/disputes/<uuid:dispute_id>/acts", disputes.act, name="dispute_act"),
    path("risk/disputes/files/<uuid:file_id>", disputes.file, name="dispute_file"),
    path("risk/reports/<uuid:report_id>", reports.report, name="report"),
    path("risk/reports/<uuid:report_id>/acts", reports.act, name="report_act"),
    path("risk/reports/<uuid:report_id>.xml", reports.report_xml, name="report_xml"),
    path("risk/reports/<uuid:report_id>.pdf", reports.report_pdf, name="report_pdf"),
    path("risk/monitoring", reports.monitoring, name="monitoring"),
    path("risk/monitoring/<uuid:snapshot_id>", reports.monitoring_report, name="monitoring_report"),
    path("risk/monitoring/<uuid:snapshot_id>.csv", reports.monitoring_csv, name="monitoring_csv"),
    path("risk/monitoring/<uuid:snapshot_id>.pdf", reports.monitoring_pdf, name="monitoring_pdf"),
    path("risk/businesses/<uuid:business_id>/papers", reports.papers, name="papers"),
    path("risk/names", names.matches, name="names"),
    path("risk/names/<uuid:match_id>", names.match, name="match"),
    path("risk/names/<uuid:match_id>/verdicts", names.decide_match, name="decide_match"),
    path("owner/disputes", disputes.own_disputes, name="own_disputes"),
    path("owner/disputes/new", disputes.open_dispute, name="open_dispute"),
    path("owner/disputes/<uuid:dispute_id>", disputes.own_dispute, name="own_dispute"),
    path("owner/disputes/<uuid:dispute_id>/replies", disputes.reply, name="reply"),
    path("owner/disputes/files/<uuid:file_id>", disputes.own_file, name="own_file"),
]
