"""Pages of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("welcome", views.welcome, name="welcome"),
    path("owner/consents", views.consents, name="consents"),
    path("owner/consents/panel", views.consents_panel, name="consents_panel"),
    path("owner/consents/give", views.give_consent, name="give_consent"),
    path("owner/consents/<uuid:consent_id>", views.consent, name="consent"),
    path("owner/consents/<uuid:consent_id>/answers", views.answer_consent, name="answer_consent"),
    path("officer/access", views.access, name="access"),
    path("officer/access/panel", views.access_panel, name="access_panel"),
    path("overview", views.overview, name="overview"),
    path("overview/chain", views.chain_panel, name="chain_panel"),
]
