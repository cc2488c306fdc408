from django.urls import path

from wallets.api import views

urlpatterns = [
    path("evidence/uploads", views.Uploads.as_view(), name="api-uploads"),
    path("evidence/uploads/<uuid:upload_id>", views.OneUpload.as_view(), name="api-upload"),
    path(
        "evidence/uploads/<uuid:upload_id>/rejections", views.UploadRejections.as_view(), name="api-upload-rejections"
    ),
]
