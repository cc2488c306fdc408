"""Operations of accounts under /api/v1/."""

from django.urls import path

from accounts.api import consents, house, sessions

urlpatterns = [
    path("auth/sign_up", sessions.SignUp.as_view(), name="api-sign-up"),
    path("auth/sign_in", sessions.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh_token", sessions.RefreshToken.as_view(), name="api-refresh-token"),
    path("auth/sign_out", sessions.SignOut.as_view(), name="api-sign-out"),
    path("auth/me", sessions.Me.as_view(), name="api-me"),
    path("audit/verify", house.VerifyAudit.as_view(), name="api-audit-verify"),
    path("consents", consents.Consents.as_view(), name="api-consents"),
    path("consents/<uuid:consent_id>/grant", consents.GrantConsent.as_view(), name="api-consent-grant"),
    path("consents/<uuid:consent_id>/deny", consents.DenyConsent.as_view(), name="api-consent-deny"),
    path("consents/<uuid:consent_id>/withdraw", consents.WithdrawConsent.as_view(), name="api-consent-withdraw"),
    path("consents/<uuid:consent_id>/uses", consents.ConsentUses.as_view(), name="api-consent-uses"),
]
