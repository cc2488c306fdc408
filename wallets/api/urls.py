from django.urls import path

from wallets.api import evidence, views

urlpatterns = [
    path("businesses", views.Businesses.as_view(), name="api-businesses"),
    path("reconciliation", views.Reconciliation.as_view(), name="api-reconciliation"),
    path("records", views.Records.as_view(), name="api-records"),
    path("evidence/uploads", views.Uploads.as_view(), name="api-uploads"),
    path("evidence/uploads/<uuid:upload_id>", views.OneUpload.as_view(), name="api-upload"),
    path(
        "evidence/uploads/<uuid:upload_id>/rejections", views.UploadRejections.as_view(), name="api-upload-rejections"
    ),
    path(
        "evidence/uploads/<uuid:upload_id>/rejections.csv",
        evidence.RejectionsSheet.as_view(),
        name="api-upload-rejections-csv",
    ),
    path("evidence/uploads/<uuid:upload_id>/cancel", evidence.CancelUpload.as_view(), name="api-upload-cancel"),
    path("evidence/<str:kind>", evidence.Bulk.as_view(), name="api-bulk"),
]
