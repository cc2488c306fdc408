from django.urls import path

from lending.views import calculator, officer, owner, products, risk

app_name = "lending"
urlpatterns = [
    path("owner", owner.owner_home, name="owner_home"),
    path("owner/panel", owner.owner_panel, name="owner_panel"),
    path("owner/apply", owner.apply, name="apply"),
    path("owner/disputes/<uuid:dispute_id>/scores", owner.dispute_scores, name="dispute_scores"),
    path("owner/calculator", calculator.calculator, name="calculator"),
    path("products", products.products, name="products"),
    path("products/<slug:code>/draft", products.draft, name="product_draft"),
    path("products/versions/<uuid:version_id>/approve", products.approve, name="product_approve"),
    path("products/versions/<uuid:version_id>/discard", products.discard, name="product_discard"),
    path("officer", officer.queue, name="queue"),
    path("officer/panel", officer.queue_panel, name="queue_panel"),
    path("officer/applications/<uuid:application_id>", officer.case, name="case"),
    path("officer/applications/<uuid:application_id>/panel", officer.case_panel, name="case_panel"),
    path("officer/applications/<uuid:application_id>/decisions", officer.decide, name="decide"),
    path("risk/approvals", officer.approvals, name="approvals"),
    path("risk/approvals/panel", officer.approvals_panel, name="approvals_panel"),
    path("risk/rules/<uuid:rule_id>/backtests", risk.backtest, name="backtest"),
]
