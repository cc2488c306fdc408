from django.urls import path

from lending.api import backtests, chat, policies, products, quotes, recourse, views

urlpatterns = [
    path("score/<uuid:task_id>", views.OneScore.as_view(), name="api-score"),
    path("score/<uuid:task_id>/stream", views.ScoreStream.as_view(), name="api-score-stream"),
    path("score/<uuid:task_id>/chat", chat.Chat.as_view(), name="api-score-chat"),
    path("scores/<uuid:score_id>/recourse", recourse.Recourse.as_view(), name="api-score-recourse"),
    path("scores/<uuid:score_id>/what_if", recourse.WhatIf.as_view(), name="api-score-what-if"),
    path("applications", views.Applications.as_view(), name="api-applications"),
    path("applications/<uuid:application_id>", views.OneApplication.as_view(), name="api-application"),
    path("applications/<uuid:application_id>/decisions", views.Decisions.as_view(), name="api-application-decisions"),
    path("lending/quote", quotes.Quotes.as_view(), name="api-lending-quote"),
    path("lending/products", products.Products.as_view(), name="api-lending-products"),
    path("lending/products/versions", products.Versions.as_view(), name="api-lending-product-versions"),
    path(
        "lending/products/versions/<uuid:version_id>/approve",
        products.Approvals.as_view(),
        name="api-lending-product-approve",
    ),
    path(
        "lending/products/versions/<uuid:version_id>/discard",
        products.Discards.as_view(),
        name="api-lending-product-discard",
    ),
    path("fraud/rules/<uuid:rule_id>/backtests", backtests.Backtests.as_view(), name="api-fraud-rule-backtests"),
    path("policies", policies.Policies.as_view(), name="api-policies"),
    path("policies/simulate", policies.PolicySimulation.as_view(), name="api-policies-simulate"),
    path(
        "policies/<str:section>/<int:version>/publish",
        policies.PolicyPublication.as_view(),
        name="api-policies-publish",
    ),
    path("audit/replay", views.Replays.as_view(), name="api-audit-replay"),
]
