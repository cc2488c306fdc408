"""Operations of scoring under /api/v1/."""

from django.urls import path

from scoring.api import explained, exploring, monitoring, views

urlpatterns = [
    path("score", views.RequestScore.as_view(), name="api-score"),
    path("score/batch", views.RequestScores.as_view(), name="api-score-batch"),
    path("scorecard/<uuid:business_id>", views.BusinessPaper.as_view(), name="api-scorecard"),
    path("scores", explained.Scores.as_view(), name="api-scores"),
    path("scores/<uuid:score_id>/reasons", explained.Reasons.as_view(), name="api-score-reasons"),
    path("scores/<uuid:score_id>/waterfall", explained.Waterfall.as_view(), name="api-score-waterfall"),
    path("scores/<uuid:score_id>/diff/<uuid:against_id>", explained.Difference.as_view(), name="api-score-diff"),
    path("models", views.Versions.as_view(), name="api-models"),
    path("models/<str:version>", views.Version.as_view(), name="api-model"),
    path("models/<str:version>/steps", views.VersionSteps.as_view(), name="api-model-steps"),
    path("models/<str:version>/against/<str:other>", exploring.VersionComparison.as_view(), name="api-models-compare"),
    path("monitoring", monitoring.Monitoring.as_view(), name="api-monitoring"),
    path("interactions", exploring.Interactions.as_view(), name="api-interactions"),
    path("fairness", exploring.Fairness.as_view(), name="api-fairness"),
    path("compare", exploring.FirmComparison.as_view(), name="api-compare"),
    path("signals", views.Signals.as_view(), name="api-signals"),
    path("score/by_key", views.RequestScoreByKey.as_view(), name="api-score-by-key"),
    path("features", views.Registry.as_view(), name="api-features"),
    path("features/<uuid:business_id>", views.BusinessFeatures.as_view(), name="api-features-business"),
]
