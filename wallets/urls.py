from django.urls import path

from wallets import views

app_name = "wallets"
urlpatterns = [
    path("owner/evidence", views.evidence, name="evidence"),
    path("owner/evidence/panel", views.uploads_panel, name="uploads_panel"),
    path("owner/evidence/template.csv", views.template, name="template"),
    path("owner/evidence/<uuid:upload_id>", views.upload, name="upload"),
    path("owner/evidence/<uuid:upload_id>/panel", views.upload_panel, name="upload_panel"),
    path("owner/reconciliation", views.own_reconciliation, name="own_reconciliation"),
    path("owner/reconciliation.csv", views.own_reconciliation_csv, name="own_reconciliation_csv"),
    path("businesses/<uuid:business_id>/reconciliation", views.reconciliation, name="reconciliation"),
    path("businesses/<uuid:business_id>/reconciliation.csv", views.reconciliation_csv, name="reconciliation_csv"),
    path("owner/evidence/<uuid:upload_id>/cancel", views.cancel, name="cancel_upload"),
    path("owner/evidence/<uuid:upload_id>/rejections.csv", views.rejections_csv, name="rejections_csv"),
    path("analyst/businesses", views.directory, name="directory"),
    path("analyst/businesses.csv", views.directory_csv, name="directory_csv"),
    path("analyst/businesses/<uuid:business_id>", views.entity, name="entity"),
    path("analyst/businesses/<uuid:business_id>/reveal", views.reveal, name="reveal"),
]
