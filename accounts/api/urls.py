"""Operations of accounts under /api/v1/."""

from django.urls import path

from accounts.api import house, sessions

urlpatterns = [
    path("auth/sign_up", sessions.SignUp.as_view(), name="api-sign-up"),
    path("auth/sign_in", sessions.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh_token", sessions.RefreshToken.as_view(), name="api-refresh-token"),
    path("auth/sign_out", sessions.SignOut.as_view(), name="api-sign-out"),
    path("auth/me", sessions.Me.as_view(), name="api-me"),
    path("audit/verify", house.VerifyAudit.as_view(), name="api-audit-verify"),
    path("consents", house.Consents.as_view(), name="api-consents"),
]
