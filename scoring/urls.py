"""Pages of scoring."""

from django.urls import path

from scoring import views

app_name = "scoring"
urlpatterns = [
    path("owner/score", views.report, name="report"),
    path("owner/score/report.pdf", views.report_pdf, name="report_pdf"),
    path("owner/assistant", views.assistant, name="assistant"),
    path("owner/score/shares", views.shares, name="shares"),
    path("owner/score/shares/<uuid:link_id>/revoke", views.revoke, name="share_revoke"),
    path("shared/<str:token>", views.shared, name="shared"),
    path("owner/score/panel", views.report_panel, name="report_panel"),
    path("owner/score/request", views.request_again, name="request"),
    path("scores/<uuid:business_id>/panel", views.panel, name="panel"),
    path("scores/<uuid:business_id>/changes", views.changes, name="changes"),
    path("glossary", views.glossary, name="glossary"),
    path("scores/<uuid:business_id>/points-table", views.points_table, name="points_table"),
    path("analyst/models", views.models, name="models"),
    path("analyst/models/<str:version>", views.model, name="model"),
    path("analyst/compare", views.compare, name="compare"),
    path("analyst/cohort.csv", views.cohort_csv, name="cohort_csv"),
    path("analyst/models/<str:version>/steps", views.model_step, name="model_step"),
    path("analyst/signals", views.signals, name="signals"),
    path("analyst/signals/<str:feature>", views.signal, name="signal"),
    path("analyst", views.explorer, name="explorer"),
]
