"""The people of a business: claim it, prove it, invite, dispute, leave."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms import ClaimForm, CodeForm, DisputeForm, EmailForm, LeaveForm
from accounts.models import Claim
from accounts.permissions import Capability, page_for, signed_in
from accounts.views.entrance import origin_of
from accounts.views.forms import complain, first_error
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError


@require_GET
@page_for(Capability.CLAIM_BUSINESS)
def members(request: HttpRequest) -> HttpResponse:
    """Who speaks for the business, who is invited, who claims it."""
    return _members(request)


@require_http_methods(["GET", "POST"])
@page_for(Capability.CLAIM_BUSINESS)
def claim(request: HttpRequest) -> HttpResponse:
    """Claim a business."""
    posted = request.method == "POST"
    form = ClaimForm(request.POST, request.FILES) if posted else ClaimForm()
    if form.is_valid():
        try:
            made = _claim(request, form)
        except ApplicationError as error:
            complain(form, error)
        else:
            return redirect("accounts:prove", made.uuid) if made.contact else redirect("accounts:members")
    return render(request, "accounts/claim.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.CLAIM_BUSINESS)
def prove(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Type the code that went to the registered contact."""
    shown = selectors.own_claim(user=signed_in(request), claim_id=claim_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.prove_claim(claim_id=claim_id, code=form.cleaned_data["code"], by=signed_in(request), at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, f"{shown.business} is linked to your account.", extra_tags="good")
            return redirect("front")
    context = {"form": form, "claim": shown, "waits": shown.accepts_codes_at(now())}
    return render(request, "accounts/prove.html", context, status=422 if form.errors else 200)


@require_POST
@page_for(Capability.CLAIM_BUSINESS)
def dispute(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Say that a newcomer does not speak for the business."""
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _members(request, first_error(form), 422)
    try:
        services.dispute_claim(claim_id=claim_id, note=form.cleaned_data["note"], by=signed_in(request), at=now())
    except ApplicationError as error:
        return _members(request, error.message, error.status)
    messages.success(request, "Disputed. They see nothing until a second person has decided.", extra_tags="good")
    return redirect("accounts:members")


@require_POST
@page_for(Capability.GRANT_CONSENT)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague."""
    form, person = EmailForm(request.POST), signed_in(request)
    if not form.is_valid():
        return _members(request, first_error(form), 422)
    try:
        business, origin = selectors.own_business(person), origin_of(request)
        services.invite_member(business=business, email=form.cleaned_data["email"], by=person, at=now(), origin=origin)
    except ApplicationError as error:
        return _members(request, error.message, error.status)
    messages.success(request, "The invitation is on its way.", extra_tags="good")
    return redirect("accounts:members")


@require_POST
@page_for(Capability.GRANT_CONSENT)
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    services.withdraw_invitation(invitation_id=invitation_id, by=signed_in(request), at=now())
    return redirect("accounts:members")


@require_POST
@page_for(Capability.GRANT_CONSENT)
def leave(request: HttpRequest) -> HttpResponse:
    """Hand over to a colleague and stop speaking for the business."""
    form, person = LeaveForm(request.POST), signed_in(request)
    if not form.is_valid():
        return _members(request, "Choose the colleague you hand over to.", 422)
    try:
        business, heir = selectors.own_business(person), form.cleaned_data["heir"]
        services.leave_business(business=business, by=person, at=now(), heir_id=heir)
    except ApplicationError as error:
        return _members(request, error.message, error.status)
    messages.success(request, "You no longer speak for this business.", extra_tags="good")
    return redirect("front")


@require_http_methods(["GET", "POST"])
@login_required
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """The link of an invitation."""
    problem = ""
    if request.method == "POST":
        try:
            services.accept_invitation(key=key, by=signed_in(request), at=now())
        except ApplicationError as error:
            problem = error.message
        else:
            return redirect("front")
    return render(request, "accounts/accept.html", {"problem": problem}, status=409 if problem else 200)


def _claim(request: HttpRequest, form: ClaimForm) -> Claim:
    certificate, identifier = form.cleaned_data["certificate"], form.cleaned_data["identifier"]
    person, at = signed_in(request), now()
    if certificate:
        return services.claim_by_certificate(identifier=identifier, certificate=certificate, by=person, at=at)
    return services.claim_by_code(identifier=identifier, by=person, at=at)


def _members(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    page = selectors.members_page(user=signed_in(request))
    return render(request, "accounts/members.html", {"page": page, "refusal": refusal}, status=status)
