"""The identity check of a business: its people send papers and say who owns it, a bank looks at them."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.forms.kyc import HolderRows, KycNoteForm, KycVerifyForm, PaperForm, RevealForm
from accounts.models import ApprovalRequest, KycPaper
from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from accounts.selectors import kyc_pages
from accounts.services import kyc as acts
from accounts.services import owners
from accounts.views.forms import complain, first_error
from accounts.views.house_lists import IDENTITIES
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput

PER_PAGE = 25
Form = TypeVar("Form", KycNoteForm, KycVerifyForm)


@require_http_methods(["GET", "POST"])
@page_for(Capability.SHARE_EVIDENCE)
def own_kyc(request: HttpRequest) -> HttpResponse:
    """How well the business is known, and sending a paper."""
    person, business = signed_in(request), selectors.own_business(user=signed_in(request))
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if form.is_valid():
        kind, paper = KycPaper(form.cleaned_data["kind"]), form.cleaned_data["paper"]
        try:
            acts.add_paper(business=business, kind=kind, paper=paper, by=person, at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "The paper is sent. The bank looks at it.", extra_tags="good")
            return redirect("accounts:kyc")
    context = {"form": form, "page": kyc_pages.kyc_page(business=business, at=now(), revealed=True)}
    return render(request, "accounts/kyc.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.SHARE_EVIDENCE)
def own_owners(request: HttpRequest) -> HttpResponse:
    """Say who owns the business, a line for each share."""
    business, form = selectors.own_business(user=signed_in(request)), HolderRows(request.POST or None)
    if request.method == "POST":
        form = HolderRows(request.POST)
    if form.is_valid():
        try:
            owners.declare_owners(business=business, holders=form.holders(), by=signed_in(request), at=now())
        except ApplicationError as error:
            form.complain(error.message)
        else:
            messages.success(request, "Declared. The bank looks at it.", extra_tags="good")
            return redirect("accounts:kyc")
    context = {"form": form, "business": business}
    return render(request, "accounts/kyc_owners.html", context, status=422 if form.complaint else 200)


@require_GET
@page_for(Capability.VIEW_KYC, IDENTITIES)
def desk(request: HttpRequest) -> HttpResponse:
    """Businesses with papers to look at, renewals due, or all."""
    show = IDENTITIES.kept(request.GET).get("show", "waiting")
    show = show if show in kyc_pages.SHOWS else "waiting"
    rows = kyc_pages.kyc_desk(user=signed_in(request), show=show, at=now())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": page, "show": show, "shows": kyc_pages.SHOWS, "today": now()}
    return render(request, "accounts/kyc_desk.html", context)


@require_GET
@page_for(Capability.VIEW_KYC)
def look(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """One business: papers, owners behind it, the verification."""
    return _looked_at(request, business_id)


@require_POST
@page_for(Capability.VERIFY_KYC)
def judge_paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Accept or refuse a paper."""
    paper = kyc_pages.kyc_paper(user=signed_in(request), paper_id=paper_id)

    def act(form: KycNoteForm) -> str:
        judged = acts.judge_paper(paper_id=paper_id, **form.given(), by=signed_in(request), at=now())
        return f"{judged.get_kind_display()}: {judged.get_state_display().lower()}."

    return _acted(request, paper.business.uuid, KycNoteForm(request.POST), act)


@require_POST
@page_for(Capability.VERIFY_KYC)
def judge_owners(request: HttpRequest, business_id: UUID, declaration_id: UUID) -> HttpResponse:
    """Accept or refuse who is said to own the business."""

    def act(form: KycNoteForm) -> str:
        judged = acts.judge_owners(declaration_id=declaration_id, **form.given(), by=signed_in(request), at=now())
        return f"Owners: {judged.get_state_display().lower()}."

    return _acted(request, business_id, KycNoteForm(request.POST), act)


@require_POST
@page_for(Capability.VERIFY_KYC)
def verify(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """Verify the business; a high risk or the premium tier waits for a second person."""
    business = kyc_pages.business_in_sight(user=signed_in(request), business_id=business_id)

    def act(form: KycVerifyForm) -> str:
        made = acts.verify_business(business=business, **form.given(), by=signed_in(request), at=now())
        waits = isinstance(made, ApprovalRequest)
        return "It waits on the approval desk for a second person." if waits else f"{business} is verified."

    return _acted(request, business_id, KycVerifyForm(request.POST), act)


@require_POST
@page_for(Capability.VERIFY_KYC)
def reveal(request: HttpRequest, business_id: UUID, declaration_id: UUID) -> HttpResponse:
    """Names and numbers in full, for this one answer, with a reason that is kept."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _looked_at(request, business_id, refusal=first_error(form))
    reason = form.cleaned_data["reason"]
    try:
        acts.reveal_owners(declaration_id=declaration_id, reason=reason, by=signed_in(request), at=now())
    except InvalidInput as error:
        return _looked_at(request, business_id, refusal=error.message)
    return _looked_at(request, business_id, revealed=True)


@require_GET
@page_for(Capability.VIEW_KYC)
def paper(request: HttpRequest, paper_id: UUID) -> FileResponse:
    """A paper as a download; that it was opened is on record."""
    require_step_up(request, now(), only_staff=True)
    kept = acts.open_paper(paper_id=paper_id, by=signed_in(request), at=now())
    answer = FileResponse(kept.file.open("rb"), as_attachment=True, filename=str(kept.file.name).rpartition("/")[2])
    answer["Cache-Control"] = "no-store"
    return answer


def _acted(request: HttpRequest, business_id: UUID, form: Form, act: Callable[[Form], str]) -> HttpResponse:
    """Do what was asked and show the business again, with what was done or what is wrong."""
    if not form.is_valid():
        return _looked_at(request, business_id, refusal=first_error(form))
    try:
        done = act(form)
    except ApplicationError as error:
        if error.status in {403, 404}:
            raise
        return _looked_at(request, business_id, refusal=error.message)
    messages.success(request, done, extra_tags="good")
    return redirect("accounts:kyc_look", business_id)


def _looked_at(request: HttpRequest, business_id: UUID, *, refusal: str = "", revealed: bool = False) -> HttpResponse:
    business = kyc_pages.business_in_sight(user=signed_in(request), business_id=business_id)
    context = {
        "page": kyc_pages.kyc_page(business=business, at=now(), revealed=revealed),
        "verify_form": KycVerifyForm(),
        "reveal_form": RevealForm(),
        "refusal": refusal,
        "may_verify": can(request.user, Capability.VERIFY_KYC),
    }
    return render(request, "accounts/kyc_look.html", context, status=422 if refusal else 200)
