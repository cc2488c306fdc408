"""Pages: the way out, the welcome of a person without a portal, consents, the administrator's overview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit, selectors, services
from accounts.forms.consents import AccessForm, AnswerForm, GiveForm, NarrowForm
from accounts.models import Consent, ConsentStep, ConsentUse
from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput

USES_PER_PAGE = 50


@dataclass(frozen=True)
class Answer:
    """What an owner can do with a consent, and what they are told when it is done."""

    service: Callable[..., Consent]
    said: str


ANSWERS: Mapping[str, Answer] = {
    ConsentStep.GRANT: Answer(services.grant_request, "{} may see what you chose. You can take it back at any time."),
    ConsentStep.DENY: Answer(services.deny_request, "You said no. {} sees nothing."),
    ConsentStep.WITHDRAW: Answer(services.withdraw_consent, "Taken back. {} may not read anything any more."),
}


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
@page_for(Capability.GRANT_CONSENT)
def consents(request: HttpRequest) -> HttpResponse:
    """Who sees what of the owner's business until when, who asks, and who looked."""
    page = selectors.consents_page(business=selectors.own_business(signed_in(request)), at=now())
    return render(request, "accounts/consents.html", {"page": page})


@require_GET
@page_for(Capability.GRANT_CONSENT)
def consents_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, refreshed when a bank asks or a consent changes."""
    page = selectors.consents_page(business=selectors.own_business(signed_in(request)), at=now())
    return render(request, "accounts/consents.html#panel", {"page": page})


@require_GET
@page_for(Capability.GRANT_CONSENT)
def consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """One consent: what each answer would do, what happened to it, and who looked."""
    return render(request, "accounts/consent.html", _consent(request, consent_id))


@require_GET
@page_for(Capability.GRANT_CONSENT)
def consent_receipt(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The consent as a file the owner keeps."""
    artefact = selectors.consent_artefact(user=signed_in(request), consent_id=consent_id, at=now())
    headers = {"Content-Disposition": f'attachment; filename="consent-{consent_id}.json"'}
    return JsonResponse(artefact, headers=headers, json_dumps_params={"indent": 2})


@require_POST
@page_for(Capability.GRANT_CONSENT)
def answer_consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Grant, deny or withdraw, as the pressed button says."""
    shown = _consent(request, consent_id)
    form, less = AnswerForm(request.POST), NarrowForm(request.POST, asked=shown["history"].consent)
    answer = ANSWERS.get(form.cleaned_data["step"]) if form.is_valid() else None
    if answer is None:
        return render(request, "accounts/consent.html", {**shown, "refusal": "Choose an answer."}, status=422)
    granting = form.cleaned_data["step"] == ConsentStep.GRANT and {*less.fields} & {*request.POST}
    if granting and not less.is_valid():
        return render(request, "accounts/consent.html", {**shown, "less": less}, status=422)
    try:
        bounds = less.bounds if granting else {}
        answered = answer.service(consent_id=consent_id, by=signed_in(request), at=now(), **bounds)
    except InvalidInput as error:
        less.refuse(error.field, error.message)
        return render(request, "accounts/consent.html", {**shown, "less": less}, status=422)
    except ApplicationError as error:
        return render(request, "accounts/consent.html", {**shown, "refusal": error.message}, status=error.status)
    messages.success(request, answer.said.format(answered.organisation), extra_tags="good")
    return redirect("accounts:consents")


@require_http_methods(["GET", "POST"])
@page_for(Capability.GRANT_CONSENT)
def give_consent(request: HttpRequest) -> HttpResponse:
    """Let an organisation in, unasked."""
    business, at = selectors.own_business(signed_in(request)), now()
    organisations = selectors.banks_to_grant(business=business, at=at)
    form = GiveForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if form.is_valid():
        terms = services.ConsentTerms(
            form.chosen, form.until(at), form.cleaned_data["kinds"], form.cleaned_data["purpose"], form.bounds
        )
        try:
            services.grant_consent(business=business, terms=terms, by=signed_in(request), at=at)
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        except ApplicationError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, ANSWERS["grant"].said.format(form.chosen), extra_tags="good")
            return redirect("accounts:consents")
    context = {"form": form, "business": business, "organisations": organisations}
    return render(request, "accounts/give_consent.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.REQUEST_CONSENT)
def access(request: HttpRequest) -> HttpResponse:
    """Ask a business for its evidence, and how the bank's requests stand."""
    about = selectors.gstin_of(user=signed_in(request), business_id=request.GET.get("business", ""))
    form = AccessForm(request.POST if request.method == "POST" else None, initial={"gstin": about})
    if form.is_valid() and _ask(request, form):
        return redirect("accounts:access")
    context = {"form": form, "asked": _asked(request)}
    return render(request, "accounts/access.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.REQUEST_CONSENT)
def access_panel(request: HttpRequest) -> HttpResponse:
    """The bank's requests, fetched again from time to time: a business that has not agreed cannot be watched."""
    return render(request, "accounts/access.html#panel", {"asked": _asked(request)})


def _asked(request: HttpRequest) -> list[Consent]:
    organisation = signed_in(request).organisation
    return selectors.asked_by(organisation) if organisation else []


def _ask(request: HttpRequest, form: AccessForm) -> bool:
    at, values = now(), form.cleaned_data
    try:
        services.request_consent(
            gstin=values["gstin"],
            kinds=values["kinds"],
            purpose=values["purpose"],
            expires_at=form.until(at),
            by=signed_in(request),
            at=at,
            **form.bounds,
        )
    except InvalidInput as error:
        form.refuse(error.field, error.message)
        return False
    except ApplicationError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, "The owner has been asked. The answer appears below.", extra_tags="good")
    return True


class _Shown(TypedDict):
    """What the page of one consent shows."""

    history: selectors.ConsentHistory
    uses: Page[ConsentUse]
    less: NarrowForm


def _consent(request: HttpRequest, consent_id: UUID) -> _Shown:
    person = signed_in(request)
    history = selectors.consent_history(user=person, consent_id=consent_id, at=now())
    uses = Paginator(selectors.consent_uses(user=person, consent_id=consent_id), USES_PER_PAGE)
    less = NarrowForm(None, asked=history.consent)
    return {"history": history, "uses": uses.get_page(request.GET.get("page")), "less": less}


@require_GET
@page_for(Capability.VIEW_ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    """People, banks, health and the newest audit entries."""
    return render(request, "accounts/overview.html", {"page": selectors.overview(at=now())})


@require_GET
@page_for(Capability.VIEW_AUDIT)
def chain_panel(request: HttpRequest) -> HttpResponse:
    """The verdict on the audit chains one oversees, recomputed from every entry."""
    return render(
        request, "accounts/overview_chain.html", {"verdict": audit.verify_chains_of(signed_in(request)), "at": now()}
    )


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
