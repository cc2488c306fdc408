"""Pages: sign in and out, the welcome of a person without a portal, the administrator's overview."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import audit, selectors, services
from accounts.forms import SignInForm
from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now


class SignIn(LoginView):
    """The sign-in page; in the demo with a card per persona that posts the same form."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right; the person may still be kept out."""
        try:
            services.open_portal(request=self.request, user=form.get_user(), at=now())
        except services.UnableToSignIn as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The form, and the demo's cast where there is a demo."""
        cast = {"personas": services.PERSONAS, "demo_password": services.DEMO_PASSWORD} if settings.DEMO else {}
        return super().get_context_data(**kwargs, **cast)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and close what is open."""
    services.close_portal(request=request, at=now())
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_GET
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Who one is here, and what there is to do."""
    return render(request, "accounts/welcome.html", {"account": selectors.account(signed_in(request))})


@require_GET
@page_for(Capability.VIEW_ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    """People, banks, health and the newest audit entries."""
    return render(request, "accounts/overview.html", {"page": selectors.overview(at=now())})


@require_GET
@page_for(Capability.VIEW_AUDIT)
def chain_panel(request: HttpRequest) -> HttpResponse:
    """The verdict on the audit chains, recomputed from every entry."""
    return render(request, "accounts/overview_chain.html", {"verdict": audit.verify_chain(), "at": now()})


class ConfigurationSite(admin.AdminSite):
    """Django admin behind our own sign-in page (lockout, audit), for those who may configure.

    Here and not in admin.py, because Django makes the site before it loads the modules that register with it.
    """

    site_header = "CreditIQ configuration"
    site_title = "CreditIQ"
    index_title = "Configuration"

    def has_permission(self, request: HttpRequest) -> bool:
        """False sends nobody to the sign-in page; somebody who may not configure is told so here."""
        if request.user.is_authenticated and not can(request.user, Capability.CONFIGURE):
            raise PermissionDenied
        return request.user.is_authenticated

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Nobody signs in here, but on the sign-in page."""
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("accounts:sign_in"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The same way out as everywhere, before Django's own."""
        return [path("logout/", sign_out, name="logout"), *super().get_urls()]
