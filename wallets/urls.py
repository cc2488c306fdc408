from django.urls import path

from wallets.views import attesting, onchain
from wallets.views import evidence as views

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
    path("wallets", onchain.wallets, name="wallets"),
    path("wallets/networks", onchain.networks, name="networks"),
    path("wallets/scores/<uuid:onchain_id>", onchain.onchain_score, name="onchain_score"),
    path("wallets/scores/<uuid:onchain_id>/attest", attesting.attest, name="attest"),
    path("wallets/attestations", attesting.attestations, name="attestations"),
    path("wallets/attestations/<str:attestation_uid>/revoke", attesting.revoke, name="attestation_revoke"),
    path("wallets/<uuid:wallet_id>", onchain.wallet, name="wallet"),
    path("wallets/<uuid:wallet_id>/challenge", onchain.challenge, name="wallet_challenge"),
    path("wallets/<uuid:wallet_id>/proof", onchain.proof, name="wallet_proof"),
    path("wallets/<uuid:wallet_id>/import", onchain.import_file, name="wallet_import"),
    path("wallets/<uuid:wallet_id>/sync", onchain.sync, name="wallet_sync"),
    path("wallets/<uuid:wallet_id>/sync/panel", onchain.sync_panel, name="wallet_sync_panel"),
    path("wallets/<uuid:wallet_id>/score", onchain.score, name="wallet_score"),
    path("wallets/<uuid:wallet_id>/approvals", onchain.approvals, name="approvals"),
    path("wallets/<uuid:dropped_id>/remove", onchain.remove, name="wallet_remove"),
]
