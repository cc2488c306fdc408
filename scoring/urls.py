"""Pages of scoring."""

from django.urls import path

from scoring.views import exploring, pages, watching

app_name = "scoring"
urlpatterns = [
    path("owner/score", pages.report, name="report"),
    path("owner/score/report.pdf", pages.report_pdf, name="report_pdf"),
    path("owner/assistant", pages.assistant, name="assistant"),
    path("owner/score/shares", pages.shares, name="shares"),
    path("owner/score/shares/<uuid:link_id>/revoke", pages.revoke, name="share_revoke"),
    path("shared/<str:token>", pages.shared, name="shared"),
    path("owner/score/panel", pages.report_panel, name="report_panel"),
    path("owner/score/request", pages.request_again, name="request"),
    path("scores/<uuid:business_id>/panel", pages.panel, name="panel"),
    path("scores/<uuid:business_id>/changes", pages.changes, name="changes"),
    path("glossary", pages.glossary, name="glossary"),
    path("scores/<uuid:business_id>/points-table", pages.points_table, name="points_table"),
    path("analyst/interactions", exploring.interactions, name="interactions"),
    path("analyst/compare-versions", exploring.versions, name="compare_versions"),
    path("analyst/models", watching.models, name="models"),
    path("analyst/models/panel", watching.models_panel, name="models_panel"),
    path("analyst/signals/panel", watching.signals_panel, name="signals_panel"),
    path("analyst/models/<str:version>", pages.model, name="model"),
    path("analyst/compare", exploring.compare, name="compare"),
    path("analyst/cohort.csv", pages.cohort_csv, name="cohort_csv"),
    path("analyst/models/<str:version>/steps", pages.model_step, name="model_step"),
    path("analyst/trends/<uuid:business_id>", watching.over_time, name="over_time"),
    path("analyst/fairness", watching.fairness, name="fairness"),
    path("analyst/signals", watching.signals, name="signals"),
    path("analyst/signals/<str:feature>", watching.signal, name="signal"),
    path("analyst", pages.explorer, name="explorer"),
]
