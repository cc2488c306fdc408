"""Operations of accounts under /api/v1/."""

from django.urls import path

from accounts.api import consents, house, own_account, people, sessions

urlpatterns = [
    path("auth/sign_up", sessions.SignUp.as_view(), name="api-sign-up"),
    path("auth/sign_in", sessions.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh_token", sessions.RefreshToken.as_view(), name="api-refresh-token"),
    path("auth/sign_out", sessions.SignOut.as_view(), name="api-sign-out"),
    path("auth/me", sessions.Me.as_view(), name="api-me"),
    path("auth/verify_email", sessions.VerifyEmail.as_view(), name="api-verify-email"),
    path("auth/password/change", own_account.ChangePassword.as_view(), name="api-password-change"),
    path("auth/password/reset", own_account.AskReset.as_view(), name="api-password-reset-ask"),
    path("auth/password/reset/confirm", own_account.Reset.as_view(), name="api-password-reset"),
    path("auth/step_up", own_account.StepUp.as_view(), name="api-step-up"),
    path("auth/mfa", own_account.Factors.as_view(), name="api-mfa"),
    path("auth/mfa/totp", own_account.Totp.as_view(), name="api-mfa-totp"),
    path("auth/mfa/totp/confirm", own_account.ConfirmTotp.as_view(), name="api-mfa-totp-confirm"),
    path("auth/mfa/recovery_codes", own_account.RecoveryCodes.as_view(), name="api-mfa-recovery-codes"),
    path("auth/mfa/factors/<int:factor_id>", own_account.Factor.as_view(), name="api-mfa-factor"),
    path("auth/sessions", own_account.Sessions.as_view(), name="api-sessions"),
    path("auth/sessions/<str:session_id>", own_account.Session.as_view(), name="api-session"),
    path("profile", own_account.Profile.as_view(), name="api-profile"),
    path("users", people.People.as_view(), name="api-users"),
    path("users/<uuid:user_id>", people.Person.as_view(), name="api-user"),
    path("banks", people.Banks.as_view(), name="api-banks"),
    path("banks/<uuid:organisation_id>", people.Bank.as_view(), name="api-bank"),
    path("flags", people.Flags.as_view(), name="api-flags"),
    path("flags/<str:name>", people.Flag.as_view(), name="api-flag"),
    path("claims", people.Claims.as_view(), name="api-claims"),
    path("claims/<uuid:claim_id>/prove", people.ProveClaim.as_view(), name="api-claim-prove"),
    path("audit/verify", house.VerifyAudit.as_view(), name="api-audit-verify"),
    path("consents", consents.Consents.as_view(), name="api-consents"),
    path("consents/<uuid:consent_id>/grant", consents.GrantConsent.as_view(), name="api-consent-grant"),
    path("consents/<uuid:consent_id>/deny", consents.DenyConsent.as_view(), name="api-consent-deny"),
    path("consents/<uuid:consent_id>/withdraw", consents.WithdrawConsent.as_view(), name="api-consent-withdraw"),
    path("consents/<uuid:consent_id>/uses", consents.ConsentUses.as_view(), name="api-consent-uses"),
]
