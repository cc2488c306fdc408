"""Pages of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("welcome", views.welcome, name="welcome"),
    path("overview", views.overview, name="overview"),
    path("overview/chain", views.chain_panel, name="chain_panel"),
]
