"""Pages about attestations: one's own, making one from a score, taking one back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets import selectors, services
from wallets.forms import AttestForm, PublishForm
from wallets.views.onchain import while_chains_are_on

PAGE_SIZE = 25


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def attestations(request: HttpRequest) -> HttpResponse:
    """What was signed for this person."""
    rows = selectors.own_attestations(user=signed_in(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "now": now(), "may_publish": services.registry_is_there()}
    return render(request, "wallets/attestations.html", context)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def attest(request: HttpRequest, onchain_id: UUID) -> HttpResponse:
    """Sign a statement about a score."""
    form = AttestForm(request.POST)
    by = signed_in(request)
    selectors.own_score(user=by, score_id=onchain_id)
    if not form.is_valid():
        messages.warning(request, "The mark must be a whole number from 1 to 900.", extra_tags="warn")
        return redirect("wallets:onchain_score", onchain_id=onchain_id)
    try:
        services.attest(score_id=onchain_id, at_least=form.cleaned_data["at_least"], by=by, at=now())
    except ApplicationError as error:
        messages.warning(request, error.message, extra_tags="warn")
        return redirect("wallets:onchain_score", onchain_id=onchain_id)
    messages.success(request, "Signed. Keep the file; nothing was put on a chain.", extra_tags="good")
    return redirect("wallets:attestations")


@require_http_methods(["GET", "POST"])
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def publish(request: HttpRequest, attestation_uid: str) -> HttpResponse:
    """What would stand on the chain, and the consent to it."""
    by = signed_in(request)
    held = selectors.own_attestation(user=by, uid=attestation_uid)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        require_step_up(request, now())
        try:
            services.publish_attestation(uid=held.uid, consent=form.cleaned_data["consent"], by=by, at=now())
            messages.success(request, "It goes onto the chain within minutes.", extra_tags="good")
            return redirect("wallets:attestations")
        except ApplicationError as error:
            form.add_error(None, error.message)
    verdict = selectors.verdict(uid=held.uid, at=now())
    context = {"held": held, "form": form, "consent": services.CONSENT, "verdict": verdict}
    return render(request, "wallets/attestation_publish.html", context, status=422 if form.errors else 200)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def revoke(request: HttpRequest, attestation_uid: str) -> HttpResponse:
    """Take a statement back."""
    services.revoke_attestation(uid=attestation_uid, by=signed_in(request), at=now())
    messages.info(request, "Whoever asks is now told that it no longer holds.")
    return redirect("wallets:attestations")
