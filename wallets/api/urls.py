from django.urls import path

from wallets.api import attesting, evidence, onchain, views

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
    path("chains", onchain.Chains.as_view(), name="api-chains"),
    path("wallets", onchain.Wallets.as_view(), name="api-wallets"),
    path("wallets/challenge", onchain.Challenges.as_view(), name="api-wallet-challenge"),
    path("wallets/verify", onchain.Verify.as_view(), name="api-wallet-verify"),
    path("wallets/import", onchain.ImportFile.as_view(), name="api-wallet-import"),
    path("wallets/<uuid:removed_id>", onchain.RemoveWallet.as_view(), name="api-wallet-remove"),
    path("wallets/<uuid:wallet_id>/proof", onchain.Proofs.as_view(), name="api-wallet-proof"),
    path("wallets/<uuid:wallet_id>/sync", onchain.Sync.as_view(), name="api-wallet-sync"),
    path("wallets/<uuid:wallet_id>/activity", onchain.Activity.as_view(), name="api-wallet-activity"),
    path("wallets/<uuid:wallet_id>/positions", onchain.Positions.as_view(), name="api-wallet-positions"),
    path("wallets/<uuid:wallet_id>/approvals", onchain.Approvals.as_view(), name="api-wallet-approvals"),
    path("onchain-scores", onchain.OnchainScores.as_view(), name="api-onchain-scores"),
    path("onchain-scores/batch", onchain.BatchScores.as_view(), name="api-onchain-batch"),
    path("onchain-scores/<uuid:onchain_id>", onchain.OneOnchainScore.as_view(), name="api-onchain-score"),
    path("onchain-scores/<uuid:onchain_id>/components", onchain.Components.as_view(), name="api-onchain-components"),
    path("onchain-scores/<uuid:onchain_id>/evidence", onchain.Evidence.as_view(), name="api-onchain-evidence"),
    path("onchain-scores/<uuid:onchain_id>/explain", onchain.Explain.as_view(), name="api-onchain-explain"),
    path("onchain-scores/<uuid:onchain_id>/history", onchain.History.as_view(), name="api-onchain-history"),
    path("onchain-scores/<uuid:onchain_id>/simulate", onchain.Simulate.as_view(), name="api-onchain-simulate"),
    path(
        "onchain-scores/<uuid:onchain_id>/diff/<uuid:other_id>",
        onchain.Difference.as_view(),
        name="api-onchain-diff",
    ),
    path("attestations", attesting.Attestations.as_view(), name="api-attestations"),
    path("attestations/status-list", attesting.StatusList.as_view(), name="api-attestations-status"),
    path("attestations/root/<str:epoch>", attesting.EpochRoot.as_view(), name="api-attestations-root"),
    path(
        "attestations/<str:attestation_uid>/verify",
        attesting.VerifyAttestation.as_view(),
        name="api-attestation-verify",
    ),
    path(
        "attestations/<str:attestation_uid>/credential",
        attesting.Credential.as_view(),
        name="api-attestation-credential",
    ),
    path(
        "attestations/<str:attestation_uid>/revoke",
        attesting.RevokeAttestation.as_view(),
        name="api-attestation-revoke",
    ),
    path("evidence/<str:kind>", evidence.Bulk.as_view(), name="api-bulk"),
]
