"""Operations of scoring under /api/v1/."""

from django.urls import path

from scoring.api import views

urlpatterns = [
    path("score", views.RequestScore.as_view(), name="api-score"),
    path("score/by_key", views.RequestScoreByKey.as_view(), name="api-score-by-key"),
    path("features", views.Registry.as_view(), name="api-features"),
    path("features/<uuid:business_id>", views.BusinessFeatures.as_view(), name="api-features-business"),
]
