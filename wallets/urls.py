from django.urls import path

from wallets import views

app_name = "wallets"
urlpatterns = [
    path("owner/evidence", views.evidence, name="evidence"),
    path("owner/evidence/panel", views.uploads_panel, name="uploads_panel"),
    path("owner/evidence/template.csv", views.template, name="template"),
    path("owner/evidence/<uuid:upload_id>", views.upload, name="upload"),
    path("owner/evidence/<uuid:upload_id>/panel", views.upload_panel, name="upload_panel"),
]
