"""Pages of scoring."""

from django.urls import path

from scoring import views

app_name = "scoring"
urlpatterns = [
    path("owner/score", views.report, name="report"),
    path("owner/score/panel", views.report_panel, name="report_panel"),
    path("owner/score/request", views.request_again, name="request"),
    path("scores/<uuid:business_id>/panel", views.panel, name="panel"),
    path("glossary", views.glossary, name="glossary"),
    path("scores/<uuid:business_id>/points-table", views.points_table, name="points_table"),
    path("analyst/models", views.models, name="models"),
    path("analyst/models/<str:version>", views.model, name="model"),
    path("analyst/models/<str:version>/steps", views.model_step, name="model_step"),
    path("analyst/signals", views.signals, name="signals"),
    path("analyst/signals/<str:feature>", views.signal, name="signal"),
    path("analyst", views.explorer, name="explorer"),
]
