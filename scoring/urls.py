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
    path("analyst", views.explorer, name="explorer"),
]
