from django.urls import path

from lending.api import applications, backtests, chat, loans, policies, products, quotes, recourse, seals, views

urlpatterns = [
    path("score/<uuid:task_id>", views.OneScore.as_view(), name="api-score"),
    path("score/<uuid:task_id>/stream", views.ScoreStream.as_view(), name="api-score-stream"),
    path("score/<uuid:task_id>/chat", chat.Chat.as_view(), name="api-score-chat"),
    path("scores/<uuid:score_id>/recourse", recourse.Recourse.as_view(), name="api-score-recourse"),
    path("scores/<uuid:score_id>/what_if", recourse.WhatIf.as_view(), name="api-score-what-if"),
    path("applications", views.Applications.as_view(), name="api-applications"),
    path("applications/<uuid:application_id>", views.OneApplication.as_view(), name="api-application"),
    path("applications/<uuid:application_id>/decisions", views.Decisions.as_view(), name="api-application-decisions"),
    path("applications/<uuid:application_id>/events", applications.Events.as_view(), name="api-application-events"),
    path("applications/<uuid:application_id>/kfs", applications.Statement.as_view(), name="api-application-kfs"),
    path("lending/offers", applications.Offers.as_view(), name="api-lending-offers"),
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
    path("lending/loans", loans.Loans.as_view(), name="api-lending-loans"),
    path("lending/loans/<uuid:loan_id>", loans.OneLoan.as_view(), name="api-lending-loan"),
    path("lending/loans/<uuid:loan_id>/statement", loans.Statements.as_view(), name="api-lending-loan-statement"),
    path("lending/loans/<uuid:loan_id>/payoff", loans.Payoffs.as_view(), name="api-lending-loan-payoff"),
    path("lending/loans/<uuid:loan_id>/receipts", loans.Receipts.as_view(), name="api-lending-receipts"),
    path(
        "lending/loans/<uuid:loan_id>/receipts/preview",
        loans.ReceiptPreviews.as_view(),
        name="api-lending-receipt-preview",
    ),
    path("lending/loans/<uuid:loan_id>/requests", loans.Requests.as_view(), name="api-lending-requests"),
    path("lending/requests/<uuid:proposal_id>/answer", loans.Answers.as_view(), name="api-lending-request-answer"),
    path("lending/loans/<uuid:loan_id>/seal", seals.Seal.as_view(), name="api-lending-seal"),
    path("lending/loans/<uuid:loan_id>/seal/wallet", seals.SealWallet.as_view(), name="api-lending-seal-wallet"),
    path(
        "lending/loans/<uuid:loan_id>/seal/signature",
        seals.SealSignature.as_view(),
        name="api-lending-seal-signature",
    ),
    path("lending/portfolio", loans.Portfolio.as_view(), name="api-lending-portfolio"),
    path("audit/replay", views.Replays.as_view(), name="api-audit-replay"),
]
