"""The administrator's pages: people and their access, banks, claims, the access review, switches."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors, services
from accounts.engine import masks
from accounts.forms import BankForm, BankStatusForm, InviteForm, NoteForm, PersonForm, ReviewForm, SwitchForm
from accounts.forms.kyc import RevealForm
from accounts.models import ClaimVerdict, Role, User
from accounts.models.reviews import quarter_of
from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from accounts.views.entrance import origin_of
from accounts.views.forms import complain, first_error
from accounts.views.house_lists import CLAIMS, PEOPLE
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

PEOPLE_PER_PAGE = 50


@require_GET
@page_for(Capability.VIEW_ADMIN, PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with role, second factor and open sessions."""
    given = PEOPLE.kept(request.GET)
    words, role = given.get("q", ""), given.get("role", "")
    rows = Paginator(selectors.people_page(words=words, role=role), PEOPLE_PER_PAGE)
    context = {
        "rows": rows.get_page(request.GET.get("page")),
        "q": words,
        "role": role,
        "roles": Role.choices,
        "may_change": can(request.user, Capability.CONFIGURE),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@page_for(Capability.CONFIGURE)
def invite_user(request: HttpRequest) -> HttpResponse:
    """Make an account for a colleague, who gets a letter."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        require_step_up(request, now())
        try:
            person = services.NewPerson(password="", **form.cleaned_data)
            services.invite_user(person=person, by=signed_in(request), at=now(), origin=origin_of(request))
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, f"{person.email} has been invited.", extra_tags="good")
            return redirect("accounts:people")
    return render(request, "accounts/invite_user.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.CONFIGURE)
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person's access. Nobody changes their own."""
    shown = selectors.person(user_id=user_id)
    kept = {name: getattr(shown, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        require_step_up(request, now())
        try:
            access = services.Access(**form.cleaned_data)
            services.change_access(user_id=shown.pk, access=access, by=signed_in(request), at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, f"{shown} has new access; their sessions have ended.", extra_tags="good")
            return redirect("accounts:people")
    return _person_page(request, shown, form)


@require_POST
@page_for(Capability.CONFIGURE)
def reveal_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Phone and address in full, for this one answer, with a reason that is kept."""
    shown, reveal = selectors.person(user_id=user_id), RevealForm(request.POST)
    form = PersonForm(None, initial={name: getattr(shown, name) for name in PersonForm.base_fields})
    if reveal.is_valid():
        reason = reveal.cleaned_data["reason"]
        try:
            services.reveal_person(user_id=shown.pk, reason=reason, by=signed_in(request), at=now())
        except ApplicationError as error:
            complain(reveal, error)
    return _person_page(request, shown, form, reveal)


def _person_page(request: HttpRequest, shown: User, form: PersonForm, reveal: RevealForm | None = None) -> HttpResponse:
    is_open = reveal is not None and not reveal.errors
    context = {
        "form": form,
        "shown": shown,
        "sessions": selectors.open_sessions(user=shown, current="", at=now()),
        "own": shown.pk == signed_in(request).pk,
        "reveal": reveal or RevealForm(),
        "phone": shown.phone if is_open else masks.phone(shown.phone),
        "address": shown.address if is_open else masks.name(shown.address),
        "revealed": is_open,
    }
    wrong = form.errors or (reveal is not None and reveal.errors)
    return render(request, "accounts/person.html", context, status=422 if wrong else 200)


@require_POST
@page_for(Capability.CONFIGURE)
def reset_factors(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Take the second factors of somebody who lost them."""
    shown = selectors.person(user_id=user_id)
    if not selectors.has_factor(shown):
        raise services.UnableToRemoveFactor(f"{shown} has no second factor.")
    require_step_up(request, now())
    services.reset_factors(user_id=shown.pk, by=signed_in(request), at=now())
    messages.success(request, f"{shown} signs in with the password alone now, and is asked to add one.")
    return redirect("accounts:person", user_id)


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_BANKS)
def banks(request: HttpRequest) -> HttpResponse:
    """The banks, and founding one."""
    form = BankForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.create_organisation(name=form.cleaned_data["name"], at=now(), by=signed_in(request))
        messages.success(request, f"{form.cleaned_data['name']} is founded.", extra_tags="good")
        return redirect("accounts:banks")
    context = {"form": form, "banks": selectors.banks_page(), "may_change": can(request.user, Capability.CONFIGURE)}
    return render(request, "accounts/banks.html", context, status=422 if form.errors else 200)


@require_POST
@page_for(Capability.CONFIGURE)
def bank_status(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Suspend a bank, or let it back in."""
    bank, form = selectors.organisation(organisation_id=organisation_id), BankStatusForm(request.POST)
    if not form.is_valid():
        context = {
            "form": BankForm(),
            "banks": selectors.banks_page(),
            "refusal": first_error(form),
            "may_change": True,
        }
        return render(request, "accounts/banks.html", context, status=422)
    require_step_up(request, now())
    services.change_organisation_status(
        organisation_id=bank.pk, status=form.cleaned_data["status"], by=signed_in(request), at=now()
    )
    messages.success(request, f"{bank} is {form.cleaned_data['status']} now.", extra_tags="good")
    return redirect("accounts:banks")


@require_GET
@page_for(Capability.DECIDE_CLAIM, CLAIMS)
def claims(request: HttpRequest) -> HttpResponse:
    """Certificates and disputes that wait for a second person."""
    rows = Paginator(selectors.claims_to_decide(), PEOPLE_PER_PAGE)
    return render(request, "accounts/claims.html", {"rows": rows.get_page(request.GET.get("page"))})


@require_http_methods(["GET", "POST"])
@page_for(Capability.DECIDE_CLAIM)
def decide_claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Look at one, and decide."""
    shown, form = selectors.claim_to_decide(claim_id=claim_id), NoteForm(request.POST or None)
    if request.method == "POST":
        form = NoteForm(request.POST)
    if form.is_valid():
        verdict = ClaimVerdict(form.cleaned_data["verdict"])
        try:
            services.decide_claim(
                claim_id=claim_id, verdict=verdict, note=form.cleaned_data["note"], by=signed_in(request), at=now()
            )
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "Decided; the claimant gets a letter.", extra_tags="good")
            return redirect("accounts:claims")
    return render(
        request, "accounts/decide_claim.html", {"claim": shown, "form": form}, status=422 if form.errors else 200
    )


@require_GET
@page_for(Capability.DECIDE_CLAIM)
def certificate(request: HttpRequest, claim_id: UUID) -> FileResponse:
    """The certificate of a claim, as a download."""
    require_step_up(request, now())
    shown = selectors.claim_to_decide(claim_id=claim_id)
    if not shown.certificate:
        raise Http404
    return FileResponse(shown.certificate.open("rb"), as_attachment=True, filename=str(shown.certificate.name))


@require_http_methods(["GET", "POST"])
@page_for(Capability.REVIEW_ACCESS)
def access_review(request: HttpRequest) -> HttpResponse:
    """Whether everybody's access is still right, once a quarter."""
    form, refusal = ReviewForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.review_access(
                user_id=values["person"], is_right=values["is_right"], by=signed_in(request), at=now()
            )
        except ApplicationError as error:
            refusal = error.message
        else:
            return redirect("accounts:access_review")
    at = now()
    context = {
        "reviews": selectors.access_review(at=at),
        "quarter": quarter_of(at),
        "refusal": refusal or first_error(form),
        "may_change": can(request.user, Capability.CONFIGURE),
    }
    return render(request, "accounts/access_review.html", context, status=422 if context["refusal"] else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.CONFIGURE)
def flags(request: HttpRequest) -> HttpResponse:
    """The switches of the house."""
    form, refusal = SwitchForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        require_step_up(request, now())
        try:
            services.switch_flag(by=signed_in(request), at=now(), **form.cleaned_data)
        except ApplicationError as error:
            refusal = error.message
        else:
            return redirect("accounts:flags")
    context = {"switches": selectors.switches(), "refusal": refusal or first_error(form)}
    return render(request, "accounts/flags.html", context, status=422 if context["refusal"] else 200)
